"""A plan in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.changes import ApiChange, fresh_tasks, irreversible, removes, waits_for, withdrawn
from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan


def named_summary(plan: Plan) -> str:
    """The same behind the environment: ``sandbox: 2 by the API, 3 tasks on 1 resource``."""
    return summary(plan) if plan.empty else f"{plan.environment}: {summary(plan)}"


def summary(plan: Plan) -> str:
    """Say what a plan would do: ``2 by the API, 3 tasks on 1 resource; 1 removal``."""
    if plan.empty:
        return f"Nothing to do.{_still(plan)}"
    able = [change for change in plan.changes if not change.blocked and not waits_for(change)]
    counts = ", ".join(_work([change for change in able if not removes(change)]))
    beside = ", ".join(_beside(plan, able))
    return "; ".join(part for part in (counts, beside) if part)


def _still(plan: Plan) -> str:
    if not plan.waiting:
        return ""
    waits = "1 task waits" if len(plan.waiting) == 1 else f"{len(plan.waiting)} tasks wait"
    return f" {waits} for people: `deployer tasks --env {plan.environment}`"


def _work(changes: Sequence[Change]) -> list[str]:
    """What the API does, what people are asked and on how many resources, what is only recorded, what is withdrawn."""
    asking = [change for change in changes if fresh_tasks(change)]
    number = sum(len(fresh_tasks(change)) for change in asking)
    gone = sum(len(withdrawn(change)) for change in changes)
    api = sum(isinstance(change, ApiChange) for change in changes)
    recorded = sum(
        not (isinstance(change, ApiChange) or fresh_tasks(change) or withdrawn(change)) for change in changes
    )
    parts = [f"{api} by the API"] if api else []
    parts += [f"{counted(number, 'task')} on {counted(len(asking), 'resource')}"] if number else []
    parts += [f"{recorded} in the record only"] if recorded else []
    return parts + ([f"{counted(gone, 'task')} withdrawn"] if gone else [])


def _beside(plan: Plan, able: Sequence[Change]) -> list[str]:
    """What a reader should look at twice, and what waits already."""
    counts = (
        (sum(removes(change) for change in able), "{} removal", "{} removals"),
        (sum(bool(change.blocked) for change in plan.changes), "{} blocked", "{} blocked"),
        (sum(bool(waits_for(change)) for change in plan.changes), "{} waits for people", "{} wait for people"),
        (sum(bool(irreversible(change)) for change in able), "{} irreversible", "{} irreversible"),
        (len(plan.waiting), "{} task waits already", "{} tasks wait already"),
    )
    return [(singular if number == 1 else many).format(number) for number, singular, many in counts if number]

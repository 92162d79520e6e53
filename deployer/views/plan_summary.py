"""A plan in one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deployer.engine.changes import Action, fresh_tasks, irreversible, removes, waits_for, withdrawn
from deployer.views.outline import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan

_ORDER = (Action.SEND, Action.CREATE, Action.UPDATE, Action.ADOPT, Action.MOVE, Action.FORGET)


def summary(plan: Plan) -> str:
    """Say what a plan would do: ``2 to send, 3 tasks for people; 1 removal``."""
    if plan.empty:
        return f"Nothing to do.{_still(plan)}"
    able = [change for change in plan.changes if not change.blocked and not waits_for(change)]
    said = ", ".join(_work([change for change in able if not removes(change)]))
    beside = ", ".join(_beside(plan, able))
    return "; ".join(part for part in (said, beside) if part)


def _still(plan: Plan) -> str:
    if not plan.waiting:
        return ""
    waits = "1 task waits" if len(plan.waiting) == 1 else f"{len(plan.waiting)} tasks wait"
    return f" {waits} for people: `deployer tasks --env {plan.environment}`"


def _work(changes: Sequence[Change]) -> list[str]:
    """What the API does by action, then what people are asked, or no longer asked."""
    asked = sum(len(fresh_tasks(change)) for change in changes)
    gone = sum(len(withdrawn(change)) for change in changes)
    actions = Counter(
        change.action for change in changes if change.by == "api" or not (fresh_tasks(change) or withdrawn(change))
    )
    parts = [f"{actions[action]} to {action.value}" for action in _ORDER if actions[action]]
    parts += [f"{counted(asked, 'task')} for people"] if asked else []
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
    return [(one if number == 1 else many).format(number) for number, one, many in counts if number]

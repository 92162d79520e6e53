"""What one plan asks for beyond another, of two versions of a project on the same record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import PersonChange, fresh_tasks, removes, waits_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.state.model import TaskRecord


@dataclass(frozen=True, slots=True)
class Owed:
    """What a plan asks for that the other one asks for too: tasks for people, and changes by the API."""

    tasks: tuple[TaskRecord, ...] = ()
    changes: tuple[Change, ...] = ()


def beyond(plan: Plan, base: Plan) -> Plan:
    """``plan`` with only what ``base`` doesn't have: tasks by their tokens, other changes as a whole, and notes."""
    base_tokens = _task_tokens(base)
    changes = tuple(
        further for change in plan.changes if (further := _beyond(change, base_tokens, base.changes)) is not None
    )
    return replace(
        plan, changes=changes, waiting=(), notes=tuple(note for note in plan.notes if note not in base.notes)
    )


def owed(plan: Plan, base: Plan) -> Owed:
    """What ``plan`` shares with ``base``, and the tasks that wait already."""
    base_tokens = _task_tokens(base)
    tasks = [task for change in plan.changes for task in fresh_tasks(change) if task.token in base_tokens]
    shared = [each for each in plan.changes if each.by == "api" and each in base.changes]
    return Owed((*plan.waiting, *tasks), tuple(each for each in shared if not (removes(each) or waits_for(each))))


def _task_tokens(base: Plan) -> frozenset[str]:
    return frozenset(task.token for change in base.changes for task in fresh_tasks(change))


def _beyond(change: Change, base_tokens: Collection[str], base: tuple[Change, ...]) -> Change | None:
    """A change without what was asked already; ``None`` where nothing is left of it."""
    if change in base:
        return None
    if not isinstance(change, PersonChange) or not change.fresh:
        return change
    before = tuple(task.token for task in change.fresh if task.token in base_tokens)
    left = replace(change, asked_before=(*change.asked_before, *before))
    return left if left.fresh or change.withdrawn else None

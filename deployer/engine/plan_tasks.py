"""A person's part of the plan: which units differ from what exists, as tasks with stable ids and tokens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.engine.changes import Action, FieldChange, PersonChange, Provenance, Reason
from deployer.source import same_letters
from deployer.state.model import Entry, TaskRecord, TaskStatus

if TYPE_CHECKING:
    from deployer.engine.changes import PersonReason
    from deployer.engine.desired import PersonDesired
    from deployer.engine.tokens import Tokens
    from deployer.kinds.base import Unit

REASON = "reason"
"""The key of a task's context that says why someone stopped it: it changes nothing about what is asked."""


def plan_person(
    desired: PersonDesired,
    units: tuple[Unit, ...],
    entry: Entry | None,
    tokens: Tokens,
    learned: tuple[FieldChange, ...] = (),
) -> tuple[PersonChange | None, list[TaskRecord]]:
    """The change that asks for what isn't asked yet, and the tasks that were asked and are still open.

    ``learned`` is what only the record has to learn besides.
    """
    tasks = tasks_for(desired.address, units, entry, tokens, desired.owner)
    recorded = entry.tasks if entry else {}
    withdrawn = _withdrawn(tasks, recorded)
    fresh = [task for task in tasks if not _is_recorded(task, recorded)]
    waiting = [task for task in tasks if _is_recorded(task, recorded)]
    protect_moved = entry is not None and entry.protect != desired.wanted.protect
    if not fresh and not withdrawn and not protect_moved and not learned:
        return None, waiting
    existing = entry.existing if entry else {}
    change = PersonChange(
        address=desired.address,
        kind=desired.kind.name,
        action=Action.UPDATE if existing or recorded else Action.CREATE,
        reason=_reason(entry, fresh, withdrawn, protect_moved=protect_moved),
        fields=(*field_changes(fresh, entry, _hidden(units)), *learned),
        tasks=tuple(tasks),
        asked_before=tuple(task.token for task in waiting),
        withdrawn=withdrawn,
        depends_on=desired.wanted.depends_on,
        protect=desired.wanted.protect,
        irreversible=desired.person.irreversible if _begins(desired.address, units, fresh) else "",
    )
    return change, waiting


def _reason(entry: Entry | None, fresh: object, withdrawn: object, *, protect_moved: bool) -> PersonReason:
    """Why there is a change, as a code."""
    if entry is None or not (entry.existing or entry.tasks):
        return Reason.NEW
    if fresh:
        return Reason.CHANGED
    return Reason.WITHDRAWN if withdrawn else Reason.PROTECT if protect_moved else Reason.RECORD


def _begins(address: str, units: Iterable[Unit], tasks: Iterable[TaskRecord]) -> bool:
    """Whether an object is begun at Attentive: the first one, or another instead of it."""
    beginning = {f"{address}/{unit.key}" for unit in units if unit.begins}
    return any(task.id in beginning for task in tasks)


def _hidden(units: Iterable[Unit]) -> frozenset[str]:
    return frozenset(name for unit in units for name in unit.hidden)


def _withdrawn(tasks: Iterable[TaskRecord], recorded: Mapping[str, TaskRecord]) -> dict[str, str]:
    """The titles of the tasks that were asked, are open, and are wanted no longer, by token."""
    still = {task.token for task in tasks}
    return {old.token: old.title for old in recorded.values() if old.open and old.token not in still}


def removal_change(
    kind_name: str, address: str, units: tuple[Unit, ...], entry: Entry, tokens: Tokens
) -> PersonChange | None:
    """What a person does for a resource that is no longer declared; ``None`` where it was asked already."""
    tasks = tasks_for(address, units, entry, tokens)
    if tasks and all(_is_recorded(task, entry.tasks) for task in tasks):
        return None
    return PersonChange(
        address=address,
        kind=kind_name,
        action=Action.DELETE,
        reason=Reason.REMOVED,
        tasks=tuple(tasks),
        withdrawn=_withdrawn(tasks, entry.tasks),
        before=entry.existing,
    )


def tasks_for(
    address: str, units: Iterable[Unit], entry: Entry | None, tokens: Tokens, assignee: str = ""
) -> list[TaskRecord]:
    """A task for each unit whose value differs from what exists, with the status that it has if it was asked before."""
    existing = entry.existing if entry else {}
    recorded = entry.tasks if entry else {}
    named = {unit.key: tokens.naming(f"{address}/{unit.key}", unit.value, recorded) for unit in units}
    differing = [unit for unit in units if _differs(unit, existing, recorded.get(named[unit.key]))]
    ids = {unit.key: f"{address}/{unit.key}" for unit in differing}
    return [_task(ids, named[unit.key], unit, existing, recorded, assignee) for unit in differing]


def _differs(unit: Unit, existing: Mapping[str, Any], known: TaskRecord | None) -> bool:
    if unit.new_object or unit.again or not same_letters(existing.get(unit.settles), unit.value):
        return True
    return unit.lasting and known is not None and known.open


def _task(
    ids: Mapping[str, str],
    token: str,
    unit: Unit,
    existing: Mapping[str, Any],
    recorded: Mapping[str, TaskRecord],
    assignee: str,
) -> TaskRecord:
    task = TaskRecord(
        id=ids[unit.key],
        token=token,
        title=unit.title,
        slot=unit.settles,
        value=unit.value,
        before=None if unit.new_object and unit.slot == "" and not unit.begins else existing.get(unit.settles),
        effect=unit.effect,
        review=unit.review,
        confirmable=unit.confirmable,
        needs=tuple(need if "/" in need else ids[need] for need in unit.needs if "/" in need or need in ids),
        snapshot=unit.snapshot,
        context=unit.context,
        proof=unit.proof,
        assignee=assignee,
    )
    known = recorded.get(task.token)
    if known is None or known.status is TaskStatus.DONE:
        return task
    return replace(task, status=known.status, note=known.note, by=known.by, at=known.at, asked_at=known.asked_at)


def _is_recorded(task: TaskRecord, recorded: Mapping[str, TaskRecord]) -> bool:
    """Whether this very task was asked, is open, and leads from where it led from."""
    known = recorded.get(task.token)
    if known is None or not known.open:
        return False
    compared = ("before", "snapshot", "assignee")
    same = all(getattr(known, name) == getattr(task, name) for name in compared)
    return same and _without_reason(known) == _without_reason(task)


def _without_reason(task: TaskRecord) -> dict[str, Any]:
    return {key: value for key, value in task.context.items() if key != REASON}


def field_changes(
    tasks: Iterable[TaskRecord], entry: Entry | None = None, hidden: Collection[str] = ()
) -> tuple[FieldChange, ...]:
    """What differs, field by field within each task's value; one that is done already isn't among them.

    ``hidden`` fields mean nothing to a reader and are left out.
    """
    changes: list[FieldChange] = []
    for task in tasks:
        if task.status is TaskStatus.DONE or task.review or not task.confirmable:
            continue
        changes.extend(_within(task, _known_by(task, entry), hidden))
    return tuple(changes)


def _known_by(task: TaskRecord, entry: Entry | None) -> Provenance:
    """Whether what exists was confirmed, or seen by someone who found it changed."""
    confirmation = entry.confirmations.get(task.slot) if entry else None
    return Provenance.OBSERVED if confirmation and confirmation.how == "observed" else Provenance.CONFIRMED


def _within(task: TaskRecord, provenance: Provenance, hidden: Collection[str]) -> Iterable[FieldChange]:
    old, new = task.before, task.value
    name = task.id.partition("/")[2]
    if not isinstance(new, Mapping) or not (old is None or isinstance(old, Mapping)):
        yield FieldChange(name, old, new, provenance)
        return
    before = old or {}
    for key in sorted({*before, *new}):
        if not same_letters(before.get(key), new.get(key)) and key not in hidden:
            yield FieldChange(f"{name}.{key}", before.get(key), new.get(key), provenance)

"""Confirmations: what a person says about a task becomes part of the record. No checkout is needed, only the state.

A confirmation records a truth. A token that was superseded in the meantime is accepted: what it was about was done, and
the way from there to what is wanted now stays open.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.engine.desired import kind_of
from deployer.errors import DeployerError
from deployer.source import did_you_mean
from deployer.state.model import Confirmation, Effect, Entry, State, TaskRecord, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


ESTIMATE = "estimate"
"""The key of a task's context that tells the fewest and the most segments that a text was counted to have."""


DOUBTED = "doubted"
"""How a confirmation says that it may not hold: what was asked later may have been done before or after it."""


class ConfirmError(DeployerError):
    """A confirmation that can't be recorded; ``hint`` says what to do."""


Provenance: TypeAlias = Literal["confirmed", "observed"]
"""How it is known: a person says so, or Attentive's own deliveries do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person says: ``done``, ``submitted`` or ``rejected``; ``by`` is a handle, ``at`` ISO 8601 in UTC.

    ``provenance`` is how it is known: ``confirmed`` by a person, or ``observed`` in Attentive's own deliveries.
    ``segments`` is the count, 1 or more, that Attentive's composer showed; ``None`` where it isn't known.
    """

    how: Literal["done", "submitted", "rejected"]
    by: str
    at: str
    note: str = ""
    segments: int | None = None
    provenance: Provenance = "confirmed"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A task as it is recorded now; ``repeated``: it was recorded so before, and nothing was written of it."""

    task: TaskRecord
    repeated: bool = False


def compared(before: State, tasks: Sequence[TaskRecord]) -> tuple[Confirmed, ...]:
    """Tasks as ``confirm`` gave them, each beside its record of ``before``."""
    known = before.tasks_of({task.token for task in tasks})
    return tuple(Confirmed(task, known.get(task.token) == task) for task in tasks)


def confirm(state: State, tokens: Sequence[str], statement: Statement) -> tuple[State, tuple[TaskRecord, ...]]:
    """Record the statement for each token and return the new state with the tasks as they are now.

    The order of the tokens doesn't matter, and what is done already is left as it is. Raises ``ConfirmError`` before
    anything is recorded: an unknown token, one that the YAML ends, a review status for a task that isn't reviewed or is
    done, or a task that rests on others which no one confirmed.
    """
    known = state.tasks_of({_plain(token) for token in tokens})
    order = {token: number for number, token in enumerate(known)}
    tasks = {task.token: task for task in (_known(state, known, token) for token in tokens)}
    entries = state.changeable()
    state = replace(state, entries=entries)  # it learns of each task before the next: a copy a task would be quadratic
    for task in sorted(tasks.values(), key=lambda task_record: (*_order(task_record), order[task_record.token])):
        entry = _record(state, task, statement)
        if entry is None:
            del entries[task.address]
        elif entry is not entries[task.address]:
            entries[task.address] = state.stamped(task.address, entry)
    return state, tuple(_now(entries, task) for task in tasks.values())


def _order(task: TaskRecord) -> tuple[int, bool, str]:
    """A new object, its parts, what makes them live, the proof, the end; and what was asked before comes before."""
    ranks = {Effect.RESTART: 0, Effect.PUBLISH: 2, Effect.RETIRE: 4}
    rank = 3 if task.proof else ranks.get(task.effect, 1)
    return rank, not task.superseded, task.address


def _now(entries: Mapping[str, Entry], task: TaskRecord) -> TaskRecord:
    """A task as it is recorded now; with the end of its resource it is done and no longer recorded."""
    entry = entries.get(task.address)
    return entry.tasks[task.token] if entry else replace(task, status=TaskStatus.DONE)


def _plain(token: str) -> str:
    """A token as it is recorded, however it was typed."""
    return token.strip().lower()


def _known(state: State, known: Mapping[str, TaskRecord], token: str) -> TaskRecord:
    task = known.get(_plain(token))
    if task is not None:
        return task
    near = did_you_mean(token, [task.token for entry in state.entries.values() for task in entry.tasks.values()])
    hint = near or f"`deployer tasks --env {state.environment}` lists the tokens"
    raise ConfirmError(f"no task of the environment {state.environment} has the token {token}", hint)


def _record(state: State, task: TaskRecord, statement: Statement) -> Entry | None:
    """The entry with what is said of its task, the same if that is known already; ``None``: its record ends."""
    entry = state.entries[task.address]
    if statement.how != "done":
        return _reviewed(entry, task, statement)
    if not task.confirmable:
        raise ConfirmError(
            f"{task.id} isn't ended by a confirmation", "follow its instructions: they show what to write into the YAML"
        )
    if statement.segments is not None and ESTIMATE not in task.context:
        raise ConfirmError(f"{task.id} has no text whose segments could be counted", "confirm it without --segments")
    if task.status is TaskStatus.DONE and not _undone(entry, task):
        return entry if statement.segments is None else _counted(entry, task, statement)
    if task.effect is Effect.RETIRE:
        return None
    missing = (*_unproven(entry, task), *_unseen(state, entry, task))
    if missing:
        names = ", ".join(f"{task_record.token} ({task_record.id})" for task_record in missing)
        raise ConfirmError(f"{task.id} needs these confirmed first: {names}", "confirm them together with it")
    return settle(entry, task, statement, statement.provenance)


def _undone(entry: Entry, task: TaskRecord) -> bool:
    """Whether the task that was asked last for its slot is done, and a late confirmation put another value there."""
    last = next(task_record for task_record in reversed([*entry.tasks.values()]) if task_record.slot == task.slot)
    replaced: bool = {**entry.live, **entry.draft}.get(task.slot) != task.value
    return replaced and task.effect is Effect.DRAFT and last.token == task.token


def _counted(entry: Entry, task: TaskRecord, statement: Statement) -> Entry:
    """The entry with a count that was given after the task was confirmed; the same if it is known."""
    if task.segments == statement.segments:
        return entry
    confirmation = entry.confirmations.get(task.slot)
    kept = {task.slot: replace(confirmation, segments=statement.segments)} if confirmation else {}
    tasks = {**entry.tasks, task.token: replace(task, segments=statement.segments)}
    return replace(entry, tasks=tasks, confirmations={**entry.confirmations, **kept}, changed_at=statement.at)


def _reviewed(entry: Entry, task: TaskRecord, statement: Statement) -> Entry:
    if not task.review:
        hint = f"confirm it without --{statement.how} when it is done"
        raise ConfirmError(f"{task.id} isn't reviewed by Attentive", hint)
    if task.status is TaskStatus.DONE:
        hint = "what Attentive no longer accepts must be changed in the YAML"
        raise ConfirmError(f"{task.id} is confirmed already", hint)
    status = TaskStatus.SUBMITTED if statement.how == "submitted" else TaskStatus.REJECTED
    if (task.status, task.note, task.by) == (status, statement.note, statement.by):
        return entry
    marked = replace(task, status=status, note=statement.note, by=statement.by, at=statement.at)
    return replace(entry, tasks={**entry.tasks, task.token: marked}, changed_at=statement.at)


def settle(entry: Entry, task: TaskRecord, statement: Statement, how: str = "confirmed") -> Entry:
    """The entry with a task done: its value is in the draft or live, and a turn-on makes the draft live."""
    confirmed: dict[str, Any] = {
        "note": statement.note,
        "by": statement.by,
        "at": statement.at,
        "segments": statement.segments,
    }
    done = replace(task, status=TaskStatus.DONE, **confirmed)
    live, draft = _slots(entry, task) if not _overtaken(entry, task) else (entry.live, entry.draft)
    confirmation = Confirmation(how=DOUBTED if _late(entry, task) else how, **confirmed)
    return replace(
        entry,
        live=live,
        draft=draft,
        tasks={**entry.tasks, task.token: done},
        confirmations={**entry.confirmations, task.slot: confirmation},
        changed_at=statement.at,
    )


def _late(entry: Entry, task: TaskRecord) -> bool:
    """Whether a turn-on is confirmed after one that was asked later: no one knows which of them was done last.

    Where what was asked instead of it is still open, there is nothing to doubt: it was done, and that comes next.
    """
    if not task.superseded or task.effect is not Effect.PUBLISH:
        return False
    later = takewhile(lambda task_record: task_record.token != task.token, reversed([*entry.tasks.values()]))
    return any(task_record.slot == task.slot and task_record.status is TaskStatus.DONE for task_record in later)


def _overtaken(entry: Entry, task: TaskRecord) -> bool:
    """Whether a late approval is of a text whose successor was approved already: both are approved."""
    later = (
        task_record
        for task_record in entry.tasks.values()
        if task_record.slot == task.slot and not task_record.superseded
    )
    return task.review and task.superseded and any(task_record.status is TaskStatus.DONE for task_record in later)


def _slots(entry: Entry, task: TaskRecord) -> tuple[dict[str, Any], dict[str, Any]]:
    """Live and draft after the task: the draft keeps only what differs from live."""
    live, draft = dict(entry.live), dict(entry.draft)
    if task.effect is Effect.PUBLISH:
        existing = {**live, **draft}
        apart = {
            task_record.slot
            for task_record in entry.tasks.values()
            if task_record.effect is Effect.LIVE and not task_record.review
        }
        kept = {slot: value for slot, value in live.items() if slot in apart}
        live = {**kept, **dict(task.snapshot or {}), task.slot: task.value}
        draft = {slot: value for slot, value in existing.items() if slot in entry.draft and live.get(slot) != value}
    elif task.effect is Effect.RESTART:
        live, draft = dict(task.snapshot or {}), {task.slot: task.value}
    elif task.effect is Effect.LIVE:
        live[task.slot] = task.value
    elif live.get(task.slot) == task.value:
        draft.pop(task.slot, None)
    else:
        draft[task.slot] = task.value
    return live, draft


def _unproven(entry: Entry, task: TaskRecord) -> tuple[TaskRecord, ...]:
    """The open tasks on which this one rests."""
    if task.effect is Effect.PUBLISH:
        return (*_unbegun(entry, task), *_parts(entry, task))
    if task.proof:
        return (*_unbegun(entry, task), *_unpublished(entry, task))
    return _unbegun(entry, task)


def _unseen(state: State, entry: Entry, task: TaskRecord) -> Iterator[TaskRecord]:
    """The tasks elsewhere on which what goes live rests: an event that was never seen, or not with what it shows."""
    if task.superseded or task.effect is not Effect.PUBLISH:
        return
    own = {
        task_record.id: task_record
        for task_record in entry.tasks.values()
        if task_record.id in task.needs and not task_record.superseded
    }
    elsewhere = {
        need
        for task_record in (task, *own.values())
        for need in task_record.needs
        if not need.startswith(f"{task.address}/")
    }
    for address in sorted({need.partition("/")[0] for need in elsewhere} & state.entries.keys()):
        source = state.entries[address]
        for record in source.tasks.values():
            if record.open and record.id in elsewhere and _shows_more(source, record, entry, task):
                yield record


def _shows_more(source: Entry, first: TaskRecord, entry: Entry, task: TaskRecord) -> bool:
    """Whether something was never seen at all, or a turn-on shows what it was never seen with."""
    source_kind, kind = kind_of(first.address), kind_of(task.address)
    if not source.existing or source_kind is None or kind is None or kind.person is None:
        return True
    new = set(source_kind.carried({first.slot: first.value})) - set(source_kind.carried(source.existing))
    live, _ = _slots(entry, task)
    return bool(kind.person.reads(live, first.value.get("name", ""), new))


def _unbegun(entry: Entry, task: TaskRecord) -> tuple[TaskRecord, ...]:
    """The beginning of a new object that no one confirmed: what is done on it can't be before it."""
    if task.superseded or task.effect is Effect.RESTART:
        return ()
    return tuple(
        task_record for task_record in entry.tasks.values() if task_record.open and task_record.effect is Effect.RESTART
    )


def _unpublished(entry: Entry, proof: TaskRecord) -> tuple[TaskRecord, ...]:
    """The turning-on that a proof is about."""
    publishing = (task for task in entry.tasks.values() if task.id in proof.needs and task.effect is Effect.PUBLISH)
    return tuple(
        task_record
        for task_record in publishing
        if task_record.status is not TaskStatus.DONE and task_record.superseded == proof.superseded
    )


def _parts(entry: Entry, task: TaskRecord) -> tuple[TaskRecord, ...]:
    """The parts that should be live with a turn-on and that no one confirmed."""
    existing: Mapping[str, Any] = {**entry.live, **entry.draft}
    snapshot = dict(task.snapshot or {})
    done = [task_record for task_record in entry.tasks.values() if task_record.status is TaskStatus.DONE]

    def proven(task_record: TaskRecord) -> bool:
        """Whether the part that a task is about is known to be in the draft as this turn-on has it.

        Of a turn-on that was superseded, and of a review, it is enough that it once was: the draft has gone on since.
        """
        if existing.get(task_record.slot) == task_record.value:
            return True
        if not task.superseded and not task_record.review:
            return False
        return any(other.slot == task_record.slot and other.value == task_record.value for other in done)

    wanted = [
        task_record
        for task_record in entry.tasks.values()
        if task_record.id in task.needs and snapshot.get(task_record.slot) == task_record.value
    ]
    return tuple(
        task_record for task_record in wanted if task_record.effect is not Effect.RESTART and not proven(task_record)
    )

"""Stopping at once, from outside git: the tasks to stop what runs, and what the plan says until the YAML agrees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import FieldChange, Provenance
from deployer.engine.confirm import DOUBTED, ConfirmError
from deployer.engine.desired import kind_of
from deployer.engine.plan import Note
from deployer.engine.plan_tasks import REASON, tasks_for
from deployer.engine.tokens import Tokens
from deployer.source import near_or_few, some
from deployer.state.model import Confirmation, Effect, Entry

if TYPE_CHECKING:
    from deployer.engine.changes import Change
    from deployer.engine.confirm import Statement
    from deployer.engine.desired import PersonDesired
    from deployer.kinds.actions import PersonActions
    from deployer.kinds.base import Unit
    from deployer.project import Project
    from deployer.state.model import State, TaskRecord

FIELD = "stopped"
"""The field of a change under which a plan shows that a stop ends."""

_STOPPABLE = "what can be stopped"


@dataclass(frozen=True, slots=True)
class Stopped:
    """What ``stop`` or ``lift`` recorded: the new state, and the ids of the tasks that are open now because of it."""

    state: State
    tasks: tuple[TaskRecord, ...] = ()
    already: bool = False
    """Whether it was stopped (or lifted) before, so that nothing new is recorded."""


def stop(project: Project, state: State, address: str, statement: Statement) -> Stopped:
    """Ask at once for what stops ``address``, and hold back whatever would start it again.

    Raises ``ConfirmError`` where it isn't known or its kind can't be stopped.
    """
    person = _stoppable(project, state, address)
    entry = state.entry(address) or Entry(kind=_kind_name(address), by="person")
    resource = project.resources.get(address)
    owner = resource.model.owner if resource else ""
    tasks = tasks_for(address, _stopping(person, entry, statement.note), entry, Tokens.of(project), owner)
    tokens = {task.token for task in tasks}
    if entry.stopped is not None and tokens <= {task.token for task in entry.tasks.values() if task.open}:
        return Stopped(state, tuple(tasks), already=True)
    kept = {
        token: replace(task, superseded=True) if task.open and _starts(task) else task
        for token, task in entry.tasks.items()
        if token not in tokens
    }
    recorded = replace(
        entry,
        tasks={**kept, **{task.token: task for task in tasks}},
        stopped=Confirmation(by=statement.by, at=statement.at, note=statement.note, how="stopped"),
        changed_at=statement.at,
    )
    return Stopped(state.with_entry(address, recorded), tuple(tasks))


def lift(project: Project, state: State, address: str, statement: Statement) -> Stopped:
    """End a stop: what it asked and no one did is no longer asked, and a plan starts again what was stopped.

    Turning off that was asked and never confirmed may have been done all the same: the plan has someone look.
    Raises ``ConfirmError`` where ``address`` isn't known or its kind can't be stopped.
    """
    person = _stoppable(project, state, address)
    entry = state.entry(address)
    if entry is None or entry.stopped is None:
        return Stopped(state, already=True)
    stop_tokens = {task.token for task in tasks_for(address, person.stop(entry.existing), entry, Tokens.of(project))}
    left = {token: task for token, task in entry.tasks.items() if task.open and token in stop_tokens}
    ended = {token: replace(task, superseded=True) for token, task in left.items()}
    doubts = {task.slot: Confirmation(statement.by, statement.at, how=DOUBTED) for task in left.values()}
    lifted = replace(
        entry,
        tasks={**entry.tasks, **ended},
        confirmations={**entry.confirmations, **doubts},
        stopped=None,
        changed_at=statement.at,
    )
    return Stopped(state.with_entry(address, lifted))


def held(desired: PersonDesired, units: tuple[Unit, ...], entry: Entry | None) -> tuple[Unit, ...]:
    """The units that are wanted now: of one that was stopped, nothing that starts it, and what stops it.

    One that may be off although it is recorded as running is to be turned on again, or seen to run.
    """
    if entry is None or not _begins(units):
        return units
    if entry.stopped is None:
        return tuple(_looked_at(unit) if _doubted(unit, entry) else unit for unit in units)
    kept = tuple(unit for unit in units if unit.effect is not Effect.PUBLISH and not unit.proof)
    keys = {unit.key for unit in kept}
    return (*kept, *(unit for unit in desired.person.stop(entry.existing) if unit.key not in keys))


def _doubted(unit: Unit, entry: Entry) -> bool:
    confirmation = entry.confirmations.get(unit.settles)
    return unit.effect is Effect.PUBLISH and confirmation is not None and confirmation.how == DOUBTED


def _looked_at(unit: Unit) -> Unit:
    return replace(unit, again=True, lasting=True, context={**unit.context, DOUBTED: True})


def _stopping(person: PersonActions, entry: Entry, reason: str) -> tuple[Unit, ...]:
    """What stops it, with the reason: it decides what becomes of people who are on their way."""
    units = person.stop(entry.existing)
    return tuple(replace(unit, context={**unit.context, REASON: reason}) for unit in units) if reason else units


def agreed(units: tuple[Unit, ...], entry: Entry | None) -> tuple[FieldChange, ...]:
    """The end of a stop, where the YAML no longer asks for a start: the next apply records it."""
    if entry is None or entry.stopped is None or _begins(units):
        return ()
    return (FieldChange(FIELD, stop_in_words(entry.stopped), None, Provenance.RECORDED),)


def ends_stop(change: Change) -> bool:
    """Whether a change is the end of a stop."""
    return any(field.path == FIELD for field in change.fields)


def debt(desired: PersonDesired, project: Project, units: tuple[Unit, ...], entry: Entry | None) -> tuple[Note, ...]:
    """What the YAML owes: it asks for what someone stopped."""
    if entry is None or entry.stopped is None or not _begins(units):
        return ()
    switch = desired.person.switch
    assert switch is not None
    place = project.resources[desired.address].locate(switch.pointer)
    way = f"set `{switch.off_as}` in {place.path}:{place.line}, or lift the stop with"
    text = f"declared to run, but {stop_in_words(entry.stopped)}; there is no task to start it"
    return (
        Note(desired.address, text, f"{way} `deployer stop {desired.address} --lift --env {project.environment.name}`"),
    )


def stop_in_words(stopped: Confirmation) -> str:
    """A stop in words: ``stopped by ana on 2026-05-10: wrong link``."""
    day = stopped.at.partition("T")[0]
    who = "".join(f" {word} {value}" for word, value in (("by", stopped.by), ("on", day)) if value)
    return f"stopped{who}" + (f": {stopped.note}" if stopped.note else "")


def stops(state: State) -> dict[str, str]:
    """Every stop that still holds, in words, by address."""
    return {address: stop_in_words(entry.stopped) for address, entry in state.entries.items() if entry.stopped}


def _begins(units: tuple[Unit, ...]) -> bool:
    """Whether the YAML asks for it to run."""
    return any(unit.effect is Effect.PUBLISH for unit in units)


def _starts(task: TaskRecord) -> bool:
    return task.effect is Effect.PUBLISH or task.proof


def _kind_name(address: str) -> str:
    kind = kind_of(address)
    assert kind is not None
    return kind.name


def _stoppable(project: Project, state: State, address: str) -> PersonActions:
    kind = kind_of(address)
    known = [address for address in {**project.resources, **state.entries} if _can_stop(address)]
    if address not in project.resources and address not in state.entries:
        raise ConfirmError(f"{address} is neither declared nor recorded", near_or_few(address, known, _STOPPABLE))
    if kind is None or kind.person is None or not _can_stop(address):
        raise ConfirmError(f"{address} can't be stopped: only a journey runs", f"{_STOPPABLE}: {some(known)}")
    return kind.person


def _can_stop(address: str) -> bool:
    kind = kind_of(address)
    return kind is not None and kind.person is not None and kind.person.switch is not None

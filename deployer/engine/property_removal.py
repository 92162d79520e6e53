"""A property that leaves an event type: its back end must send it until every journey that reads it is turned on again.

Attentive sends a transactional message even where a value is missing, so that a customer would read a hole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import FieldChange, PersonChange, PropertyHold, Provenance
from deployer.engine.confirm import Statement, settle
from deployer.engine.desired import kind_of
from deployer.engine.plan import Note
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from deployer.engine.changes import Change
    from deployer.engine.desired import Desired
    from deployer.kinds.values import Carried
    from deployer.state.model import Entry, State, TaskRecord

_SUPPOSED = Statement("done", "", "")


def leaving_properties(
    wanted: Iterable[Desired], state: State, changes: Sequence[Change], waiting: Iterable[TaskRecord]
) -> Iterator[PropertyHold]:
    """A change for each event type that no longer declares a property which customers still read through a journey.

    It waits for the tasks that end the reading; without such a task it is blocked. It never does anything: planned
    again when they are confirmed, it is gone.
    """
    around = _Around.of(state, changes, waiting)
    for desired in wanted:
        entry = state.entry(desired.address)
        if desired.wanted.carries is None or entry is None:
            continue
        seen = desired.kind.carried(entry.fields) or desired.kind.carried(entry.existing)
        dropped = {key: seen[key] for key in sorted(set(seen) - set(desired.wanted.carries.keys))}
        if dropped and (property_hold := _change(desired, entry, dropped, around)) is not None:
            yield property_hold


@dataclass(frozen=True, slots=True)
class _Around:
    """What is around the event types, looked through once for all of them.

    ``readers`` are the addresses that run on an event, by its name; ``tasks`` what people are asked, by address;
    ``changed`` every address with a change, ``users`` those whose changes need an address.
    """

    state: State
    readers: Mapping[str, Sequence[str]]
    tasks: Mapping[str, Sequence[TaskRecord]]
    changed: frozenset[str]
    users: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, state: State, changes: Sequence[Change], waiting: Iterable[TaskRecord]) -> _Around:
        users: dict[str, list[str]] = {}
        for change in changes:
            for address in change.depends_on:
                users.setdefault(address, []).append(change.address)
        changed = frozenset(change.address for change in changes)
        return cls(state, readers(state), _tasks(changes, waiting), changed, users)


def readers(state: State) -> dict[str, list[str]]:
    """The addresses that run on an event, by the event's name."""
    by_event: dict[str, list[str]] = {}
    for address, entry in state.entries.items():
        kind = kind_of(address)
        for event in kind.person.triggers(entry.live) if kind and kind.person and entry.live else ():
            by_event.setdefault(event, []).append(address)
    return by_event


def _tasks(changes: Iterable[Change], waiting: Iterable[TaskRecord]) -> dict[str, list[TaskRecord]]:
    """What people are asked or were asked before, by address, in the order of work."""
    tasks_by_address: dict[str, dict[str, TaskRecord]] = {}
    for change in changes:
        if isinstance(change, PersonChange) and not change.blocked:
            for task in change.tasks:
                tasks_by_address.setdefault(task.address, {})[task.token] = task
    for task in waiting:
        tasks_by_address.setdefault(task.address, {}).setdefault(task.token, task)
    return {address: list(tasks.values()) for address, tasks in tasks_by_address.items()}


def _change(desired: Desired, entry: Entry, dropped: Mapping[str, str], around: _Around) -> PropertyHold | None:
    assert desired.wanted.carries is not None
    read: dict[str, list[str]] = {}
    waits: list[str] = []
    stuck: list[str] = []
    for address in around.readers.get(desired.wanted.carries.name, ()):
        reader = around.state.entries[address]
        slots = reading_slots(address, reader.live, desired.wanted.carries.name, dropped)
        for slot, keys in slots.items():
            for key in keys:
                read.setdefault(key, []).append(f"{address}/{slot}")
        if slots:
            ending = _ending(address, reader, desired.wanted.carries, dropped, around.tasks.get(address, ()))
            waits.extend(ending)
            stuck.extend([] if ending else [address])
    if not read:
        return None
    later = {*around.users.get(desired.address, ()), *map(_address, waits)}
    return PropertyHold(
        address=desired.address,
        kind=desired.kind.name,
        by=desired.wanted.by,
        fields=tuple(FieldChange(f"keys.{key}", dropped[key], None, Provenance.RECORDED) for key in sorted(read)),
        app=desired.wanted.app,
        depends_on=tuple(sorted(later & around.changed)),
        waits_for=() if stuck else tuple(sorted(waits)),
        protect=entry.protect,
        blocked=_stuck(stuck, read) if stuck else "",
    )


def _address(task_id: str) -> str:
    return task_id.partition("/")[0]


def reading_slots(
    address: str, live: Mapping[str, object], event: str, keys: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Which of the keys of ``event`` customers read through what is live at an address, by slot."""
    kind = kind_of(address)
    return kind.person.reads(live, event, keys) if kind and kind.person and live else {}


def _ending(
    address: str, entry: Entry, carries: Carried, keys: Collection[str], tasks: Sequence[TaskRecord]
) -> list[str]:
    """The ids of the tasks that end the reading of the keys, all of them together; none where they don't."""
    ending: list[str] = []
    slots = reading_slots(address, entry.live, carries.name, keys)
    for task in tasks:
        if not slots:
            break
        if task.effect is Effect.RETIRE:
            return [*ending, task.id]
        entry = settle(entry, task, _SUPPOSED)
        now = reading_slots(address, entry.live, carries.name, keys)
        if now != slots:
            ending.append(task.id)
        slots = now
    return [] if slots else ending


def _stuck(stuck: Sequence[str], read: Mapping[str, Sequence[str]]) -> str:
    names = ", ".join(f"`{key}`" for key in sorted(read))
    return (
        f"{', '.join(stuck)} still shows {names} to customers, and no task changes that: keep the property, "
        "or change the message, turn the journey off, or plan with --prune where it is no longer declared"
    )


def explained(changes: Iterable[Change]) -> Iterator[Note]:
    """What the back end has to do for each property that leaves."""
    for change in changes:
        if isinstance(change, PropertyHold):
            names = ", ".join(f"`{field.path.partition('.')[2]}`" for field in change.fields)
            what = f"keep sending {names}: live journeys read it, and without it customers would read a hole"
            until = ", ".join(change.waits_for)
            yield Note(change.address, what, f"until {until} is confirmed" if until else "see why it is blocked")

"""What someone found changed at Attentive: it becomes what is recorded as live, and the plan shows the difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.confirm import ConfirmError, Statement, settle
from deployer.engine.desired import PersonDesired, desired, kind_of, units
from deployer.engine.plan_tasks import tasks_for
from deployer.engine.tokens import Tokens
from deployer.messages import composer_text
from deployer.source import did_you_mean, some
from deployer.state.model import Confirmation, Effect, Entry, State, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.kinds.base import Unit
    from deployer.project import Project

HOW = "observed"
"""How a confirmation says that someone saw it so."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What someone saw: the text (or the value) of ``part``; an empty part is the one that the composer is about."""

    value: Any
    part: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was recorded: task ids whose value is another one now, those that were recorded so already.

    ``differs`` are the addresses whose YAML says something else: sources of texts, else the resource itself; ``texts``
    those of them whose text could be taken into the YAML.
    """

    state: State
    recorded: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Slot:
    """A unit of a resource, as far as it is recorded."""

    one: PersonDesired
    unit: Unit
    entry: Entry

    @property
    def id(self) -> str:
        return f"{self.one.address}/{self.unit.key}"


def observe(project: Project, state: State, address: str, seen: Sighting, statement: Statement) -> Observed:
    """Record what is at Attentive now for a message, or for one task id of a resource.

    Raises ``ConfirmError`` where nothing of it is recorded, where the API shows it, or where the value can't be its.
    """
    check_unlisted(address)
    chosen = _chosen(project, state, address)
    result = Observed(state)
    for slot in chosen:
        result = _record(result, slot, seen, statement)
    if not result.recorded and not result.unchanged:
        known = ", ".join(sorted({part for slot in chosen for part in slot.unit.texts})) or "none"
        raise ConfirmError(f"{address} has no text called {seen.part or 'text'}", f"pass --part with one of {known}")
    return result


def switch(project: Project, state: State, address: str, statement: Statement, *, on: bool) -> Observed:
    """Record that someone turned a resource on or off by hand.

    Raises ``ConfirmError`` where nothing of it is recorded, or where a draft makes it unclear what was turned on.
    """
    check_unlisted(address)
    person_desired = _declared(project, address)
    person, entry = person_desired.person, state.entry(address)
    if entry is None or not entry.existing or person.switch is None:
        command = f"deployer baseline {address} --env {project.environment.name}"
        hint = f"`{command}` records what runs already"
        raise ConfirmError(f"nothing of {address} is recorded as built", hint)
    after = (
        _turned_on(person_desired, project, entry, statement)
        if on
        else _turned_off(person_desired, project, entry, statement)
    )
    task_id = f"{address}/{person.switch.on if on else person.switch.off}"
    if after == entry:
        return Observed(state, unchanged=(task_id,))
    return Observed(state.with_entry(address, after), (task_id,), differs=(address,))


def check_unlisted(address: str) -> None:
    """What the API lists is read, not recorded by hand; raises ``ConfirmError``."""
    kind = kind_of(address)
    if kind is not None and kind.api is not None and (kind.api.read is not None or kind.person is None):
        message = f"{address} can be read through Attentive's API"
        raise ConfirmError(message, "`deployer drift` shows what changed there, `deployer plan` the way back")


def _turned_off(person_desired: PersonDesired, project: Project, entry: Entry, statement: Statement) -> Entry:
    for task in tasks_for(
        person_desired.address, person_desired.person.stop(entry.existing), entry, Tokens.of(project)
    ):
        entry = settle(entry, task, statement, how=HOW)
    return entry


def _turned_on(person_desired: PersonDesired, project: Project, entry: Entry, statement: Statement) -> Entry:
    person = person_desired.person
    if entry.draft:
        command = f"deployer tasks --env {project.environment.name}"
        hint = f"confirm its tasks and its turning on instead: `{command}`"
        raise ConfirmError(
            f"{person_desired.address} has a draft that isn't live, so it isn't clear what was turned on", hint
        )
    running = replace(person_desired, another=person.running(person_desired.model))
    publish = next(unit for unit in units(running, project, entry.existing) if unit.effect is Effect.PUBLISH)
    if person.stop(entry.existing):  # it runs already, as recorded
        return entry
    done = [task for task in entry.tasks.values() if task.slot == publish.settles and task.status is TaskStatus.DONE]
    last = next((task.value for task in reversed(done) if task.effect is Effect.PUBLISH), publish.value)
    live = person.observed({**entry.live, publish.settles: last})
    return _with_confirmation(replace(entry, live=live), publish.settles, statement)


def _record(so_far: Observed, slot: _Slot, seen: Sighting, statement: Statement) -> Observed:
    entry = so_far.state.entries[slot.one.address]
    where = "live" if slot.unit.settles in entry.live else "draft"
    slots: dict[str, Any] = dict(getattr(entry, where))
    new = _new_value(slot, slots[slot.unit.settles], seen)
    if new is None:
        return so_far
    so_far = _compared(so_far, slot, new)
    draft = {name: value for name, value in entry.draft.items() if name != slot.unit.settles}
    if new == slots[slot.unit.settles] and (where == "draft" or draft == entry.draft):
        return replace(so_far, unchanged=(*so_far.unchanged, slot.id))
    slots[slot.unit.settles] = new
    after = replace(entry, draft=draft, live=slot.one.person.observed(slots)) if where == "live" else entry
    after = after if where == "live" else replace(entry, draft=slots)
    recorded = so_far.state.with_entry(slot.one.address, _with_confirmation(after, slot.unit.settles, statement))
    return replace(so_far, state=recorded, recorded=(*so_far.recorded, slot.id))


def _compared(so_far: Observed, slot: _Slot, new: Any) -> Observed:
    """What was seen against what the YAML says."""
    if new == slot.unit.value:
        return so_far
    differs = dict.fromkeys([*so_far.differs, slot.unit.source or slot.one.address])
    texts = dict.fromkeys([*so_far.texts, *([slot.unit.source] if slot.unit.texts else [])])
    return replace(so_far, differs=tuple(differs), texts=tuple(texts))


def _with_confirmation(entry: Entry, slot: str, statement: Statement) -> Entry:
    confirmation = Confirmation(by=statement.by, at=statement.at, note=statement.note, how=HOW)
    return replace(entry, confirmations={**entry.confirmations, slot: confirmation}, changed_at=statement.at)


def _new_value(slot: _Slot, existing: Any, seen: Sighting) -> Any:
    """The slot's value as it was seen; ``None`` where it has no such part."""
    if slot.unit.texts:
        part = seen.part or _about(slot.unit)
        if not isinstance(seen.value, str):
            raise ConfirmError(
                f"{slot.id} has text, and the given value isn't text", "paste it: --text FILE, or --text -"
            )
        return {**existing, part: composer_text(seen.value)} if part in existing or part in slot.unit.value else None
    return _checked(slot, existing, seen.value)


def _about(unit: Unit) -> str:
    """The part that Attentive's composer is about: the one whose text is ``composer``."""
    return next((part for part, text in unit.texts.items() if text == unit.composer), next(iter(unit.texts)))


def _checked(slot: _Slot, existing: Any, value: Any) -> Any:
    """A value that has the shape of the one that it replaces; raises ``ConfirmError``."""
    known = {*(existing or {}), *(slot.unit.value or {})}
    if not isinstance(value, dict) or not set(value) <= known:
        hint = f"write it as JSON with these keys: {', '.join(sorted(known))}"
        raise ConfirmError(f"that can't be the value of {slot.id}", hint)
    return value


def _chosen(project: Project, state: State, address: str) -> list[_Slot]:
    """The recorded units that an address is about: those of a source, or one by its task id with its review."""
    everything = [person_desired for person_desired in desired(project) if isinstance(person_desired, PersonDesired)]
    slots = [
        slot
        for person_desired in everything
        for slot in _slots(person_desired, project, state)
        if _is_about(slot, address)
    ]
    keys = {(slot.one.address, slot.unit.key) for slot in slots}
    reviews = [
        slot
        for person_desired in everything
        for slot in _slots(person_desired, project, state)
        if slot.unit.review and any((person_desired.address, need) in keys for need in slot.unit.needs)
    ]
    chosen = {slot.id: slot for slot in (*slots, *reviews)}
    if not chosen:
        raise _unknown(project, state, address, everything)
    return list(chosen.values())


def _is_about(slot: _Slot, address: str) -> bool:
    return slot.id == address if "/" in address else slot.unit.source == address


def _slots(person_desired: PersonDesired, project: Project, state: State) -> Iterable[_Slot]:
    entry = state.entry(person_desired.address)
    if entry is None:
        return
    existing = entry.existing
    for unit in units(
        replace(person_desired, another=person_desired.person.running(person_desired.model)), project, existing
    ):
        if unit.value is not None and unit.settles in existing and unit.effect is not Effect.PUBLISH and not unit.proof:
            yield _Slot(person_desired, unit, entry)


def _unknown(project: Project, state: State, address: str, everything: Iterable[PersonDesired]) -> ConfirmError:
    owner = address.partition("/")[0]
    known = [slot.id for person_desired in everything for slot in _slots(person_desired, project, state)]
    if owner not in project.resources:
        return ConfirmError(f"{owner} isn't declared", did_you_mean(owner, project.resources) or "declare it first")
    ids = [task_id for task_id in known if task_id.partition("/")[0] == owner]
    near = did_you_mean(address, known) if "/" in address else ""
    hint = near or (f"its task ids: {some(ids)}" if ids else "")
    return ConfirmError(
        f"nothing of {address} is recorded as existing at Attentive",
        hint or "`deployer baseline` records what runs already",
    )


def _declared(project: Project, address: str) -> PersonDesired:
    declared: Mapping[str, PersonDesired] = {
        person_desired.address: person_desired
        for person_desired in desired(project)
        if isinstance(person_desired, PersonDesired)
    }
    if address not in declared:
        message = f"{address} isn't declared, or isn't turned on and off by people"
        raise ConfirmError(message, did_you_mean(address, declared) or "`deployer plan` shows what is declared")
    return declared[address]

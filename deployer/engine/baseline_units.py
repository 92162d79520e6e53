"""What exists already, as a person says: its units, whether it runs, and how that is recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.engine.confirm import Statement, settle
from deployer.engine.desired import PersonDesired, units
from deployer.engine.plan_tasks import tasks_for
from deployer.engine.tokens import Tokens
from deployer.source import same_letters
from deployer.state.model import Confirmation, Effect, Entry, State, TaskRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Unit
    from deployer.project import Project

RunState: TypeAlias = Literal["", "on", "off", "draft"]
"""Whether something runs at Attentive, was turned off there, or was built and never turned on; empty: as declared."""

HOW = "baseline"
"""How a confirmation says that something was taken over."""


@dataclass(frozen=True, slots=True)
class BuiltUnits:
    """The units that exist at Attentive, what the record says exists, and how it is.

    ``runs`` is False for one that is a draft or was turned off; ``off``: it was turned off in the end. ``aged`` are the
    slots whose confirmation is older than the project allows.
    """

    units: tuple[Unit, ...]
    existing: Mapping[str, Any]
    tokens: Tokens
    runs: bool = True
    off: bool = False
    aged: frozenset[str] = frozenset()

    @property
    def old(self) -> tuple[Unit, ...]:
        """The units that rest on a confirmation which has to be given again."""
        return tuple(
            unit
            for unit in self.units
            if unit.settles in self.aged and same_letters(self.existing.get(unit.settles), unit.value)
        )

    def lacks(self, unit: Unit) -> bool:
        """Whether a unit is part of something that isn't recorded as built."""
        slots = {unit.key: unit.settles for unit in self.units}
        return any(need in slots and slots[need] not in self.existing for need in unit.needs)


def built_units(
    desired: PersonDesired, project: Project, state: State, standing: RunState, *, at: str = ""
) -> BuiltUnits:
    """The units of a resource as it is at Attentive now.

    One that is declared turned off was built and turned on before: all of it exists, and was turned off. What was
    confirmed too long before ``at`` (ISO 8601, UTC; empty: nothing) is marked.
    """
    aged = _aged(state.entry(desired.address), project.settings.confirmations.max_age_days, at)
    return replace(_built_units(desired, project, state, standing), aged=aged)


def _aged(entry: Entry | None, days: int, at: str) -> frozenset[str]:
    """The slots whose confirmation is older than so many days; one without a date is."""
    if entry is None or not days or not at:
        return frozenset()
    limit = datetime.fromisoformat(at) - timedelta(days=days)
    confirmations = entry.confirmations.items()
    return frozenset(
        slot
        for slot, confirmation in confirmations
        if not confirmation.at or datetime.fromisoformat(confirmation.at) < limit
    )


def _built_units(desired: PersonDesired, project: Project, state: State, standing: RunState) -> BuiltUnits:
    entry = state.entry(desired.address)
    existing, tokens = entry.existing if entry else {}, Tokens.of(project)
    declared = units(desired, project, existing)
    whole = units(replace(desired, another=desired.person.running(desired.model)), project, existing)
    if not _publishes(whole):
        return BuiltUnits(declared, existing, tokens)
    chosen = standing or _declared_as(declared)
    if chosen == "draft":
        return BuiltUnits(
            tuple(unit for unit in whole if unit.effect is not Effect.PUBLISH and not unit.proof),
            existing,
            tokens,
            runs=False,
        )
    if chosen == "off":
        return BuiltUnits(tuple(unit for unit in whole if not unit.proof), existing, tokens, runs=False, off=True)
    return BuiltUnits(whole, existing, tokens)


def settle_all(
    state: State, desired: PersonDesired, built: BuiltUnits, statement: Statement
) -> tuple[State, tuple[str, ...]]:
    """The state in which the units count as done, and the ids of the tasks that they would have been.

    What rests on an old confirmation is confirmed again.
    """
    before = state.entry(desired.address) or Entry(kind=desired.kind.name, by="person")
    done = [task for task in tasks_for(desired.address, built.units, before, built.tokens) if task.confirmable]
    entry = before
    for task in sorted(done, key=_order):
        entry = settle(entry, task, statement, how=HOW)
    if built.off:
        last = tasks_for(desired.address, desired.person.stop(entry.existing), entry, built.tokens)
        for task in last:
            entry = settle(entry, task, statement, how=HOW)
        done += last
    if not done and not built.old:
        return state, ()
    again_confirmed = {
        unit.settles: Confirmation(statement.by, statement.at, statement.note, HOW) for unit in built.old
    }
    entry = replace(
        entry,
        depends_on=desired.wanted.depends_on,
        protect=desired.wanted.protect,
        confirmations={**entry.confirmations, **again_confirmed},
        changed_at=statement.at,
    )
    again = tuple(f"{desired.address}/{unit.key}" for unit in built.old)
    return state.with_entry(desired.address, entry), (*(task.id for task in done), *again)


def _declared_as(declared: tuple[Unit, ...]) -> RunState:
    if _publishes(declared):
        return "on"
    builds = any(unit.effect in {Effect.DRAFT, Effect.RESTART} for unit in declared)
    return "draft" if builds else "off"


def _publishes(built: tuple[Unit, ...]) -> bool:
    return any(unit.effect is Effect.PUBLISH for unit in built)


def _order(task: TaskRecord) -> tuple[bool, bool]:
    """Parts first, then what makes them live, then the proof."""
    return task.effect is Effect.PUBLISH or task.proof, task.proof

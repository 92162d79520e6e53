"""Making the plan: desired against recorded and live. Pure: reads come before it, nothing is done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deployer.engine.desired import Desired, config_digest, desired, units
from deployer.engine.objects import Seen, plan_object
from deployer.engine.people import plan_person
from deployer.engine.removals import Removals
from deployer.engine.secrets import Sealer
from deployer.engine.values import Action, Change, Mode, Note, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.engine.reading import Reading
    from deployer.project import Project
    from deployer.state.model import State, TaskRecord


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    changes: list[Change] = field(default_factory=list)
    waiting: list[TaskRecord] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, change: Change | None, notes: Sequence[Note] = ()) -> None:
        if change is not None:
            self.changes.append(change)
        self.notes.extend(notes)


def make_plan(
    project: Project,
    state: State,
    reading: Reading | None,
    environ: Mapping[str, str],
    *,
    prune: bool = False,
    everything: Sequence[Desired] | None = None,
) -> Plan:
    """Compare what is wanted with what is recorded and live (``reading`` is ``None``: offline).

    The same inputs give the same plan. ``environ`` is looked at for the values of secrets, which the plan never holds.
    """
    wanted = tuple(everything) if everything is not None else desired(project)
    draft = _Draft()
    moved = _moves(project, state, draft)
    sealer = Sealer(state.lineage, environ)
    for one in wanted:
        _plan_one(one, project, moved, reading, sealer, draft)
    removals = Removals(project.settings.forget, prune, reading, sealer)
    busy = {task.address for change in draft.changes for task in change.tasks}
    busy |= {task.address for task in draft.waiting}
    for leaving in removals.of(moved, {one.address for one in wanted}, busy):
        draft.add(leaving.change, [leaving.note] if leaving.note else [])
        draft.waiting.extend(leaving.waiting)
    _unreadable(reading, draft)
    touched = {address for change in draft.changes for address in (change.address, change.old_address) if address}
    return Plan(
        environment=project.environment.name,
        mode=Mode.OFFLINE if reading is None else Mode.LIVE,
        lineage=state.lineage,
        config=config_digest(project, wanted),
        company_id=project.environment.company_id or state.company_id,
        prune=prune,
        versions={address: state.version(address) for address in sorted(touched)},
        changes=tuple(draft.changes),
        waiting=tuple(draft.waiting),
        notes=tuple(draft.notes),
    )


def _plan_one(
    one: Desired, project: Project, state: State, reading: Reading | None, sealer: Sealer, draft: _Draft
) -> None:
    entry = state.entry(one.address)
    if one.wanted.by == "person":
        change, waiting = plan_person(one, units(one, project, entry.stands if entry else {}), entry)
        draft.add(change)
        draft.waiting.extend(waiting)
        return
    seen = Seen(
        entry=entry,
        listed=reading.of(one.kind.name) if reading else None,
        sealer=sealer,
        taken=frozenset(_taken(one, state)),
        adopt=project.environment.adopt.get(one.address, ""),
        unreadable=reading is not None and one.kind.name in reading.unreadable,
    )
    draft.add(*plan_object(one, seen))


def _taken(one: Desired, state: State) -> Iterator[str]:
    """Attentive's ids that other addresses of the kind have recorded."""
    for address, other in state.entries.items():
        if other.id and other.kind == one.kind.name and address != one.address:
            yield other.id


def _moves(project: Project, state: State, draft: _Draft) -> State:
    """The state as it will be after the moves that the YAML asks for and the record doesn't show yet."""
    for move in project.settings.moved:
        entry = state.entry(move.old)
        if entry is None or state.entry(move.new) is not None:
            continue
        draft.add(Change(move.new, entry.kind, Action.MOVE, "api", "moved", old_address=move.old, record_only=True))
        state = replace(state.without(move.old), entries={**state.without(move.old).entries, move.new: entry})
    return state


def _unreadable(reading: Reading | None, draft: _Draft) -> None:
    for kind, reason in (reading.unreadable if reading else {}).items():
        draft.notes.append(Note("", f"{kind} couldn't be read, so the record is trusted: {reason}"))


def task_order(plan: Plan) -> Iterator[TaskRecord]:
    """Every task of a plan in the order of work: those that it asks, then those that wait."""
    for change in plan.changes:
        yield from change.tasks
    yield from plan.waiting

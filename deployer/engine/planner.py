"""Making the plan: desired against recorded and live. Pure: reads come before it, nothing is done."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

from deployer.dataclass import dataclass
from deployer.engine.changes import MoveChange, fresh_tasks, tasks_of
from deployer.engine.claims import Values, settle_values
from deployer.engine.desired import Desired, PersonDesired, config_digest, desired, first_units, units
from deployer.engine.fingerprints import Grounds
from deployer.engine.guards import Overrides, check_removals
from deployer.engine.moving import applicable, moved_state
from deployer.engine.narrowing import narrowed
from deployer.engine.plan import Mode, Note, Plan
from deployer.engine.plan_api import Comparison, KindObjects, kind_objects, plan_object
from deployer.engine.plan_tasks import plan_person
from deployer.engine.property_removal import explained, leaving_properties
from deployer.engine.removals import Removals
from deployer.engine.stopping import agreed, debt, held
from deployer.engine.tokens import Tokens
from deployer.kinds.base import GuardError
from deployer.source import digest
from deployer.source.secret import Sealer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.engine.changes import BaseChange, Change
    from deployer.engine.refresh import LiveObjects
    from deployer.kinds.base import Unit
    from deployer.project import Project
    from deployer.state.model import Entry, State, TaskRecord

C = TypeVar("C", bound="BaseChange | None")


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
    reading: LiveObjects | None,
    environ: Mapping[str, str],
    *,
    prune: bool = False,
    everything: Sequence[Desired] | None = None,
    recovered: Sequence[str] = (),
    only: Sequence[str] = (),
) -> Plan:
    """Compare what is wanted with what is recorded and live (``reading`` is ``None``: offline).

    The same inputs give the same plan. ``environ`` is looked at for the values of secrets, which the plan never holds.
    ``recovered`` are the addresses that ``state`` has from the journal of an interrupted apply: the plan says so.
    With ``only`` it has the changes of these addresses and of what they need; raises ``UsageError`` then.
    """
    wanted = tuple(everything) if everything is not None else desired(project)
    draft = _Draft()
    moved = _moves(project, state, draft)
    sealer = Sealer(state.lineage, environ)
    objects = kind_objects(reading, moved)
    used = {address for each in wanted for address in each.wanted.depends_on}
    first = first_units(wanted, project)
    for resource in wanted:
        entry = moved.entry(resource.address)
        if entry is None and resource.retired and resource.address not in used:
            text = "deprecated, and nothing that is declared uses it: it isn't registered in this account"
            draft.notes.append(Note(resource.address, text))
        else:
            _plan_one(resource, project, entry, objects, sealer, draft, first)
    removals = Removals(project.settings.forget, prune, reading, objects, sealer, Tokens.of(project))
    busy = {task.address for change in draft.changes for task in tasks_of(change)}
    busy |= {task.address for task in draft.waiting}
    for leaving in removals.of(moved, {each.address for each in wanted}, busy):
        draft.add(leaving.change, [leaving.note] if leaving.note else [])
        draft.waiting.extend(leaving.waiting)
    _unreadable(reading, draft)
    if recovered:
        draft.notes.append(Note.of_recovered(recovered))
    draft.changes.extend(leaving_properties(wanted, moved, draft.changes, draft.waiting))
    draft.notes.extend(explained(draft.changes))
    settled = settle_values(draft.changes, Values(moved, {each.address: each for each in wanted}, reading, sealer))
    touched = {address for change in draft.changes for address in change.touches}
    grounds = Grounds(moved, objects, sealer, project.environment.adopt)
    plan = Plan(
        environment=project.environment.name,
        mode=Mode.OFFLINE if reading is None else Mode.LIVE,
        lineage=state.lineage,
        config=config_digest(project, wanted, first),
        company_id=project.environment.company_id or state.company_id,
        prune=prune,
        only=tuple(only),
        seen="" if reading is None else digest([reading.to_json(), state.versions]),
        versions={address: state.version(address) for address in sorted(touched)},
        fingerprints={} if reading is None else grounds.fingerprints(wanted),
        changes=settled,
        waiting=tuple(draft.waiting),
        notes=tuple(draft.notes),
    )
    plan = narrowed(plan, wanted) if only else plan
    return replace(plan, notes=(*plan.notes, *_beyond_limits(plan, state, project)))


def _plan_one(
    resource: Desired,
    project: Project,
    entry: Entry | None,
    objects: Mapping[str, KindObjects],
    sealer: Sealer,
    draft: _Draft,
    first: Mapping[str, tuple[Unit, ...]],
) -> None:
    if isinstance(resource, PersonDesired):
        existing = entry.existing if entry else {}
        wanted_units = units(resource, project, existing) if existing else first[resource.address]
        change, waiting = plan_person(
            resource,
            held(resource, wanted_units, entry),
            entry,
            Tokens.of(project),
            agreed(wanted_units, entry),
        )
        draft.add(_unless_fixed(change, resource, project, entry), debt(resource, project, wanted_units, entry))
        draft.waiting.extend(waiting)
        return
    adopt = project.environment.adopt.get(resource.address, "")
    planned, notes = plan_object(resource, Comparison(entry, objects[resource.kind.name], sealer, adopt))
    draft.add(_unless_fixed(planned, resource, project, entry), notes)


def _unless_fixed(change: C, resource: Desired, project: Project, entry: Entry | None) -> C:
    """The change, blocked where what is recorded can't become what is declared."""
    if change is None or entry is None or change.blocked:
        return change
    why = resource.kind.fixed(entry.fields or entry.existing, resource.model, project)
    return replace(change, blocked=why) if why else change


def _moves(project: Project, state: State, draft: _Draft) -> State:
    """The state as it will be after the moves that the YAML asks for and the record doesn't show yet."""
    moves = applicable(project.settings.moved, state.entries)
    kinds: dict[str, str] = {}
    for move in moves:
        kinds[move.new] = kinds.pop(move.old, "") or state.entries[move.old].kind
        draft.add(MoveChange(address=move.new, kind=kinds[move.new], old_address=move.old))
    return moved_state(state, moves)


def _unreadable(reading: LiveObjects | None, draft: _Draft) -> None:
    for kind, reason in (reading.unreadable if reading else {}).items():
        draft.notes.append(
            Note("", f"could not read {kind} from Attentive; planning from the recorded state instead ({reason})")
        )


def _beyond_limits(plan: Plan, state: State, project: Project) -> Iterator[Note]:
    """That an apply will refuse so many removals: said while there is time to look at them."""
    try:
        check_removals(plan, state, project.settings, Overrides())
    except GuardError as refused:
        yield Note("", f"apply will refuse this: {refused}", refused.hint)


def task_order(plan: Plan) -> Iterator[TaskRecord]:
    """Every task of a plan in the order of work: those that it asks, then those that wait."""
    for change in plan.changes:
        yield from fresh_tasks(change)
    yield from plan.waiting

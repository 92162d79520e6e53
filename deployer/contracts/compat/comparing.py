"""One environment, then and now: every change, judged by the matrix and with whom it meets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deployer.contracts.compat.attributes import attribute_changes
from deployer.contracts.compat.events import event_changes, renamed_ids, trigger_changes
from deployer.contracts.compat.matrix import MATRIX
from deployer.contracts.compat.readership import Readership, merge_impacts
from deployer.contracts.compat.verdict import ContractChange, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.contracts.compat.found import Found
    from deployer.contracts.compat.live import Live
    from deployer.contracts.compat.matrix import Row
    from deployer.contracts.compat.verdict import Impact
    from deployer.project import Project
    from deployer.source import Position


@dataclass(frozen=True, slots=True)
class Sides:
    """One environment on both sides. ``live`` is what its record says, ``None`` where none could be read."""

    before: Project
    after: Project
    live: Live | None = None


def compare(sides: Sides) -> tuple[ContractChange, ...]:
    """Every change of declared events, attributes and triggers between two projects of one environment.

    Pure: the same sides give the same. ``with_ways_out`` says what to do about what breaks.
    """
    readers = Readership(sides.before, sides.after, sides.live, renamed_ids(sides.before, sides.after))
    found = (*event_changes(readers), *trigger_changes(readers), *attribute_changes(readers))
    return tuple(sorted((_judged(one, sides) for one in found), key=_order))


def environment_removed(before: Project) -> ContractChange:
    """An account's environment that the later side doesn't have: one change, since nothing of it can be compared.

    Without it, another name for an environment would get everything past the gate that is declared there alone.
    """
    name = before.environment.name
    row = MATRIX["environment-removed"]
    return ContractChange(row.change, f"environment.{name}", (), None, None, row.producers, Verdict.SAFE, (name,))


def merged(changes: Iterable[Sequence[ContractChange]]) -> tuple[ContractChange, ...]:
    """The changes of several environments, each reported once with all of them, and with its gravest verdicts."""
    found: dict[object, ContractChange] = {}
    for one in (each for several in changes for each in several):
        known = found.get(one.key)
        found[one.key] = _both(known, one) if known else one
    return tuple(sorted(found.values(), key=_order))


def _both(one: ContractChange, other: ContractChange) -> ContractChange:
    graver = other if other.verdict > one.verdict else one
    return replace(
        graver,
        producers=max(one.producers, other.producers),
        readers=max(one.readers, other.readers),
        environments=tuple(dict.fromkeys((*one.environments, *other.environments))),
        impacts=merge_impacts((*one.impacts, *other.impacts)),
    )


def _order(change: ContractChange) -> tuple[object, ...]:
    """The gravest first, then by what is changed."""
    return (-change.verdict, change.address, change.path, change.change)


def _judged(found: Found, sides: Sides) -> ContractChange:
    row = MATRIX[found.change]
    readers = max((_met(row, one) for one in found.impacts), default=Verdict.SAFE)
    return ContractChange(
        change=found.change,
        address=found.address,
        path=found.path,
        before=found.before,
        after=found.after,
        producers=row.producers if found.at_least is None else max(row.producers, found.at_least),
        readers=readers,
        environments=(sides.after.environment.name,),
        impacts=tuple(one for one in found.impacts if _met(row, one)),
        remark=found.remark,
        position=_position(found, sides.after),
    )


def _met(row: Row, impact: Impact) -> Verdict:
    return row.guarded if impact.guarded else row.readers


def _position(found: Found, project: Project) -> Position | None:
    """Where the change shows now: the property (or what it was in), else the resource."""
    resource = project.resources.get(found.address)
    return resource.document.locate(resource.pointer(found.path[:2]), key=True) if resource else None

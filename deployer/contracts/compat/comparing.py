"""One environment, then and now: every change, judged by the matrix and with whom it meets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.contracts.compat.attributes import attribute_changes
from deployer.contracts.compat.events import event_changes, renamed_ids, trigger_changes
from deployer.contracts.compat.matrix import MATRIX
from deployer.contracts.compat.readership import Readership, merge_impacts
from deployer.contracts.compat.verdict import ContractChange, Verdict
from deployer.dataclass import dataclass

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
    changes = (*event_changes(readers), *trigger_changes(readers), *attribute_changes(readers))
    return tuple(sorted((_judged(change, sides) for change in changes), key=_order))


def environment_removed(before: Project) -> ContractChange:
    """An account's environment that the later side doesn't have: one change, since nothing of it can be compared.

    Without it, another name for an environment would get everything past the gate that is declared there alone.
    """
    name = before.environment.name
    row = MATRIX["environment-removed"]
    return ContractChange(row.change, f"environment.{name}", (), None, None, row.producers, Verdict.SAFE, (name,))


def merged(changes: Iterable[Sequence[ContractChange]]) -> tuple[ContractChange, ...]:
    """The changes of several environments, each reported once with all of them, and with its gravest verdicts."""
    contract_changes: dict[object, ContractChange] = {}
    for contract_change in (each for several in changes for each in several):
        known = contract_changes.get(contract_change.key)
        contract_changes[contract_change.key] = _both(known, contract_change) if known else contract_change
    return tuple(sorted(contract_changes.values(), key=_order))


def _both(contract_change: ContractChange, other: ContractChange) -> ContractChange:
    graver = other if other.verdict > contract_change.verdict else contract_change
    return replace(
        graver,
        producers=max(contract_change.producers, other.producers),
        readers=max(contract_change.readers, other.readers),
        environments=tuple(dict.fromkeys((*contract_change.environments, *other.environments))),
        impacts=merge_impacts((*contract_change.impacts, *other.impacts)),
    )


def _order(change: ContractChange) -> tuple[object, ...]:
    """The gravest first, then by what is changed."""
    return (-change.verdict, change.address, change.path, change.change)


def _judged(change: Found, sides: Sides) -> ContractChange:
    row = MATRIX[change.change]
    readers = max((_met(row, impact) for impact in change.impacts), default=Verdict.SAFE)
    return ContractChange(
        change=change.change,
        address=change.address,
        path=change.path,
        before=change.before,
        after=change.after,
        producers=row.producers if change.at_least is None else max(row.producers, change.at_least),
        readers=readers,
        environments=(sides.after.environment.name,),
        impacts=tuple(impact for impact in change.impacts if _met(row, impact)),
        remark=change.remark,
        position=_position(change, sides.after),
    )


def _met(row: Row, impact: Impact) -> Verdict:
    return row.guarded if impact.guarded else row.readers


def _position(change: Found, project: Project) -> Position | None:
    """Where the change shows now: the property (or what it was in), else the resource."""
    resource = project.resources.get(change.address)
    return resource.document.locate(resource.pointer(change.path[:2]), key=True) if resource else None

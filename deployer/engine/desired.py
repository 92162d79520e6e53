"""What the YAML wants in one environment, resource by resource, in the order in which it can be brought about."""

from __future__ import annotations

import heapq
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from deployer.kinds import BY_SNAKE
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.kinds.base import Kind, Model, Unit, Wanted
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Desired:
    """One resource that shall be at Attentive: what is wanted, its kind and model, and what a send carries."""

    wanted: Wanted
    kind: Kind
    model: Model
    payload: Mapping[str, Any]

    @property
    def address(self) -> str:
        """The resource's address."""
        return self.wanted.address


def desired(project: Project) -> tuple[Desired, ...]:
    """Everything with a presence at Attentive, dependencies first, then by kind rank and address."""
    found: dict[str, Desired] = {}
    for address, resource in project.resources.items():
        wanted = resource.kind.wanted(resource.model, project)
        if wanted is not None:
            bound = replace(wanted, depends_on=_dependencies(project, address), app=_app(project, wanted))
            found[address] = Desired(
                bound, resource.kind, resource.model, resource.kind.payload(resource.model, project)
            )
    ranks = {address: (one.kind.rank, address) for address, one in found.items()}
    return tuple(found[address] for address in ordered({a: d.wanted.depends_on for a, d in found.items()}, ranks))


def units(one: Desired, project: Project, stands: Mapping[str, Any]) -> tuple[Unit, ...]:
    """The units of a resource that a person brings about."""
    assert one.kind.person is not None
    return one.kind.person.units(one.model, project, stands)


def config_digest(project: Project, everything: Iterable[Desired]) -> str:
    """The digest of all that the YAML wants in this environment; comments and unrelated files don't count."""
    wanted = [[asdict(one.wanted), one.payload, _unit_values(one, project)] for one in everything]
    settings = project.settings
    moved = [[move.old, move.new] for move in settings.moved]
    extra = [project.environment.name, project.environment.company_id, dict(project.environment.adopt)]
    return digest([wanted, moved, list(settings.forget), extra])


def _unit_values(one: Desired, project: Project) -> list[list[Any]]:
    if one.wanted.by != "person":
        return []
    return [[unit.key, unit.value] for unit in units(one, project, {})]


def _app(project: Project, wanted: Wanted) -> str:
    """The app whose key writes the resource; where none is named, the environment's first."""
    if wanted.app or wanted.by == "person":
        return wanted.app
    vendors = {name for name, app in project.settings.apps.items() if app.vendor}
    return next((name for name in project.environment.apps if name not in vendors), "")


def _dependencies(project: Project, address: str) -> tuple[str, ...]:
    """The addresses with a presence of their own that a resource refers to, also through those without one."""
    found: set[str] = set()
    stack = [address]
    seen: set[str] = set()
    while stack:
        resource = project.resources.get(stack.pop())
        if resource is None or resource.address in seen:
            continue
        seen.add(resource.address)
        for reference in resource.kind.references(resource.model):
            target = project.resources.get(reference.target)
            if target and target.kind.wanted(target.model, project) is not None:
                found.add(reference.target)
            else:
                stack.append(reference.target)
    return tuple(sorted(found))


def ordered(depends_on: Mapping[str, Iterable[str]], ranks: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses so that each stands after those it depends on; ties by rank. Of a ring, all stand at the end by rank.

    Kinds refer one way, so that nothing declared is in a ring; a record may have been edited.
    """
    waiting = {address: {one for one in needs if one in depends_on} for address, needs in depends_on.items()}
    ready = [(ranks[address], address) for address, needs in waiting.items() if not needs]
    heapq.heapify(ready)
    result: list[str] = []
    while ready:
        _, address = heapq.heappop(ready)
        result.append(address)
        for other, needs in waiting.items():
            if address in needs:
                needs.discard(address)
                if not needs:
                    heapq.heappush(ready, (ranks[other], other))
    rest = (address for address, needs in waiting.items() if needs)
    return (*result, *sorted(rest, key=lambda address: (ranks[address], address)))


def kind_of(address: str) -> Kind | None:
    """The kind that an address names, if this version of deployer knows it."""
    return BY_SNAKE.get(address.partition(".")[0])

"""What the YAML wants in one environment, resource by resource, in the order in which it can be brought about."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.engine.order import in_order
from deployer.kinds import BY_SNAKE
from deployer.kinds.base import Wanted
from deployer.kinds.values import Carried
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.kinds.actions import ApiActions, PersonActions
    from deployer.kinds.base import Model, Unit
    from deployer.kinds.kind import Kind
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class BaseDesired:
    """One resource that should be at Attentive: what is wanted, its kind and model, and what a send carries."""

    wanted: Wanted
    kind: Kind
    model: Model
    payload: Mapping[str, Any]

    @property
    def address(self) -> str:
        """The resource's address."""
        return self.wanted.address


@dataclass(frozen=True, slots=True)
class ApiDesired(BaseDesired):
    """A resource that the API brings about, and how."""

    api: ApiActions


@dataclass(frozen=True, slots=True)
class PersonDesired(BaseDesired):
    """A resource that a person brings about, and how."""

    person: PersonActions


Desired: TypeAlias = ApiDesired | PersonDesired
"""One resource that should be at Attentive, by who brings it about."""


_FIELDS = tuple(field.name for field in fields(Wanted))
_CARRIED = tuple(field.name for field in fields(Carried))


def desired(project: Project) -> tuple[Desired, ...]:
    """Everything with a presence at Attentive, dependencies first, then by kind rank and address."""
    by_address: dict[str, Desired] = {}
    all_wanted = {
        address: resource.kind.wanted(resource.model, project) for address, resource in project.resources.items()
    }
    for address, wanted in all_wanted.items():
        if wanted is not None:
            resource = project.resources[address]
            depends_on = _dependencies(project, address, all_wanted)
            by_address[address] = _desired(
                _bound(wanted, depends_on, _app(project, wanted)), resource.kind, resource.model, project
            )
    ranks = {address: (resource.kind.rank, address) for address, resource in by_address.items()}
    order = in_order(
        {address: resource.wanted.depends_on for address, resource in by_address.items()}, ranks.__getitem__
    )
    return tuple(by_address[address] for address in order)


def _bound(wanted: Wanted, depends_on: tuple[str, ...], app: str) -> Wanted:
    """What is wanted with its dependencies and app; most have their app and depend on nothing, and stay as they are."""
    if wanted.depends_on == depends_on and wanted.app == app:
        return wanted
    return replace(wanted, depends_on=depends_on, app=app)


def _desired(wanted: Wanted, kind: Kind, model: Model, project: Project) -> Desired:
    """What is wanted with the way in which its kind brings it about."""
    payload = kind.payload(model, project)
    if wanted.by == "person":
        assert kind.person is not None
        return PersonDesired(wanted, kind, model, payload, kind.person)
    assert kind.api is not None
    return ApiDesired(wanted, kind, model, payload, kind.api)


def units(person_desired: PersonDesired, project: Project, existing: Mapping[str, Any]) -> tuple[Unit, ...]:
    """The units of a resource that a person brings about."""
    return person_desired.person.units(person_desired.model, project, existing)


def first_units(everything: Iterable[Desired], project: Project) -> Mapping[str, tuple[Unit, ...]]:
    """The units of each resource that a person brings about, where nothing of it exists, by address."""
    return {
        resource.address: units(resource, project, {}) for resource in everything if isinstance(resource, PersonDesired)
    }


def config_digest(
    project: Project, everything: Iterable[Desired], first: Mapping[str, tuple[Unit, ...]] | None = None
) -> str:
    """The digest of all that the YAML wants in this environment; comments and unrelated files don't count.

    ``first`` are the ``first_units``, where they are at hand.
    """
    everything = tuple(everything)
    first = first_units(everything, project) if first is None else first
    wanted = [
        [
            _plain(resource.wanted),
            resource.payload,
            [[unit.key, unit.value] for unit in first.get(resource.address, ())],
        ]
        for resource in everything
    ]
    settings = project.settings
    moved = [[move.old, move.new] for move in settings.moved]
    extra = [project.environment.name, project.environment.company_id, dict(project.environment.adopt)]
    return digest([wanted, moved, list(settings.forget), extra])


def _plain(wanted: Wanted) -> dict[str, Any]:
    """The fields by name, as ``asdict`` gives them, without a copy of each value."""
    plain = {name: getattr(wanted, name) for name in _FIELDS}
    if wanted.carries:
        plain["carries"] = {name: getattr(wanted.carries, name) for name in _CARRIED}
    return plain


def _app(project: Project, wanted: Wanted) -> str:
    """The app whose key writes the resource; where none is named, the environment's first."""
    if wanted.app or wanted.by == "person":
        return wanted.app
    vendors = {name for name, app in project.settings.apps.items() if app.vendor}
    return next((name for name in project.environment.apps if name not in vendors), "")


def _dependencies(project: Project, address: str, all_wanted: Mapping[str, Wanted | None]) -> tuple[str, ...]:
    """The addresses with a presence of their own that a resource refers to, also through those without one."""
    addresses: set[str] = set()
    stack = [address]
    seen: set[str] = set()
    while stack:
        resource = project.resources.get(stack.pop())
        if resource is None or resource.address in seen:
            continue
        seen.add(resource.address)
        for reference in resource.kind.references(resource.model):
            if all_wanted.get(reference.target) is not None:
                addresses.add(reference.target)
            else:
                stack.append(reference.target)
    return tuple(sorted(addresses))


def kind_of(address: str) -> Kind | None:
    """The kind that an address names, if this version of deployer knows it."""
    return BY_SNAKE.get(address.partition(".")[0])

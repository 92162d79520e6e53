"""What the YAML wants in one environment, resource by resource, in the order in which it can be brought about."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.engine.declared import declared
from deployer.engine.known_units import known_units
from deployer.engine.order import in_order
from deployer.kinds import BY_SNAKE
from deployer.kinds.base import Wanted
from deployer.kinds.values import Carried
from deployer.project.references import targets
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.engine.declared import Declared
    from deployer.kinds.actions import ApiActions, PersonActions
    from deployer.kinds.base import Model, Unit
    from deployer.kinds.kind import Kind
    from deployer.project import Project
    from deployer.project.model import Resource


@dataclass(frozen=True, slots=True)
class BaseDesired:
    """One resource that should be at Attentive: what is wanted, its kind, and what a send carries.

    ``retired``: it is kept for those that still use it.
    """

    wanted: Wanted
    kind: Kind
    payload: Mapping[str, Any]
    retired: bool

    @property
    def address(self) -> str:
        """The resource's address."""
        return self.wanted.address


@dataclass(frozen=True, slots=True)
class ApiDesired(BaseDesired):
    """A resource that the API brings about, and how. Its model is read where something looks at it."""

    api: ApiActions
    resource: Resource

    @property
    def model(self) -> Model:
        """What its kind makes of its declaration."""
        return self.resource.model


@dataclass(frozen=True, slots=True)
class PersonDesired(BaseDesired):
    """A resource that a person brings about, how, and who owns it.

    ``another`` is a model in place of the declared one, which is read where something looks at it.
    """

    person: PersonActions
    owner: str
    resource: Resource
    another: Model | None = None

    @property
    def model(self) -> Model:
        """What its kind makes of its declaration, or the other model."""
        return self.another or self.resource.model


Desired: TypeAlias = ApiDesired | PersonDesired
"""One resource that should be at Attentive, by who brings it about."""


_FIELDS = tuple(field.name for field in fields(Wanted))
_CARRIED = tuple(field.name for field in fields(Carried))


def desired(project: Project) -> tuple[Desired, ...]:
    """Everything with a presence at Attentive, dependencies first, then by kind rank and address."""
    by_address: dict[str, Desired] = {}
    everything = {address: declared(project, resource) for address, resource in project.resources.items()}
    for address, known in everything.items():
        if known.wanted is not None:
            depends_on = _dependencies(project, address, everything)
            bound = _bound(known.wanted, depends_on, _app(project, known.wanted))
            by_address[address] = _desired(bound, known, project.resources[address])
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


def _desired(wanted: Wanted, known: Declared, resource: Resource) -> Desired:
    """What is wanted with the way in which its kind brings it about."""
    kind = resource.kind
    if wanted.by == "person":
        assert kind.person is not None
        return PersonDesired(wanted, kind, known.payload, known.retired, kind.person, known.owner, resource)
    assert kind.api is not None
    return ApiDesired(wanted, kind, known.payload, known.retired, kind.api, resource)


def units(person_desired: PersonDesired, project: Project, existing: Mapping[str, Any]) -> tuple[Unit, ...]:
    """The units of a resource that a person brings about."""
    return person_desired.person.units(person_desired.model, project, existing)


def first_units(everything: Iterable[Desired], project: Project) -> Mapping[str, tuple[Unit, ...]]:
    """The units of each resource that a person brings about, where nothing of it exists, by address."""
    return {
        resource.address: known_units(project, resource.address, partial(units, resource, project, {}))
        for resource in everything
        if isinstance(resource, PersonDesired)
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


def _dependencies(project: Project, address: str, everything: Mapping[str, Declared]) -> tuple[str, ...]:
    """The addresses with a presence of their own that a resource refers to, also through those without one."""
    addresses: set[str] = set()
    stack = [address]
    seen: set[str] = set()
    while stack:
        resource = project.resources.get(stack.pop())
        if resource is None or resource.address in seen:
            continue
        seen.add(resource.address)
        for target in resource.fact("targets", targets):
            known = everything.get(target)
            if known is not None and known.wanted is not None:
                addresses.add(target)
            else:
                stack.append(target)
    return tuple(sorted(addresses))


def kind_of(address: str) -> Kind | None:
    """The kind that an address names, if this version of deployer knows it."""
    return BY_SNAKE.get(address.partition(".")[0])

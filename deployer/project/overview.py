"""A project as a whole: what is declared, what uses what, and one declaration with the place of each value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.kinds.message import Message
from deployer.kinds.opt_in_source import OptInSource
from deployer.kinds.property import Property
from deployer.project.personal import shareable
from deployer.source import did_you_mean, near_or_few

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deployer.project.model import Project, Resource
    from deployer.source import Pointer, Position


@dataclass(frozen=True, slots=True)
class Uses:
    """What refers to what: the addresses that each address uses, and those that use it, each in order."""

    of: Mapping[str, tuple[str, ...]]
    by: Mapping[str, tuple[str, ...]]

    @classmethod
    def among(cls, project: Project) -> Uses:
        """Read the references of a linked project."""
        pairs = sorted(
            {
                (address, reference.target)
                for address, resource in project.resources.items()
                for reference in resource.kind.references(resource.model)
                if reference.target in project.resources
            }
        )
        return cls(_grouped(pairs), _grouped((used, user) for user, used in pairs))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for source, other in sorted(pairs):
        groups.setdefault(source, []).append(other)
    return {source: tuple(others) for source, others in groups.items()}


@dataclass(frozen=True, slots=True)
class Item:
    """One declaration in a list. ``name`` is Attentive's, empty where its kind has none; ``place`` is its ``id``'s."""

    address: str
    kind: str
    name: str
    owner: str
    place: Position
    uses: tuple[str, ...]
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which declarations to list: of a kind (in snake_case), using one, used by one, of an owner; empty: any."""

    kind: str = ""
    uses: str = ""
    used_by: str = ""
    owner: str = ""


def listed(project: Project, wanted: Wanted) -> tuple[Item, ...]:
    """List what is declared in the project's environment, by address.

    Raises ``UsageError`` for an address that isn't declared, and for an owner whom no declaration names.
    """
    uses = Uses.among(project)
    owners = {resource.model.owner for resource in project.resources.values()} - {""}
    if wanted.owner and wanted.owner not in owners:
        hint = near_or_few(wanted.owner, sorted(owners), "owners")
        raise UsageError(f"no declaration names the owner `{wanted.owner}`", hint)
    used = address_of(project, wanted.uses) if wanted.uses else ""
    user = address_of(project, wanted.used_by) if wanted.used_by else ""
    keeps: tuple[Callable[[Resource], bool], ...] = (
        lambda resource: wanted.kind in {"", resource.kind.snake},
        lambda resource: not used or used in uses.of.get(resource.address, ()),
        lambda resource: not user or user in uses.by.get(resource.address, ()),
        lambda resource: wanted.owner in {"", resource.model.owner},
    )
    return tuple(
        _item(resource, uses) for resource in project.resources.values() if all(keep(resource) for keep in keeps)
    )


def _item(resource: Resource, uses: Uses) -> Item:
    return Item(
        resource.address,
        resource.kind.snake,
        str(resource.body.get("name", "")),
        resource.model.owner,
        resource.locate(("id",)),
        uses.of.get(resource.address, ()),
        uses.by.get(resource.address, ()),
    )


def address_of(project: Project, text: str) -> str:
    """The address that is meant: written in full, or an id that one declaration has; raises ``UsageError``."""
    if text in project.resources:
        return text
    alike = [address for address in project.resources if address.partition(".")[2] == text]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise UsageError(f"`{text}` is the id of several declarations", f"write one of {', '.join(alike)}")
    known = project.resources if "." in text else {address.partition(".")[2] for address in project.resources}
    hint = did_you_mean(text, sorted(known)) or "`deployer list` shows what is declared"
    raise UsageError(f"`{text}` isn't declared in the environment `{project.environment.name}`", hint)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a declaration: its path (``steps.0.send_text.message``), and the place that it comes from."""

    path: str
    value: Any
    place: Position


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration as it is in one environment: every value with its place, what it uses, and what uses it."""

    environment: str
    item: Item
    values: tuple[Value, ...]


def declaration(project: Project, text: str) -> Declaration:
    """One declaration by its address or its id, personal values masked; raises ``UsageError`` where there is none."""
    resource = project.resources[address_of(project, text)]
    values = tuple(
        Value(".".join(map(str, pointer)), value, resource.locate(pointer))
        for pointer, value in _leaves(shareable(resource, project))
    )
    return Declaration(project.environment.name, _item(resource, Uses.among(project)), values)


def _leaves(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    """The values of a body that are no mapping and no list; an empty one is a value."""
    within = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list | tuple) else ()
    )
    if not value or not within:
        yield pointer, value
        return
    for key, inner in within:
        yield from _leaves(inner, (*pointer, key))


@dataclass(frozen=True, slots=True)
class Graph:
    """The way from a property to a message: ``nodes`` are addresses with a title, ``edges`` lead onwards."""

    nodes: Mapping[str, str]
    edges: tuple[tuple[str, str], ...]


def graph(project: Project, around: str = "") -> Graph:
    """Draw property → event type → journey → message, and opt-in source → journey.

    With ``around``, an address or an id, only what leads to it and what it leads to. A message that no journey sends
    hangs on its event type. Raises ``UsageError``.
    """
    edges = tuple(sorted(set(_edges(project))))
    kinds = (Property, EventType, Journey, Message, OptInSource)
    nodes = [address for address, resource in project.resources.items() if isinstance(resource.model, kinds)]
    if around:
        middle = address_of(project, around)
        onwards, back = _grouped(edges), _grouped((after, before) for before, after in edges)
        kept = _reached(middle, onwards) | _reached(middle, back)
        nodes = [address for address in project.resources if address in kept]
    titles = {address: str(project.resources[address].body.get("name", "")) for address in nodes}
    return Graph(titles, tuple(edge for edge in edges if set(edge) <= set(nodes)))


def _edges(project: Project) -> Iterator[tuple[str, str]]:
    uses = Uses.among(project)
    models = {address: resource.model for address, resource in project.resources.items()}
    for address, others in uses.of.items():
        for other in others:
            match models[address], models[other]:
                case Journey(), Message():
                    yield address, other
                case (EventType(), Property()) | (Journey(), EventType() | OptInSource()):
                    yield other, address
                case Message(), EventType() if not _is_sent(address, uses, models):
                    yield other, address
                case _:
                    pass


def _is_sent(message: str, uses: Uses, models: Mapping[str, Any]) -> bool:
    return any(isinstance(models[user], Journey) for user in uses.by.get(message, ()))


def _reached(start: str, onwards: Mapping[str, tuple[str, ...]]) -> set[str]:
    reached, left = {start}, [start]
    while left:
        fresh = [address for address in onwards.get(left.pop(), ()) if address not in reached]
        reached.update(fresh)
        left += fresh
    return reached

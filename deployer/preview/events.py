"""Events as their producers and readers see them: each property in words, examples, who sends and who reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deployer.contracts.compat.readers import declared_readers
from deployer.dataclass import dataclass
from deployer.kinds.event_type import EventType, filled_in, masked, samples_of
from deployer.kinds.journey import Journey
from deployer.kinds.property import Property, is_optional
from deployer.messages import PROPERTY
from deployer.preview.definitions import limits_in_words, type_in_words
from deployer.preview.message_values import Spot
from deployer.project.overview import Uses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.contracts.compat.readers import Reader
    from deployer.project import Project
    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class PropertyView:
    """One property of an event, or a value within one: ``path`` leads to it (``items[].sku``).

    ``shared`` is the address of the definition that it uses; ``limits`` are phrases; ``readers`` the addresses of the
    messages that read it, of a property that isn't ``nested`` in another one.
    """

    path: str
    type: str
    optional: bool
    personal: bool
    description: str
    limits: tuple[str, ...]
    shared: str = ""
    readers: tuple[str, ...] = ()
    nested: bool = False


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A payload of an event as JSON text, personal values as asterisks; ``made``: from the schema, by no one."""

    name: str
    made: bool
    text: str


@dataclass(frozen=True, slots=True)
class ProducerView:
    """The app whose key sends an event: our id and Attentive's name of it, and who runs it.

    ``vendor``: a partner, by its own key. ``registers``: the first event comes from the producer, not from ``apply``.
    """

    app: str
    name: str
    description: str
    vendor: bool
    registers: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """An event type with all that its readers want to know; ``journeys`` and ``messages`` are addresses."""

    address: str
    id: str
    name: str
    description: str
    owner: str
    deprecated: bool
    identify_by: tuple[str, ...]
    reserved: tuple[str, ...]
    producer: ProducerView
    properties: tuple[PropertyView, ...]
    examples: tuple[ExampleView, ...]
    journeys: tuple[str, ...]
    messages: tuple[str, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class SharedView:
    """A definition of the shared library, and the addresses of the event types that use it."""

    address: str
    definition: PropertyView
    events: tuple[str, ...]
    spot: Spot


def shared(project: Project) -> tuple[SharedView, ...]:
    """Every shared definition, by address."""
    users = Uses.among(project).by
    return tuple(_shared(declared, users.get(declared.address, ()), project) for declared in project.all(Property))


def _shared(declared: Property, users: tuple[str, ...], project: Project) -> SharedView:
    position = project.resources[declared.address].locate(())
    body = {**declared.schema, "description": declared.description, "pii": declared.pii}
    return SharedView(declared.address, _property(declared.id, body, personal=False), users, Spot.of(position))


def events(project: Project) -> tuple[EventView, ...]:
    """Every event type, by address."""
    readers = [*declared_readers(project)]
    return tuple(
        _event(event_type, [reader for reader in readers if reader.event == event_type.id], project)
        for event_type in project.all(EventType)
    )


def _event(event: EventType, readers: Sequence[Reader], project: Project) -> EventView:
    position = project.resources[event.address].locate(())
    return EventView(
        event.address,
        event.id,
        event.name,
        event.description,
        event.owner,
        event.deprecated,
        event.identify_by,
        event.reserved,
        _producer(event, project),
        tuple(_properties(event, readers, project)),
        tuple(
            ExampleView(sample.name, sample.made, _json(masked(event, project, sample.data)))
            for sample in samples_of(event, project)
        ),
        tuple(journey.address for journey in project.all(Journey) if journey.trigger == event.id),
        tuple(reader.message for reader in readers),
        Spot.of(position),
    )


def _producer(event: EventType, project: Project) -> ProducerView:
    app = project.settings.apps.get(event.app)
    vendor = bool(app and app.vendor)
    return ProducerView(
        event.app,
        project.app_name(event.app),
        app.description if app else "",
        vendor,
        registers=vendor or event.registered_by_producer,
    )


def _properties(event: EventType, readers: Sequence[Reader], project: Project) -> Iterator[PropertyView]:
    for key, item in event.properties.items():
        definition = filled_in(item, project)
        read_by = tuple(reader.message for reader in readers if reader.touches(PROPERTY, (key,)))
        shared = f"property.{item.use}" if item.use else ""
        yield _property(key, definition, personal=False, shared=shared, readers=read_by)
        yield from _within(key, definition, personal=bool(definition.get("pii")))


def _within(path: str, definition: Body, *, personal: bool) -> Iterator[PropertyView]:
    """What is in an object, and in each item of a list, at every depth."""
    items = definition.get("items")
    if isinstance(items, dict):
        yield from _within(f"{path}[]", items, personal=personal or bool(items.get("pii")))
    for key, item in definition.get("properties", {}).items():
        yield _property(f"{path}.{key}", item, personal=personal, nested=True)
        yield from _within(f"{path}.{key}", item, personal=personal or bool(item.get("pii")))


def _property(
    path: str,
    definition: Body,
    *,
    personal: bool,
    shared: str = "",
    readers: tuple[str, ...] = (),
    nested: bool = False,
) -> PropertyView:
    return PropertyView(
        path,
        type_in_words(definition),
        is_optional(definition),
        personal or bool(definition.get("pii")),
        str(definition.get("description", "")),
        limits_in_words(definition),
        shared,
        readers,
        nested,
    )


def _json(data: Body) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)

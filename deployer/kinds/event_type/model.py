"""What an ``EventType`` declares, and the JSON Schema that its payloads must match."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.base import Model, Scope
from deployer.kinds.defaults import common
from deployer.kinds.property import Property, is_optional, json_schema, no_marks, object_schema, types

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from deployer.kinds.property import Marks
    from deployer.source import Body


USUAL = "happy"
"""The sample that something is shown or sent with, where it is declared."""


@dataclass(frozen=True, slots=True)
class EventProperty:
    """One property of an event type: its exact key at Attentive, and its definition or the shared one it uses.

    ``readable`` is false where its definition has a mistake of its own, so that nothing is known of its values.
    """

    key: str
    definition: Body
    use: str = ""
    optional: bool = False
    readable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType(Model):
    """An event of a shop. ``name`` is Attentive's ``type``, case-sensitive; ``app`` is the one that sends it."""

    name: str
    app: str
    identify_by: tuple[str, ...]
    properties: Mapping[str, EventProperty]
    reserved: tuple[str, ...] = ()
    samples: Mapping[str, Body]
    deprecated: bool = False
    registered_by_producer: bool = False


def parse(address: str, id: str, body: Body) -> EventType:  # noqa: A002 - the field's name in the file format
    """Build the model from a checked body."""
    return EventType(
        **common(address, id, body),
        name=body["name"],
        app=body["app"],
        identify_by=tuple(body.get("identify_by", ("phone", "email"))),
        properties={key: _property(key, definition) for key, definition in body.get("properties", {}).items()},
        reserved=tuple(body.get("reserved", ())),
        samples=body.get("samples", {}),
        deprecated=bool(body.get("deprecated", False)),
        registered_by_producer=body.get("registered_by") == "producer",
    )


def without(body: Body, properties: Collection[str], samples: Collection[str]) -> Body:
    """The body with nothing in these definitions, and without these samples."""
    rest = dict(body)
    if properties:
        rest["properties"] = {**body["properties"], **{key: {} for key in properties}}
    if samples:
        rest["samples"] = {name: sample for name, sample in body["samples"].items() if name not in samples}
    return rest


def unread(event: EventType, keys: Iterable[str]) -> EventType:
    """The event type without knowledge of the values of these properties."""
    properties = {key: replace(event.properties[key], readable=False) for key in keys}
    return replace(event, properties={**event.properties, **properties})


def _property(key: str, definition: Body) -> EventProperty:
    return EventProperty(key, definition, use=definition.get("use", ""), optional=is_optional(definition))


def definition(item: EventProperty, scope: Scope) -> dict[str, Any]:
    """The JSON Schema of one property, with the shared definition that it uses filled in."""
    return json_schema(filled_in(item, scope))


def filled_in(item: EventProperty, scope: Scope) -> Body:
    """A property's definition in the file format's terms, with the shared definition that it uses filled in."""
    shared = scope.find(Property, item.use) if item.use else None
    if shared is None:
        return item.definition
    about = {"description": shared.description} if shared.description else {}
    return {**shared.schema, **about, **({"pii": True} if shared.pii else {}), **item.definition}


def is_defined(item: EventProperty, scope: Scope) -> bool:
    """Whether a property's definition is at hand; one that isn't is reported as such."""
    shared = scope.find(Property, item.use) if item.use else None
    return item.readable and (not item.use or (shared is not None and shared.readable))


def used(event: EventType, scope: Scope) -> tuple[Property | None, ...]:
    """The shared definitions that an event's properties use; ``None`` for one that isn't declared."""
    return tuple(scope.find(Property, item.use) for item in event.properties.values() if item.use)


def payload_schema(event: EventType, scope: Scope, marks: Marks = no_marks) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's ``properties``; ``marks`` are put into each definition in it."""

    def make() -> dict[str, Any]:
        members = {key: filled_in(item, scope) for key, item in event.properties.items()}
        return object_schema(members, marks=marks)

    payload = make() if marks is not no_marks else scope.once("payload schema", (event, *used(event, scope)), make)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", **payload}


def key_types(event: EventType, scope: Scope) -> dict[str, str]:
    """Every property's key with its JSON type (``any`` where the definition names none)."""
    return {key: _type_name(filled_in(item, scope)) for key, item in sorted(event.properties.items())}


def _type_name(definition: Body) -> str:
    """The ``type_name`` of a definition's JSON Schema, without making that."""
    return type_name(definition if "type" in definition else {"type": types(definition) or "any"})


def type_name(schema: Mapping[str, Any]) -> str:
    """The JSON type that a definition names: several with a bar between them, ``any`` where it names none."""
    declared = schema.get("type", "any")
    return declared if isinstance(declared, str) else "|".join(sorted(declared))


def complete_sample(event: EventType, scope: Scope) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Build a payload with every property, optional ones too, and name the keys for which no value is known.

    Values come from ``samples.happy``, then the other samples, then the definition's own ``const``, ``enum`` or
    ``examples``: nothing is made up.
    """
    order = sorted(event.samples, key=lambda name: name != USUAL)
    payload: dict[str, Any] = {}
    missing: list[str] = []
    for key, item in event.properties.items():
        schema = filled_in(item, scope)
        candidates = [event.samples[name][key] for name in order if key in event.samples[name]]
        candidates += [schema["const"]] if "const" in schema else []
        candidates += [*schema.get("enum", ()), *schema.get("examples", ())]
        if candidates:
            payload[key] = candidates[0]
        else:
            missing.append(key)
    return payload, tuple(missing)

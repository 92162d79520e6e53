"""What an ``EventType`` declares, and the JSON Schema that its payloads must match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Model, Scope
from deployer.kinds.defaults import common
from deployer.kinds.property import Property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import Body

NOT_JSON_SCHEMA = frozenset({"use", "optional", "pii", "deprecated"})
"""Keys of a property definition that are ours and don't belong into a JSON Schema."""


@dataclass(frozen=True, slots=True)
class EventProperty:
    """One property of an event type: its exact key at Attentive, and its definition or the shared one it uses."""

    key: str
    definition: Body
    use: str = ""
    optional: bool = False


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


def _property(key: str, definition: Body) -> EventProperty:
    return EventProperty(key, definition, use=definition.get("use", ""), optional=definition.get("optional", False))


def definition(item: EventProperty, scope: Scope) -> dict[str, Any]:
    """The JSON Schema of one property, with the shared definition that it uses filled in."""
    shared: Mapping[str, Any] = {}
    if item.use:
        found = scope.find(Property, item.use)
        if found:
            shared = {**found.schema, **({"description": found.description} if found.description else {})}
    own = {key: value for key, value in item.definition.items() if key not in NOT_JSON_SCHEMA}
    return {key: value for key, value in {**shared, **own}.items() if key not in NOT_JSON_SCHEMA}


def payload_schema(event: EventType, scope: Scope) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's ``properties``: undeclared keys are violations."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {key: definition(item, scope) for key, item in event.properties.items()},
        "required": [key for key, item in event.properties.items() if not item.optional],
        "additionalProperties": False,
    }


def key_types(event: EventType, scope: Scope) -> dict[str, str]:
    """Every property's key with its JSON type (``any`` where the definition names none)."""
    return {key: _type(definition(item, scope)) for key, item in sorted(event.properties.items())}


def _type(schema: Mapping[str, Any]) -> str:
    declared = schema.get("type")
    if isinstance(declared, str):
        return declared
    if isinstance(declared, list):
        return "|".join(sorted(declared))
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return "string" if values and all(isinstance(value, str) for value in values) else "any"


def complete_sample(event: EventType, scope: Scope) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Build a payload with every property, optional ones too, and name the keys for which no value is known.

    Values come from ``samples.happy``, then the other samples, then the definition's own ``const``, ``enum`` or
    ``examples``: nothing is made up.
    """
    order = [*(["happy"] if "happy" in event.samples else []), *(name for name in event.samples if name != "happy")]
    payload: dict[str, Any] = {}
    missing: list[str] = []
    for key, item in event.properties.items():
        schema = definition(item, scope)
        candidates = [event.samples[name][key] for name in order if key in event.samples[name]]
        candidates += [schema["const"]] if "const" in schema else []
        candidates += [*schema.get("enum", ()), *schema.get("examples", ())]
        if candidates:
            payload[key] = candidates[0]
        else:
            missing.append(key)
    return payload, tuple(missing)

"""The request body of an event (POST /v1/events/custom), and how it differs from properties alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.kinds.event_type import payload_schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from deployer.kinds.base import Scope
    from deployer.kinds.event_type import EventType
    from deployer.source import JSON

PHONE = r"^\+[1-9][0-9]{6,14}$"
"""A phone number in E.164 form, as Attentive wants it (Attentive's OpenAPI file, POST /v1/events/custom)."""

NAME_KEYS = ("$event_name", "event_name", "eventName", "event", "name", "type")
"""Keys under which senders put an event's name where it doesn't belong: among the properties."""

BODY_KEYS = frozenset({"type", "properties", "user", "externalEventId", "occurredAt"})
"""Every key of a request body."""

_FOLDED = frozenset(key.casefold() for key in BODY_KEYS)

_CUSTOM_IDENTIFIERS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1}, "value": {"type": "string", "minLength": 1}},
        "required": ["name", "value"],
        "additionalProperties": False,
    },
}


_NAMING = {
    "externalIdentifiers": {
        "type": "object",
        "anyOf": [
            {"properties": {"clientUserId": True}, "required": ["clientUserId"]},
            {"properties": {"customIdentifiers": {"type": "array", "minItems": 1}}, "required": ["customIdentifiers"]},
        ],
    }
}
"""What makes a way to identify a customer name one: external identifiers may be there and empty."""


def body_schema(event: EventType, scope: Scope) -> dict[str, Any]:
    """The JSON Schema (2020-12) of an event's whole request body, as Attentive's OpenAPI file describes it.

    ``user`` needs one of what the event is identified by, or an external identifier that Attentive knows already;
    ``occurredAt`` is RFC 3339 with its UTC offset. Of other keys at the top Attentive says nothing: they are refused.
    """
    schema = payload_schema(event, scope)
    dialect = schema.pop("$schema")
    needed = ["type", "user", *(["properties"] if schema["required"] else [])]
    return {
        "$schema": dialect,
        "type": "object",
        "properties": {
            "type": {"const": event.name},
            "properties": schema,
            "user": user_schema(event),
            "externalEventId": {"type": "string", "minLength": 1},
            "occurredAt": {"type": "string", "format": "date-time"},
        },
        "required": needed,
        "additionalProperties": False,
    }


def user_schema(event: EventType) -> dict[str, Any]:
    """The JSON Schema of a request body's ``user``."""
    ways = [*event.identify_by, "externalIdentifiers"]
    return {
        "type": "object",
        "properties": {
            "phone": {"type": "string", "pattern": PHONE},
            "email": {"type": "string", "format": "email"},
            "externalIdentifiers": {
                "type": "object",
                "properties": {
                    "clientUserId": {"type": "string", "minLength": 1},
                    "customIdentifiers": _CUSTOM_IDENTIFIERS,
                },
                "additionalProperties": False,
            },
        },
        "anyOf": [{"properties": {way: _NAMING.get(way, True)}, "required": [way]} for way in ways],
        "additionalProperties": False,
    }


def is_whole(value: Mapping[str, JSON], declared: Collection[str]) -> bool:
    """Whether a payload is a whole request body rather than the properties alone; ``declared`` are the event's keys."""
    if "properties" in declared:
        return "type" in value and "user" in value and not {"type", "user"} <= set(declared)
    if isinstance(value.get("properties"), dict):
        return True
    if not isinstance(value.get("type"), str) or "type" in declared:
        return isinstance(value.get("user"), Mapping) and _all_of_body(value, declared)
    return _all_of_body(value, declared) or bool({"properties", "user"} & (value.keys() - set(declared)))


def _all_of_body(value: Mapping[str, JSON], declared: Collection[str]) -> bool:
    """Whether every key is one of a request body's, written large or small, and none is the event's own."""
    return {key.casefold() for key in value} <= _FOLDED and not set(value) & set(declared)


def misplaced_name(properties: JSON, names: Collection[str], declared: Collection[str]) -> tuple[str, str] | None:
    """The key among the properties that holds an event's name, with that event's exact name.

    Senders that mix up the wire format of Attentive's tag send the type ``ce`` and the name as a property: every event
    of theirs is one type then.
    """
    if not isinstance(properties, Mapping):
        return None
    exact = {name.casefold(): name for name in names}
    for key in NAME_KEYS:
        value = properties.get(key)
        if key not in declared and isinstance(value, str) and value.casefold() in exact:
            return key, exact[value.casefold()]
    return None

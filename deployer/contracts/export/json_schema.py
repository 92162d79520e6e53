"""One JSON Schema (2020-12) an event, for any validator in any language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deployer.contracts.body import body_schema
from deployer.kinds.event_type import masked, payload_schema
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.kinds.event_type import EventType
    from deployer.project import Project
    from deployer.source import JSON, Body

MADE = "Made by `deployer schema export`; change the event type instead."
PERSONAL = "personal data"
"""How an exported schema marks a value that is personal data."""


def described(event: EventType, project: Project) -> dict[str, Any]:
    """The schema of an event's properties with what is known about each: deprecated, and personal data."""
    return payload_schema(event, project, _marks)


def _marks(definition: Body) -> Mapping[str, JSON]:
    """What a definition says about its value beside what a validator needs.

    JSON Schema has no word for personal data, and a strict validator refuses a keyword that it doesn't know.
    """
    marks: dict[str, JSON] = {"deprecated": True} if definition.get("deprecated") else {}
    return marks | ({"$comment": PERSONAL} if definition.get("pii") else {})


def event_schema(event: EventType, project: Project, *, base: str = "", body: bool = False) -> dict[str, Any]:
    """The JSON Schema of an event: of its properties, or of the whole request ``body``.

    It refers to nothing outside itself. ``base`` is the URL below which the schemas are published, for ``$id``; without
    one the id is a URN. ``format`` is to be asserted: many validators do so only when they are set to.
    """
    samples = _examples(event, project)
    schema = described(event, project)
    if body:
        inside = {key: value for key, value in schema.items() if key != "$schema"}
        schema = body_schema(event, project)
        schema["properties"]["properties"] = inside
        samples = []
    head = {
        "$schema": schema.pop("$schema"),
        "$id": identifier(event, project, base, body=body),
        "$comment": MADE,
        "title": event.name,
        **({"description": event.description} if event.description else {}),
    }
    tail = {**({"examples": samples} if samples else {}), **({"deprecated": True} if event.deprecated else {})}
    return head | strict(schema) | tail


def _examples(event: EventType, project: Project) -> list[Any]:
    """The samples with personal values masked, since schemas are published; one that then doesn't fit is left out."""
    gate = Gate.of(payload_schema(event, project))
    shown = [dict(masked(event, project, sample)) for sample in event.samples.values()]
    return [sample for sample in shown if gate.valid(sample)]


_OF_TYPES = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "object": ("properties", "required", "additionalProperties", "anyOf"),
}
_OF_TYPES["integer"] = _OF_TYPES["number"]
_TYPED = frozenset(keyword for keywords in _OF_TYPES.values() for keyword in keywords)
_ANY = ("string", "number", "boolean", "array", "object", "null")


def strict(schema: Mapping[str, JSON]) -> dict[str, Any]:
    """The same schema for validators that take a keyword beside its one type only (ajv's strict mode).

    Of several types each becomes an alternative, with the keywords that say something about it.
    """
    declared = schema.get("type", list(_ANY) if _TYPED & schema.keys() else None)
    plain = {key: value for key, value in schema.items() if key not in _TYPED and key != "type"}
    if declared is None:
        return plain
    types = [declared] if isinstance(declared, str) else declared
    parts = [_of_type(name, schema) for name in types]
    return plain | (parts[0] if len(parts) == 1 else {"anyOf": parts})


def _of_type(name: str, schema: Mapping[str, JSON]) -> dict[str, Any]:
    part: dict[str, Any] = {"type": name} | {key: schema[key] for key in _OF_TYPES.get(name, ()) if key in schema}
    if "properties" in part:
        part["properties"] = {key: strict(item) for key, item in part["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if isinstance(part.get(keyword), dict):
            part[keyword] = strict(part[keyword])
    return part


def identifier(event: EventType, project: Project, base: str, *, body: bool) -> str:
    """The ``$id`` of an event's schema."""
    if base:
        return f"{base.rstrip('/')}/{file_name(event, body=body)}"
    part = ":body" if body else ""
    return f"urn:deployer:{quote(project.settings.project, safe='')}:event_type:{event.id}{part}"


def file_name(event: EventType, *, body: bool) -> str:
    """The file of an event's schema."""
    return f"{event.id}.body.schema.json" if body else f"{event.id}.schema.json"


def json_schema_files(
    events: Sequence[EventType], project: Project, *, base: str = "", body: bool = False
) -> dict[str, str]:
    """A file for each event."""
    return {
        file_name(event, body=body): as_text(event_schema(event, project, base=base, body=body)) for event in events
    }


def as_text(value: JSON) -> str:
    """JSON as it is written into files, its keys in the order in which they were declared."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

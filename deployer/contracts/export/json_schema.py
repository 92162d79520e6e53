"""One JSON Schema (2020-12) an event, for any validator in any language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deployer.contracts.body import body_schema
from deployer.kinds.event_type import payload_schema
from deployer.kinds.property import Property

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.kinds.event_type import EventProperty, EventType
    from deployer.project import Project
    from deployer.source import JSON

MADE = "Made by `deployer schema export`; change the event type instead."

_NESTED = ("items", "additionalProperties")


def described(event: EventType, project: Project) -> dict[str, Any]:
    """The schema of an event's properties with what is known about each: deprecated, and personal data.

    Personal data is marked ``x-personal-data``; JSON Schema has no word for it.
    """
    schema = payload_schema(event, project)
    for key, item in event.properties.items():
        schema["properties"][key] = _marked(schema["properties"][key], item, project)
    return schema


def _marked(schema: Mapping[str, JSON], item: EventProperty, project: Project) -> dict[str, Any]:
    shared = project.find(Property, item.use) if item.use else None
    personal = item.definition.get("pii", shared.pii or shared.schema.get("pii") if shared else False)
    marked: dict[str, Any] = _plain(schema)
    if item.definition.get("deprecated", bool(shared and shared.schema.get("deprecated"))):
        marked["deprecated"] = True
    if personal:
        marked["x-personal-data"] = True
    return marked


def _plain(schema: Mapping[str, JSON]) -> dict[str, Any]:
    """A definition whose parts, at any depth, say ``x-personal-data`` instead of ``pii``."""
    plain = {key: value for key, value in schema.items() if key != "pii"}
    if schema.get("pii"):
        plain["x-personal-data"] = True
    if "properties" in plain:
        plain["properties"] = {key: _plain(value) for key, value in plain["properties"].items()}
    for keyword in _NESTED:
        if isinstance(plain.get(keyword), dict):
            plain[keyword] = _plain(plain[keyword])
    return plain


def event_schema(event: EventType, project: Project, *, base: str = "", body: bool = False) -> dict[str, Any]:
    """The JSON Schema of an event: of its properties, or of the whole request ``body``.

    It refers to nothing outside itself. ``base`` is the URL below which the schemas are published, for ``$id``; without
    one the id is a URN. ``format`` is to be asserted: many validators do so only when they are told to.
    """
    samples: list[Any] = [dict(sample) for sample in event.samples.values()]
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
        "x-attentive-name": event.name,
    }
    tail = {**({"examples": samples} if samples else {}), **({"deprecated": True} if event.deprecated else {})}
    return head | schema | tail


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

"""Hover, go to definition, find references: what is meant at a place, where it is declared, where it is used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deployer.editor.mentions import (
    Declared,
    File,
    Macro,
    Property,
    calls,
    declarations,
    events_named,
    macros,
    meant,
    properties,
    references,
    resources,
)
from deployer.editor.path import path_at
from deployer.editor.places import described_at
from deployer.editor.values import Explanation, Place, Span
from deployer.errors import TextError
from deployer.kinds.event_type import EventType, filled_in, samples_of
from deployer.kinds.message import Message, MessageReading
from deployer.messages import RenderError
from deployer.project.overview import Uses
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.editor.desk import Desk
    from deployer.project import Project, Resource


def hover(desk: Desk, path: str, place: Place) -> Explanation | None:
    """Explain what is at a place: a declaration, a property, a macro, or a key of the YAML."""
    found = meant(desk, path, place)
    match found:
        case Declared():
            text = _of_address(desk, found.address)
        case Property():
            text = "\n\n---\n\n".join(
                _of_property(desk, event, found.key) for event in events_named(desk, found.events)
            )
        case Macro():
            text = "\n\n".join(f"```jinja\n{call}\n```" for one, call in macros(desk) if one.name == found.name)
        case _:
            return _of_key(desk, path, place)
    return Explanation(text, found.span) if text else None


def _of_address(desk: Desk, address: str) -> str:
    one = next((one for one in resources(desk) if one.address == address), None)
    linked = desk.linked()
    if one is None or linked is None:
        return ""
    return "\n\n".join(part for part in _about(one, linked.project) if part)


def _about(one: Resource, project: Project) -> Iterator[str]:
    name = str(one.body.get("name", ""))
    yield f"**{one.kind.name}** `{one.model.id}`" + (f" · {name}" if name else "")
    yield one.model.description
    yield f"owner: {one.model.owner}" if one.model.owner else ""
    if isinstance(one.model, EventType):
        keys = (f"`{key}`{' (optional)' if item.optional else ''}" for key, item in one.model.properties.items())
        yield f"properties: {', '.join(keys)}"
    if isinstance(one.model, Message):
        yield _read_as(one.model, project)
    users = Uses.among(project).by.get(one.address, ())
    yield f"used by {', '.join(f'`{user}`' for user in users)}" if users else ""


def _read_as(message: Message, project: Project) -> str:
    """What a customer reads, for the usual sample."""
    reading = MessageReading(message, project)
    try:
        parts = [reading.part(part, reading.usual).text for part in message.parts if part in ("subject", "body")]
    except (TextError, FileProblem, RenderError):
        return ""
    return "\n\n".join(f"> {line}" for part in parts for line in part.splitlines() if line)


def _of_property(desk: Desk, event: EventType, key: str) -> str:
    linked = desk.linked()
    item = event.properties.get(key)
    if item is None or linked is None:
        return ""
    definition = filled_in(item, linked.project)
    words = [f"**{key}** of `{event.id}`" + (" · optional" if item.optional else "")]
    words += [str(definition["description"])] if "description" in definition else []
    rest = {name: value for name, value in definition.items() if name not in ("description", "use", "optional")}
    words += [f"```json\n{json.dumps(rest, ensure_ascii=False)}\n```"]
    shown = {one.name: one.data[key] for one in samples_of(event, linked.project) if not one.made and key in one.data}
    words += [f"- {name}: `{value}`" for name, value in shown.items() if isinstance(value, str | int | float)]
    return "\n\n".join(words[:3]) + "\n\n" + "\n".join(words[3:])


def _of_key(desk: Desk, path: str, place: Place) -> Explanation | None:
    """What the schema says about the key under the cursor."""
    text = desk.text(path)
    line = text.line(place.line)
    end = next((at for at in range(place.column, len(line)) if line[at] in ":,{}[]"), len(line))
    if line[end : end + 1] != ":":
        return None
    cursor = path_at(text, Place(place.line, min(end + 2, len(line) + 1)))
    here = described_at(text, place.line, cursor.path)
    if not here.meaning:
        return None
    start = max(line.rfind(sign, 0, place.column) for sign in " {,-") + 1
    return Explanation(here.meaning, Span(path, Place(place.line, start), Place(place.line, end)))


def definitions(desk: Desk, path: str, place: Place) -> tuple[Span, ...]:
    """Where what is meant at a place is declared."""
    found = meant(desk, path, place)
    match found:
        case Declared():
            return tuple(one.span for one in declarations(desk) if one.address == found.address)
        case Property():
            return tuple(one.span for one in properties(desk) if _declares(desk, one, found))
        case Macro():
            return tuple(one.span for one, _ in macros(desk) if one.name == found.name)
        case File():
            return (Span(found.path, Place(0, 0), Place(0, 0)),)
        case None:
            return ()


def _declares(desk: Desk, one: Property, wanted: Property) -> bool:
    """Whether a mention of a property is its key in the event that declares it."""
    if one.key != wanted.key or len(one.events) != 1 or one.events[0] not in wanted.events:
        return False
    return _in_words(desk, one) is False


def _in_words(desk: Desk, one: Property) -> bool:
    text = desk.text(one.span.path)
    return text.field(one.span.start.line, "kind") != "EventType"


def uses(desk: Desk, path: str, place: Place) -> tuple[Span, ...]:
    """Every mention of what is meant at a place, its declaration among them."""
    found = meant(desk, path, place)
    match found:
        case Declared():
            every = (*declarations(desk), *references(desk))
            return tuple(one.span for one in every if one.address == found.address)
        case Property():
            same = (one for one in properties(desk) if one.key == found.key and set(one.events) & set(found.events))
            return tuple(one.span for one in same)
        case Macro():
            return (*(one.span for one, _ in macros(desk) if one.name == found.name), *calls(desk, found.name))
        case _:
            return ()

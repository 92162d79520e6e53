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
    namings,
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
    declared = meant(desk, path, place)
    match declared:
        case Declared():
            text = _of_address(desk, declared.address)
        case Property():
            text = "\n\n---\n\n".join(
                _of_property(desk, event, declared.key) for event in events_named(desk, declared.events)
            )
        case Macro():
            text = "\n\n".join(f"```jinja\n{call}\n```" for macro, call in macros(desk) if macro.name == declared.name)
        case _:
            return _of_key(desk, path, place)
    return Explanation(text, declared.span) if text else None


def _of_address(desk: Desk, address: str) -> str:
    resource = next((resource for resource in resources(desk) if resource.address == address), None)
    linked = desk.linked()
    if resource is None or linked is None:
        return ""
    return "\n\n".join(part for part in _about(resource, linked.project) if part)


def _about(resource: Resource, project: Project) -> Iterator[str]:
    name = str(resource.body.get("name", ""))
    yield f"**{resource.kind.name}** `{resource.model.id}`" + (f" · {name}" if name else "")
    yield resource.model.description
    yield f"owner: {resource.model.owner}" if resource.model.owner else ""
    if isinstance(resource.model, EventType):
        keys = (f"`{key}`{' (optional)' if item.optional else ''}" for key, item in resource.model.properties.items())
        yield f"properties: {', '.join(keys)}"
    if isinstance(resource.model, Message):
        yield _read_as(resource.model, project)
    users = Uses.among(project).by.get(resource.address, ())
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
    shown = {
        sample.name: sample.data[key]
        for sample in samples_of(event, linked.project)
        if not sample.made and key in sample.data
    }
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
    declared = meant(desk, path, place)
    match declared:
        case Declared():
            return tuple(mention.span for mention in declarations(desk) if mention.address == declared.address)
        case Property():
            return tuple(mention.span for mention in properties(desk) if _declares(desk, mention, declared))
        case Macro():
            return tuple(mention.span for mention, _ in macros(desk) if mention.name == declared.name)
        case File():
            return (Span(declared.path, Place(0, 0), Place(0, 0)),)
        case None:
            return ()


def _declares(desk: Desk, mention: Property, wanted: Property) -> bool:
    """Whether a mention of a property is its key in the event that declares it."""
    if mention.key != wanted.key or len(mention.events) != 1 or mention.events[0] not in wanted.events:
        return False
    return _in_words(desk, mention) is False


def _in_words(desk: Desk, mention: Property) -> bool:
    text = desk.text(mention.span.path)
    return text.field(mention.span.start.line, "kind") != "EventType"


def uses(desk: Desk, path: str, place: Place) -> tuple[Span, ...]:
    """Every mention of what is meant at a place, its declaration among them."""
    wanted = meant(desk, path, place)
    match wanted:
        case Declared():
            every = (*declarations(desk), *references(desk))
            return tuple(mention.span for mention in every if mention.address == wanted.address)
        case Property():
            same = (
                mention
                for mention in properties(desk)
                if mention.key == wanted.key and set(mention.events) & set(wanted.events)
            )
            return tuple(mention.span for mention in same)
        case Macro():
            return (
                *(mention.span for mention, _ in macros(desk) if mention.name == wanted.name),
                *calls(desk, wanted.name),
            )
        case File():
            return tuple(namings(desk, wanted.path))
        case None:
            return ()

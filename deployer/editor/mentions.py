"""Where declarations are, and where each is mentioned: by id in YAML, by macro in the words of messages."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.event_type import EventType
from deployer.kinds.message import Message
from deployer.project.words import MACRO_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.editor.desk import Desk
    from deployer.editor.text import Text
    from deployer.editor.values import Place, Span
    from deployer.project import Resource
    from deployer.source import Document, Pointer

PROPERTY = re.compile(
    r"triggerEvent\.custom\[(?P<quote>[\"'])(?P<key>.*?)(?P=quote)\]"
    r"|\b(?P<call>\w+)\(\s*(?P<mark>[\"'])(?P<name>.*?)(?P=mark)"
)
"""A mention of a property in the words of a message: a macro, or a Jinja call whose first argument names it."""

CALL = re.compile(r"\[\[-?\s*(?P<name>[A-Za-z_]\w*)")
"""A call of a Jinja macro."""

MACRO = re.compile(r"\[%-?\s*macro\s+(?P<name>\w+)\s*(?P<arguments>\([^)]*\))")
"""A Jinja macro where it is written."""

INCLUDED = re.compile(r"\[%[-+]?\s*(?:include|import|from)\s+(?P<quote>[\"'])(?P<path>[^\"'\n]+)(?P=quote)")
"""Where words take in a file of the project: a partial, or one with macros."""

PATH = re.compile(r"[\w./-]+\.\w+")
"""What may be a path, in YAML or in words."""

EVENT = "event_type"


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration is meant; ``span`` is the id in the text. ``own``: it is the declaration's own."""

    address: str
    span: Span
    own: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of some events is meant; ``span`` is its key in the text."""

    events: tuple[str, ...]
    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of a macro file or a partial is meant; ``span`` is its name in the text."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class File:
    """A file of the project is meant; ``span`` is its path in the text."""

    path: str
    span: Span


def value_span(text: Text, document: Document, pointer: Pointer, *, key: bool = False) -> Span | None:
    """The stretch of a text without its quotes; ``None`` where it isn't written there on one line."""
    node = document.node(pointer)
    if not node.exact(pointer) or (key and node.key is None):
        return None
    node = node.key if key and node.key else node
    quote = 1 if node.style in ("'", '"') else 0
    return text.span(node.start + quote, node.end - quote) if node.style in ("", "'", '"') else None


def declarations(desk: Desk) -> Iterator[Declared]:
    """The place of each declaration's id."""
    for document, address in _documents(desk):
        span = value_span(desk.text(document.file.path), document, ("id",))
        if span is not None:
            yield Declared(address, span, own=True)


def _documents(desk: Desk) -> Iterator[tuple[Document, str]]:
    from deployer.kinds import KINDS  # noqa: PLC0415 - with the kinds, which a project needs anyway

    for document in desk.workspace.sources.documents:
        kind, name = KINDS.get(str(document.value.get("kind"))), document.value.get("id")
        if kind is not None and isinstance(name, str):
            yield document, f"{kind.snake}.{name}"


def references(desk: Desk) -> Iterator[Declared]:
    """Each mention of a declaration by its id, in any environment."""
    seen: set[Span] = set()
    for resource in resources(desk):
        for reference in resource.kind.references(resource.model):
            pointer = resource.pointer(reference.pointer)
            span = value_span(desk.text(resource.document.file.path), resource.document, pointer)
            if span is not None and span not in seen:
                seen.add(span)
                yield Declared(reference.target, span)


def resources(desk: Desk) -> Iterator[Resource]:
    """Each declaration as it is in each environment."""
    for linked in desk.all_linked():
        yield from linked.project.resources.values()


def properties(desk: Desk) -> Iterator[Property]:
    """Each mention of a property in the words of messages, and its key where an event declares it."""
    for path, events in spoken(desk).items():
        text = desk.text(path)
        for match in PROPERTY.finditer(text.text):
            group = "key" if match["key"] is not None else "name"
            about = events or events_at(desk, text, text.place(match.start()))
            if match["call"] in (None, "prop") or _is_property(desk, about, match["name"]):
                yield Property(about, match[group], text.span(*match.span(group)))
    for document, address in _documents(desk):
        if address.startswith(f"{EVENT}."):
            yield from _keys(desk, document, address.partition(".")[2])


def _is_property(desk: Desk, events: tuple[str, ...], key: str) -> bool:
    return any(key in event.properties for event in events_named(desk, events))


def _keys(desk: Desk, document: Document, event: str) -> Iterator[Property]:
    declared = document.value.get("properties")
    for key in declared if isinstance(declared, dict) else ():
        span = value_span(desk.text(document.file.path), document, ("properties", key), key=True)
        if span is not None:
            yield Property((event,), key, span)


def spoken(desk: Desk) -> dict[str, tuple[str, ...]]:
    """The files that hold words of messages, each with the events that these are about.

    A YAML file has no events here: it depends on the document.
    """
    words: dict[str, set[str]] = {}
    for document, address in _documents(desk):
        if address.startswith("message."):
            words.setdefault(document.file.path, set())
    models = [resource.model for resource in resources(desk) if isinstance(resource.model, Message)]
    for model in models:
        for part in model.parts.values():
            if part.file:
                words.setdefault(part.file, set()).add(model.event)
    every = {model.event for model in models}
    for path in desk.workspace.sources.files.glob(MACRO_FILES):
        words.setdefault(path, set()).update(every)
    _take_in(desk, words)
    return {path: tuple(sorted(events)) for path, events in words.items()}


def _take_in(desk: Desk, words: dict[str, set[str]]) -> None:
    """Add what the words include, and what that includes: a partial is about the events of all that include it."""
    paths = frozenset(desk.workspace.sources.files.paths())
    waiting = list(words)
    while waiting:
        path = waiting.pop()
        for included, events in _included(desk.text(path), words[path]):
            if included in paths and not (included in words and events <= words[included]):
                words.setdefault(included, set()).update(events)
                waiting.append(included)


def _included(text: Text, events: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Each path that words include, with the events that it is about there."""
    for match in INCLUDED.finditer(text.text):
        event = text.field(text.place(match.start()).line, "event") if is_yaml(text.path) else ""
        yield match["path"], {event} if event else events


def is_yaml(path: str) -> bool:
    """Whether a file holds declarations, and words only within them."""
    return path.endswith((".yaml", ".yml"))


def events_at(desk: Desk, text: Text, place: Place) -> tuple[str, ...]:
    """The events that the words at a place are about."""
    if not is_yaml(text.path):
        return spoken(desk).get(text.path, ())
    event = text.field(place.line, "event")
    return (event,) if event else ()


def macros(desk: Desk) -> Iterator[tuple[Macro, str]]:
    """Each macro of the files that messages take words from, with how it is called."""
    for path in (path for path in spoken(desk) if not is_yaml(path)):
        text = desk.text(path)
        for match in MACRO.finditer(text.text):
            yield Macro(match["name"], text.span(*match.span("name"))), f"{match['name']}{match['arguments']}"


def events_named(desk: Desk, ids: tuple[str, ...]) -> tuple[EventType, ...]:
    """The event types with these ids."""
    linked = desk.linked()
    named = (linked.project.find(EventType, id_) for id_ in ids) if linked else ()
    return tuple(event_type for event_type in named if event_type is not None)


def meant(desk: Desk, path: str, place: Place) -> Declared | Property | Macro | File | None:
    """What the text at a place means."""
    text = desk.text(path)
    known: Iterator[Declared | Property | Macro] = chain(
        references(desk), declarations(desk), (macro for macro, _ in macros(desk)), properties(desk)
    )
    mention = next((mention for mention in known if mention.span.path == path and mention.span.holds(place)), None)
    return mention or _call(desk, text, place) or _file(desk, text, place)


def _call(desk: Desk, text: Text, place: Place) -> Macro | None:
    line, start = text.line(place.line), text.starts[place.line] if place.line < len(text.starts) else 0
    known = {macro.name for macro, _ in macros(desk)}
    for match in CALL.finditer(line):
        span = text.span(start + match.start("name"), start + match.end("name"))
        if span.holds(place) and match["name"] in known:
            return Macro(match["name"], span)
    return None


def _file(desk: Desk, text: Text, place: Place) -> File | None:
    line, start = text.line(place.line), text.starts[place.line] if place.line < len(text.starts) else 0
    for match in PATH.finditer(line):
        span = text.span(start + match.start(), start + match.end())
        if span.holds(place) and match[0] in desk.workspace.sources.files.paths():
            return File(match[0], span)
    return None


def calls(desk: Desk, name: str) -> Iterator[Span]:
    """Each call of a macro in the words of messages."""
    for path in spoken(desk):
        text = desk.text(path)
        matches = (match for match in CALL.finditer(text.text) if match["name"] == name)
        yield from (text.span(*match.span("name")) for match in matches)


def namings(desk: Desk, path: str) -> Iterator[Span]:
    """Each place where a declaration or the words of a message name a file."""
    documents = (document.file.path for document in desk.workspace.sources.documents)
    for naming in dict.fromkeys((*documents, *spoken(desk))):
        text = desk.text(naming)
        yield from (text.span(*match.span()) for match in PATH.finditer(text.text) if match[0] == path)

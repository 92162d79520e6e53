"""What can be typed next: keys and values of the YAML, ids of declarations, macros and properties in messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.editor.mentions import EVENT, events_at, events_named, macros, resources
from deployer.editor.path import ITEM, path_at
from deployer.editor.places import described_at
from deployer.editor.values import Place, Proposal, Span, What
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.messages import ATTRIBUTE, KNOWN, PROPERTY, macro_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.editor.desk import Desk
    from deployer.editor.path import Cursor
    from deployer.editor.text import Text
    from deployer.kinds.event_type import EventType

_OPENED = re.compile(r"(?P<sign>\{\{|\[\[)(?P<inside>(?:(?!\}\}|\]\]|\{\{|\[\[).)*)$", re.DOTALL)
_QUOTE = re.compile(r"(?P<lead>custom\[|\bprop\(|\battribute\(|\w+\()\s*(?P<quote>[\"'])(?P<typed>[^\"']*)$")
_LONGEST_MACRO = 500

REFERENCES = {
    "event": (EVENT,),
    "trigger": (EVENT,),
    "message": ("message",),
    "opt_in": ("opt_in_source",),
    "segment": ("segment",),
    "segments": ("segment",),
    "use": ("property",),
    "journey": ("journey",),
    "active": ("journey",),
}
"""Keys whose value is an id, with the kinds that it is of."""


def complete(desk: Desk, path: str, place: Place) -> tuple[Proposal, ...]:
    """Propose what can be typed at a place."""
    text = desk.text(path)
    end = text.offset(place)
    opened = _OPENED.search(text.text, max(0, end - _LONGEST_MACRO), end)
    if opened is not None:
        return tuple(_in_macro(desk, text, place, opened))
    if not path.endswith((".yaml", ".yml")):
        return ()
    return tuple(_in_yaml(desk, text, place))


def _in_macro(desk: Desk, text: Text, place: Place, opened: re.Match[str]) -> Iterator[Proposal]:
    inside = opened["inside"]
    events = events_named(desk, events_at(desk, text, place))
    quoted = _QUOTE.search(inside)
    if quoted is not None:
        span = _typed(text, place, quoted["typed"])
        attributes = quoted["lead"] == "attribute(" or inside[: quoted.start()].endswith(f"{ATTRIBUTE[0]}.")
        yield from _attributes(desk, span) if attributes else _keys(events, span)
        return
    typed = re.search(r"[^\s(|]*$", inside)
    span = _typed(text, place, typed[0] if typed else "")
    closing = "" if text.text[text.offset(place) :].lstrip(" ").startswith(("}}", "]]")) else _CLOSING[opened["sign"]]
    if opened["sign"] == "{{":
        yield from _liquid(desk, events, span, closing)
    else:
        yield from _jinja(desk, events, span, closing)


_CLOSING = {"{{": "}}", "[[": " ]]"}


def _typed(text: Text, place: Place, typed: str) -> Span:
    end = text.offset(place)
    return text.span(end - len(typed), end)


def _keys(events: tuple[EventType, ...], span: Span) -> Iterator[Proposal]:
    for event in events:
        for key, item in event.properties.items():
            detail = f"{event.id}{', optional' if item.optional else ''}"
            yield Proposal(key, What.PROPERTY, span, key, detail, str(item.definition.get("description", "")))


def _attributes(desk: Desk, span: Span) -> Iterator[Proposal]:
    linked = desk.linked()
    for attribute in linked.project.all(CustomAttribute) if linked else ():
        yield Proposal(attribute.name, What.ATTRIBUTE, span, attribute.name, attribute.id, attribute.description)


def _liquid(desk: Desk, events: tuple[EventType, ...], span: Span, closing: str) -> Iterator[Proposal]:
    """Attentive's macros, those of the event's properties first."""
    for proposal in (*_keys(events, span), *_attributes(desk, span)):
        root = PROPERTY if proposal.what is What.PROPERTY else ATTRIBUTE
        written = macro_text((*root, proposal.label)).removeprefix("{{").removesuffix("}}")
        yield Proposal(written, proposal.what, span, written + closing, proposal.detail, proposal.about)
    for name, known in KNOWN.items():
        yield Proposal(name, What.MACRO, span, name + closing, known.meaning, known.source)


def _jinja(desk: Desk, events: tuple[EventType, ...], span: Span, closing: str) -> Iterator[Proposal]:
    """What is resolved before the composer sees it: the project's macros, and `prop` with each key."""
    for macro, call in macros(desk):
        yield Proposal(call, What.MACRO, span, f"{macro.name}(", "macro of " + macro.span.path)
    for key in _keys(events, span):
        yield Proposal(f'prop("{key.label}")', key.what, span, f'prop("{key.label}"){closing}', key.detail, key.about)


def _in_yaml(desk: Desk, text: Text, place: Place) -> Iterator[Proposal]:
    cursor = path_at(text, place)
    span = _typed(text, place, cursor.typed)
    here = described_at(text, place.line, cursor.path)
    if cursor.key:
        yield from _fields(text, place, cursor, span)
    else:
        yield from _ids(desk, cursor, span)
    listed = () if cursor.key and here.fields else here.values()
    yield from (Proposal(value, What.VALUE, span, value) for value in listed)
    yield from _names(desk, text, place, cursor, span)


def _fields(text: Text, place: Place, cursor: Cursor, span: Span) -> Iterator[Proposal]:
    here = described_at(text, place.line, cursor.path)
    taken = {text.field(place.line, key) and key for key in here.fields} if not cursor.path else set()
    for key in here.fields:
        if key not in taken:
            yield Proposal(key, What.KEY, span, f"{key}: ", "", here.child(key).meaning)


def _ids(desk: Desk, cursor: Cursor, span: Span) -> Iterator[Proposal]:
    """The ids of declarations that a key refers to."""
    key = next((step for step in reversed(cursor.path) if step != ITEM), "")
    seen: set[str] = set()
    for resource in resources(desk):
        if resource.kind.snake in REFERENCES.get(str(key), ()) and resource.address not in seen:
            seen.add(resource.address)
            detail = str(resource.body.get("name", ""))
            yield Proposal(
                resource.model.id, What.REFERENCE, span, resource.model.id, detail, resource.model.description
            )


def _names(desk: Desk, text: Text, place: Place, cursor: Cursor, span: Span) -> Iterator[Proposal]:
    """Names that aren't ids: environments, apps, and samples of the event that a document is about."""
    settings = desk.workspace.settings
    known: Iterable[str] = ()
    match cursor.path[-2:]:
        case ("environments", 0) | (_, "environments") | ("environments",):
            known = settings.environments if settings else ()
        case ("per_environment",) | (_, "per_environment") if cursor.key:
            known = settings.environments if settings else ()
        case (_, "app") | ("app",):
            known = settings.apps if settings else ()
        case (_, "sample"):
            mentioned = re.search(r"\bevent:\s*(\w+)", text.line(place.line))
            ids = (mentioned[1],) if mentioned else (text.field(place.line, "event"),)
            known = [name for event in events_named(desk, ids) for name in event.samples]
        case _:
            pass
    yield from (Proposal(name, What.VALUE, span, name) for name in known)

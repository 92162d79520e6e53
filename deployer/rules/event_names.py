"""Rules about names that people mix up: of event types and their keys, and of attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.project.duplicates import declared_names
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity, name_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.rules.subject import Subject

WIRE_TYPE = "ce"
"""How Attentive's mobile SDKs call every custom event on the wire (their code)."""

NAME_KEYS = frozenset({"$eventname", "eventname", "eventtype"})
"""Keys, in the form of ``name_form``, under which other vendors' events carry their name."""


def _alike(names: Iterable[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    """The names, by number, that differ from an earlier one in case or separators only, with that one."""
    first: dict[str, str] = {}
    for name, number in names:
        other = first.setdefault(name_form(name), name)
        if other != name:
            yield number, other


@rule(
    "event/similar-name",
    "two event types have names that differ in case or separators only",
    severity=Severity.WARNING,
    fix="keep one of them, or give them names that can't be confused",
)
def similar_name(subject: Subject) -> Iterator[Finding]:
    """Names are case-sensitive at Attentive, so a sender that writes another capital letter makes another event type.

    Attentive's OpenAPI file, POST /v1/events/custom. A journey on the one doesn't start for events of the other.
    """
    events = list(subject.of_model(EventType))
    names = [dict(event.fact("names", declared_names)).get("event type", "") for event in events]
    for number, other in _alike((name, number) for number, name in enumerate(names)):
        message = f"“{names[number]}” and “{other}” differ in case or separators only"
        yield Finding(subject.at(events[number].model, "name"), message)


@rule(
    "event/similar-key",
    "two keys of an event type differ in case or separators only",
    severity=Severity.WARNING,
    fix="keep the key that the sender sends",
)
def similar_key(subject: Subject) -> Iterator[Finding]:
    """Keys are case-sensitive at Attentive, so a macro reads the one and leaves a gap where only the other is sent.

    Attentive's OpenAPI file, POST /v1/events/custom.
    """
    for event in subject.open(EventType):
        keys = list(event.properties)
        for number, other in _alike((key, number) for number, key in enumerate(keys)):
            message = f"`{keys[number]}` and `{other}` differ in case or separators only"
            yield Finding(subject.at_key(event, "properties", keys[number]), message)


@rule(
    "event/name-in-properties",
    "an event type's name is where Attentive doesn't look for it",
    severity=Severity.WARNING,
    fix="write the event's own name as `name`, and have the sender send it as `type`",
)
def name_in_properties(subject: Subject) -> Iterator[Finding]:
    """Sent as `ce`, or with its name among its properties, every event becomes one and the same type at Attentive.

    `type` is the event type's name (Attentive's OpenAPI file, POST /v1/events/custom). Published code that sends `ce`
    mixes up the wire format of the mobile SDKs, and a key such as `$event_name` comes from other vendors' events.
    """
    for event in subject.open(EventType):
        if event.name == WIRE_TYPE:
            message = "`ce` is how the mobile SDKs call every custom event on the wire, and names none"
            yield Finding(subject.at(event, "name"), message)
        for key in event.properties:
            if name_form(key) in NAME_KEYS:
                message = f"`{key}` holds an event's name, which Attentive reads from `type` only"
                yield Finding(subject.at_key(event, "properties", key), message)


@rule(
    "attribute/similar-name",
    "two attributes have names that differ in case or separators only",
    severity=Severity.WARNING,
    fix="keep one of them, or give them names that can't be confused",
)
def similar_attribute(subject: Subject) -> Iterator[Finding]:
    """Attribute names are case-sensitive at Attentive, and stay (OpenAPI file, POST /v1/attributes/custom)."""
    attributes = list(subject.each(CustomAttribute))
    for number, other in _alike((attribute.name, number) for number, attribute in enumerate(attributes)):
        message = f"“{attributes[number].name}” and “{other}” differ in case or separators only"
        yield Finding(subject.at(attributes[number], "name"), message)


MOST_ATTRIBUTES = 100


@rule(
    "attribute/too-many",
    "a project declares more attributes than Attentive may take",
    severity=Severity.WARNING,
    fix="leave out attributes that no message and no segment uses",
)
def too_many_attributes(subject: Subject) -> Iterator[Finding]:
    """The newer API creates 100 custom attributes at most (Attentive's OpenAPI file v2, /v2/user/attributes).

    The older one, which `apply` uses, names no limit; attributes can't be removed again.
    """
    attributes = list(subject.each(CustomAttribute))
    if len(attributes) > MOST_ATTRIBUTES:
        message = f"{len(attributes)} attributes are more than the {MOST_ATTRIBUTES} that Attentive's newer API takes"
        yield Finding(subject.at(attributes[MOST_ATTRIBUTES], "name"), message)

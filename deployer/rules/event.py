"""Rules about event types: their names and keys at Attentive, their samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.event_type import (
    EventType,
    all_samples,
    complete_sample,
    filled_in,
    sent_by_us,
    surely_made,
    used,
)
from deployer.rules.definitions import flaws
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import SchemaError, Severity, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.project import Project
    from deployer.rules.subject import Subject
    from deployer.source import Violation

NOT_IN_NAME = "\"'(){}[]\\|,"
"""What Attentive refuses in an event's ``type`` (Attentive's OpenAPI file, POST /v1/events/custom)."""

NOT_IN_KEY = '"{}[]\\|'
"""What Attentive refuses in a property's key (the same page)."""

NOT_PORTABLE = "'(),"
"""What only some of Attentive's ways in accept in a key: GraphQL and partners' connectors refuse or remove it."""

MOST_KEYS = 200
"""Keys of one event type that Attentive offers in journeys (the same page)."""


def _listed(characters: str) -> str:
    return " ".join(f"`{character}`" for character in dict.fromkeys(characters))


def _rename(text: str, characters: str) -> str:
    """How the text could read without these characters: quotes go, brackets and the like become spaces."""
    kept = ("" if character in "\"'" else " " if character in characters else character for character in text)
    name = " ".join("".join(kept).split())
    return f"write `{name}`, as the sender must too" if name else ""


@rule(
    "event/forbidden-character",
    "an event type's name holds a character that Attentive refuses",
    fix="leave the character out of `name`, and have the sender use the same name",
)
def forbidden_character(subject: Subject) -> Iterator[Finding]:
    """Attentive refuses an event whose `type` holds a quote, a bracket of any kind, a backslash, a bar or a comma.

    Attentive's OpenAPI file, POST /v1/events/custom, says so.
    """
    for event in subject.open(EventType):
        bad = [character for character in event.name if character in NOT_IN_NAME]
        if bad:
            place = subject.at_character(event, ("name",), event.name.index(bad[0]))
            message = f"Attentive refuses {_listed(''.join(bad))} in an event type's name"
            yield Finding(place, message, _rename(event.name, NOT_IN_NAME))


@rule(
    "event/forbidden-key-character",
    "a property's key holds a character that Attentive refuses",
    fix="leave the character out of the key, and have the sender use the same key",
)
def forbidden_key_character(subject: Subject) -> Iterator[Finding]:
    """Attentive refuses property keys that hold a double quote, a brace, a square bracket, a backslash or a bar.

    Attentive's OpenAPI file, POST /v1/events/custom, says so.
    """
    yield from _keys_with(subject, NOT_IN_KEY, "Attentive refuses {} in a property's key")


@rule(
    "event/key-not-portable",
    "a property's key holds a character that not every way into Attentive accepts",
    severity=Severity.WARNING,
    fix="leave the character out of the key, or go on if only the REST API ever sends the event",
)
def key_not_portable(subject: Subject) -> Iterator[Finding]:
    """The REST API accepts single quotes, parentheses and commas in keys; other ways in refuse or remove them.

    Attentive's GraphQL schema, createCustomEvent, refuses some, and partners' connectors the others.
    """
    yield from _keys_with(subject, NOT_PORTABLE, "not every way into Attentive accepts {} in a property's key")


def _keys_with(subject: Subject, characters: str, message: str) -> Iterator[Finding]:
    for event in subject.open(EventType):
        for key in event.properties:
            bad = "".join(character for character in key if character in characters)
            if bad:
                hint = _rename(key, NOT_IN_KEY + NOT_PORTABLE)
                yield Finding(subject.at_key(event, "properties", key), message.format(_listed(bad)), hint)


@rule(
    "event/too-many-keys",
    "an event type has more keys than Attentive offers",
    fix="split the event type, or group keys in an object (which only emails can read)",
)
def too_many_keys(subject: Subject) -> Iterator[Finding]:
    """Attentive stores bigger payloads but doesn't offer every key in journeys and macros.

    At most 200 keys are offered for an event type (Attentive's OpenAPI file, POST /v1/events/custom).
    """
    for event in subject.open(EventType):
        if len(event.properties) > MOST_KEYS:
            message = f"{len(event.properties)} properties are more than the {MOST_KEYS} keys that Attentive offers"
            yield Finding(subject.at_key(event, "properties"), message, "split the event type or remove keys")


@rule(
    "event/sample-invalid",
    "a sample doesn't fit its event type",
    fix="correct the sample, or the definition where the sample shows what is really sent",
)
def sample_invalid(subject: Subject) -> Iterator[Finding]:
    """Samples represent what the sender sends: previews and the first event that `apply` sends are made of them."""
    for event in subject.open(EventType):
        try:
            gate = subject.gate(event)
        except SchemaError:  # event/invalid-schema says so
            continue
        for name, sample in event.samples.items():
            for violation in gate.violations(sample):
                yield _in_sample(subject, event, name, violation)


def _in_sample(subject: Subject, event: EventType, name: str, violation: Violation) -> Finding:
    pointer = ("samples", name, *violation.pointer)
    if violation.keyword == "additionalProperties" and len(violation.pointer) == 1:
        key = str(violation.pointer[0])
        hint = did_you_mean(key, event.properties) or f"declare `{key}` under `properties`, or remove it"
        message = f"sample `{name}` holds `{key}`, which the event type doesn't declare"
        return Finding(subject.at_key(event, *pointer), message, hint)
    place = subject.at_key(event, *pointer) if violation.at_key else subject.at(event, *pointer)
    if violation.keyword == "required":
        place = subject.at_key(event, *pointer)
    return Finding(place, f"sample `{name}`: {violation.message}", violation.hint)


@rule(
    "event/no-complete-sample",
    "no value is known for a property of an event type that we register",
    fix="write a value into `samples.happy`, or give the definition `examples`, `enum` or `const`",
)
def no_complete_sample(subject: Subject) -> Iterator[Finding]:
    """Attentive offers a key as a macro only after an event carried it, so the first event must carry every key.

    `apply` sends that event and makes up no value. One real event creates the type. Source: Attentive's help page
    "Create Attentive journey triggers for custom event API data".
    """
    for event in subject.open(EventType):
        if sent_by_us(event, subject.project) and not subject.at(event, "samples").unread:
            missing = _missing(event, subject.project)
            for key in (name for name in missing if subject.defined(event.properties[name])):
                message = f"no value is known for `{key}`, so `apply` can't send the event that registers the type"
                hint = "write one into `samples.happy`, or `examples` into its definition"
                yield Finding(subject.at_key(event, "properties", key), message, hint)


@rule(
    "event/no-value-fits",
    "no value was found that fits a property's definition",
    severity=Severity.WARNING,
    fix="correct the definition, or write a value that fits into its `examples`",
)
def no_value_fits(subject: Subject) -> Iterator[Finding]:
    """Samples are made from the definitions, so that the longest and the oddest texts are checked before they are sent.

    Where no value is found, such as for a pattern of five digits with `maxLength: 3`, probably every payload is
    refused, and nothing shows how long a message becomes. Bounds that cross are found by `event/invalid-schema`.
    """
    for event in subject.open(EventType):
        if surely_made(event, subject.project):
            continue
        unmade = list(all_samples(event, subject.project).unmade.values())
        first = {unmade.key: unmade for unmade in reversed(unmade) if unmade.key}
        for key, sample in first.items():
            item = event.properties[key]
            if subject.defined(item) and not flaws(filled_in(item, subject.project)):
                message = f"the sample `{sample.name}` can't be made: {sample.reason}"
                yield Finding(subject.at_key(event, "properties", key), message)


def _missing(event: EventType, project: Project) -> tuple[str, ...]:
    """The keys for which no value is known."""
    of = (event, *used(event, project))
    return project.once("missing", of, lambda: complete_sample(event, project)[1])


@rule(
    "event/reserved-key",
    "a key that was reserved is declared again",
    fix="give the property another key",
)
def reserved_key(subject: Subject) -> Iterator[Finding]:
    """Events that were sent, and journeys that people still go through, use a reserved key with its former meaning."""
    for event in subject.open(EventType):
        for key in event.properties:
            if key in event.reserved:
                message = f"`{key}` is reserved: it was used before, and may not come back with another meaning"
                yield Finding(subject.at_key(event, "properties", key), message, "give the property another key")

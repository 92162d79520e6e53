"""Rules about text messages: bare macros of required, scalar, non-empty properties and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.kinds.event_type import definition
from deployer.messages import KNOWN, PROPERTY, path_text
from deployer.rules.message.names import named
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Gate, SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from deployer.kinds.event_type import EventProperty
    from deployer.messages import Macro
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

SCALARS = frozenset({"string", "number", "integer", "boolean"})
KEY_AT = 2
_WHITE_SPACE_CONTROL = re.compile(r"(?<=\{\{)-|-(?=\}\})")


def _bodies(subject: Subject) -> Iterator[Text]:
    return (text for text in subject.texts.read if text.is_sms)


def _properties(subject: Subject) -> Iterator[tuple[Text, Macro, EventProperty]]:
    """The macros of texts that name a declared property whose definition is at hand."""
    for text in _bodies(subject):
        for macro, key in named(text, PROPERTY):
            item = text.event.properties.get(key) if text.event else None
            if item and subject.defined(item):
                yield text, macro, item


@rule(
    "message/not-bare-in-text",
    "a text uses a Liquid filter or white space control",
    fix="send the value ready to read, and write the macro alone between its braces",
)
def not_bare_in_text(subject: Subject) -> Iterator[Finding]:
    """Attentive documents no filter for text messages, and a text is sent whatever becomes of it.

    Attentive's help page on Liquid speaks of emails only.
    """
    for text in _bodies(subject):
        for used in text.scan.filters:
            message = f"the filter `{used.name}` is not documented for texts"
            hint = "have the sender send the value ready to read, and write the macro alone"
            yield Finding(text.place(used.start, used.start + len(used.name)), message, hint)
        for match in _WHITE_SPACE_CONTROL.finditer(text.composed.text):
            message = "a hyphen at the braces takes white space away, which is not documented for texts"
            yield Finding(text.place(*match.span()), message, "leave the hyphen out")


@rule("message/tag-in-text", "a text uses a Liquid tag", fix="use a branch of the journey, or another event type")
def tag_in_text(subject: Subject) -> Iterator[Finding]:
    """Attentive documents no tag for text messages, and a text is sent whatever becomes of it.

    Attentive's help page on Liquid speaks of emails only.
    """
    for text in _bodies(subject):
        for used in text.scan.tags:
            message = f"the tag `{used.name}` is not documented for texts"
            hint = "send the finished words as a property, or use two messages and a branch"
            yield Finding(text.place(used.start, used.start + len(used.name)), message, hint)


@rule(
    "message/optional-in-text",
    "a text uses a property that may be missing",
    fix="make the property required, or take it out of the text",
)
def optional_in_text(subject: Subject) -> Iterator[Finding]:
    """A text with a missing value is sent with a gap, and no default is documented for texts."""
    for text, macro, item in _properties(subject):
        if item.optional and not macro.guarded:
            message = f"`{item.key}` is optional, so a text without it would be sent with a gap"
            hint = f"make it required in `event_type.{text.message.event}`, or leave it out of the text"
            yield Finding(text.at(macro), message, hint)


@rule(
    "message/not-scalar-in-text",
    "a text uses a list or an object",
    fix="send a property with the finished words, and use that",
)
def not_scalar_in_text(subject: Subject) -> Iterator[Finding]:
    """Lists and nested objects can be used in emails only (Attentive's OpenAPI file, POST /v1/events/custom)."""
    for text, macro, item in _properties(subject):
        inner = len(macro.path) > KEY_AT + 1
        if inner or not _is_scalar(definition(item, subject.project)):
            what = f"reaches into `{item.key}`" if inner else f"uses `{item.key}`, which can be a list or an object"
            hint = "have the sender send the finished words as a separate property"
            yield Finding(text.at(macro), f"this macro {what}, and texts can't do that", hint)


def _is_scalar(schema: Mapping[str, Any]) -> bool:
    declared = schema.get("type", ())
    types = {declared} if isinstance(declared, str) else set(declared)
    values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if not types:
        return bool(values) and not any(isinstance(value, list | dict) for value in values)
    return types <= SCALARS


@rule(
    "message/may-be-empty-in-text",
    "a text uses a property that may be empty text",
    fix="write `minLength: 1` (or an `enum`) into the property's definition",
)
def may_be_empty_in_text(subject: Subject) -> Iterator[Finding]:
    """An empty value leaves a gap in the text that a customer reads, just as a missing one does."""
    for text, macro, item in _properties(subject):
        if not macro.guarded and _may_be_empty(definition(item, subject.project)):
            message = f"`{item.key}` may be empty, so the text could have a gap"
            owner = f"property.{item.use}" if item.use else f"event_type.{text.message.event}"
            yield Finding(text.at(macro), message, f"write `minLength: 1` into its definition in `{owner}`")


def _may_be_empty(schema: Mapping[str, Any]) -> bool:
    try:
        return Gate.of(schema).valid("")
    except SchemaError:  # event/invalid-schema or property/invalid-schema says so
        return False


@rule(
    "message/subscriber-in-text",
    "a text uses a subscriber's field or custom attribute",
    fix="send the value as a required property of the event, or leave it out of the text",
)
def subscriber_in_text(subject: Subject) -> Iterator[Finding]:
    """Attentive knows a first name or an attribute of some people only; a text is sent with the gap."""
    for text in _bodies(subject):
        for macro in text.scan.macros:
            if macro.path[0] == "subscriber" and macro.path[1:2] != ("signupOffer",) and not macro.guarded:
                message = f"`{path_text(macro.path)}` may be empty for a subscriber"
                yield Finding(text.at(macro), message, "send the value as a required property of the event")


@rule(
    "message/email-macro-in-text",
    "a text uses a macro that only emails have",
    fix="leave it out, or write the words",
)
def email_macro_in_text(subject: Subject) -> Iterator[Finding]:
    """No source has the unsubscribe link or the postal address in a text: a customer replies STOP, and there is a gap.

    Email templates that Attentive's partners publish have them; Attentive's own list wasn't found whole.
    """
    for text in _bodies(subject):
        for macro in text.scan.macros:
            known = KNOWN.get(".".join(map(str, macro.path)))
            if known and known.email_only:
                message = f"`{known.name}` ({known.meaning}) is known in emails only, and a text would have a gap"
                yield Finding(text.at(macro), message)

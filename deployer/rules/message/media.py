"""Rules about the picture of a text message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, definition
from deployer.kinds.message import Message
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject

MEDIA_KEY = "mediaUrl"
"""The one key that Attentive takes a picture from (its OpenAPI file, POST /v1/events/custom)."""


@rule(
    "message/media-property",
    "a text's picture comes from a property that can't give one",
    fix="declare `mediaUrl: {type: string, format: uri, minLength: 1}`, required, and name it under `media`",
)
def media_property(subject: Subject) -> Iterator[Finding]:
    """Attentive takes the picture of an MMS from the property `mediaUrl`, and only from there.

    Attentive's OpenAPI file, POST /v1/events/custom: the dynamic product image of the composer shows it.
    """
    for message in subject.open(Message):
        event = subject.project.find(EventType, message.event)
        if message.media_property and event:
            for text, hint in _faults(subject, message.media_property, event):
                yield Finding(subject.at(message, "media", "property"), text, hint)


@rule(
    "message/media-not-shown",
    "an event brings a picture that the text doesn't show",
    severity=Severity.INFO,
    fix="write `media: {property: mediaUrl}` to send it as an MMS, or rename the property",
)
def media_not_shown(subject: Subject) -> Iterator[Finding]:
    """Attentive shows the picture of `mediaUrl` where the text has a dynamic product image in its composer.

    Attentive's OpenAPI file, POST /v1/events/custom. With `media`, the task says to add that image, and the text is
    counted as an MMS.
    """
    for message in subject.open(Message):
        event = subject.project.find(EventType, message.event)
        shown = message.media_property or message.media_file or subject.at(message, "media").unread
        if facts(message.channel).segments and event and MEDIA_KEY in event.properties and not shown:
            text = f"`{event.id}` brings `{MEDIA_KEY}`, but this text has no `media` that shows it"
            yield Finding(subject.at(message, "body"), text)


def _faults(subject: Subject, key: str, event: EventType) -> Iterator[tuple[str, str]]:
    item = event.properties.get(key)
    if item is None:
        hint = did_you_mean(key, event.properties) or f"declare `{MEDIA_KEY}` in `{event.address}`"
        yield f"`{event.id}` has no property `{key}`", hint
        return
    if key != MEDIA_KEY:
        yield f"Attentive takes a picture from `{MEDIA_KEY}` only, not from `{key}`", f"call the property `{MEDIA_KEY}`"
    if item.optional:
        yield f"`{key}` is optional, so the picture may be missing", f"make it required in `{event.address}`"
    if subject.defined(item) and definition(item, subject.project).get("format") != "uri":
        yield f"`{key}` isn't declared as a URL", "write `format: uri` into its definition"

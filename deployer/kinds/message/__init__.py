"""``Message``: the words of a text or an email. It has no change of its own: it is part of each step that sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Model, Reference, Scope
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.message.counting import count_message, estimate

if TYPE_CHECKING:
    from deployer.source import Body

__all__ = ["KIND", "PARTS", "Message", "Part", "composer_values", "count_message", "estimate"]

PARTS = {"text": ("body",), "email": ("subject", "preheader", "html", "plain")}
"""The parts of a message that are composed, by channel."""


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part's words stand: in the YAML, or in a file of the project."""

    text: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Model):
    """A message. ``event`` names the event whose properties its macros read; ``parts`` are its words by part."""

    channel: str
    event: str
    parts: Mapping[str, Part]
    from_email: str = ""
    from_name: str = ""
    reply_to: str = ""
    external_design: bool = False
    media_property: str = ""
    media_file: str = ""
    max_segments: int | None = None


def composer_values(message: Message, scope: Scope) -> dict[str, Any]:
    """What a person sets in Attentive's composer for this message: its text, or its email's fields.

    Raises ``CompileError`` (messages) or ``FileProblem`` (source) where the words can't be composed.
    """
    values: dict[str, Any] = {
        {"body": "text"}.get(part, part): scope.composed(message, part).text for part in message.parts
    }
    if message.channel == "text":
        return {**values, **_media(message, scope)}
    fields = {"from": message.from_email, "from_name": message.from_name, "reply_to": message.reply_to}
    design = {"design": "external"} if message.external_design else {}
    return {**{name: value for name, value in fields.items() if value}, **values, **design}


def _media(message: Message, scope: Scope) -> dict[str, Any]:
    if message.media_property:
        return {"media": {"property": message.media_property}}
    if message.media_file:
        return {"media": {"file": message.media_file, "digest": scope.file_digest(message.media_file)[:12]}}
    return {}


class MessageKind(Defaults):
    """Messages come with the journeys that send them."""

    name = "Message"
    snake = "message"
    rank = 30

    def parse(self, address: str, id: str, body: Body) -> Message:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        media = body.get("media", {})
        return Message(
            **common(address, id, body),
            channel=body["channel"],
            event=body["event"],
            parts={part: _part(body[part]) for part in PARTS[body["channel"]] if part in body},
            from_email=body.get("from", ""),
            from_name=body.get("from_name", ""),
            reply_to=body.get("reply_to", ""),
            external_design=body.get("design") == "external",
            media_property=media.get("property", ""),
            media_file=media.get("file", ""),
            max_segments=body.get("limits", {}).get("segments"),
        )

    def references(self, model: Message) -> Iterable[Reference]:
        """The event whose properties it reads."""
        yield Reference(f"event_type.{model.event}", ("event",))


def _part(value: Any) -> Part:
    return Part(file=value["file"]) if isinstance(value, Mapping) else Part(text=value)


KIND = MessageKind()

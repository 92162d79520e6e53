"""``Message``: the words of a text or an email. It has no change of its own: it is part of each step that sends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Reference, Scope
from deployer.kinds.channels import Channel, facts
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.message.model import Message, Part
from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.kinds.message.reading import MessageReading, additions, counted, estimate, held_against
    from deployer.source import Body, Pointer

_MODULES = {"reading": ("MessageReading", "additions", "counted", "estimate", "held_against")}

__all__ = [
    "KIND",
    "Message",
    "MessageReading",
    "Part",
    "additions",
    "composer_values",
    "counted",
    "estimate",
    "held_against",
]


def composer_values(message: Message, scope: Scope) -> dict[str, Any]:
    """What a person sets in Attentive's composer for this message: its text, or its email's fields.

    Raises ``CompileError`` (messages) or ``FileProblem`` (source) where the words can't be composed.
    """
    fields = {part.name: part.field for part in facts(message.channel).parts}
    texts = scope.known("texts", message, lambda: {part: scope.composed(message, part).text for part in message.parts})
    values: dict[str, Any] = {fields[part]: texts[part] for part in message.parts}
    sender = {"from": message.from_email, "from_name": message.from_name, "reply_to": message.reply_to}
    design = {"design": "external"} if message.external_design else {}
    return {**{name: value for name, value in sender.items() if value}, **values, **design, **_media(message, scope)}


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
    model = Message
    rank = 30

    def parse(self, address: str, id: str, body: Body) -> Message:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        media, channel = body.get("media", {}), Channel(body["channel"])
        return Message(
            **common(address, id, body),
            channel=channel,
            event=body["event"],
            parts={part.name: _part(body[part.name]) for part in facts(channel).parts if part.name in body},
            from_email=body.get("from", ""),
            from_name=body.get("from_name", ""),
            reply_to=body.get("reply_to", ""),
            external_design=body.get("design") == "external",
            media_property=media.get("property", ""),
            media_file=media.get("file", ""),
            max_segments=body.get("limits", {}).get("segments"),
        )

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[Message, Body] | None:
        """The message without the fields that have mistakes, of the channel whose words it has and of no event."""
        wrong = {str(pointer[0]) for pointer in mistakes if pointer}
        kept = {key: value for key, value in body.items() if key not in wrong}
        channel = kept.get("channel") or _channel_of(kept)
        if not all(mistakes) or wrong & {"id", "kind"} or channel is None:
            return None
        rest = {"event": "", **kept, "channel": channel}
        return self.parse(address, id, rest), rest

    def references(self, model: Message) -> Iterable[Reference]:
        """The event whose properties it reads."""
        yield Reference(f"event_type.{model.event}", ("event",))


def _channel_of(body: Body) -> str | None:
    """The one channel whose messages have the words that are there."""
    channels = [each for each in Channel if any(part.name in body for part in facts(each).parts)]
    return channels[0].value if len(channels) == 1 else None


def _part(value: Any) -> Part:
    return Part(file=value["file"]) if isinstance(value, Mapping) else Part(text=value)


KIND = MessageKind()

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)

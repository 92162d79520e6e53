"""The channels that messages go out on: everything that differs from one to the next is decided here.

A new member of ``Channel`` makes mypy name ``facts``, and whatever else matches on a channel and ends in
``assert_never``; CONTRIBUTING.md ("Add a channel") lists what it doesn't see.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, assert_never

from deployer.dataclass import dataclass

CLIPPED = 102 * 1024
"""Bytes of HTML from which Gmail cuts an email off. Google doesn't publish it; senders measured it again and again."""


class Channel(StrEnum):
    """A channel, as YAML calls it."""

    TEXT = "text"
    EMAIL = "email"


class Look(StrEnum):
    """How a message is shown: what a customer sees it in."""

    PHONE = "phone"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part of a message that is composed.

    ``name`` is its field in YAML, ``field`` its field in a task, ``label`` what Attentive's composer calls it.
    ``words``: it is read as words; otherwise it is looked at as a picture.
    """

    name: str
    field: str
    label: str
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """What holds for a channel.

    ``step`` is a journey's step in YAML, ``panel`` the same in Attentive's Steps panel. ``parts`` is what a message
    consists of: ``lead`` is the one that stands for it where there is room for one, ``pasted`` the one that is pasted
    as a whole, ``reads`` what a customer sees of the lead, in words. ``person`` is how a customer is named on the
    channel, ``needs`` the same in words. ``many`` are several messages; ``received`` is the action of someone who got
    one, as Attentive's branches name it. ``segments``: Attentive puts the brand's name in front and counts segments.
    ``liquid``: Attentive documents tags and filters for it. ``review``: transactional words are reviewed before they
    can be turned on. ``consent``: transactional messages need an opt-in.
    """

    step: str
    panel: str
    parts: tuple[PartFacts, ...]
    lead: str
    pasted: str
    reads: str
    look: Look
    person: Literal["phone", "email"]
    needs: str
    many: str
    received: str
    segments: bool
    liquid: bool
    review: bool
    consent: bool


_TEXT = ChannelFacts(
    step="send_text",
    panel="Send text message",
    parts=(PartFacts("body", "text", "Composer text"),),
    lead="body",
    pasted="body",
    reads="Text",
    look=Look.PHONE,
    person="phone",
    needs="a phone",
    many="texts",
    received="received_a_text_message",
    segments=True,
    liquid=False,
    review=True,
    consent=True,
)
_EMAIL = ChannelFacts(
    step="send_email",
    panel="Send email",
    parts=(
        PartFacts("subject", "subject", "Subject"),
        PartFacts("preheader", "preheader", "Preheader"),
        PartFacts("html", "html", "HTML", words=False),
        PartFacts("plain", "plain", "Plain text"),
    ),
    lead="subject",
    pasted="html",
    reads="Email with the subject",
    look=Look.INBOX,
    person="email",
    needs="an email address",
    many="emails",
    received="received_an_email",
    segments=False,
    liquid=True,
    review=False,
    consent=False,
)


def facts(channel: Channel) -> ChannelFacts:
    """What holds for a channel."""
    match channel:
        case Channel.TEXT:
            return _TEXT
        case Channel.EMAIL:
            return _EMAIL
    assert_never(channel)


def all_parts() -> dict[str, PartFacts]:
    """The parts of every channel, by their field in a task; of a field that two channels share, the first's."""
    parts: dict[str, PartFacts] = {}
    for channel in Channel:
        for part in facts(channel).parts:
            parts.setdefault(part.field, part)
    return parts

"""A message as a subscriber reads it at a moment of the virtual clock."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.messages import RenderError, deliver, virtual_now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from deployer.messages import Delivered, Mask
    from deployer.simulation.people import Event, Subscriber
    from deployer.simulation.programs import Words


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of each part, and what a text costs; the fields are those of ``Sent``."""

    reads: Mapping[str, str]
    shown: Mapping[str, str]
    segments: int
    picture: bool
    holes: tuple[str, ...]
    fault: str

    @property
    def complete(self) -> bool:
        """Whether every macro had a value, and every part could be filled in."""
        return not self.holes and not self.fault


def read(words: Words, person: Subscriber, event: Event, now: datetime) -> Reading:
    """Fill a message in for one event of one person.

    ``now`` is what Liquid's ``date`` filter takes for “now”. A part that can't be rendered reads as its composer text:
    Attentive sends a transactional email with what it couldn't resolve.
    """
    reads: dict[str, str] = {}
    delivered: dict[str, Delivered] = {}
    fault = ""
    for part, text in words.parts.items():
        try:
            with virtual_now(now):
                delivered[part] = _delivered(text, words, person, event)
        except RenderError as error:
            reads[part], fault = text, error.message
        else:
            reads[part] = delivered[part].reads
    holes = dict.fromkeys(hole.expression for part in delivered.values() for hole in part.holes)
    counted = delivered.get(facts(words.message.channel).lead) if words.added else None
    picture = bool(words.added and words.added.media)
    shown = _shown(reads, words, person, event, now)
    return Reading(reads, shown, counted.count().segments if counted else 0, picture, tuple(holes), fault)


def _shown(
    reads: Mapping[str, str], words: Words, person: Subscriber, event: Event, now: datetime
) -> Mapping[str, str]:
    """What is read as others may see it; a part that can't be rendered holds no one's data."""
    if words.mask is None or words.mask(event.properties) is event.properties:
        return reads
    shown = dict(reads)
    for part, text in words.parts.items():
        with virtual_now(now), suppress(RenderError):
            shown[part] = _delivered(text, words, person, event, words.mask).reads
    return shown


def _delivered(text: str, words: Words, person: Subscriber, event: Event, mask: Mask | None = None) -> Delivered:
    return deliver(
        text,
        event.properties,
        words.added,
        subscriber=person.fields,
        attributes=person.attributes,
        mask=mask,
        traced=False,
    )


def tells_time(words: Words) -> bool:
    """Whether a message may print the time at which it is sent."""
    return any("now" in text or "today" in text for text in words.parts.values() if "date" in text)

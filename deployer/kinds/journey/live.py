"""What a live journey uses, from its recorded slots: the one reading that guards, comparisons and plans ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.journey.model import SENDS
from deployer.kinds.journey.units import COPIED, FORMER
from deployer.messages import EVERYTHING, PROPERTY, Read, reads_of, touched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from deployer.kinds.base import Fields


@dataclass(frozen=True, slots=True)
class Running:
    """A journey that customers go through now.

    ``slot`` is empty for the journey itself, else the slot of a former one that still runs; ``trigger`` is the event
    type's name at Attentive; ``texts`` are what it sends.
    """

    slot: str
    trigger: str
    texts: tuple[LiveText, ...]


@dataclass(frozen=True, slots=True)
class LiveText:
    """A message of a live journey: its slot, its channel (empty where that isn't known), and what it reads."""

    slot: str
    channel: str
    reads: tuple[Read, ...]


def running(live: Fields) -> Iterator[Running]:
    """The journey if it runs, and the former ones that still do.

    The words of a former journey, and those of a design in Attentive's own editor, aren't recorded: they count as
    reading everything.
    """
    created: Mapping[str, Any] = live.get("create") or {}
    if (live.get("turn_on") or {}).get("status") == "active" and "trigger" in created:
        texts = (LiveText(slot, value.get("channel", ""), _reads(value)) for slot, value in _sends(live))
        yield Running("", created["trigger"], tuple(texts))
    for slot, value in live.items():
        if slot.startswith(FORMER) and value["status"] == "active":
            yield Running(slot, value["trigger"], (LiveText(slot, "", EVERYTHING),))


def reads(live: Fields, event: str, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Which of the keys of ``event`` each live slot reads; the slots that read none are left out."""
    texts = (text for version in running(live) if version.trigger == event for text in version.texts)
    by_text = {
        text.slot: tuple(key for key in sorted(keys) if touched(text.reads, PROPERTY, (key,)))
        for text in sorted(texts, key=lambda text: text.slot)
    }
    return {slot: read for slot, read in by_text.items() if read}


def _sends(live: Fields) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((slot, value) for slot, value in live.items() if slot.startswith(SENDS) and value)


def _reads(value: Mapping[str, Any]) -> tuple[Read, ...]:
    if value.get("design") == "external":
        return EVERYTHING
    picture = value.get("media", {}).get("property")
    in_parts = tuple(read for part in COPIED if part in value for read in reads_of(value[part]))
    return (*in_parts, Read(PROPERTY, (picture,))) if picture else in_parts

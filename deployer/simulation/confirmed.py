"""A program of what people confirmed: the journeys that are turned on, with the words that were pasted for them.

It is made of recorded slots, without the project's files, and it uses Attentive's names of events and segments. A
message's id is its journey's version and its step, so that two versions of one text are apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey import Journey
from deployer.kinds.journey.model import SENDS
from deployer.kinds.journey.recorded import recorded_steps
from deployer.kinds.message import Message
from deployer.kinds.message.model import Part
from deployer.messages import Additions
from deployer.simulation.programs import Program, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Fields
    from deployer.simulation.assuming import Assumptions
    from deployer.source.settings import Brand

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Company:
    """What holds for every journey of a company."""

    brand: Brand
    time_zone: str
    assumptions: Assumptions


def confirmed(live: Mapping[str, Fields], company: Company) -> Program:
    """The program that runs; ``live`` are the live slots of each journey that is recorded, by its id.

    A journey that isn't turned on is no part of it. Former journeys that still run aren't either: their words aren't
    recorded.
    """
    journeys: dict[str, tuple[Journey, ...]] = {}
    messages: dict[str, Words] = {}
    for identifier, slots in sorted(live.items()):
        switched = slots.get("turn_on") or {}
        if switched.get("status") != ACTIVE or "create" not in slots:
            continue
        version = f"{identifier}@{switched.get('revision', '')}"
        sends = {slot: value for slot, value in slots.items() if slot.startswith(SENDS) and value}
        names = {slot: f"{version}/{slot.removeprefix(SENDS)}" for slot in sends}
        journey = _journey(identifier, slots, names)
        journeys[journey.trigger] = (*journeys.get(journey.trigger, ()), journey)
        messages |= {names[slot]: _words(names[slot], value, company.brand) for slot, value in sends.items()}
    events = {trigger: trigger for trigger in journeys}
    return Program(journeys, messages, events, company.time_zone, company.assumptions)


def _journey(identifier: str, slots: Fields, names: Mapping[str, str]) -> Journey:
    created, switched = slots["create"], slots["turn_on"]
    return Journey(
        address=f"journey.{identifier}",
        id=identifier,
        name=created["name"],
        category=created["category"],
        trigger=created["trigger"],
        status=ACTIVE,
        opt_in=(),
        cooldown=switched.get("re_entry", "none"),
        steps=recorded_steps(slots, names),
    )


def _words(name: str, value: Mapping[str, Any], brand: Brand) -> Words:
    channel = Channel(value["channel"])
    parts = {part.name: value[part.field] for part in facts(channel).parts if part.field in value}
    media = value.get("media") or {}
    message = Message(
        address=f"message.{name}",
        id=name,
        channel=channel,
        event="",
        parts={part: Part(text) for part, text in parts.items()},
        from_email=value.get("from", ""),
        from_name=value.get("from_name", ""),
        reply_to=value.get("reply_to", ""),
        external_design=value.get("design") == "external",
        media_property=media.get("property", ""),
        media_file=media.get("file", ""),
    )
    added = None
    if facts(channel).segments:
        added = Additions(brand.name, brand.opt_out_text, brand.short_link, media=bool(media))
    return Words(message, parts, added)

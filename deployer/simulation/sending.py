"""Whether a message is sent, queued or skipped at a moment."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.simulation import rules
from deployer.simulation.clock import quiet, quiet_until, zone
from deployer.simulation.moments import span
from deployer.simulation.people import Category
from deployer.simulation.reading import read, tells_time
from deployer.simulation.timeline import Because, Reason
from deployer.simulation.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from deployer.kinds.channels import Channel
    from deployer.kinds.journey import SendStep
    from deployer.simulation.people import Event, Subscriber
    from deployer.simulation.programs import Program
    from deployer.simulation.reading import Reading


@dataclass(frozen=True, slots=True)
class Message:
    """A message that the subscriber got."""

    at: datetime
    channel: Channel
    category: Category


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is read, or ``None`` where nothing is sent; ``because`` has the reason."""

    reading: Reading | None
    because: Because


def queue(
    step: SendStep, category: Category, now: datetime, person: Subscriber, program: Program
) -> tuple[datetime | None, Because]:
    """Until when quiet hours queue a message (``None``: not at all), and why.

    In a journey, messages in quiet hours are queued until these end (Attentive's help page “Quiet hours”).
    """
    window = program.assumptions.quiet_hours
    where, _ = zone_of(person, program.time_zone)
    if step.quiet_hours == "ignore" or not quiet(now, where, window):
        return None, Because("")
    applies, name = rules.follows(step, category, program.assumptions, "quiet_hours")
    if not applies:
        return None, Because("", (name,))
    words = f"quiet hours, {window[0]:%H:%M} to {window[1]:%H:%M} in {where.key}"
    assumed = ("quiet_hours", *filter(None, (name,)), "queued_subscriber")
    return quiet_until(now, where, window), Because(words, assumed)


def outcome(
    step: SendStep,
    category: Category,
    event: Event,
    now: datetime,
    person: Subscriber,
    log: Sequence[Message],
    program: Program,
) -> Outcome:
    """Whether a message that is due goes out, and what it reads. ``log`` are the messages before it."""
    unreachable = rules.reachable(person, category, step.channel)
    if unreachable:
        return Outcome(None, unreachable)
    fatigue = smart_sending(step, category, now, log, program)
    if fatigue.reason:
        return Outcome(None, fatigue)
    words = program.messages[step.message]
    theirs, _ = zone_of(person, program.time_zone)
    clock = theirs if program.assumptions.date_zone == "subscriber" else zone(program.time_zone)
    dated = ("date_zone",) if theirs.key != program.time_zone and tells_time(words) else ()
    reading = read(words, person, event, now.astimezone(clock))
    gaps = _gaps(reading, category, step.channel, program)
    because = Because(gaps.words, fatigue.assumed + dated + gaps.assumed, gaps.reason)
    return Outcome(None if gaps.reason else reading, because)


def smart_sending(
    step: SendStep, category: Category, now: datetime, log: Sequence[Message], program: Program
) -> Because:
    """Whether Smart Sending skips a message (then it has a reason), and the assumptions that this rests on."""
    assumed = program.assumptions
    recent = [*takewhile(lambda message: now - message.at < assumed.smart_sending, reversed(log))][::-1]
    if step.smart_sending == "ignore" or not recent:
        return Because("")
    counts = [message for message in recent if _counts(message, step.channel, program)]
    names = dict.fromkeys(_mattering(recent, step.channel))
    if not counts:
        return Because("", tuple(names))
    applies, name = rules.follows(step, category, assumed, "smart_sending")
    if not applies:
        return Because("", (name,))
    before, window = span(now - counts[-1].at), span(assumed.smart_sending)
    words = f"Smart Sending: the last message was {before} before, less than {window}"
    return Because(words, ("smart_sending", *filter(None, (name,)), *names), Reason.SMART_SENDING)


def _counts(message: Message, channel: Channel, program: Program) -> bool:
    assumed = program.assumptions
    channels = assumed.smart_sending_channels == "together" or message.channel is channel
    return channels and (assumed.smart_sending_counts == "every_message" or message.category is Category.MARKETING)


def _mattering(recent: Iterable[Message], channel: Channel) -> Iterable[str]:
    """The assumptions that decide which of the recent messages count."""
    for message in recent:
        if message.channel is not channel:
            yield "smart_sending_channels"
        if message.category is not Category.MARKETING:
            yield "smart_sending_counts"


def _gaps(reading: Reading, category: Category, channel: Channel, program: Program) -> Because:
    """Whether gaps keep a message from being sent.

    Where Attentive documents nothing about the channel, the assumption decides.
    """
    if reading.complete:
        return Because("")
    what = ", ".join(reading.holes) or reading.fault
    skipped = Because(f"there is no value for {what}", reason=Reason.MISSING_VALUE)
    if rules.skips_gaps(channel):
        return skipped if category is Category.MARKETING else Because("")
    name = "texts_with_gaps"
    if program.assumptions.texts_with_gaps == "sent":
        return Because("", (name,))
    return Because(skipped.words, (name,), skipped.reason)

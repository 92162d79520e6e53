"""A timeline as people read it: day by day, each entry with its time, its reason, and the words that are read."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deployer import simulation as sim
from deployer.kinds.channels import facts
from deployer.nouns import counted
from deployer.views import markdown, outline_svg, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Quote, Run, Tone, entry, heading, inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.app.simulating import Simulated
    from deployer.views.outline import Inline, Node

_WORDS = ("body", "subject", "preheader", "plain")
"""The parts of a message that are words to read on a terminal."""


def timeline_text(simulated: Simulated, *, color: bool = False, width: int = 80) -> str:
    """Show a timeline on a terminal."""
    return terminal.write(_outline(simulated), color=color, width=width)


def timeline_markdown(simulated: Simulated) -> str:
    """Show a timeline in GitHub's markdown."""
    return markdown.write(_outline(simulated))


def timeline_svg(simulated: Simulated) -> str:
    """Draw a timeline as one picture, the words of its messages in bubbles."""
    return outline_svg.picture(_outline(simulated), _title(simulated))


def timeline_html(simulated: Simulated) -> str:
    """Show a timeline's picture on a page that opens from disk and asks for nothing."""
    return outline_svg.picture_page(_outline(simulated), _title(simulated))


def _title(simulated: Simulated) -> str:
    return f"What follows from {simulated.program.events.get(simulated.event, simulated.event)}"


def timeline_json(simulated: Simulated) -> str:
    """Write a timeline as JSON: ``{"version": 1, "zone": …, "assumed": […], "entries": […]}``.

    Each entry has its ``type`` (such as ``sent``), ``at`` (RFC 3339, on the subscriber's clock), and the fields of its
    type in ``deployer.simulation``.
    """
    timeline, zone = simulated.timeline, ZoneInfo(simulated.timeline.zone)
    return json_text(
        {
            "version": 1,
            "event": simulated.event,
            "zone": timeline.zone,
            "zone_from": timeline.zone_from,
            "seed": timeline.seed,
            "subscriber": _plain(timeline.subscriber, zone),
            "cost": _plain(timeline.cost, zone),
            "assumed": {name: _answer(simulated.program, name) for name in timeline.assumed},
            "entries": [{"type": WHAT[type(item)], **_plain(item, zone)} for item in timeline.entries],
        }
    )


WHAT = {
    sim.Received: "received",
    sim.Changed: "changed",
    sim.Entered: "entered",
    sim.NotEntered: "not_entered",
    sim.Waits: "waits",
    sim.Branches: "branch",
    sim.Varies: "variant",
    sim.Queued: "queued",
    sim.Sent: "sent",
    sim.NotSent: "not_sent",
    sim.Ended: "exit",
}
"""What each entry is called in JSON."""


_LEFT_OUT = frozenset({"shown"})
"""Fields that the reports of journey tests read: a simulation is shown with its values (``reads``)."""


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """A value of the simulation as JSON; times are on the subscriber's clock."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, Enum | Decimal):
        return value.value if isinstance(value, Enum) else sim.plain(value)
    if hasattr(value, "__dataclass_fields__"):
        names = (field.name for field in fields(value) if field.name not in _LEFT_OUT)
        return {name: _plain(getattr(value, name), zone) for name in names}
    if isinstance(value, dict):
        return {key: _plain(item, zone) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((_plain(item, zone) for item in value), key=str)
    return [_plain(item, zone) for item in value] if isinstance(value, tuple | list) else value


def _answer(program: sim.Program, name: str) -> Any:
    """An assumption as it is written in ``deployer.yaml``."""
    value = getattr(program.assumptions, name)
    if isinstance(value, timedelta):
        return sim.span(value)
    return [f"{item:%H:%M}" for item in value] if isinstance(value, tuple) else value


def _outline(simulated: Simulated) -> Iterator[Node]:
    timeline = simulated.timeline
    zone = ZoneInfo(timeline.zone)
    yield heading(
        f"{simulated.program.events.get(simulated.event, simulated.event)} → {person_words(timeline.subscriber)}", 3
    )
    yield entry(Run(f"clock: {timeline.zone}, known from {timeline.zone_from}", Tone.DIM))
    for day, entries in groupby(timeline.entries, key=lambda item: item.at.astimezone(zone).date()):
        yield heading(f"{day:%a %b} {day.day}, {day.year}", 4)
        yield from (_line(item, simulated, zone) for item in entries)
    if timeline.cost is not None:
        yield entry(*cost_words(timeline, timeline.cost))
    if timeline.assumed:
        yield Entry((Run("It assumes"),), tuple(assumption_entries(simulated.program, timeline.assumed)), apart=True)


def person_words(person: sim.Subscriber) -> str:
    """A subscriber in short words: the phone or the email, and what they are subscribed to."""
    kinds = sorted(
        {f"{subscription.category} {facts(subscription.channel).many}" for subscription in person.subscriptions},
        reverse=True,
    )
    return f"{person.key} ({', '.join(kinds) or 'no subscription'})"


def assumption_entries(program: sim.Program, names: Iterable[str]) -> Iterator[Entry]:
    """Say what is assumed; ``assumptions:`` in ``deployer.yaml`` says otherwise."""
    for written, question in assumed(program, names):
        yield entry(Run(written, code=True), Run(f"  {question}", Tone.DIM))


def assumed(program: sim.Program, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Assumptions as they are written in ``deployer.yaml``, each with the question that it answers."""
    by_name = {assumption.name: assumption for assumption in sim.CATALOGUE}
    for name in names:
        answer = _answer(program, name)
        shown = f'["{answer[0]}", "{answer[1]}"]' if isinstance(answer, list) else answer
        yield f"{name}: {shown}", by_name[name].question


def _line(any_entry: sim.AnyEntry, simulated: Simulated, zone: ZoneInfo) -> Entry:
    """An entry behind its time."""
    local = any_entry.at.astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    text, children = entry_words(any_entry, simulated.program, zone)
    return Entry(text, children, marker=f"{local:%H:%M}{seconds}", tone=Tone.DIM)


def entry_words(any_entry: sim.AnyEntry, program: sim.Program, zone: ZoneInfo) -> tuple[Inline, tuple[Node, ...]]:
    """An entry in words, and what is read."""
    why = Run(f": {any_entry.because.words}" if any_entry.because.words else "", Tone.DIM)
    if isinstance(any_entry, sim.AtStep):
        children = tuple(_read(any_entry)) if isinstance(any_entry, sim.Sent) else ()
        return (
            Run(f"{any_entry.journey}/{any_entry.step} ", code=True),
            *happens(any_entry, program, zone),
            *inline(why),
        ), children
    return (*happens(any_entry, program, zone), *inline(why)), ()


def happens(any_entry: sim.AnyEntry, program: sim.Program, zone: ZoneInfo) -> Inline:
    """What happens in an entry, without its step and its reason."""
    return inline(*(_at_step(any_entry, zone) if isinstance(any_entry, sim.AtStep) else _around(any_entry, program)))


def _around(any_entry: sim.AnyEntry, program: sim.Program) -> tuple[str | Run, ...]:
    """What isn't at a step."""
    match any_entry:
        case sim.Received():
            age = f", {sim.span(any_entry.at - any_entry.what.occurred_at)} old" if any_entry.what.occurred_at else ""
            return "event ", Run(program.events.get(any_entry.what.type, any_entry.what.type), Tone.STRONG), age
        case sim.Entered():
            return "enters ", Run(any_entry.journey, code=True)
        case sim.NotEntered():
            return Run("doesn't enter ", Tone.WARN), Run(any_entry.journey or "any journey", code=True)
        case sim.Ended():
            return "leaves ", Run(any_entry.journey, code=True)
    return ("the subscriber changes",)


def _at_step(at_step: sim.AtStep, zone: ZoneInfo) -> tuple[str | Run, ...]:
    match at_step:
        case sim.Waits():
            return (f"waits until {when(at_step.until, at_step.at, zone)}",)
        case sim.Branches():
            return (f"takes the lane “{at_step.lane}”",)
        case sim.Varies():
            return (f"gets the variant “{at_step.variant}”",)
        case sim.Queued():
            return (Run(f"queued until {when(at_step.until, at_step.at, zone)}", Tone.INFO),)
        case sim.Sent():
            return Run("sent", Tone.GOOD), f" to {at_step.to}{_cost(at_step)}"
    return (Run("not sent", Tone.WARN),)


def when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A time on the subscriber's clock, with its day where that isn't today's."""
    local = at.astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else f"{local:%a %b} {local.day} "
    return f"{day}{local:%H:%M}"


def _cost(sent: sim.Sent) -> str:
    segments = f", {'MMS, ' if sent.picture else ''}{counted(sent.segments, 'segment')}" if sent.segments else ""
    return f"{segments}, {sent.cost}" if sent.cost else segments


def cost_words(timeline: sim.Timeline, cost: sim.Money) -> Iterator[str | Run]:
    """What all messages cost, and how many have no price."""
    yield Run(f"cost: {cost}", Tone.STRONG)
    unpriced = sum(sent.cost is None for sent in timeline.sent)
    without = f"; {counted(unpriced, 'message')} without a price" if unpriced else ""
    yield Run(f", by `prices` in deployer.yaml{without}", Tone.DIM)


def _read(sent: sim.Sent) -> Iterator[Node]:
    for part in _WORDS:
        if sent.reads.get(part):
            if part != "body":
                yield entry(Run(f"{part}:", Tone.DIM))
            yield Quote(sent.reads[part])
    if sent.holes:
        yield entry(Run(f"no value: {', '.join(sent.holes)}", Tone.WARN))
    if sent.fault:
        yield entry(Run(f"can't be filled in: {sent.fault}", Tone.BAD))

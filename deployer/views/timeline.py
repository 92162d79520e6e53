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
from deployer.views import markdown, outline_svg, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Quote, Run, Tone, counted, entry, heading, inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.app.simulating import Simulated
    from deployer.views.outline import Inline, Node

_WORDS = ("body", "subject", "preheader", "plain")
"""The parts of a message that are words to read on a terminal."""


def timeline_text(found: Simulated, *, color: bool = False, width: int = 80) -> str:
    """Show a timeline on a terminal."""
    return terminal.write(_outline(found), color=color, width=width)


def timeline_markdown(found: Simulated) -> str:
    """Show a timeline in GitHub's markdown."""
    return markdown.write(_outline(found))


def timeline_svg(found: Simulated) -> str:
    """Draw a timeline as one picture, the words of its messages in bubbles."""
    return outline_svg.picture(_outline(found), _title(found))


def timeline_html(found: Simulated) -> str:
    """Show a timeline's picture on a page that opens from disk and asks for nothing."""
    return outline_svg.picture_page(_outline(found), _title(found))


def _title(found: Simulated) -> str:
    return f"What follows from {found.program.events.get(found.event, found.event)}"


def timeline_json(found: Simulated) -> str:
    """Write a timeline as JSON: ``{"version": 1, "zone": …, "assumed": […], "entries": […]}``.

    Each entry has its ``type`` (such as ``sent``), ``at`` (RFC 3339, on the subscriber's clock), and the fields of its
    type in ``deployer.simulation``.
    """
    timeline, zone = found.timeline, ZoneInfo(found.timeline.zone)
    return json_text(
        {
            "version": 1,
            "event": found.event,
            "zone": timeline.zone,
            "zone_from": timeline.zone_from,
            "seed": timeline.seed,
            "subscriber": _plain(timeline.subscriber, zone),
            "cost": _plain(timeline.cost, zone),
            "assumed": {name: _answer(found.program, name) for name in timeline.assumed},
            "entries": [{"type": WHAT[type(one)], **_plain(one, zone)} for one in timeline.entries],
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


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """A value of the simulation as JSON; times are on the subscriber's clock."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, Enum | Decimal):
        return value.value if isinstance(value, Enum) else sim.plain(value)
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name), zone) for field in fields(value)}
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
    return [f"{one:%H:%M}" for one in value] if isinstance(value, tuple) else value


def _outline(found: Simulated) -> Iterator[Node]:
    timeline = found.timeline
    zone = ZoneInfo(timeline.zone)
    yield heading(f"{found.program.events.get(found.event, found.event)} → {person_words(timeline.subscriber)}", 3)
    yield entry(Run(f"clock: {timeline.zone}, known from {timeline.zone_from}", Tone.DIM))
    for day, entries in groupby(timeline.entries, key=lambda one: one.at.astimezone(zone).date()):
        yield heading(f"{day:%a %b} {day.day}, {day.year}", 4)
        yield from (_line(one, found, zone) for one in entries)
    if timeline.cost is not None:
        yield entry(*cost_words(timeline, timeline.cost))
    if timeline.assumed:
        yield Entry((Run("It assumes"),), tuple(assumption_entries(found.program, timeline.assumed)), apart=True)


def person_words(person: sim.Subscriber) -> str:
    """A subscriber in short words: the phone or the email, and what they are subscribed to."""
    kinds = sorted({f"{one.category} {facts(one.channel).many}" for one in person.subscriptions}, reverse=True)
    return f"{person.key} ({', '.join(kinds) or 'no subscription'})"


def assumption_entries(program: sim.Program, names: Iterable[str]) -> Iterator[Entry]:
    """Say what is assumed; ``assumptions:`` in ``deployer.yaml`` says otherwise."""
    for written, question in assumed(program, names):
        yield entry(Run(written, code=True), Run(f"  {question}", Tone.DIM))


def assumed(program: sim.Program, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Assumptions as they are written in ``deployer.yaml``, each with the question that it answers."""
    by_name = {one.name: one for one in sim.CATALOGUE}
    for name in names:
        answer = _answer(program, name)
        shown = f'["{answer[0]}", "{answer[1]}"]' if isinstance(answer, list) else answer
        yield f"{name}: {shown}", by_name[name].question


def _line(one: sim.AnyEntry, found: Simulated, zone: ZoneInfo) -> Entry:
    """An entry behind its time."""
    local = one.at.astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    text, children = entry_words(one, found.program, zone)
    return Entry(text, children, marker=f"{local:%H:%M}{seconds}", tone=Tone.DIM)


def entry_words(one: sim.AnyEntry, program: sim.Program, zone: ZoneInfo) -> tuple[Inline, tuple[Node, ...]]:
    """An entry in words, and what is read."""
    why = Run(f": {one.because.words}" if one.because.words else "", Tone.DIM)
    if isinstance(one, sim.AtStep):
        children = tuple(_read(one)) if isinstance(one, sim.Sent) else ()
        return (Run(f"{one.journey}/{one.step} ", code=True), *happens(one, program, zone), *inline(why)), children
    return (*happens(one, program, zone), *inline(why)), ()


def happens(one: sim.AnyEntry, program: sim.Program, zone: ZoneInfo) -> Inline:
    """What happens in an entry, without its step and its reason."""
    return inline(*(_at_step(one, zone) if isinstance(one, sim.AtStep) else _around(one, program)))


def _around(one: sim.AnyEntry, program: sim.Program) -> tuple[str | Run, ...]:
    """What isn't at a step."""
    match one:
        case sim.Received():
            age = f", {sim.span(one.at - one.what.occurred_at)} old" if one.what.occurred_at else ""
            return "event ", Run(program.events.get(one.what.type, one.what.type), Tone.STRONG), age
        case sim.Entered():
            return "enters ", Run(one.journey, code=True)
        case sim.NotEntered():
            return Run("doesn't enter ", Tone.WARN), Run(one.journey or "any journey", code=True)
        case sim.Ended():
            return "leaves ", Run(one.journey, code=True)
    return ("the subscriber changes",)


def _at_step(one: sim.AtStep, zone: ZoneInfo) -> tuple[str | Run, ...]:
    match one:
        case sim.Waits():
            return (f"waits until {when(one.until, one.at, zone)}",)
        case sim.Branches():
            return (f"takes the lane “{one.lane}”",)
        case sim.Varies():
            return (f"gets the variant “{one.variant}”",)
        case sim.Queued():
            return (Run(f"queued until {when(one.until, one.at, zone)}", Tone.INFO),)
        case sim.Sent():
            return Run("sent", Tone.GOOD), f" to {one.to}{_cost(one)}"
    return (Run("not sent", Tone.WARN),)


def when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A time on the subscriber's clock, with its day where that isn't today's."""
    local = at.astimezone(zone)
    day = "" if local.date() == now.astimezone(zone).date() else f"{local:%a %b} {local.day} "
    return f"{day}{local:%H:%M}"


def _cost(one: sim.Sent) -> str:
    segments = f", {'MMS, ' if one.picture else ''}{counted(one.segments, 'segment')}" if one.segments else ""
    return f"{segments}, {one.cost}" if one.cost else segments


def cost_words(timeline: sim.Timeline, cost: sim.Money) -> Iterator[str | Run]:
    """What all messages cost, and how many have no price."""
    yield Run(f"cost: {cost}", Tone.STRONG)
    unpriced = sum(one.cost is None for one in timeline.sent)
    without = f"; {counted(unpriced, 'message')} without a price" if unpriced else ""
    yield Run(f", by `prices` in deployer.yaml{without}", Tone.DIM)


def _read(one: sim.Sent) -> Iterator[Node]:
    for part in _WORDS:
        if one.reads.get(part):
            if part != "body":
                yield entry(Run(f"{part}:", Tone.DIM))
            yield Quote(one.reads[part])
    if one.holes:
        yield entry(Run(f"no value: {', '.join(one.holes)}", Tone.WARN))
    if one.fault:
        yield entry(Run(f"can't be filled in: {one.fault}", Tone.BAD))

"""Programmes of a few journeys without a project around them, and timelines in short lines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from deployer import simulation as sim
from deployer.kinds.channels import facts
from deployer.kinds.journey import KIND as JOURNEY
from deployer.kinds.journey import SendStep, walk
from deployer.kinds.message import KIND as MESSAGE
from deployer.messages import Additions

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD = {"kind": "Journey", "status": "active", "category": "transactional", "trigger": "shipped"}


def program(
    journeys: list[dict[str, Any]],
    messages: dict[str, dict[str, Any]] | None = None,
    assumptions: dict[str, Any] | None = None,
    time_zone: str = "America/New_York",
    brand: str = "",
) -> sim.Program:
    """Give the programme of some journeys; a message that isn't given reads as its id."""
    by_trigger: dict[str, tuple[Any, ...]] = {}
    written = {}
    for body in journeys:
        journey = JOURNEY.parse(f"journey.{body['id']}", body["id"], {**STANDARD, "name": body["id"], **body})
        by_trigger[journey.trigger] = (*by_trigger.get(journey.trigger, ()), journey)
        for step in (placed.step for placed in walk(journey)):
            if isinstance(step, SendStep):
                written[step.message] = words(step, (messages or {}).get(step.message), brand)
    return sim.Program(by_trigger, written, {}, time_zone, sim.assumptions(assumptions or {}))


def words(step: SendStep, given: dict[str, Any] | None, brand: str) -> sim.Words:
    """Give a message with its composer text."""
    part = facts(step.channel).lead
    body = {"channel": step.channel.value, "event": "shipped", **(given or {part: step.message})}
    message = MESSAGE.parse(f"message.{step.message}", step.message, body)
    added = Additions(brand) if step.channel == "text" else None
    return sim.Words(message, {name: one.text for name, one in message.parts.items()}, added)


def lines(timeline: sim.Timeline, zone: str = "", shows: tuple[str, ...] = ()) -> Iterator[str]:
    """Say each entry in a line: when a clock in ``zone`` (the subscriber's) shows it, what, and what it assumes.

    Where ``shows`` names some, only entries that begin with one of these words.
    """
    where = ZoneInfo(zone or timeline.zone)
    for entry in timeline.entries:
        what = said(entry, where)
        assumed = f" [{', '.join(entry.because.assumed)}]" if entry.because.assumed else ""
        if not shows or what.split()[0] in shows:
            yield f"{shown(entry.at, where)} {what}{assumed}"


def shown(at: Any, where: ZoneInfo) -> str:
    """Say a time as a clock shows it; of the two times an hour comes when clocks are put back, the second has a 2."""
    local = at.astimezone(where)
    return f"{local:%m-%d %H:%M}{f':{local:%S}' if local.second else ''}{' 2' if local.fold else ''}"


def said(entry: sim.AnyEntry, where: ZoneInfo) -> str:  # noqa: C901, PLR0911 - a line for each kind of entry
    """Say what an entry is."""
    match entry:
        case sim.Received():
            return f"event {entry.what.type}"
        case sim.Changed():
            return "changed"
        case sim.Entered():
            return f"enters {entry.journey}"
        case sim.NotEntered():
            return f"not entered {entry.journey}: {entry.because.reason}"
        case sim.Waits():
            return f"waits {entry.step} until {shown(entry.until, where)}"
        case sim.Branches():
            return f"branch {entry.step}: {entry.lane}"
        case sim.Varies():
            return f"variant {entry.step}: {entry.variant}"
        case sim.Queued():
            return f"queued {entry.step} until {shown(entry.until, where)}"
        case sim.Sent():
            return f"sent {entry.step}"
        case sim.NotSent():
            return f"not sent {entry.step}: {entry.because.reason}"
        case sim.Ended():
            return f"ends {entry.journey}"


@pytest.fixture(scope="session")
def make():
    """Give the functions above."""
    return SimpleNamespace(program=program, lines=lines, said=said)

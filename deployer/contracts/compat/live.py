"""What customers get now, as the record of an environment has it: journeys that run, and what their texts read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.contracts.compat.readers import EVERYTHING, PROPERTY, Read, Reader, reads_of
from deployer.contracts.compat.verdict import Standing
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.journey.reading import SENDS
from deployer.kinds.journey.units import COPIED, FORMER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.project import Project
    from deployer.state import Entry, State


@dataclass(frozen=True, slots=True)
class Running:
    """A journey that runs: ``event`` is the id of the event type that starts it."""

    event: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Live:
    """What is recorded as live in one environment: texts with what they read, and the journeys that run."""

    readers: tuple[Reader, ...] = ()
    running: tuple[Running, ...] = ()


def live_of(state: State | None, project: Project) -> Live:
    """Find what runs in a record. ``project`` is the earlier side: it names the events and messages of the record."""
    if state is None:
        return Live()
    events = {event.name: event.id for event in project.all(EventType)}
    readers: list[Reader] = []
    running: list[Running] = []
    for address, entry in sorted(state.entries.items()):
        for slot, event, standing in _runs(address, entry, events, project.environment.name):
            running.append(Running(event, standing))
            readers += _former(event, standing) if slot else _texts(entry, event, standing, project)
    return Live(tuple(readers), tuple(running))


def _runs(
    address: str, entry: Entry, events: Mapping[str, str], environment: str
) -> Iterator[tuple[str, str, Standing]]:
    """The journey of an entry if it runs (slot empty), and former ones that still do, by their slot."""
    said = entry.confirmations.get("turn_on")
    standing = Standing(environment, address, said.at if said else "", said.by if said else "")
    created: Mapping[str, Any] = entry.live.get("create") or {}
    if (entry.live.get("turn_on") or {}).get("status") == "active" and created.get("trigger") in events:
        yield "", events[created["trigger"]], standing
    for slot, value in entry.live.items():
        if slot.startswith(FORMER) and value["status"] == "active" and value["trigger"] in events:
            yield slot, events[value["trigger"]], Standing(environment, address)


def _former(event: str, standing: Standing) -> list[Reader]:
    """A former journey's words aren't recorded, so that it may read everything."""
    return [Reader("", "", event, EVERYTHING, (standing.journey,), standing)]


def _texts(entry: Entry, event: str, standing: Standing, project: Project) -> list[Reader]:
    messages = _messages(standing.journey, project)
    return [
        Reader(messages.get(slot, ""), value.get("channel", ""), event, _reads(value), (standing.journey,), standing)
        for slot, value in entry.live.items()
        if slot.startswith(SENDS) and value
    ]


def _reads(value: Mapping[str, Any]) -> tuple[Read, ...]:
    if value.get("design") == "external":
        return EVERYTHING
    picture = value.get("media", {}).get("property")
    found = tuple(read for part in COPIED if part in value for read in reads_of(value[part]))
    return (*found, Read(PROPERTY, (picture,))) if picture else found


def _messages(address: str, project: Project) -> dict[str, str]:
    """The address of the message that each step of a journey sends, by the step's slot."""
    journey = project.find(Journey, address.partition(".")[2])
    steps = [placed.step for placed in walk(journey)] if journey else []
    return {step.key: f"message.{step.message}" for step in steps if isinstance(step, SendStep)}

"""What customers get now, as the record of an environment has it: journeys that run, and what their texts read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.compat.readers import Reader
from deployer.contracts.compat.verdict import Standing
from deployer.dataclass import dataclass
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey, SendStep, running, walk

if TYPE_CHECKING:
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
    live_journeys: list[Running] = []
    for address, entry in sorted(state.entries.items()):
        messages = _messages(address, project)
        for version in running(entry.live):
            if version.trigger not in events:
                continue
            event, standing = events[version.trigger], _standing(address, entry, project, former=bool(version.slot))
            live_journeys.append(Running(event, standing))
            for text in version.texts:
                message = messages.get(text.slot, "")
                readers.append(Reader(message, text.channel, event, text.reads, (address,), standing))
    return Live(tuple(readers), tuple(live_journeys))


def _standing(address: str, entry: Entry, project: Project, *, former: bool) -> Standing:
    """Since when a journey runs; of a former one that isn't recorded."""
    confirmed = None if former else entry.confirmations.get("turn_on")
    at, by = (confirmed.at, confirmed.by) if confirmed else ("", "")
    return Standing(project.environment.name, address, at, by)


def _messages(address: str, project: Project) -> dict[str, str]:
    """The address of the message that each step of a journey sends, by the step's slot."""
    journey = project.find(Journey, address.partition(".")[2])
    steps = [placed.step for placed in walk(journey)] if journey else []
    return {step.key: f"message.{step.message}" for step in steps if isinstance(step, SendStep)}

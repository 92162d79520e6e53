"""What one subscriber gets for other data of the same event, without going through the journeys again.

A simulation takes nothing from what an event carries but what its messages read, and a message without a gap is sent
whatever it reads. So two events whose messages have no gap lead to the same entries, but for the words in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel
from deployer.simulation.people import Event
from deployer.simulation.pricing import cost
from deployer.simulation.reading import read, tells_time
from deployer.simulation.timeline import Received, Sent, Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.simulation.people import Subscriber
    from deployer.simulation.programs import Program
    from deployer.simulation.reading import Reading
    from deployer.simulation.timeline import AnyEntry


@dataclass(frozen=True, slots=True)
class Readings:
    """What each message of a program reads for one event of certain people, whenever it is sent; none has a gap."""

    event: Event
    by_message: Mapping[str, Reading]

    @classmethod
    def of(cls, program: Program, person: Subscriber, event: Event) -> Readings | None:
        """Read every message; ``None`` where one has a gap, or is another one at another time."""
        if any(tells_time(words) for words in program.messages.values()):
            return None
        found = {name: read(words, person, event, event.at) for name, words in program.messages.items()}
        return cls(event, found) if all(reading.complete for reading in found.values()) else None

    def put_into(self, timeline: Timeline, program: Program) -> Timeline:
        """The timeline of this event, given that of another one, as old, whose messages have no gap either."""
        entries = tuple([self._entry(entry, program) for entry in timeline.entries])
        return Timeline(timeline.subscriber, timeline.zone, timeline.zone_from, timeline.seed, entries)

    def _entry(self, entry: AnyEntry, program: Program) -> AnyEntry:
        if isinstance(entry, Sent):
            reading = self.by_message[entry.message]
            return Sent(
                at=entry.at,
                event=entry.event,
                journey=entry.journey,
                because=entry.because,
                step=entry.step,
                message=entry.message,
                channel=entry.channel,
                to=entry.to,
                reads=reading.reads,
                shown=reading.shown,
                segments=reading.segments,
                picture=reading.picture,
                cost=cost(Channel(entry.channel), reading.segments, program.prices, picture=reading.picture),
            )
        if isinstance(entry, Received):
            what = Event(entry.what.at, self.event.type, self.event.properties)
            return Received(at=entry.at, event=entry.event, because=entry.because, what=what)
        return entry

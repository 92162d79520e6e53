"""Whom a change meets in one environment: those declared now, those that are live, and who was declared before.

A message that was declared before and no longer is counts only where no record tells what is live.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.contracts.compat.readers import declared_readers
from deployer.contracts.compat.verdict import Impact
from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey import Journey
from deployer.messages import ATTRIBUTE, PROPERTY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.contracts.compat.live import Live
    from deployer.contracts.compat.readers import Reader
    from deployer.messages import Read
    from deployer.project import Project


@dataclass(frozen=True)
class Readership:
    """The readers on both sides of one environment.

    ``live`` is ``None`` where no record could be read; ``events`` leads from an event's former id to its id now, where
    it got another.
    """

    before: Project
    after: Project
    live: Live | None
    events: Mapping[str, str]

    def of_property(self, event: str, path: tuple[str, ...]) -> tuple[Impact, ...]:
        """Those that read a value of an event; ``event`` is its id now (or then, of one that is gone)."""
        return _merged(self._met(reader, PROPERTY, path) for reader in self._readers if reader.event == event)

    def of_attribute(self, name: str) -> tuple[Impact, ...]:
        """Those that read an attribute."""
        return _merged(self._met(reader, ATTRIBUTE, (name,)) for reader in self._readers)

    def of_channel(self, event: str, identifier: str) -> tuple[Impact, ...]:
        """Those that reach a customer of an event by ``phone`` or ``email``."""
        channels = {channel.value for channel in Channel if facts(channel).person == identifier}
        readers = (reader for reader in self._readers if reader.event == event and reader.channel in channels)
        return _merged(_impact(reader, ()) for reader in readers)

    def started_by(self, event: str) -> tuple[Impact, ...]:
        """The journeys that an event starts."""
        return _merged(impact for started, impact in self._journeys if started == event)

    def of_journey(self, address: str) -> tuple[Impact, ...]:
        """The journey itself, where it runs as far as is recorded; where nothing tells, where it was declared to."""
        if self.live is not None:
            standings = [running.standing for running in self.live.running if running.standing.journey == address]
            return (Impact("", (address,), tuple(standings)),) if standings else ()
        declared = self.before.find(Journey, address.partition(".")[2])
        return (Impact("", (address,)),) if declared and declared.status == "active" else ()

    @cached_property
    def _readers(self) -> tuple[Reader, ...]:
        earlier = tuple(declared_readers(self.before))
        former = self.live.readers if self.live is not None else earlier
        words = {reader.message: reader for reader in earlier if not reader.broken}
        return (
            *(_known(reader, words) for reader in declared_readers(self.after)),
            *(replace(reader, event=self._now(reader.event)) for reader in former),
        )

    @cached_property
    def _journeys(self) -> tuple[tuple[str, Impact], ...]:
        return (*_declared(self.after), *((self._now(event), impact) for event, impact in self._former_journeys()))

    def _former_journeys(self) -> Iterator[tuple[str, Impact]]:
        if self.live is None:
            yield from _declared(self.before)
            return
        for running in self.live.running:
            yield running.event, Impact("", (running.standing.journey,), (running.standing,))

    def _now(self, event: str) -> str:
        return self.events.get(event, event)

    def _met(self, reader: Reader, root: tuple[str, ...], path: tuple[str, ...]) -> Impact | None:
        reads = reader.touches(root, path)
        return _impact(reader, reads) if reads else None


def _known(reader: Reader, words: Mapping[str, Reader]) -> Reader:
    """A message that can't be composed any longer (of a property that it names, say) reads what it read before."""
    former = words.get(reader.message)
    return replace(reader, reads=former.reads) if reader.broken and former else reader


def _declared(project: Project) -> Iterator[tuple[str, Impact]]:
    for journey in project.all(Journey):
        if journey.status != "inactive":
            yield journey.trigger, Impact("", (journey.address,))


def _impact(reader: Reader, reads: tuple[Read, ...]) -> Impact:
    standing = (reader.standing,) if reader.standing else ()
    guarded = bool(reads) and all(read.guarded for read in reads)
    return Impact(reader.message, reader.journeys, standing, guarded)


def _merged(impacts: Iterable[Impact | None]) -> tuple[Impact, ...]:
    """One impact a message or journey, with every journey and every environment where it is live."""
    return merge_impacts(impact for impact in impacts if impact is not None)


def merge_impacts(impacts: Iterable[Impact]) -> tuple[Impact, ...]:
    """One impact a message or journey; it is guarded where each of them is."""
    merged: dict[object, Impact] = {}
    for impact in impacts:
        known = merged.setdefault(impact.key, impact)
        merged[impact.key] = Impact(
            impact.message,
            tuple(dict.fromkeys((*known.journeys, *impact.journeys))),
            tuple(dict.fromkeys((*known.live, *impact.live))),
            known.guarded and impact.guarded,
        )
    return tuple(sorted(merged.values(), key=lambda impact: (impact.message, impact.journeys)))

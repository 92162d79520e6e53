"""What follows from each choice that is offered for a journey: dozens, of which many take one way through it."""

from __future__ import annotations

from dataclasses import field
from datetime import UTC
from itertools import product
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.preview.trials import Played
from deployer.simulation import Event
from deployer.simulation.rereading import Readings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.preview.trials import JourneyTrial, Moment, Person
    from deployer.simulation import Timeline
    from deployer.source import Body


def every_choice(trial: JourneyTrial) -> Iterator[tuple[str, Played]]:
    """What ``trial.offered`` gives for each of its choices, in their order, with the sample's name."""
    return _Ways(trial).every()


@dataclass(slots=True)
class _Ways:
    """The ways through a journey by moment and person: that of the first sample whose messages have no gap."""

    trial: JourneyTrial
    _gone: dict[tuple[str, str], Timeline] = field(default_factory=dict)

    def every(self) -> Iterator[tuple[str, Played]]:
        trial = self.trial
        for name, carried in trial.samples.items():
            readings = self._readings(carried.data)
            hidden = carried.shown is not carried.data
            masked = self._readings(carried.shown) if hidden else readings
            for moment, person in product(trial.moments, trial.people):
                timeline = self._timeline(carried.data, readings, moment, person)
                shown = self._timeline(carried.shown, masked, moment, person) if hidden else timeline
                yield name, Played(timeline, shown)

    def _readings(self, data: Body) -> Readings | None:
        """What the messages read, which is the same for all who are offered: they differ in nothing that is read."""
        someone, at = self.trial.people[0].who, self.trial.placed(self.trial.moments[0].at)
        return Readings.of(self.trial.program, someone, Event(at.astimezone(UTC), self.trial.event, data))

    def _timeline(self, data: Body, readings: Readings | None, moment: Moment, person: Person) -> Timeline:
        known = self._gone.get((moment.key, person.key))
        if readings is not None and known is not None:
            return readings.put_into(known, self.trial.program)
        timeline = self.trial.timeline(data, self.trial.placed(moment.at), person.who, person.variants)
        if readings is not None:
            self._gone[moment.key, person.key] = timeline
        return timeline

"""A journey test, run: its timeline, and the first difference from what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.simulation.expecting import expectations
from deployer.simulation.givens import happening, subscriber
from deployer.simulation.judging import Failure, first_difference
from deployer.simulation.moments import moment
from deployer.simulation.running import simulate
from deployer.simulation.zones import zone_of

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from deployer.kinds.journey_test import JourneyTest
    from deployer.simulation.givens import Samples
    from deployer.simulation.people import Happening, Subscriber
    from deployer.simulation.programs import Program
    from deployer.simulation.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Given:
    """What a test gives, as values. ``zone`` is the subscriber's at the start, whose clock the test's times are on."""

    start: datetime
    zone: ZoneInfo
    person: Subscriber
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class JourneyTestResult:
    """A test that was run. It passed where there is no ``failure``."""

    test: JourneyTest
    given: Given
    timeline: Timeline
    failure: Failure | None


def given(test: JourneyTest, program: Program, samples: Samples) -> Given:
    """Read what a test gives; raises ``MomentError`` and ``UnknownSampleError``."""
    person = subscriber(test.subscriber, program.time_zone)
    zone, _ = zone_of(person, program.time_zone)
    start = moment(test.start, zone)
    happenings = tuple(happening(event, start, person, program.time_zone, samples) for event in test.events)
    return Given(start, zone, person, happenings)


def run_test(test: JourneyTest, program: Program, samples: Samples) -> JourneyTestResult:
    """Run a test; raises ``MomentError`` and ``UnknownSampleError``, of which a checked project has none."""
    what = given(test, program, samples)
    timeline = simulate(
        program.with_active(test.active), what.person, what.happenings, seed=test.seed, variants=test.variants
    )
    wanted = expectations(test.expect, what.zone, what.start)
    return JourneyTestResult(test, what, timeline, first_difference(wanted, timeline, only=test.only))

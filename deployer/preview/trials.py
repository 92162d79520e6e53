"""A journey as one subscriber goes through it, for a few choices that show most of what it can do, or for any other.

What is shown is the simulation's timeline (``deployer.simulation``); nothing is simulated anywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType, masked, samples_of
from deployer.kinds.journey import BranchStep, Journey, SendStep, SplitStep, walk
from deployer.kinds.message import Message, MessageReading
from deployer.kinds.segment import Segment
from deployer.simulation import (
    SUBSCRIBED,
    Channel,
    Event,
    MomentError,
    Program,
    Words,
    is_duration,
    is_zone,
    moment,
    program_of,
    simulate,
    subscriber,
    words_of,
    zone_of,
)
from deployer.simulation.clock import quiet, zone
from deployer.simulation.givens import EMAIL, PHONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.kinds.journey.model import Step
    from deployer.project import Project
    from deployer.simulation import Assumptions, Subscriber, Timeline
    from deployer.source import Body

WEDNESDAY: Final = datetime(2026, 5, 13, 12, 0)  # noqa: DTZ001 - what a clock in the company's zone shows
"""A noon in the middle of a week in which no clock is changed: today's date would make each page another."""

_LATE = timedelta(minutes=90)
"""How far into quiet hours the event of the night comes, where they are long enough."""

_FEW = 6
"""How many subscribers are offered, at most, for what one journey's branches and A/B tests look at."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a sample's event carries, and the same as others may see it: with personal data masked."""

    data: Body
    shown: Body


MOST_STEPS = 500
"""Steps of a journey that can be tried: a page has every choice's timeline, dozens of entries for each step."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time to choose, on the clock of the company's zone."""

    key: str
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber to choose; ``variants`` lead from an A/B test's step to the variant that is taken."""

    key: str
    label: str
    who: Subscriber
    variants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Played:
    """What follows from the event's data as it is, which is what is counted, and from what others may see of it."""

    timeline: Timeline
    shown: Timeline


@dataclass(frozen=True, slots=True)
class JourneyTrial:
    """What can be chosen for a journey. ``program`` has this journey alone, taken to be active.

    ``event`` is the id of the event type that starts it, ``samples`` lead from a sample's name to what it carries.
    """

    journey: str
    event: str
    status: str
    program: Program
    samples: Mapping[str, Carried]
    moments: tuple[Moment, ...]
    people: tuple[Person, ...]

    def choices(self) -> Iterator[tuple[str, Moment, Person]]:
        """Every combination of what is offered, the person changing fastest, the sample slowest."""
        return product(self.samples, self.moments, self.people)

    def offered(self, sample: str, when: str, who: str) -> Played:
        """What follows from one of the choices, by their keys. Raises ``UsageError`` where there is no such choice."""
        at = next((choice.at for choice in self.moments if choice.key == when), None)
        person = next((choice for choice in self.people if choice.key == who), None)
        if at is None or person is None:
            raise UsageError("there is no such choice any longer", "load the page again")
        return self._play(sample, self.placed(at), person.who, person.variants)

    def placed(self, at: datetime) -> datetime:
        """One of the times that are offered, on the company's clock."""
        return at.replace(tzinfo=zone(self.program.time_zone))

    def at_any_time(self, sample: str, at: str, body: Body) -> Played:
        """What follows for any time and any subscriber, as a ``JourneyTest`` has it. Raises ``UsageError``."""
        if not at or is_duration(at):
            raise UsageError(f"`{at}` is not a time", "write it as 2026-05-10 21:30, or with an offset")
        if not is_zone(body.get("time_zone", "UTC")):
            raise UsageError(f"`{body['time_zone']}` is not a time zone", "write an IANA name such as America/New_York")
        try:
            who = subscriber(body, self.program.time_zone)
            when = moment(at, zone_of(who, self.program.time_zone)[0])
        except MomentError as error:
            raise UsageError(error.message, error.hint) from error
        return self._play(sample, when, who, {})

    def _play(self, sample: str, at: datetime, who: Subscriber, variants: Mapping[str, str]) -> Played:
        if sample not in self.samples:
            raise UsageError(f"there is no sample `{sample}`", f"its samples: {', '.join(self.samples)}")
        carried = self.samples[sample]
        played = self.timeline(carried.data, at, who, variants)
        hidden = carried.shown is not carried.data
        return Played(played, self.timeline(carried.shown, at, who, variants) if hidden else played)

    def timeline(self, data: Body, at: datetime, who: Subscriber, variants: Mapping[str, str]) -> Timeline:
        """What follows from an event that carries this."""
        event = Event(at.astimezone(UTC), self.event, data)
        return simulate(self.program, who, [event], variants=variants)


def trials(project: Project, composer: Mapping[str, Mapping[str, str]]) -> Mapping[str, JourneyTrial]:
    """What can be tried of each journey, by address; each is made when it is looked at.

    ``composer`` has the composer text of each message that can be shown, by its id and its parts. A journey with
    another message, with a trigger that isn't declared, or of more than ``MOST_STEPS`` has nothing to try.
    """
    offered = {each.address: each for each in project.all(Journey) if _can_be_tried(each, project, composer)}
    return _Trials(project, composer, offered)


def _can_be_tried(journey: Journey, project: Project, composer: Mapping[str, Mapping[str, str]]) -> bool:
    steps = [placed.step for placed in walk(journey)]
    declared = project.find(EventType, journey.trigger) is not None
    return declared and len(steps) <= MOST_STEPS and _sent(steps) <= composer.keys()


def _sent(steps: Iterable[Step]) -> set[str]:
    return {step.message for step in steps if isinstance(step, SendStep)}


@dataclass(slots=True, eq=False)
class _Trials(Mapping[str, JourneyTrial]):
    """The trials of the journeys that have one, by address: a process that plays some of them makes no others."""

    project: Project
    composer: Mapping[str, Mapping[str, str]]
    journeys: Mapping[str, Journey]
    _made: dict[str, JourneyTrial] = field(default_factory=dict)
    _empty: Program | None = None

    def __getitem__(self, address: str) -> JourneyTrial:
        if address not in self._made:
            self._made[address] = self._trial(self.journeys[address])
        return self._made[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self.journeys)

    def __len__(self) -> int:
        return len(self.journeys)

    def _trial(self, journey: Journey) -> JourneyTrial:
        """What can be tried of one journey."""
        project, event = self.project, self.project.find(EventType, journey.trigger)
        assert event is not None
        if self._empty is None:
            self._empty = program_of(project, (), {})
        program = replace(
            self._empty,
            journeys={journey.trigger: (journey,)},
            messages={name: self._words(name) for name in sorted(_sent(placed.step for placed in walk(journey)))},
            active=frozenset({journey.id}),
        )
        return JourneyTrial(
            journey.id,
            event.id,
            journey.status,
            program,
            {
                sample.name: Carried(sample.data, masked(event, project, sample.data))
                for sample in samples_of(event, project)
            },
            tuple(_moments(program.assumptions, program.time_zone)),
            tuple(_people(journey, project)),
        )

    def _words(self, name: str) -> Words:
        message = self.project.find(Message, name)
        assert message is not None
        return words_of(MessageReading(message, self.project), self.composer[name])


def _moments(assumed: Assumptions, company: str) -> Iterator[Moment]:
    begin, end = (datetime.combine(WEDNESDAY, clock) for clock in assumed.quiet_hours)
    length = (end - begin) % timedelta(days=1)
    times = {"noon": WEDNESDAY, "weekend": WEDNESDAY + timedelta(days=3)}
    if length:
        times = {"noon": WEDNESDAY, "night": begin + min(_LATE, length / 2), "weekend": times["weekend"]}
    where = zone(company)
    for key, at in times.items():
        hushed = quiet(at.replace(tzinfo=where), where, assumed.quiet_hours)
        yield Moment(key, f"{at:%A} {at:%H:%M}{', in quiet hours' if hushed else ''}", at)


_BOTH = {"phone": PHONE, "email": EMAIL}


def _people(journey: Journey, project: Project) -> Iterator[Person]:
    """The subscribers of every journey, then those whom its own branches and A/B tests tell apart."""
    company = project.settings.time_zone

    def person(key: str, label: str, body: Body, variants: Mapping[str, str] | None = None) -> Person:
        return Person(key, label, subscriber({"time_zone": company, **body}, company), variants or {})

    agreed = _subscribed("transactional")
    text, email = Channel.TEXT.value, Channel.EMAIL.value
    yield person("both", "Phone and email", {**_BOTH, "subscriptions": agreed})
    yield person("text", "Phone only", {"phone": PHONE, "subscriptions": {text: agreed[text]}})
    yield person("email", "Email only", {"email": EMAIL, "subscriptions": {email: agreed[email]}})
    yield person("neither", "Opted out", {**_BOTH, "subscriptions": {}})
    yield person("promotional", "Promotional too", {**_BOTH, "subscriptions": _subscribed("both")})
    own = (*_of_branches(journey, project), *_of_tests(journey))
    for key, label, body, variants in own[:_FEW]:
        yield person(key, label, {**_BOTH, "subscriptions": _subscribed("both"), **body}, variants)


def _subscribed(words: str) -> dict[str, list[str]]:
    categories = [category.value for category in SUBSCRIBED[words]]
    return {channel.value: categories for channel in Channel}


_Own = tuple[str, str, "Body", "Mapping[str, str]"]


def _of_branches(journey: Journey, project: Project) -> Iterator[_Own]:
    """One subscriber for each condition that someone can meet; a product is the event's, and has none here."""
    lanes = (lane for placed in walk(journey) if isinstance(placed.step, BranchStep) for lane in placed.step.lanes)
    for dimension, value in dict.fromkeys(_condition(lane.condition) for lane in lanes if lane.condition):
        key = f"{dimension}:{value}"
        match dimension:
            case "segment":
                segment = project.find(Segment, value)
                yield key, f"In “{segment.name if segment else value}”", {"segments": [value]}, {}
            case "action":
                yield key, value.replace("_", " ").capitalize(), {"actions": [value]}, {}
            case "device" | "os":
                yield key, value, {dimension: value}, {}


def _condition(condition: Body) -> tuple[str, str]:
    return next((name, str(value)) for name, value in condition.items() if not name.startswith("x-"))


def _of_tests(journey: Journey) -> Iterator[_Own]:
    for step in (placed.step for placed in walk(journey)):
        if isinstance(step, SplitStep):
            for lane in step.lanes:
                yield f"variant:{step.id}:{lane.name}", f"Variant “{lane.name}”", {}, {step.id: lane.name}

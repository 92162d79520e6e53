"""The simulation itself: one subscriber, what happens, and every journey that it sets off, on a virtual clock.

Everything that is due waits in one queue, in the order of time. What is due at one moment is in a fixed order as well:
first what happens, as it was given; then queued messages; then who goes on in a journey, by event, journey and step. So
the same input gives the same timeline.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from deployer.dataclass import dataclass
from deployer.kinds.journey import BranchStep, Journey, SendStep, SplitStep, WaitStep
from deployer.simulation import rules, sending, waiting
from deployer.simulation.people import Category, Event, Happening, Subscriber, SubscriberChange
from deployer.simulation.pricing import cost
from deployer.simulation.timeline import (
    AnyEntry,
    Because,
    Branches,
    Changed,
    Ended,
    Entered,
    NotEntered,
    NotSent,
    Queued,
    Reason,
    Received,
    Sent,
    Timeline,
    Varies,
    Waits,
)
from deployer.simulation.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from deployer.kinds.channels import Channel
    from deployer.kinds.journey.model import Step
    from deployer.simulation.programs import Outline, Program

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def simulate(
    program: Program,
    person: Subscriber,
    happenings: Iterable[Happening],
    *,
    seed: int = 0,
    variants: Mapping[str, str] | None = None,
) -> Timeline:
    """Everything that follows from what happens to one subscriber.

    ``seed`` decides which variant of an A/B test the person gets, unless ``variants`` says so by the step's id. The
    times of what happens must be in UTC.
    """
    run = Simulation(program, person, seed=seed, variants=variants or {})
    for happening_now in sorted(happenings, key=lambda happening: happening.at):
        run.happens(happening_now)
    entries = run.until(None)
    where, known_from = zone_of(person, program.time_zone)
    return Timeline(person, where.key, known_from, seed, entries)


class _Order(NamedTuple):
    """What comes first of what is due: by time, then what happens, queued messages, who goes on."""

    at: datetime
    rank: int
    event: int
    journey: str = ""
    step: int = 0


_HAPPENS, _QUEUED, _GOES_ON = range(3)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One time that the subscriber is in a journey; ``event`` has the number ``number``."""

    journey: Journey
    event: Event
    number: int
    outline: Outline


class _Here(TypedDict):
    """What an entry at a step begins with."""

    at: datetime
    event: int
    journey: str
    step: str


@dataclass
class Simulation:
    """A simulation that goes on: what happens can be given as it happens, and time is moved by the caller."""

    program: Program
    person: Subscriber
    seed: int = 0
    variants: Mapping[str, str] = field(default_factory=dict)
    now: datetime = _LONG_AGO
    _due: list[tuple[_Order, Callable[[], None]]] = field(default_factory=list, repr=False)
    _entries: list[AnyEntry] = field(default_factory=list, repr=False)
    _log: list[sending.Message] = field(default_factory=list, repr=False)
    _received: set[Channel] = field(default_factory=set, repr=False)
    _inside: Counter[str] = field(default_factory=Counter, repr=False)
    _entered: dict[str, datetime] = field(default_factory=dict, repr=False)
    _left: dict[str, datetime] = field(default_factory=dict, repr=False)
    _happened: int = field(default=0, repr=False)

    def happens(self, what: Happening) -> None:
        """Let something happen, at its time. It must not lie before what was simulated already (``ValueError``)."""
        if what.at < self.now:
            raise ValueError(f"{what.at} is past: the simulation is at {self.now}")
        number = self._happened
        self._happened += 1
        happen = self._receive if isinstance(what, Event) else self._change
        heapq.heappush(self._due, (_Order(what.at, _HAPPENS, number), lambda: happen(what, number)))  # type: ignore[arg-type]  # each for its type

    def until(self, limit: datetime | None) -> tuple[AnyEntry, ...]:
        """Move time on to ``limit`` (``None``: until nothing is due), and give what was new on the way."""
        while self._due and (limit is None or self._due[0][0].at <= limit):
            order, do = heapq.heappop(self._due)
            self.now = order.at
            do()
        if limit is not None:
            self.now = max(self.now, limit)
        entries = tuple(self._entries)
        self._entries.clear()
        return entries

    @property
    def next_due(self) -> datetime | None:
        """When something happens next; ``None``: nothing is due."""
        return self._due[0][0].at if self._due else None

    # what happens

    def _change(self, change: SubscriberChange, number: int) -> None:
        del number
        self.person = change.applied(self.person)
        self._entries.append(Changed(at=self.now, change=change))

    def _receive(self, event: Event, number: int) -> None:
        self._entries.append(Received(at=self.now, event=number, what=event))
        journeys = self.program.journeys.get(event.type, ())
        if not journeys:
            because = Because("no journey has this event as its trigger", reason=Reason.NO_JOURNEY)
            self._entries.append(NotEntered(at=self.now, event=number, because=because))
        for journey in sorted(journeys, key=lambda journey: journey.id):
            self._enter(_Visit(journey, event, number, self.program.outline(journey)))

    def _enter(self, visit: _Visit) -> None:
        journey, number = visit.journey, visit.number
        past = rules.Past(self._inside[journey.id], self._entered.get(journey.id), self._left.get(journey.id))
        because = rules.entry(visit.outline, visit.event, self.person, past, self.program)
        if because.reason is not None:
            self._entries.append(NotEntered(at=self.now, event=number, journey=journey.id, because=because))
            return
        self._entries.append(Entered(at=self.now, event=number, journey=journey.id, because=because))
        self._inside[journey.id] += 1
        self._entered[journey.id] = self.now
        self._go_on(visit, self._steps(visit, journey.steps, Category(journey.category)))

    # a journey's steps

    def _go_on(self, visit: _Visit, way: Iterator[tuple[datetime, str]]) -> None:
        """Take steps until one has to wait; it says until when, and where."""
        paused = next(way, None)
        if paused is None:
            self._leave(visit)
            return
        at, step = paused
        order = _Order(at, _GOES_ON, visit.number, visit.journey.id, visit.outline.places[step])
        heapq.heappush(self._due, (order, lambda: self._go_on(visit, way)))

    def _leave(self, visit: _Visit) -> None:
        self._inside[visit.journey.id] -= 1
        self._left[visit.journey.id] = self.now
        self._entries.append(Ended(at=self.now, event=visit.number, journey=visit.journey.id))

    def _steps(self, visit: _Visit, steps: Iterable[Step], category: Category) -> Iterator[tuple[datetime, str]]:
        for step in steps:
            match step:
                case WaitStep():
                    yield self._wait(visit, step), step.id
                case SendStep():
                    yield from self._send(visit, step, category)
                case BranchStep():
                    lane = step.lanes[self._branch(visit, step)]
                    yield from self._steps(visit, lane.steps, rules.category_in(lane, category))
                case SplitStep():
                    yield from self._steps(visit, step.lanes[self._vary(visit, step)].steps, category)

    def _wait(self, visit: _Visit, step: WaitStep) -> datetime:
        until, because = waiting.ends(step, self.now, self.person, self.program)
        self._entries.append(Waits(**self._here(visit, step), until=until, because=because))
        return until

    def _branch(self, visit: _Visit, step: BranchStep) -> int:
        done = rules.done(self.person, self.now, self._received)
        number, because = rules.matching(step.lanes, self.person, visit.event, done, self.program.assumptions)
        lane = step.lanes[number].name
        self._entries.append(Branches(**self._here(visit, step), lane=lane, number=number, because=because))
        return number

    def _vary(self, visit: _Visit, step: SplitStep) -> int:
        wish = self.variants.get(step.id)
        number = next((number for number, lane in enumerate(step.lanes) if lane.name == wish), None)
        because = Because("chosen for this simulation")
        if number is None:
            number, because = rules.drawn(step, self.person.key, visit.journey.id, self.seed)
        variant = step.lanes[number].name
        self._entries.append(Varies(**self._here(visit, step), variant=variant, number=number, because=because))
        return number

    # messages

    def _send(self, visit: _Visit, step: SendStep, category: Category) -> Iterator[tuple[datetime, str]]:
        until, because = sending.queue(step, category, self.now, self.person, self.program)
        unreachable = rules.reachable(self.person, category, step.channel)
        if until is None or unreachable:
            self._deliver(visit, step, category, Because("") if unreachable else because)
            return
        self._entries.append(Queued(**self._here(visit, step), message=step.message, until=until, because=because))
        if self.program.assumptions.queued_subscriber == "waits":
            yield until, step.id
            self._deliver(visit, step, category, Because(""))
            return
        order = _Order(until, _QUEUED, visit.number, visit.journey.id, visit.outline.places[step.id])
        heapq.heappush(self._due, (order, lambda: self._deliver(visit, step, category, Because(""))))

    def _deliver(self, visit: _Visit, step: SendStep, category: Category, so_far: Because) -> None:
        """Send a message, or not; ``so_far`` is why it isn't queued."""
        outcome = sending.outcome(step, category, visit.event, self.now, self.person, self._log, self.program)
        because = Because(outcome.because.words, so_far.assumed + outcome.because.assumed, outcome.because.reason)
        if outcome.reading is None:
            self._entries.append(
                NotSent(**self._here(visit, step), message=step.message, channel=step.channel, because=because)
            )
            return
        channel = step.channel
        self._log.append(sending.Message(self.now, channel, category))
        self._received.add(channel)
        self._entries.append(
            Sent(
                **self._here(visit, step),
                message=step.message,
                channel=channel,
                to=self.person.address(channel),
                because=because,
                reads=outcome.reading.reads,
                shown=outcome.reading.shown,
                segments=outcome.reading.segments,
                picture=outcome.reading.picture,
                holes=outcome.reading.holes,
                fault=outcome.reading.fault,
                cost=cost(channel, outcome.reading.segments, self.program.prices, picture=outcome.reading.picture),
            )
        )

    def _here(self, visit: _Visit, step: Step) -> _Here:
        return {"at": self.now, "event": visit.number, "journey": visit.journey.id, "step": step.id}

"""Simulating one event of a project: which journeys it starts, and what one subscriber gets from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deployer.contracts import prepare
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey, SplitStep, walk
from deployer.simulation import (
    SUBSCRIBED,
    Channel,
    Event,
    MomentError,
    Program,
    Timeline,
    UnknownSampleError,
    duration,
    moment,
    program,
    samples,
    simulate,
    subscriber,
    twice,
    zone_of,
)
from deployer.source import Gate, near_or_few, schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from deployer.project import Project
    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class Scene:
    """What is simulated.

    ``sample`` or ``data`` is what the event carries (neither: the usual sample); ``at`` is when Attentive gets it
    (empty: ``now``), ``age`` how long it was on its way. ``subscriber`` is as in a ``JourneyTest``; ``variants`` lead
    from an A/B test's step to its variant. ``active``: the journeys are taken to be active, whatever their status.
    """

    now: datetime
    sample: str = ""
    data: Mapping[str, Any] | None = None
    at: str = ""
    age: str = ""
    subscriber: Body | None = None
    variants: Mapping[str, str] | None = None
    seed: int = 0
    active: bool = False


@dataclass(frozen=True, slots=True)
class Simulated:
    """A timeline with the program that it is of. ``event`` is the event type's id; ``sample`` may be empty.

    ``twice``: what the scene's time means and how the other one is written, where a clock shows it twice.
    """

    program: Program
    timeline: Timeline
    event: str
    sample: str
    twice: tuple[str, str] | None = None


def simulate_event(project: Project, name: str, scene: Scene) -> Simulated:
    """Simulate an event (by its id or name) with every journey that it starts, or one journey (by its id).

    An address such as ``event_type.order_shipped`` says which of the two is meant; a bare id is a journey's first.
    Raises ``UsageError``, ``PayloadError`` for data that isn't what is declared, ``CompileError`` (messages) and
    ``FileProblem`` (source).
    """
    event, journeys = _meant(project, name)
    chosen = program(project)
    if journeys:
        chosen = chosen.only(journeys)
    if scene.active:
        chosen = chosen.with_active([journey.id for journey in chosen.journeys.get(event.id, ())])
    _check_variants(chosen.journeys.get(event.id, ()), scene.variants or {})
    occurred = None
    if scene.data is not None:
        outgoing = prepare(project, event, scene.data)
        data, occurred = outgoing.properties, outgoing.occurred_at
    try:
        person = subscriber(scene.subscriber or {}, chosen.time_zone)
        clock, _ = zone_of(person, chosen.time_zone)
        at = moment(scene.at, clock, scene.now) if scene.at else scene.now
        if scene.data is None:
            data = samples(project)(event.id, scene.sample)
    except (MomentError, UnknownSampleError) as error:
        raise UsageError(error.message, error.hint) from error
    happens = Event(at.astimezone(UTC), event.id, data, at - duration(scene.age) if scene.age else occurred)
    timeline = simulate(chosen, person, [happens], seed=scene.seed, variants=scene.variants)
    return Simulated(chosen, timeline, event.id, scene.sample, twice(scene.at, clock))


def needed(project: Project, name: str) -> tuple[str, ...]:
    """The addresses of a journey, or of an event and all that it starts, in a project that may have errors.

    None where it can't be known which are meant.
    """
    kind, _, identifier = name.rpartition(".")
    if kind in {"", "journey"} and project.find(Journey, identifier) is not None:
        return (f"journey.{identifier}",)
    event = project.find(EventType, identifier) if kind in {"", "event_type"} else None
    events = [event] if event else [event_type for event_type in project.all(EventType) if event_type.name == name]
    return started_by(project, [event_type.id for event_type in events])


def started_by(project: Project, events: Collection[str]) -> tuple[str, ...]:
    """The addresses of event types and of all journeys that they start; none where a journey's trigger isn't known."""
    journeys = project.all(Journey)
    read = {journey.address for journey in journeys}
    unread = any(address.startswith("journey.") and address not in read for address in project.broken)
    if "journey" in project.unread or unread or any(_starts_by_unknown(project, journey) for journey in journeys):
        return ()
    started = [journey.address for journey in journeys if journey.trigger in events]
    return (*(f"event_type.{event}" for event in events), *started)


def _starts_by_unknown(project: Project, journey: Journey) -> bool:
    unread = project.resources[journey.address].is_unread(("trigger",))
    return unread or project.find(EventType, journey.trigger) is None


def _check_variants(journeys: Iterable[Journey], variants: Mapping[str, str]) -> None:
    """Refuse the choice of a variant that no A/B test of the journeys has."""
    steps = [placed.step for journey in journeys for placed in walk(journey)]
    known = {(step.id, lane.name) for step in steps if isinstance(step, SplitStep) for lane in step.lanes}
    for step, name in variants.items():
        if (step, name) not in known:
            listed = ", ".join(f"{step}={variant}" for step, variant in sorted(known)) or "none"
            raise UsageError(f"no A/B test `{step}` with a variant “{name}” is started", f"there are: {listed}")


def _meant(project: Project, name: str) -> tuple[EventType, tuple[str, ...]]:
    """The event that is simulated, and the journeys that are (none: all that it starts)."""
    kind, _, identifier = name.rpartition(".")
    journey = project.find(Journey, identifier) if kind in {"", "journey"} else None
    if journey is not None:
        event = project.find(EventType, journey.trigger)
        assert event is not None  # a checked project has every trigger
        return event, (journey.id,)
    event = project.find(EventType, identifier) if kind in {"", "event_type"} else None
    event = event or next((event_type for event_type in project.all(EventType) if event_type.name == name), None)
    if event is None:
        known = [model.id for model in (*project.all(Journey), *project.all(EventType))]
        raise UsageError(f"there is no journey and no event type `{name}`", near_or_few(identifier, known))
    return event, ()


def checked_subscriber(body: Any, where: str) -> Body:
    """Accept a subscriber as ``JourneyTest`` has it; raises ``UsageError`` that names ``where`` it came from."""
    described = schema("journey_test")
    gate = Gate.of({**described["properties"]["subscriber"], "$defs": described["$defs"]})
    for violation in gate.violations(body):
        place = "".join(f".{part}" for part in violation.pointer)
        raise UsageError(f"{where}{place}: {violation.message}", violation.hint or "see docs/kinds/journey_test.md")
    assert isinstance(body, dict)
    return body


def subscriptions_named(words: str) -> Body:
    """What someone is subscribed to, as YAML has it; ``words`` are one of ``SUBSCRIBED``."""
    categories = [category.value for category in SUBSCRIBED[words]]
    return {channel.value: categories for channel in Channel}

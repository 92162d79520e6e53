"""What a simulation runs on: journeys, the composer text of their messages, and a project's assumptions."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.event_type import EventType, has_personal
from deployer.kinds.journey import BranchStep, Journey, SendStep, walk
from deployer.kinds.message import Message, MessageReading
from deployer.simulation.assuming import Assumptions, assumptions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from deployer.kinds.base import Scope
    from deployer.kinds.channels import Channel
    from deployer.messages import Additions, Mask
    from deployer.source.settings import Prices


@dataclass(frozen=True, slots=True)
class Words:
    """A message with the composer text of each of its parts, and what Attentive adds (``None``: nothing).

    ``mask`` hides an event's personal data from others (``None``: there is nothing to hide).
    """

    message: Message
    parts: Mapping[str, str]
    added: Additions | None = None
    mask: Mask | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Outline:
    """A journey, and what is looked up in it again and again.

    ``places`` are the places of its steps from the top, by their ids; ``channels`` those of its messages, each once;
    ``on_subscription``: a branch looks at the subscription type.
    """

    journey: Journey
    places: Mapping[str, int]
    channels: tuple[Channel, ...]
    on_subscription: bool

    @classmethod
    def of(cls, journey: Journey) -> Outline:
        """Look a journey through."""
        steps = [placed.step for placed in walk(journey)]
        return cls(
            journey,
            {step.id: number for number, step in enumerate(steps)},
            tuple(dict.fromkeys(step.channel for step in steps if isinstance(step, SendStep))),
            any(isinstance(step, BranchStep) and _on_subscription(step) for step in steps),
        )


def _on_subscription(step: BranchStep) -> bool:
    return any(lane.condition is not None and "subscription" in lane.condition for lane in step.lanes)


@dataclass(frozen=True)
class Program:
    """A transactional program as Attentive would run it.

    ``journeys`` are by trigger, ``messages`` by id. ``events`` lead from an event type's id to its name at Attentive.
    ``time_zone`` is the company's. ``active`` are ids of journeys that are taken to be active whatever their status
    says. ``prices`` are what the brand pays for messages.
    """

    journeys: Mapping[str, tuple[Journey, ...]]
    messages: Mapping[str, Words]
    events: Mapping[str, str]
    time_zone: str
    assumptions: Assumptions
    active: frozenset[str] = field(default=frozenset())
    prices: Prices | None = None
    _outlines: dict[str, Outline] = field(default_factory=dict, init=False, compare=False, repr=False)

    def outline(self, journey: Journey) -> Outline:
        """One of the journeys, looked through once: one person after the other goes through it."""
        known = self._outlines.get(journey.id)
        if known is None or known.journey is not journey:
            known = self._outlines[journey.id] = Outline.of(journey)
        return known

    def with_active(self, journeys: Collection[str]) -> Program:
        """The same where these journeys are active."""
        return replace(self, active=self.active | frozenset(journeys)) if journeys else self

    def only(self, journeys: Collection[str]) -> Program:
        """The same with no other journeys than these."""
        kept = {
            trigger: tuple(journey for journey in triggered if journey.id in journeys)
            for trigger, triggered in self.journeys.items()
        }
        return replace(self, journeys={trigger: journeys for trigger, journeys in kept.items() if journeys})


def program(scope: Scope) -> Program:
    """Take what is declared for one environment.

    Raises ``CompileError`` (messages) or ``FileProblem`` (source) where the words of a message can't be composed.
    """
    return program_of(scope, scope.all(Journey), {message.id: _words(message, scope) for message in scope.all(Message)})


def program_of(scope: Scope, journeys: Iterable[Journey], messages: Mapping[str, Words]) -> Program:
    """Take some journeys of an environment, with the messages that they send by their ids."""
    by_event: dict[str, tuple[Journey, ...]] = {}
    for journey in journeys:
        by_event[journey.trigger] = (*by_event.get(journey.trigger, ()), journey)
    settings = scope.settings
    return Program(
        by_event,
        messages,
        {event_type.id: event_type.name for event_type in scope.all(EventType)},
        settings.time_zone,
        assumptions(settings.assumptions),
        prices=scope.environment.prices,
    )


def _words(message: Message, scope: Scope) -> Words:
    reading = MessageReading(message, scope)
    return words_of(reading, {part: composed.text for part, composed in reading.composed.items()})


def words_of(reading: MessageReading, parts: Mapping[str, str]) -> Words:
    """A message with composer texts that were made already, by its parts."""
    hides = reading.event is not None and has_personal(reading.event, reading.scope)
    return Words(reading.message, parts, reading.additions, reading.mask if hides else None)

"""``JourneyTest``: what must follow when events happen to a subscriber. It is run, never applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.kinds.base import Model, Reference
from deployer.kinds.defaults import Defaults, common

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.source import Body, Pointer

__all__ = ["KIND", "JourneyTest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyTest(Model):
    """A test of journeys on a virtual clock.

    ``subscriber``, ``events`` and ``expect`` are as declared (``schemas/journey_test.schema.json``); the simulation
    reads them. ``active`` are journeys that are taken to be active; ``variants`` lead from an A/B test's step to the
    variant that is taken. ``only``: what happens and isn't expected is a failure.
    """

    start: str
    subscriber: Body
    events: tuple[Body, ...]
    expect: tuple[Body, ...]
    active: tuple[str, ...] = ()
    variants: Mapping[str, str]
    seed: int = 0
    only: bool = True

    @property
    def triggers(self) -> tuple[str, ...]:
        """The ids of the event types that happen, each once."""
        return tuple(dict.fromkeys(event["event"] for event in self.events if "event" in event))


class JourneyTestKind(Defaults):
    """Tests come last: they are about everything else."""

    name = "JourneyTest"
    snake = "journey_test"
    model = JourneyTest
    rank = 50

    def parse(self, address: str, id: str, body: Body) -> JourneyTest:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return JourneyTest(
            **common(address, id, body),
            start=body["start"],
            subscriber=body.get("subscriber", {}),
            events=tuple(body["events"]),
            expect=tuple(body["expect"]),
            active=tuple(body.get("active", ())),
            variants=body.get("variants", {}),
            seed=body.get("seed", 0),
            only=body.get("only", True),
        )

    def references(self, model: JourneyTest) -> Iterable[Reference]:
        """The events that happen, the segments that the subscriber is in, the messages and journeys that are named."""
        for index, segment in enumerate(model.subscriber.get("segments", ())):
            yield Reference(f"segment.{segment}", ("subscriber", "segments", index))
        for index, journey in enumerate(model.active):
            yield Reference(f"journey.{journey}", ("active", index))
        for index, event in enumerate(model.events):
            yield from _event(event, ("events", index))
        for index, expectation in enumerate(model.expect):
            yield from _expectation(expectation, ("expect", index))


def _event(event: Body, here: Pointer) -> Iterator[Reference]:
    if "event" in event:
        yield Reference(f"event_type.{event['event']}", (*here, "event"))
    for number, segment in enumerate(event.get("change", {}).get("segments", ())):
        yield Reference(f"segment.{segment}", (*here, "change", "segments", number))


def _expectation(expectation: Body, here: Pointer) -> Iterator[Reference]:
    for what, body in expectation.items():
        if what.startswith("x-"):
            continue
        for field in ("message", "journey"):
            if field in body:
                yield Reference(f"{field}.{body[field]}", (*here, what, field))


KIND = JourneyTestKind()

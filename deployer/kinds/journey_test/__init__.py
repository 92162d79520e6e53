"""``JourneyTest``: what must follow when events happen to a subscriber. It is run, never applied."""

from __future__ import annotations

import copy
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.base import Model, Reference
from deployer.kinds.defaults import Defaults, common, with_stand_ins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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


_PARTS = ("subscriber", "events", "expect")
"""The fields whose values are read one by one."""

_NOTHING: Mapping[str, Body] = {"events": {"change": {}}, "expect": {"exit": {}}}
"""What is read in place of an item with a mistake."""


class JourneyTestKind(Defaults):
    """Tests come last: they are about everything else."""

    name = "JourneyTest"
    snake = "journey_test"
    model = JourneyTest
    rank = 50
    stand_ins = MappingProxyType(
        {
            "start": "2026-01-05 12:00",
            "active": (),
            "subscriber": {},
            "events": (),
            "variants": {},
            "seed": 0,
            "only": True,
            "expect": (),
        }
    )

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

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[JourneyTest, Body] | None:
        """The test without the values that have mistakes; what needs them happens to no one and expects nothing."""
        inner = [pointer for pointer in mistakes if len(pointer) > 1 and pointer[0] in _PARTS]
        others = [pointer for pointer in mistakes if pointer not in inner]
        rest = with_stand_ins(self, _without(body, inner), others)
        return None if rest is None else (self.parse(address, id, rest), rest)

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


def _without(body: Body, mistakes: Sequence[Pointer]) -> Body:
    """The body without these values, each within one of its parts."""
    kept: Any = copy.deepcopy(dict(body))
    for part, place, *way in mistakes:
        if part == "subscriber":
            kept[part].pop(place, None)
        elif not _taken_out(kept[part][place], way):
            kept[part][place] = _NOTHING[str(part)]
    return dict(kept)


def _taken_out(item: Any, way: Sequence[str | int]) -> bool:
    """Whether an item of a list means something without the field with the mistake, which is taken out of it."""
    match way:
        case ["at" | "sample" | "data", *_]:
            item.pop(way[0], None)
        case ["sent" | "not_sent" | "not_entered" | "branch" | "variant" | "exit" as what, field, *_]:
            item[what].pop(field, None)
        case _:
            return False
    return True


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

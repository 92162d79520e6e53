"""``Journey``: what happens after an event, built by a person at Attentive, confirmed task by task."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Fields, Instruction, Reference, Scope, UniqueName, Unit, Wanted
from deployer.kinds.defaults import Defaults, with_stand_ins
from deployer.kinds.journey.instructions import instruct
from deployer.kinds.journey.live import LiveText, Running, reads, running
from deployer.kinds.journey.mentions import mentions
from deployer.kinds.journey.model import BranchStep, Journey, Lane, Placed, SendStep, SplitStep, WaitStep, parse, walk
from deployer.kinds.journey.readable import readable_steps
from deployer.kinds.journey.shapes import RECORDED
from deployer.kinds.journey.units import observed, off, removal, units
from deployer.kinds.values import Switch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from deployer.kinds.values import Mention
    from deployer.source import Body, Pointer

__all__ = [
    "KIND",
    "BranchStep",
    "Journey",
    "Lane",
    "LiveText",
    "Placed",
    "Running",
    "SendStep",
    "SplitStep",
    "WaitStep",
    "running",
    "walk",
]


class JourneyPerson:
    """The tasks of one journey."""

    reaches = "turn_on"
    switch: Switch | None = Switch("turn_on", "turn_off", off_as="status: inactive", pointer=("status",))
    irreversible = "a journey's trigger and category are fixed once it is created at Attentive"

    def units(self, model: Journey, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
        """Everything that should exist, given what exists."""
        return units(model, scope, existing)

    def removal(self, existing: Fields) -> tuple[Unit, ...]:
        """Turn it off."""
        return removal(existing)

    def reads(self, live: Fields, event: str, keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The keys that the live texts mention."""
        return reads(live, event, keys)

    def triggers(self, live: Fields) -> frozenset[str]:
        """The journey's trigger while it is on, and those of the former ones that still run."""
        return frozenset(version.trigger for version in running(live))

    def stop(self, existing: Fields) -> tuple[Unit, ...]:
        """Turn off the journey, and the former ones that still run."""
        return off(existing)

    def running(self, model: Journey) -> Journey:
        """Turned on."""
        return replace(model, status="active")

    def observed(self, live: Fields) -> Fields:
        """What is turned on is the version that was seen, and a test of another version proves nothing of it."""
        return observed(live)

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """The exact clicks for one task."""
        return instruct(key, before, value, context)


class JourneyKind(Defaults):
    """Journeys come last: everything they use comes before them."""

    name = "Journey"
    snake = "journey"
    model = Journey
    rank = 40
    launch_step = 4
    person = JourneyPerson()
    recorded = RECORDED
    stand_ins = MappingProxyType(
        {"name": "", "category": "", "trigger": "", "opt_in": (), "re_entry": {}, "status": "draft"}
    )

    def parse(self, address: str, id: str, body: Body) -> Journey:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return parse(address, id, body)

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[Journey, Body] | None:
        """The journey with steps that do nothing in place of those that have mistakes."""
        inner = [pointer for pointer in mistakes if len(pointer) > 1 and pointer[0] == "steps"]
        others = [pointer for pointer in mistakes if pointer not in inner]
        rest = with_stand_ins(self, {**body, "steps": readable_steps(body["steps"], inner)} if inner else body, others)
        return None if rest is None else (parse(address, id, rest), rest)

    def references(self, model: Journey) -> Iterable[Reference]:
        """Trigger, opt-in sources, messages, and the segments that it branches on."""
        yield Reference(f"event_type.{model.trigger}", ("trigger",))
        for index, source in enumerate(model.opt_in):
            yield Reference(f"opt_in_source.{source}", ("opt_in", index))
        for placed in walk(model):
            yield from _step_references(placed)

    def mentions(self, model: Journey, scope: Scope, path: str) -> Iterable[Mention]:
        """A field of a step's task is the step's own, or its message's."""
        return mentions(model, scope, path)

    def names(self, model: Journey) -> Iterable[UniqueName]:
        """Two journeys of one name can't be told apart in a task."""
        yield UniqueName("journey", model.name, ("name",))

    def wanted(self, model: Journey, scope: Scope) -> Wanted:
        """Everything about it is a person's work."""
        del scope
        return Wanted(model.address, self.name, "person", protect=model.protect)


def _step_references(placed: Placed) -> Iterable[Reference]:
    step, here = placed.step, placed.pointer
    if isinstance(step, SendStep):
        yield Reference(f"message.{step.message}", (*here, step.field, "message"))
    if isinstance(step, BranchStep):
        for number, lane in enumerate(step.lanes):
            if lane.condition and "segment" in lane.condition:
                pointer: Pointer = (*here, "branch", "cases", number, "when", "segment")
                yield Reference(f"segment.{lane.condition['segment']}", pointer)


KIND = JourneyKind()

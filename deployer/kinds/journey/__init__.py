"""``Journey``: what happens after an event, built by a person at Attentive, confirmed task by task."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.kinds.base import Reference, Scope, UniqueName, Wanted
from deployer.kinds.defaults import Defaults, with_stand_ins
from deployer.kinds.journey.model import BranchStep, Journey, Lane, Placed, SendStep, SplitStep, WaitStep, parse, walk
from deployer.kinds.journey.readable import readable_steps
from deployer.kinds.journey.shapes import RECORDED
from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.kinds.actions import PersonActions
    from deployer.kinds.journey.live import LiveText, Running, running
    from deployer.kinds.values import Mention
    from deployer.source import Body, Pointer

_MODULES = {"live": ("LiveText", "Running", "running")}

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


class JourneyKind(Defaults):
    """Journeys come last: everything they use comes before them."""

    name = "Journey"
    snake = "journey"
    model = Journey
    rank = 40
    launch_step = 4
    recorded = RECORDED
    stand_ins = MappingProxyType(
        {"name": "", "category": "", "trigger": "", "opt_in": (), "re_entry": {}, "status": "draft"}
    )

    @cached_property
    def person(self) -> PersonActions:
        """Its tasks."""
        from deployer.kinds.journey.person import JourneyPerson  # noqa: PLC0415 - a check needs no task's clicks

        return JourneyPerson()

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
        from deployer.kinds.journey.mentions import mentions  # noqa: PLC0415 - for the fields of a plan only

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

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)

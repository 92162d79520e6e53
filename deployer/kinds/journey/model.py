"""What a ``Journey`` declares: a trigger, settings, and a tree of steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.base import Model
from deployer.kinds.channels import Channel, facts
from deployer.kinds.defaults import common

if TYPE_CHECKING:
    from deployer.source import Body, Pointer


SENDS = "send."
"""What the key of a step that sends begins with."""


BOTH = {"subscription": "both"}
"""The condition for people with marketing and transactional subscriptions."""

UNREAD = {"subscription": ""}
"""What is read in place of a condition that has a mistake: whom it is for isn't known."""


@dataclass(frozen=True, slots=True)
class SendStep:
    """Send a message; the two toggles are Attentive's own and always explicit, since its pages disagree on defaults."""

    id: str
    channel: Channel
    message: str
    quiet_hours: str
    smart_sending: str

    @property
    def key(self) -> str:
        """The step's unit."""
        return f"{SENDS}{self.id}"

    @property
    def field(self) -> str:
        """The step's field in YAML, such as ``send_text``."""
        return facts(self.channel).step


@dataclass(frozen=True, slots=True)
class WaitStep:
    """Wait for a time, and where it says so only until a time of day or a day of the week."""

    id: str
    duration: str
    between: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The step's unit."""
        return f"wait.{self.id}"


@dataclass(frozen=True, slots=True)
class Lane:
    """One way out of a branch or a test: how it is told apart (``condition`` or ``share``), and its steps."""

    name: str
    steps: tuple[Step, ...]
    condition: Body | None = None
    share: float | None = None

    @property
    def to_all(self) -> bool:
        """Whether people take it who may be transactional subscribers only, as far as its condition can be read."""
        return self.condition not in (BOTH, UNREAD)


@dataclass(frozen=True, slots=True)
class BranchStep:
    """The left-most matching lane is taken; the last one, without a condition, is "else"."""

    id: str
    lanes: tuple[Lane, ...]

    @property
    def key(self) -> str:
        """The step's unit."""
        return f"branch.{self.id}"


@dataclass(frozen=True, slots=True)
class SplitStep:
    """An A/B test: each person goes down one variant, by share in percent."""

    id: str
    lanes: tuple[Lane, ...]

    @property
    def key(self) -> str:
        """The step's unit."""
        return f"ab_test.{self.id}"


Step: TypeAlias = SendStep | WaitStep | BranchStep | SplitStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey(Model):
    """A journey: ``trigger`` is an event type's id; category and trigger are fixed once it is built."""

    name: str
    category: str
    trigger: str
    status: str
    opt_in: tuple[str, ...]
    cooldown: str
    steps: tuple[Step, ...]
    _placed: list[tuple[Placed, ...]] = field(default_factory=list, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Way:
    """A lane that leads to a step: the id of the branch or test, and the lane's number from the left, from 0."""

    step: str
    number: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A step with its place.

    ``lanes`` are the lanes that lead to it in our words, ``ways`` the same as numbers; ``after`` is the id of the step
    above it in its lane, empty for the first; ``pointer`` is where the YAML declares it.
    """

    step: Step
    lanes: tuple[str, ...]
    ways: tuple[Way, ...]
    after: str
    pointer: Pointer


def walk(journey: Journey) -> tuple[Placed, ...]:
    """Every step of a journey, top to bottom, lanes left to right; found once, since a dozen rules ask."""
    found = journey._placed  # noqa: SLF001 - it is for this function
    if not found:
        found.append(tuple(_walk(journey.steps, (), (), ("steps",))))
    return found[0]


def _walk(steps: tuple[Step, ...], lanes: tuple[str, ...], ways: tuple[Way, ...], pointer: Pointer) -> Iterator[Placed]:
    after = ""
    for index, step in enumerate(steps):
        here = (*pointer, index)
        yield Placed(step, lanes, ways, after, here)
        if isinstance(step, BranchStep | SplitStep):
            for number, lane in enumerate(step.lanes):
                inside = _lane_pointer(step, number, here)
                yield from _walk(lane.steps, (*lanes, f"{step.id}: {lane.name}"), (*ways, Way(step.id, number)), inside)
        after = step.id


def _lane_pointer(step: BranchStep | SplitStep, number: int, here: Pointer) -> Pointer:
    if isinstance(step, SplitStep):
        return (*here, "ab_test", "variants", number, "steps")
    if step.lanes[number].condition is None:
        return (*here, "branch", "else")
    return (*here, "branch", "cases", number, "steps")


def parse(address: str, id: str, body: Body) -> Journey:  # noqa: A002 - the field's name in the file format
    """Build the model from a checked body."""
    return Journey(
        **common(address, id, body),
        name=body["name"],
        category=body["category"],
        trigger=body["trigger"],
        status=body.get("status", "draft"),
        opt_in=tuple(body.get("opt_in", ())),
        cooldown=body.get("re_entry", {}).get("cooldown", "none"),
        steps=_steps(body["steps"]),
    )


def _steps(items: list[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(_step(item) for item in items)


def _step(item: Mapping[str, Any]) -> Step:
    for channel in Channel:
        send = item.get(facts(channel).step)
        if send is not None:
            return SendStep(item["id"], channel, send["message"], send["quiet_hours"], send["smart_sending"])
    if "wait" in item:
        wait = item["wait"]
        return WaitStep(item["id"], wait["for"], tuple(wait.get("between", ())), tuple(wait.get("days", ())))
    if "branch" in item:
        cases = [Lane(describe(case["when"]), _steps(case["steps"]), case["when"]) for case in item["branch"]["cases"]]
        return BranchStep(item["id"], (*cases, Lane("else", _steps(item["branch"].get("else", [])))))
    variants = item["ab_test"]["variants"]
    return SplitStep(
        item["id"],
        tuple(Lane(variant["name"], _steps(variant["steps"]), share=variant["share"]) for variant in variants),
    )


def describe(when: Body) -> str:
    """A condition in short words, such as ``subscription both``."""
    [(dimension, value)] = when.items()
    if isinstance(value, Mapping):
        value = ", ".join(f"{name} {item}" for name, item in value.items())
    return f"{dimension} {str(value).replace('_', ' ')}"

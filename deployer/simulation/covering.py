"""What tests reach of journeys: steps, lanes, messages, and the reasons why something isn't sent or entered."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.journey import BranchStep, SendStep, SplitStep, WaitStep, walk
from deployer.simulation import rules
from deployer.simulation.people import Category
from deployer.simulation.timeline import AtStep, Branches, NotEntered, NotSent, Reason, Sent, Varies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from deployer.kinds.journey import Journey, Placed
    from deployer.simulation.programs import Program
    from deployer.simulation.timeline import AnyEntry
    from deployer.source import Pointer


class Part(StrEnum):
    """What a test can reach."""

    STEP = "step"
    LANE = "lane"
    MESSAGE = "message"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a test can reach. ``name`` tells it from others of its journey, such as ``who: else``."""

    journey: str
    part: Part
    name: str


@dataclass(frozen=True, slots=True)
class Located:
    """A target with its place in the journey's YAML."""

    target: Target
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every target of some journeys, and those that no test reached."""

    targets: tuple[Located, ...]
    missed: tuple[Located, ...]

    @property
    def percent(self) -> float:
        """How much of the targets was reached; all of nothing is 100."""
        return 100 * (len(self.targets) - len(self.missed)) / len(self.targets) if self.targets else 100.0


def coverage(program: Program, journeys: Iterable[Journey], seen: Collection[Target]) -> Coverage:
    """What of these journeys is among what was ``reached``."""
    all_targets = tuple(target for journey in journeys for target in targets(journey, program))
    return Coverage(all_targets, tuple(target for target in all_targets if target.target not in seen))


def targets(journey: Journey, program: Program) -> Iterator[Located]:
    """Everything of a journey that a test can reach, in the order of its steps."""
    for reason in _entry_reasons(journey):
        pointer: Pointer = ("re_entry",) if reason is Reason.COOLDOWN else ("opt_in",)
        yield Located(Target(journey.id, Part.REASON, f"not entered: {reason}"), pointer)
    waited = False
    for placed in walk(journey):
        step = placed.step
        yield Located(Target(journey.id, Part.STEP, step.id), placed.pointer)
        if isinstance(step, BranchStep | SplitStep):
            for number, lane in enumerate(step.lanes):
                yield Located(Target(journey.id, Part.LANE, f"{step.id}: {lane.name}"), _lane(placed, number))
        if isinstance(step, SendStep):
            yield Located(Target(journey.id, Part.MESSAGE, f"{step.id}: {step.message}"), placed.pointer)
            for reason in _send_reasons(journey, step, program, waited=waited):
                yield Located(Target(journey.id, Part.REASON, f"{step.id} not sent: {reason}"), placed.pointer)
        waited = waited or isinstance(step, WaitStep)


def _lane(placed: Placed, number: int) -> Pointer:
    step = placed.step
    if isinstance(step, SplitStep):
        return (*placed.pointer, "ab_test", "variants", number)
    assert isinstance(step, BranchStep)
    if step.lanes[number].condition is None:
        return (*placed.pointer, "branch", "else")
    return (*placed.pointer, "branch", "cases", number)


def _entry_reasons(journey: Journey) -> Iterator[Reason]:
    """Why this journey, unlike another, may not be entered."""
    channels = {step.channel for step in _sends(journey)}
    if channels and not any(rules.everyone(Category(journey.category), channel) for channel in channels):
        yield Reason.NOT_SUBSCRIBED
    if journey.cooldown != "none":
        yield Reason.COOLDOWN


def _send_reasons(journey: Journey, step: SendStep, program: Program, *, waited: bool) -> Iterator[Reason]:
    """Why this message, unlike another, may not be sent. ``waited``: someone here may have opted out meanwhile."""
    category, channel = Category(journey.category), step.channel
    everybody = rules.everyone(category, channel)
    others = {send.channel for send in _sends(journey)} - {channel}
    if not everybody and (waited or others):
        yield Reason.NOT_SUBSCRIBED
    if step.smart_sending == "respect" and rules.follows(step, category, program.assumptions, "smart_sending")[0]:
        yield Reason.SMART_SENDING
    words = program.messages.get(step.message)
    if rules.skips_gaps(channel) and not everybody and words and any("{{" in text for text in words.parts.values()):
        yield Reason.MISSING_VALUE


def _sends(journey: Journey) -> Iterator[SendStep]:
    return (placed.step for placed in walk(journey) if isinstance(placed.step, SendStep))


def reached(entry: AnyEntry) -> Iterator[Target]:
    """What an entry shows that was reached."""
    if isinstance(entry, NotEntered) and entry.journey:
        yield Target(entry.journey, Part.REASON, f"not entered: {entry.because.reason}")
    if isinstance(entry, AtStep):
        yield Target(entry.journey, Part.STEP, entry.step)
    match entry:
        case Branches():
            yield Target(entry.journey, Part.LANE, f"{entry.step}: {entry.lane}")
        case Varies():
            yield Target(entry.journey, Part.LANE, f"{entry.step}: {entry.variant}")
        case Sent():
            yield Target(entry.journey, Part.MESSAGE, f"{entry.step}: {entry.message}")
        case NotSent():
            yield Target(entry.journey, Part.REASON, f"{entry.step} not sent: {entry.because.reason}")

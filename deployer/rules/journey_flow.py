"""Rules about the way through a journey: steps that no one reaches, waits, and consent for marketing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.journey import BranchStep, Journey, SendStep, SplitStep, WaitStep, walk
from deployer.kinds.opt_in_source import OptInSource
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.kinds.journey.model import Step
    from deployer.rules.subject import Subject
    from deployer.source import Pointer

SUBSCRIPTIONS = frozenset({"both", "transactional_only"})
"""Every subscription that someone in a journey can have."""


@rule(
    "journey/never-reached",
    "a step of a journey is never reached",
    severity=Severity.WARNING,
    fix="remove the path that is never taken, or correct the condition in front of it",
)
def never_reached(subject: Subject) -> Iterator[Finding]:
    """Of several ways that match, a person takes the left-most one (Attentive's help page "Branches in journeys").

    Reported are a case that repeats an earlier one of its branch, and paths for subscriptions that no one there has.
    """
    for journey in subject.open(Journey):
        for pointer, why in _dead(journey.steps, ("steps",), SUBSCRIPTIONS):
            yield Finding(subject.at(journey, *pointer), f"this is never reached: {why}")


def _dead(steps: Sequence[Step], here: Pointer, may_be: frozenset[str]) -> Iterator[tuple[Pointer, str]]:
    """The ways below ``here`` that no one takes; ``may_be`` are the subscriptions of who gets here."""
    for index, step in enumerate(steps):
        if isinstance(step, SplitStep):
            for number, lane in enumerate(step.lanes):
                yield from _dead(lane.steps, (*here, index, "ab_test", "variants", number, "steps"), may_be)
        elif isinstance(step, BranchStep):
            yield from _dead_cases(step, (*here, index, "branch"), may_be)


def _dead_cases(step: BranchStep, here: Pointer, may_be: frozenset[str]) -> Iterator[tuple[Pointer, str]]:
    left, seen = may_be, []
    for number, lane in enumerate(step.lanes):
        last = lane.condition is None
        place: Pointer = (*here, "else") if last else (*here, "cases", number, "when")
        wanted = (
            frozenset({str(lane.condition["subscription"])})
            if lane.condition and "subscription" in lane.condition
            else None
        )
        getting_in = left & wanted if wanted is not None else left
        if lane.condition in seen:
            yield place, f"an earlier case of “{step.id}” takes everyone with {lane.name}"
        elif not getting_in and lane.steps:
            yield place, f"the cases before it, in “{step.id}” or above, take every subscription that could come here"
        else:
            inside: Pointer = place if last else (*here, "cases", number, "steps")
            yield from _dead(lane.steps, inside, getting_in)
        left = left - wanted if wanted is not None else left
        seen.append(lane.condition)


@rule(
    "journey/wait-in-transactional",
    "a transactional journey waits before it sends",
    severity=Severity.INFO,
    fix="send immediately, or have the sender send the event later",
)
def wait_in_transactional(subject: Subject) -> Iterator[Finding]:
    """Attentive recommends no wait in transactional journeys: what happened is news when it happens.

    Its help page "Best practices: Transactional message copy" (old). Ways behind a branch on `subscription: both` are
    left out, since they hold follow-ups.
    """
    for journey in subject.open(Journey):
        if journey.category == "transactional":
            for pointer in _waits(journey.steps, ("steps",)):
                message = "customers wait for what this journey is about"
                yield Finding(subject.at_key(journey, *pointer, "wait"), message)


def _waits(steps: Sequence[Step], here: Pointer) -> Iterator[Pointer]:
    """The waits that something is sent after, on the ways of people who may be transactional subscribers only."""
    last = max((index for index, step in enumerate(steps) if _sends(step)), default=-1)
    for index, step in enumerate(steps):
        if isinstance(step, WaitStep) and index < last:
            yield (*here, index)
        if isinstance(step, SplitStep):
            for number, lane in enumerate(step.lanes):
                yield from _waits(lane.steps, (*here, index, "ab_test", "variants", number, "steps"))
        if isinstance(step, BranchStep):
            for number, lane in enumerate(step.lanes):
                if lane.to_all:
                    way = ("else",) if lane.condition is None else ("cases", number, "steps")
                    yield from _waits(lane.steps, (*here, index, "branch", *way))


def _sends(step: Step) -> bool:
    if isinstance(step, SendStep):
        return True
    if not isinstance(step, BranchStep | SplitStep):
        return False
    ways = (lane for lane in step.lanes if lane.to_all)
    return any(_sends(inner) for lane in ways for inner in lane.steps)


@rule(
    "journey/marketing-opt-in",
    "a marketing journey names opt-in sources for transactional messages only",
    fix="name an OptInSource with `subscription_type: marketing` under `opt_in`",
)
def marketing_opt_in(subject: Subject) -> Iterator[Finding]:
    """Consent to transactional messages isn't consent to marketing: each type of subscription is given separately.

    Attentive's OpenAPI file, POST /v1/subscriptions, and its page "Legal disclosure language".
    """
    for journey in subject.open(Journey):
        sources = [subject.project.find(OptInSource, source) for source in journey.opt_in]
        sends = any(isinstance(placed.step, SendStep) for placed in walk(journey))
        known = bool(sources) and subject.are_read(sources, "subscription_type")
        if journey.category != "marketing" or not sends or not known:
            continue
        if not any(source and source.subscription_type == "marketing" for source in sources):
            message = "this journey is marketing, but its opt-in sources ask consent for transactional messages only"
            yield Finding(subject.at_key(journey, "opt_in"), message)

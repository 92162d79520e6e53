"""Journeys as a tree of steps in words, with the messages in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from deployer.errors import UsageError
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import BranchStep, Journey, SendStep, SplitStep, WaitStep, walk
from deployer.kinds.journey.naming import condition
from deployer.kinds.journey.recorded import recorded_steps
from deployer.kinds.segment import Segment
from deployer.preview.message_values import Spot, Use
from deployer.preview.rendering import render_messages
from deployer.preview.values import JourneyView, LaneView, StepView
from deployer.source import near_or_few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Fields
    from deployer.kinds.journey import Lane
    from deployer.kinds.journey.model import Step
    from deployer.project import Project


def journeys(project: Project) -> tuple[JourneyView, ...]:
    """Every journey, by address."""
    return tuple(_journey(journey, project) for journey in project.all(Journey))


def drawn(project: Project, address: str) -> tuple[JourneyView, dict[str, str]]:
    """A journey, and the words of each of its steps that send, for its message's usual sample, by the step's id.

    Raises ``UsageError`` where no such journey is declared, and what ``render_messages`` raises.
    """
    journey = project.find(Journey, address.partition(".")[2])
    if journey is None:
        known = [journey.address for journey in project.all(Journey)]
        raise UsageError(f"there is no journey `{address}`", near_or_few(address, known))
    steps = (placed.step for placed in walk(journey))
    sent = {step.id: step.message for step in steps if isinstance(step, SendStep) and step.message}
    return _journey(journey, project), {step: _words(project, message) for step, message in sent.items()}


def _words(project: Project, message: str) -> str:
    """What a message reads, with all that Attentive adds, in the part that stands for it."""
    (rendered_message,) = render_messages(project, message)
    return rendered_message.reads(facts(rendered_message.channel).lead)


def recorded_journey(address: str, slots: Fields, messages: Mapping[str, str]) -> JourneyView | None:
    """A journey as its record has it: what was asked of people, whatever the project's files say now.

    ``messages`` are the ids of the messages that are sent, by slot. ``None`` where nothing is recorded of it.
    """
    created = slots.get("create")
    if not created:
        return None
    on = slots.get("turn_on") or {}
    return JourneyView(
        address,
        address.partition(".")[2],
        created["name"],
        "",
        "",
        created["category"],
        created["trigger"],
        on.get("status", "draft"),
        on.get("re_entry", "none"),
        (),
        Spot("", 0),
        tuple(_step(step, None) for step in recorded_steps(slots, messages)),
    )


def uses(project: Project) -> dict[str, tuple[Use, ...]]:
    """The steps that send each message, by the message's id."""
    by_message: dict[str, list[Use]] = {}
    for journey in project.all(Journey):
        for placed in walk(journey):
            if isinstance(placed.step, SendStep):
                use = Use(journey.address, journey.name, placed.step.id)
                by_message.setdefault(placed.step.message, []).append(use)
    return {message: tuple(steps) for message, steps in by_message.items()}


def _journey(journey: Journey, project: Project) -> JourneyView:
    event = project.find(EventType, journey.trigger)
    position = project.resources[journey.address].locate(())
    return JourneyView(
        journey.address,
        journey.id,
        journey.name,
        journey.description,
        journey.owner,
        journey.category,
        event.name if event else journey.trigger,
        journey.status,
        journey.cooldown,
        journey.opt_in,
        Spot.of(position),
        tuple(_step(step, project) for step in journey.steps),
    )


def _step(step: Step, project: Project | None) -> StepView:
    if isinstance(step, SendStep):
        toggles = (f"Quiet Hours: {step.quiet_hours}", f"Smart Sending: {step.smart_sending}")
        message = f"message.{step.message}" if step.message else ""
        return StepView(step.channel, step.id, f"Send {step.channel}", toggles, message)
    if isinstance(step, WaitStep):
        return StepView("wait", step.id, f"Wait {step.duration}", _limits(step))
    if isinstance(step, BranchStep):
        return StepView("branch", step.id, "Branch", lanes=tuple(_lane(lane, project) for lane in step.lanes))
    if isinstance(step, SplitStep):
        return StepView("ab_test", step.id, "A/B test", lanes=tuple(_lane(lane, project) for lane in step.lanes))
    assert_never(step)


def _limits(step: WaitStep) -> tuple[str, ...]:
    hours = (f"only between {' and '.join(step.between)}",) if step.between else ()
    return (*hours, f"only on {', '.join(step.days)}") if step.days else hours


def _lane(lane: Lane, project: Project | None) -> LaneView:
    return LaneView(_lane_name(lane, project), tuple(_step(step, project) for step in lane.steps))


def _lane_name(lane: Lane, project: Project | None) -> str:
    if lane.share is not None:
        return f"{lane.name}, {lane.share:g} %"
    if lane.condition is None:
        return "Else"
    segment = project.find(Segment, lane.condition["segment"]) if project and "segment" in lane.condition else None
    return condition({"segment": segment.name} if segment else lane.condition)

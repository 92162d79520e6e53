"""Which journeys send a message, and to whom: looked up once for the rules about messages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from deployer.kinds.journey import Journey, SendStep, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.journey.model import Step
    from deployer.project import Project


def senders(project: Project) -> Mapping[str, tuple[Journey, ...]]:
    """The journeys that send a message, by the message's id."""
    by_message: dict[str, dict[str, Journey]] = {}
    for journey in project.all(Journey):
        for message in project.once("sent by", (journey,), partial(_sent_by, journey)):
            by_message.setdefault(message, {})[journey.id] = journey
    return {message: tuple(journeys.values()) for message, journeys in by_message.items()}


def sent_to_all(project: Project) -> frozenset[str]:
    """The ids of messages that a transactional journey sends to people who aren't known to be subscribed to both."""
    journeys = (journey for journey in project.all(Journey) if journey.category == "transactional")
    return frozenset(
        message
        for journey in journeys
        for message in project.once("sent to all", (journey,), partial(_all_to_all, journey))
    )


def _sent_by(journey: Journey) -> tuple[str, ...]:
    return tuple(placed.step.message for placed in walk(journey) if isinstance(placed.step, SendStep))


def _all_to_all(journey: Journey) -> tuple[str, ...]:
    return tuple(_to_all(journey.steps))


def _to_all(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, SendStep):
            yield step.message
        for lane in getattr(step, "lanes", ()):
            yield from _to_all(lane.steps) if lane.to_all else ()

"""Which journeys send a message, and to whom: looked up once for the rules about messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from deployer.kinds.journey import Journey, SendStep, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.journey.model import Step
    from deployer.project import Project, Resource


class Sender(NamedTuple):
    """A journey that sends a message."""

    id: str
    category: str


def senders(project: Project) -> Mapping[str, tuple[Sender, ...]]:
    """The journeys that send a message, by the message's id."""
    by_message: dict[str, list[Sender]] = {}
    for address in project.addresses(Journey):
        category, sent, _ = project.resources[address].fact("sends", _sends)
        sender = Sender(address.partition(".")[2], category)
        for message in sent:
            by_message.setdefault(message, []).append(sender)
    return {message: tuple(journeys) for message, journeys in by_message.items()}


def sent_to_all(project: Project) -> frozenset[str]:
    """The ids of messages that a transactional journey sends to people who aren't known to be subscribed to both."""
    sending = (project.resources[address].fact("sends", _sends) for address in project.addresses(Journey))
    return frozenset(message for category, _, to_all in sending if category == "transactional" for message in to_all)


def _sends(resource: Resource) -> list[Any]:
    """A journey's category, the ids of messages that it sends, and of those that it sends to all."""
    journey = resource.read_as(Journey)
    sent = dict.fromkeys(placed.step.message for placed in walk(journey) if isinstance(placed.step, SendStep))
    return [journey.category, [*sent], [*dict.fromkeys(_to_all(journey.steps))]]


def _to_all(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, SendStep):
            yield step.message
        for lane in getattr(step, "lanes", ()):
            yield from _to_all(lane.steps) if lane.to_all else ()

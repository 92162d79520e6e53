"""A rule about who is responsible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.project import Resource
    from deployer.rules.subject import Subject


@rule(
    "project/no-owner",
    "an event type or a journey has no owner, where others have one",
    severity=Severity.INFO,
    fix="write `owner:` with the team or person that tasks go to",
)
def no_owner(subject: Subject) -> Iterator[Finding]:
    """Tasks go to the owner, and so do questions about why an event looks as it does.

    A project that names no owner at all is left alone.
    """
    if not any(resource.fact("owner", _owner) for resource in subject.project.resources.values()):
        return
    for model in (EventType, Journey):
        for resource in subject.of_model(model):
            if not resource.fact("owner", _owner) and not resource.is_unread(("owner",)):
                yield Finding(subject.at(resource.model, "id"), f"`{resource.address}` has no owner")


def _owner(resource: Resource) -> str:
    return resource.model.owner

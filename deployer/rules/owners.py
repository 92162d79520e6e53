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
    if not any(resource.model.owner for resource in subject.project.resources.values()):
        return
    for model in (EventType, Journey):
        for declaration in subject.each(model):
            if not declaration.owner and not subject.at(declaration, "owner").unread:
                yield Finding(subject.at(declaration, "id"), f"`{declaration.address}` has no owner")

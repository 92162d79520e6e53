"""Checking an event's payload against its declaration before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import GuardError
from deployer.kinds.event_type import EventType, payload_schema
from deployer.project.recipients import body_user
from deployer.source import Gate, Violation

if TYPE_CHECKING:
    from deployer.attentive import User
    from deployer.project import Project


class PayloadError(Exception):
    """A payload that doesn't match its event type; ``violations`` says where."""

    def __init__(self, event: str, violations: tuple[Violation, ...]) -> None:
        super().__init__(f"the payload doesn't match the event type `{event}`")
        self.violations = violations


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that is ready to be sent; ``user`` is ``None`` where the payload names nobody."""

    event: EventType
    properties: Mapping[str, Any]
    user: User | None


def check_properties(event: EventType, project: Project, properties: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Every way in which ``properties`` differ from the declaration; an undeclared key is one."""
    return Gate.of(payload_schema(event, project)).violations(properties)


def prepare(project: Project, event: EventType, data: Mapping[str, Any]) -> Outgoing:
    """Check a payload: the properties alone, or a whole request body (``type``, ``properties``, ``user``).

    Raises ``PayloadError``, and ``GuardError`` where the body is of another type or names a user that can't be read.
    """
    whole = isinstance(data.get("properties"), Mapping) and "properties" not in event.properties
    if whole and data.get("type", event.name) != event.name:
        hint = f"write exactly “{event.name}”; capital letters count"
        raise GuardError("other-type", f"the payload's type is “{data['type']}”, not “{event.name}”", hint)
    properties = data["properties"] if whole else data
    violations = check_properties(event, project, properties)
    if violations:
        raise PayloadError(event.id, violations)
    user = body_user(data["user"]) if whole and isinstance(data.get("user"), Mapping) else None
    return Outgoing(event, properties, user)

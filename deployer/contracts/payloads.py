"""Checking an event's payload against its declaration before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.kinds.base import GuardError
from deployer.kinds.event_type import EventType, payload_schema
from deployer.project.recipients import body_user
from deployer.source import Gate, Violation

if TYPE_CHECKING:
    from deployer.attentive import User
    from deployer.project import Project


class PayloadError(DeployerError):
    """A payload that doesn't match its event type; ``violations`` says where."""

    def __init__(self, event: str, violations: tuple[Violation, ...]) -> None:
        super().__init__(f"the payload doesn't match the event type `{event}`")
        self.violations = violations


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event that is ready to be sent.

    ``user`` is ``None`` where the payload names no one, ``occurred_at`` where it says no time; an empty
    ``external_event_id`` means that a new one is made.
    """

    event: EventType
    properties: Mapping[str, Any]
    user: User | None
    external_event_id: str = ""
    occurred_at: datetime | None = None


def check_properties(event: EventType, project: Project, properties: Mapping[str, Any]) -> tuple[Violation, ...]:
    """Every way in which ``properties`` differ from the declaration; an undeclared key is one."""
    return Gate.of(payload_schema(event, project)).violations(properties)


def prepare(project: Project, event: EventType, data: Mapping[str, Any]) -> Outgoing:
    """Check a payload: the properties alone, or a whole request body, of which every field is honored.

    Raises ``PayloadError``, and ``GuardError`` where the body is of another type or names a user that can't be read.
    """
    whole = isinstance(data.get("properties"), Mapping) and "properties" not in event.properties
    if not whole:
        _refuse(event, check_properties(event, project, data))
        return Outgoing(event, data, None)
    if data.get("type", event.name) != event.name:
        hint = f"write exactly “{event.name}”; capital letters count"
        raise GuardError("other-type", f"the payload's type is “{data['type']}”, not “{event.name}”", hint)
    inside = check_properties(event, project, data["properties"])
    _refuse(event, (*inside, *Gate.of(_AROUND).violations({key: data[key] for key in data if key != "properties"})))
    return Outgoing(
        event,
        data["properties"],
        body_user(data["user"]) if "user" in data else None,
        data.get("externalEventId", ""),
        _moment(event, data),
    )


_AROUND = {
    "title": "a request body",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "user": {"type": "object"},
        "externalEventId": {"type": "string", "minLength": 1},
        "occurredAt": {
            "type": "string",
            "format": "date-time",
            "description": "RFC 3339 with its UTC offset, such as 2026-05-10T12:30:00-04:00",
        },
    },
    "additionalProperties": False,
}
"""What surrounds the properties in a request body; whether the user can be reached is looked at by itself."""


def _refuse(event: EventType, violations: tuple[Violation, ...]) -> None:
    if violations:
        raise PayloadError(event.id, violations)


def _moment(event: EventType, data: Mapping[str, Any]) -> datetime | None:
    """When the event happened, as the body says; the second 60 exists in RFC 3339 and isn't a time of Python's."""
    if "occurredAt" not in data:
        return None
    try:
        return datetime.fromisoformat(data["occurredAt"].upper())
    except ValueError:
        hint = "write it without a leap second"
        violation = Violation(("occurredAt",), "this time can't be sent on", hint, "format")
        raise PayloadError(event.id, (violation,)) from None

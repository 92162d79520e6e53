"""Values as the JSON that Attentive's calls take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployer.attentive.values import JSON, Event, User


def user(one: User) -> dict[str, JSON]:
    """Write a user with the identifiers it has; raises ``ValueError`` where there is neither phone nor email."""
    body = {key: value for key, value in (("phone", one.phone), ("email", one.email)) if value}
    if not body:
        raise ValueError("a user needs a phone or an email")
    return body


def event(one: Event) -> dict[str, JSON]:
    """Write an event; raises ``ValueError`` where its time has no zone (Attentive requires the offset from UTC)."""
    body: dict[str, JSON] = {"type": one.type, "properties": dict(one.properties), "user": user(one.user)}
    if one.external_event_id:
        body["externalEventId"] = one.external_event_id
    if one.occurred_at is not None:
        if one.occurred_at.utcoffset() is None:
            raise ValueError("occurred_at needs a time zone")
        body["occurredAt"] = one.occurred_at.isoformat(timespec="milliseconds")
    return body

"""Values as the JSON that Attentive's calls take."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployer.attentive.values import JSON, Event, User


def user(person: User) -> dict[str, JSON]:
    """Write a user with the identifiers it has; raises ``ValueError`` where there is neither phone nor email."""
    body = {key: value for key, value in (("phone", person.phone), ("email", person.email)) if value}
    if not body:
        raise ValueError("a user needs a phone or an email")
    return body


def event(sent_event: Event) -> dict[str, JSON]:
    """Write an event; raises ``ValueError`` where its time has no zone (Attentive requires the offset from UTC)."""
    body: dict[str, JSON] = {
        "type": sent_event.type,
        "properties": dict(sent_event.properties),
        "user": user(sent_event.user),
    }
    if sent_event.external_event_id:
        body["externalEventId"] = sent_event.external_event_id
    if sent_event.occurred_at is not None:
        if sent_event.occurred_at.utcoffset() is None:
            raise ValueError("occurred_at needs a time zone")
        body["occurredAt"] = sent_event.occurred_at.isoformat(timespec="milliseconds")
    return body

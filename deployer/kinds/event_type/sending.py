"""A live event: it can start journeys, so it is sent once and never repeated blindly; or the body of one to ask for."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from deployer.kinds.base import GuardError
from deployer.kinds.event_type.personal import masked

if TYPE_CHECKING:
    from datetime import datetime

    from deployer.attentive import User
    from deployer.kinds.base import Fields, Scope, Session
    from deployer.kinds.event_type.model import EventType
    from deployer.source import Body

_TEST_CONTACT = {"phone": "(the test contact's phone)", "email": "(the test contact's email)"}
"""Who an event is about, in a body that others are asked for: the task doesn't show a person's data."""


def asked_body(event: EventType, scope: Scope, data: Body) -> str:
    """The body of an event that someone else is asked to send about the test contact, without personal values."""
    user = {way: _TEST_CONTACT[way] for way in event.identify_by}
    body = {"type": event.name, "properties": masked(event, scope, data), "user": user}
    return json.dumps(body, ensure_ascii=False, indent=2)


def send_live(
    session: Session,
    event: EventType,
    properties: Fields,
    user: User,
    *,
    identifier: str = "",
    occurred_at: datetime | None = None,
) -> str:
    """Send one live event about a person and return its ``externalEventId`` (a new UUID where none is given).

    The event's own app sends it. ``occurred_at`` has a time zone; ``None`` is the moment of the call.
    Attentive starts no journey for an event older than twelve hours.

    Raises ``GuardError`` where the event's app has no key here (a vendor's) or the person can't be identified as the
    event says, ``AttentiveError`` where the call fails.
    """
    from deployer.attentive import Event  # noqa: PLC0415 - the client is needed by a write only

    identifier = identifier or str(uuid.uuid4())
    outgoing = Event(
        type=event.name,
        properties=properties,
        user=identified(event, user),
        external_event_id=identifier,
        occurred_at=occurred_at,
    )
    session.client(event.app).send_event(outgoing, idempotent=False)
    return identifier


def identified(event: EventType, user: User) -> User:
    """The person by what the event is identified by; raises ``GuardError`` where they have neither."""
    from deployer.attentive import User  # noqa: PLC0415 - as above

    phone = user.phone if "phone" in event.identify_by else ""
    email = user.email if "email" in event.identify_by else ""
    if not phone and not email:
        ways = " or ".join(event.identify_by)
        raise GuardError("bad-recipient", f"`{event.address}` is identified by {ways}", f"name a recipient with {ways}")
    return User(phone=phone, email=email)

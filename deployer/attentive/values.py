"""What is sent to Attentive and what it answers, as values. No repr shows personal data or a secret."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

JSON: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict with string keys."""


@dataclass(frozen=True, slots=True)
class User:
    """A person at Attentive: ``phone`` in E.164 (``+19148440001``), ``email``, or both; an empty one is not sent."""

    phone: str = ""
    email: str = ""

    def __repr__(self) -> str:
        shown = [f"phone={_masked_phone(self.phone)!r}"] if self.phone else []
        shown += [f"email={self.email[0] + '…'!r}"] if self.email else []
        return f"User({', '.join(shown)})"


def _masked_phone(phone: str) -> str:
    """Two characters at each end; nothing of a number so short that these would give it away."""
    enough = 8
    return f"{phone[:2]}…{phone[-2:]}" if len(phone) >= enough else "…"


@dataclass(frozen=True, slots=True)
class Me:
    """Which app and company a key belongs to (GET /v1/me). ``company_id`` is opaque; ``domain`` is Attentive's."""

    application_name: str
    company_name: str
    company_id: str
    domain: str
    contact_email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of the key's app (GET /v1/webhooks). Its URL may hold a token, so that the repr leaves it out."""

    id: str
    url: str = field(repr=False)
    events: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of listed members (GET /v2/segments), found by its ``external_id``; an absent description is empty."""

    external_id: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a person can get one type on one channel (GET /v1/subscriptions).

    ``type``: ``MARKETING``, ``TRANSACTIONAL`` or ``CHECKOUT_ABANDONED``; ``channel``: ``TEXT`` or ``EMAIL``.
    """

    type: str
    channel: str
    eligible: bool


@dataclass(frozen=True, slots=True)
class Subscription:
    """One outcome of a subscribe call (POST /v1/subscriptions); ``created`` is False where it existed before.

    ``type`` and ``channel`` are written as in ``Eligibility``.
    """

    type: str
    channel: str
    created: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One custom event (POST /v1/events/custom).

    ``type`` and the keys and values of ``properties`` are case-sensitive. ``external_event_id`` is the sender's own id
    (empty: none). ``occurred_at`` has a time zone; ``None`` means the moment of the call, and an event older than
    twelve hours starts no journey. The repr leaves the properties out, as they may hold personal data.
    """

    type: str
    properties: Mapping[str, JSON] = field(repr=False)
    user: User
    external_event_id: str = ""
    occurred_at: datetime | None = None

"""What Attentive posts to webhooks: whose it is, and what was sent.

Sources: Attentive's pages “Webhook authentication” and “Webhook payloads”; the fields of a message are of samples that
integrators published. A body names people: read what is needed, and keep none of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

from deployer.dataclass import dataclass

HEADER = "x-attentive-hmac-sha256"
"""The header with the signature, in lower case."""

SENT = {"sms.sent": "text", "email.sent": "email"}
"""The events about a message that was sent, with its channel."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that Attentive says it sent at ``at``. ``words`` are a text's, or an email's subject.

    What names a person, and what was written to them, stays out of ``repr``.
    """

    channel: str
    at: datetime
    company_id: str
    words: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)

    def is_from(self, company_id: str) -> bool:
        """Whether a company sent it, as far as both are known."""
        return not (company_id and self.company_id) or self.company_id == company_id


def is_signed(key: str, body: bytes, signature: str) -> bool:
    """Whether a raw body has the signature of a webhook's signing key; compared in constant time."""
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


@dataclass(frozen=True, slots=True)
class UnknownShape:
    """A delivery that may be about a message and can't be read; ``what`` names fields, and nothing that is in them."""

    what: str


_WORDS = {"text": "text", "email": "subject"}
"""The field of ``message`` that is compared, by channel."""


def read_sent(body: bytes) -> SentMessage | UnknownShape | None:
    """Read what a delivery says was sent; ``None`` for a delivery about something else."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return UnknownShape("a body that isn't JSON")
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str):
        return UnknownShape("a body without `type`")
    channel = SENT.get(kind)
    return None if channel is None else _message(given, kind, channel)


def _message(given: dict[str, Any], kind: str, channel: str) -> SentMessage | UnknownShape:
    at, field = _moment(given.get("timestamp")), _WORDS[channel]
    words = _text(_object(given, "message").get(field))
    if at is None:
        return UnknownShape(f"`{kind}` without `timestamp` in milliseconds")
    if not words:
        return UnknownShape(f"`{kind}` without `message.{field}`")
    if not isinstance(given.get("subscriber"), dict):
        return UnknownShape(f"`{kind}` without `subscriber`")
    company, person = _object(given, "company"), _object(given, "subscriber")
    return SentMessage(
        channel, at, _text(company.get("company_id")), words, _text(person.get("phone")), _text(person.get("email"))
    )


def _moment(milliseconds: Any) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _object(given: dict[str, Any], name: str) -> dict[str, Any]:
    value = given.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""What Attentive posts to webhooks: whose it is, and what was sent.

Sources: Attentive's pages “Webhook authentication” and “Webhook payloads”; the fields of a message are of samples that
integrators published. A body names people: read what is needed, and keep none of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

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


def is_signed(key: str, body: bytes, signature: str) -> bool:
    """Whether a raw body has the signature of a webhook's signing key; compared in constant time."""
    expected = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


def read_sent(body: bytes) -> SentMessage | None:
    """Read what a delivery says was sent; ``None`` for a delivery about something else, or of another shape."""
    try:
        given = json.loads(body)
        channel = SENT[given["type"]]
        company, person, message = given["company"], given["subscriber"], given["message"]
        return SentMessage(
            channel,
            datetime.fromtimestamp(given["timestamp"] / 1000, UTC),
            _text(company.get("company_id")),
            _text(message.get("text" if channel == "text" else "subject")),
            _text(person.get("phone")),
            _text(person.get("email")),
        )
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""What the account sends to people: messages of journeys, and the texts that Attentive sends by itself.

The words of the latter are the sandbox's own, since they are set in each account and Attentive publishes none.
"""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.sandbox import news

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

OWN = {
    "reply_y": "Reply Y to get texts from us. Msg & data rates may apply. Reply HELP for help & STOP to cancel.",
    "legal": "You are subscribed to our texts. Msg & data rates may apply. Reply HELP for help & STOP to cancel.",
    "already_subscribed": "You are already subscribed to our texts. Reply STOP to cancel.",
    "unsubscribed": "You are unsubscribed and will get no more texts. Reply START to subscribe again.",
    "help": "These are texts about your orders. Reply STOP to cancel. Msg & data rates may apply.",
    "started": "You are subscribed to our texts again. Reply HELP for help & STOP to cancel.",
    "confirmed": "Thanks, you are subscribed. Reply HELP for help & STOP to cancel.",
}
"""The texts that Attentive sends by itself, by reason."""

JOURNEY = "journey"
"""The reason of a message that a journey sends."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that a journey sends.

    ``event`` is the number of the event behind it, ``channel`` ``TEXT`` or ``EMAIL``. ``parts`` are its words as they
    are read, by part; ``details`` what else the page shows (segments, picture, sender). ``category`` is
    ``TRANSACTIONAL`` or ``MARKETING``; ``at`` is the account's stamp of when.
    """

    event: int
    journey: str
    step: str
    channel: str
    address: str
    category: str
    at: str
    parts: Mapping[str, str]
    details: Mapping[str, Any] = field(default_factory=dict)


def send(db: sqlite3.Connection, sending: Sending) -> bool:
    """Keep a journey's message and tell the webhooks; whether it is new: the same step sends once for one event."""
    (person,) = db.execute("SELECT person_id FROM event WHERE id = ?", (sending.event,)).fetchone()
    cursor = db.execute(
        "INSERT OR IGNORE INTO message(person_id, channel, address, reason, sent_at, parts, details, event_id, journey,"
        " step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(person, sending.channel, sending.address, JOURNEY, sending.at, _json(sending.parts)),
            *(_json({**sending.details, "category": sending.category}), sending.event, sending.journey, sending.step),
        ),
    )
    if not cursor.rowcount:
        return False
    name = "email.sent" if sending.channel == "EMAIL" else "sms.sent"
    news.announce(db, name, person, sending.at, {"message": _shown(cursor.lastrowid or 0, sending)})
    return True


def own_text(db: sqlite3.Connection, person: int, reason: str, at: str) -> None:
    """Send one of Attentive's own texts to a person; who has no phone gets none."""
    (company,) = db.execute("SELECT company_name FROM account").fetchone()
    phone = db.execute("SELECT value FROM identifier WHERE (person_id, kind) = (?, 'phone')", (person,)).fetchone()
    words = {"body": f"{company}: {OWN[reason]}"}
    db.execute(
        "INSERT INTO message(person_id, channel, address, reason, sent_at, parts, details)"
        " VALUES (?, 'TEXT', ?, ?, ?, ?, '{}')",
        (person, phone["value"] if phone else "", reason, at, _json(words)),
    )


def _shown(number: int, sending: Sending) -> dict[str, Any]:
    """A message as webhooks show it; the fields are those of samples that integrators published."""
    text = sending.parts.get("body", "")
    subject = {"subject": sending.parts.get("subject", "")} if sending.channel == "EMAIL" else {}
    kind = "TRANSACTIONAL" if sending.category == "TRANSACTIONAL" else "AUTOMATED"
    name = f"{sending.journey}/{sending.step}"
    return {
        "id": news.opaque_message(number),
        "type": kind,
        "name": name,
        "text": text,
        "channel": sending.channel,
        **subject,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

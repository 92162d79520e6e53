"""What happens in an account, as one JSON value for the sandbox's page: the newest of everything.

A phone shows what the brand sent to it and what was replied; an inbox, emails; both by the address that was used.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.sandbox import limits
from deployer.sandbox.calls import timestamp
from deployer.sandbox.members import segments_of

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.pace import Pace

EVENTS = 60
"""Events that are shown, newest first."""

MESSAGES = 400
"""Messages that are shown."""

POSTS = 60
"""Posts to webhooks that are shown, newest first."""

LIMITS = {
    "every other endpoint": limits.DEFAULT,
    "segments": limits.SEGMENTS,
    "subscribe": limits.SUBSCRIBE,
    "identity": limits.IDENTITY,
    "unsubscribe": limits.UNSUBSCRIBE,
}
"""Requests a second of each key, by endpoint."""


def dump(db: sqlite3.Connection, pace: Pace) -> dict[str, Any]:
    """Show the account's newest events, messages and posts; ``clock`` is the one that journeys go by."""
    (company,) = db.execute("SELECT company_name, double_opt_in FROM account")
    return {
        "company": company["company_name"],
        "clock": {"now": timestamp(pace.now()), "speed": pace.speed},
        "double_opt_in": bool(company["double_opt_in"]),
        "events": _events(db),
        "people": _people(db),
        "webhooks": _webhooks(db),
        "posts": _posts(db),
        "limits": LIMITS,
    }


def _events(db: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = db.execute(
        "SELECT event.*, app_id, played.at AS at FROM event JOIN event_type ON event_type.name = event_type"
        " LEFT JOIN played ON event_id = event.id ORDER BY event.id DESC LIMIT ?",
        (EVENTS,),
    ).fetchall()
    return [_event(db, row) for row in rows]


def _event(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    traces = db.execute("SELECT * FROM trace WHERE event_id = ? ORDER BY number", (row["id"],)).fetchall()
    return {
        "number": row["id"],
        "type": row["event_type"],
        "app": row["app_id"],
        "at": row["at"] or row["received_at"],
        "played": row["at"] is not None,
        "person": _address(db, row["person_id"]),
        "properties": json.loads(row["properties"]),
        "traces": [
            {name: trace[name] for name in ("at", "journey", "what", "step", "words", "until")} for trace in traces
        ],
        "under_way": [
            item["journey"] for item in db.execute("SELECT journey FROM inside WHERE event_id = ?", (row["id"],))
        ],
    }


def _address(db: sqlite3.Connection, person: int) -> str:
    row = db.execute(
        "SELECT value FROM identifier WHERE person_id = ? ORDER BY kind <> 'phone', kind <> 'email' LIMIT 1", (person,)
    ).fetchone()
    return str(row["value"]) if row else ""


def _people(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """All who got or wrote a message, or are subscribed or in a segment, in the order in which the account met them."""
    rows = db.execute(
        "SELECT id FROM person WHERE id IN (SELECT person_id FROM message UNION SELECT person_id FROM reply"
        " UNION SELECT person_id FROM subscription UNION SELECT person_id FROM member) ORDER BY id"
    ).fetchall()
    return [_person(db, row["id"]) for row in rows]


def _person(db: sqlite3.Connection, person: int) -> dict[str, Any]:
    contacts = dict(
        db.execute("SELECT kind, value FROM identifier WHERE person_id = ? AND kind IN ('phone', 'email')", (person,))
    )
    subscriptions = db.execute(
        "SELECT type, channel, eligible, pending FROM subscription WHERE person_id = ? ORDER BY channel DESC, type",
        (person,),
    ).fetchall()
    return {
        "phone": contacts.get("phone", ""),
        "email": contacts.get("email", ""),
        "subscriptions": [
            {**dict(row), "eligible": bool(row["eligible"]), "pending": bool(row["pending"])} for row in subscriptions
        ],
        "segments": segments_of(db, person),
        "messages": _messages(db, person),
    }


def _messages(db: sqlite3.Connection, person: int) -> list[dict[str, Any]]:
    """What the person got and wrote, oldest first; a reply comes after the message that it was written after."""
    sent = db.execute(
        "SELECT * FROM message WHERE person_id = ? ORDER BY id DESC LIMIT ?", (person, MESSAGES)
    ).fetchall()
    replies = db.execute("SELECT * FROM reply WHERE person_id = ? ORDER BY id DESC LIMIT ?", (person, MESSAGES))
    placed = [((row["id"], 0, 0), _message(row)) for row in sent]
    placed += [((row["after"], 1, row["id"]), _reply(row)) for row in replies]
    return [shown for _, shown in sorted(placed, key=lambda pair: pair[0])]


def _message(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "from": "brand",
        "channel": row["channel"],
        "reason": row["reason"],
        "at": row["sent_at"],
        "journey": row["journey"] or "",
        "step": row["step"] or "",
        "parts": json.loads(row["parts"]),
        **json.loads(row["details"]),
    }


def _reply(row: sqlite3.Row) -> dict[str, Any]:
    return {"from": "person", "channel": "TEXT", "at": row["sent_at"], "parts": {"body": row["text"]}}


def _webhooks(db: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM webhook ORDER BY id").fetchall()
    return [
        {
            "number": row["id"],
            "app": row["app_id"],
            "url": row["url"],
            "events": json.loads(row["events"]),
            "signing_key": row["signing_key"],
            "disabled_at": row["disabled_at"] or "",
        }
        for row in rows
    ]


def _posts(db: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM post ORDER BY id DESC LIMIT ?", (POSTS,)).fetchall()
    names = ("webhook_id", "event", "made_at", "due_at", "attempts", "answer", "outcome")
    return [{name: row[name] for name in names} for row in rows]

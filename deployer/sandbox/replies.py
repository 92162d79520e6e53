"""What people reply by text: STOP, HELP, START and Y, as carriers and Attentive's legal page want them to work.

The sandbox's own choices: START brings back what the phone was subscribed to before; Y confirms a double opt-in that
waits, and is a text like any other where none does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.sandbox import news
from deployer.sandbox.messages import own_text

if TYPE_CHECKING:
    import sqlite3

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
HELP = frozenset({"HELP", "INFO"})
START = frozenset({"START", "UNSTOP"})
YES = frozenset({"Y", "YES"})


def reply(db: sqlite3.Connection, person: int, text: str, at: str) -> None:
    """Take in what a person texts to the brand."""
    (after,) = db.execute("SELECT coalesce(max(id), 0) FROM message").fetchone()
    db.execute("INSERT INTO reply(person_id, sent_at, text, after) VALUES (?, ?, ?, ?)", (person, at, text, after))
    word = text.strip().upper()
    details = {"message": {"type": "TYPE_CONVERSATION", "text": text}}
    news.announce(db, "sms.inbound_message", person, at, details)
    if word in STOP:
        _stop(db, person, at)
    elif word in HELP:
        own_text(db, person, "help", at)
    elif word in START:
        _start(db, person, at)
    elif word in YES:
        _confirm(db, person, at)


def end_subscription(db: sqlite3.Connection, person: int, kind: str, channel: str, at: str) -> None:
    """End a subscription, and tell the webhooks where it was one."""
    changed = db.execute(
        "UPDATE subscription SET eligible = 0, pending = 0 WHERE (person_id, type, channel) = (?, ?, ?)"
        " AND (eligible OR pending)",
        (person, kind, channel),
    )
    if changed.rowcount:
        news.announce(db, news.UNSUBSCRIBED[channel], person, at, {"subscription": {"type": kind}})


def begin_subscription(db: sqlite3.Connection, person: int, kind: str, channel: str, at: str) -> None:
    """Make a person eligible."""
    db.execute(
        "INSERT OR REPLACE INTO subscription(person_id, type, channel, eligible, pending) VALUES (?, ?, ?, 1, 0)",
        (person, kind, channel),
    )
    news.announce(db, news.SUBSCRIBED[channel], person, at, {"subscription": {"type": kind}})


def _texts(db: sqlite3.Connection, person: int, condition: str) -> list[str]:
    """The types of the person's subscriptions to texts of which a condition holds."""
    rows = db.execute(
        f"SELECT type FROM subscription WHERE person_id = ? AND channel = 'TEXT' AND {condition} ORDER BY type",  # noqa: S608 - the conditions are this module's own
        (person,),
    )
    return [row["type"] for row in rows]


def _stop(db: sqlite3.Connection, person: int, at: str) -> None:
    for kind in _texts(db, person, "(eligible OR pending)"):
        end_subscription(db, person, kind, "TEXT", at)
    own_text(db, person, "unsubscribed", at)


def _start(db: sqlite3.Connection, person: int, at: str) -> None:
    ended = _texts(db, person, "NOT eligible AND NOT pending")
    for kind in ended:
        begin_subscription(db, person, kind, "TEXT", at)
    if ended:
        own_text(db, person, "started", at)


def _confirm(db: sqlite3.Connection, person: int, at: str) -> None:
    waiting = _texts(db, person, "pending")
    for kind in waiting:
        begin_subscription(db, person, kind, "TEXT", at)
    if waiting:
        own_text(db, person, "confirmed", at)

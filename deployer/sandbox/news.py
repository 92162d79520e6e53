"""What is posted to webhooks: one body for each webhook that listens, waiting to be posted.

The fields are those of Attentive's page about payloads; those of a message are of samples that integrators published.
Times are Unix milliseconds. The sandbox's own choice: Attentive's own texts (legal, HELP, STOP) are no ``sms.sent``.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import opaque

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

SUBSCRIBED = {"TEXT": "sms.subscribed", "EMAIL": "email.subscribed"}
UNSUBSCRIBED = {"TEXT": "sms.unsubscribed", "EMAIL": "email.unsubscribed"}


def announce(db: sqlite3.Connection, event: str, person: int, at: str, more: Mapping[str, Any]) -> None:
    """Queue a body for every enabled webhook that listens to an event, of whatever app."""
    listening = [
        row["id"]
        for row in db.execute("SELECT id, events FROM webhook WHERE disabled_at IS NULL ORDER BY id")
        if event in json.loads(row["events"])
    ]
    if not listening:
        return
    body = json.dumps({**_common(db, event, person, at), **more}, ensure_ascii=False)
    db.executemany(
        "INSERT INTO post(webhook_id, event, body, made_at, due_at) VALUES (?, ?, ?, ?, ?)",
        [(webhook, event, body, at, at) for webhook in listening],
    )


def opaque_message(number: int) -> str:
    """A message's id in Attentive's look."""
    return opaque(f"07:Message{number}")


def _common(db: sqlite3.Connection, event: str, person: int, at: str) -> dict[str, Any]:
    (company,) = db.execute("SELECT company_id, company_name FROM account")
    return {
        "type": event,
        "timestamp": int(datetime.fromisoformat(at).timestamp() * 1000),
        "company": {"display_name": company["company_name"], "company_id": company["company_id"]},
        "subscriber": {"external_id": person, **_contacts(db, person)},
    }


def _contacts(db: sqlite3.Connection, person: int) -> dict[str, Any]:
    rows = db.execute(
        "SELECT kind, value FROM identifier WHERE person_id = ? AND kind IN ('phone', 'email', 'client_user_id')"
        " ORDER BY kind, value",
        (person,),
    ).fetchall()
    contacts = {row["kind"]: row["value"] for row in rows if row["kind"] != "client_user_id"}
    ids = [row["value"] for row in rows if row["kind"] == "client_user_id"]
    return {**contacts, **({"external_identifiers": {"client_user_id": ids}} if ids else {})}

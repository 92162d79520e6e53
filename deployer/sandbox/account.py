"""Everything in a sandbox account as one JSON value, for tests and for people who want to look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.sandbox.events import OFFERED_KEYS
from deployer.sandbox.members import segments_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping


def dump(db: sqlite3.Connection) -> dict[str, Any]:
    """Show the account as sorted, JSON-able data; keys of apps and webhooks aren't in it."""
    (company,) = db.execute("SELECT company_id, company_name FROM account")
    return {
        "company": {"id": company["company_id"], "name": company["company_name"]},
        "apps": [_app(db, row) for row in db.execute("SELECT * FROM app ORDER BY id")],
        "sign_up_units": [_decoded(row, "channels") for row in db.execute("SELECT * FROM sign_up_unit ORDER BY id")],
        "event_types": {row["name"]: _event_type(db, row) for row in db.execute("SELECT * FROM event_type ORDER BY 1")},
        "events": [_event(db, row) for row in db.execute("SELECT * FROM event ORDER BY id")],
        "attributes": {row["name"]: row["type"] for row in db.execute("SELECT * FROM attribute ORDER BY name")},
        "people": [_person(db, row["id"]) for row in db.execute("SELECT id FROM person ORDER BY id")],
        "webhooks": [_webhook(row) for row in db.execute("SELECT * FROM webhook ORDER BY id")],
        "segments": [
            {**dict(row), "archived": bool(row["archived"])} for row in db.execute("SELECT * FROM segment ORDER BY id")
        ],
    }


def _decoded(row: Mapping[str, Any], column: str) -> dict[str, Any]:
    return {**dict(row), column: json.loads(row[column])}


def _webhook(row: Mapping[str, Any]) -> dict[str, Any]:
    """Show a webhook without its signing key: a secret, and another one for each webhook that is created."""
    return {name: value for name, value in _decoded(row, "events").items() if name != "signing_key"}


def _app(db: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    (usable,) = db.execute("SELECT count(*) FROM api_key WHERE app_id = ? AND NOT revoked", (row["id"],)).fetchone()
    return {**_decoded(row, "scopes"), "usable_keys": usable}


def _event_type(db: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Show an event type: its app, every key that it ever carried in the order seen, and those that macros offer."""
    cursor = db.execute("SELECT key FROM event_key WHERE event_type = ? ORDER BY position", (row["name"],))
    keys = [key for (key,) in cursor]
    return {"app": row["app_id"], "keys": keys, "offered": keys[:OFFERED_KEYS]}


def _event(db: sqlite3.Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": row["event_type"],
        "user": _identifiers(db, row["person_id"]),
        "properties": json.loads(row["properties"]),
        "external_event_id": row["external_event_id"],
        "occurred_at": row["occurred_at"],
        "received_at": row["received_at"],
        "starts_journeys": bool(row["starts_journeys"]),
    }


def _person(db: sqlite3.Connection, person: int) -> dict[str, Any]:
    attributes = db.execute(
        "SELECT attribute, value FROM attribute_value WHERE person_id = ? ORDER BY attribute", (person,)
    )
    subscriptions = db.execute(
        "SELECT type, channel, eligible FROM subscription WHERE person_id = ? ORDER BY type, channel", (person,)
    )
    texts = db.execute("SELECT reason FROM message WHERE person_id = ? AND event_id IS NULL ORDER BY id", (person,))
    return {
        "identifiers": _identifiers(db, person),
        "attributes": {row["attribute"]: row["value"] for row in attributes},
        "subscriptions": [{**dict(row), "eligible": bool(row["eligible"])} for row in subscriptions],
        "segments": segments_of(db, person),
        "texts": [reason for (reason,) in texts],
    }


def _identifiers(db: sqlite3.Connection, person: int) -> dict[str, Any]:
    """List identifiers by kind: lists of values, ``custom`` a mapping of namespace to values."""
    data: dict[str, Any] = {}
    for kind, name, value in db.execute(
        "SELECT kind, name, value FROM identifier WHERE person_id = ? ORDER BY kind, name, value", (person,)
    ):
        if kind == "custom":
            data.setdefault(kind, {}).setdefault(name, []).append(value)
        else:
            data.setdefault(kind, []).append(value)
    return data

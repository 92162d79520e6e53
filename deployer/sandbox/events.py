"""``POST /v1/events/custom`` as Attentive's OpenAPI file describes it.

The sandbox's own choices, where Attentive says nothing: an event of a type that another app made is refused with 400
(Attentive: "must be triggered using the same custom app that originally created them"); an ``externalEventId`` that was
seen before is accepted and stored once, as integrators rely on; the forbidden characters hold for keys at every depth,
the 200 keys are counted at the top, where macros look; a time in the future is accepted.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import Call, answer, refuse, timestamp
from deployer.sandbox.model import RefusedError, Response
from deployer.sandbox.people import visitor

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

TYPE_FORBIDDEN = frozenset("\"'(){}[]\\|,")
KEY_FORBIDDEN = frozenset('"{}[]\\|')
OFFERED_KEYS = 200
"""How many keys of a type journeys and macros offer; more are stored and not offered."""
TRIGGERING_AGE = timedelta(hours=12)
"""An event that is older is recorded but starts no journey."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def post_custom_event(call: Call) -> Response:
    """Record an event; its type belongs to the app that sent it first."""
    body = call.body()
    name = _type(body.get("type"))
    properties = _properties(body.get("properties", {}))
    external_id = _external_id(body)
    occurred = _occurred(body["occurredAt"]) if "occurredAt" in body else call.now
    if "user" not in body:
        refuse("user is required")
    person = visitor(call.db, body["user"])
    _claim(call, name)
    if not _seen(call.db, external_id):
        _keep_keys(call.db, name, properties)
        starts = occurred >= call.now - TRIGGERING_AGE
        call.db.execute(
            "INSERT INTO event(event_type, person_id, external_event_id, properties, occurred_at, received_at,"
            " starts_journeys) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name, person, external_id, _text(properties), timestamp(occurred), call.stamp, starts),
        )
    return answer(200)


def _type(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        refuse("type must be a text that isn't empty")
    if forbidden := sorted(TYPE_FORBIDDEN.intersection(value)):
        refuse(f"type contains a character that isn't allowed: {forbidden[0]}")
    return value


def _properties(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse("properties must be an object")
    for key in _keys([value]):
        if forbidden := sorted(KEY_FORBIDDEN.intersection(key)):
            refuse(f"The property key {key} contains a character that isn't allowed: {forbidden[0]}")
    return value


def _keys(values: Iterable[Any]) -> Iterator[str]:
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _external_id(body: dict[str, Any]) -> str | None:
    if "externalEventId" not in body:
        return None
    value = body["externalEventId"]
    if not isinstance(value, str) or not value.strip():
        refuse("externalEventId must be a text that isn't empty")
    return value


def _occurred(value: Any) -> datetime:
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        refuse("occurredAt must be in RFC 3339 format with a UTC offset, such as 2021-03-30T14:38:29.000Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise RefusedError(400, "occurredAt isn't a time that exists") from problem


def _claim(call: Call, name: str) -> None:
    call.db.execute("INSERT OR IGNORE INTO event_type VALUES (?, ?)", (name, call.caller.app_id))
    owner = call.db.execute("SELECT app_id FROM event_type WHERE name = ?", (name,)).fetchone()["app_id"]
    if owner != call.caller.app_id:
        refuse(f"The event type {name} must be sent through the custom app that first created it")


def _seen(db: sqlite3.Connection, external_id: str | None) -> bool:
    return db.execute("SELECT 1 FROM event WHERE external_event_id = ?", (external_id,)).fetchone() is not None


def _keep_keys(db: sqlite3.Connection, name: str, properties: dict[str, Any]) -> None:
    for key in properties:
        db.execute(
            "INSERT OR IGNORE INTO event_key SELECT ?, ?, count(*) FROM event_key WHERE event_type = ?",
            (name, key, name),
        )


def _text(properties: dict[str, Any]) -> str:
    return json.dumps(properties, ensure_ascii=False)

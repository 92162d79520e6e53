"""``POST`` and ``GET /v1/subscriptions`` as Attentive's OpenAPI file describes them.

The sandbox's own choices: a double opt-in is answered at once, so a new subscriber is eligible without a "Reply Y",
unless the account waits for it (``sandbox serve --double-opt-in``); the sign-up unit decides the type where a
``subscriptionType`` is sent beside a ``signUpSourceId``; a unit none of whose channels the user can be reached on is
refused; who opted out and subscribes again is newly subscribed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import Call, answer, refuse
from deployer.sandbox.lookup import queried_person
from deployer.sandbox.messages import own_text
from deployer.sandbox.people import Identifier, contacts, external, resolve
from deployer.sandbox.replies import begin_subscription

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.model import Response

CHANNELS = {"TEXT": "phone", "EMAIL": "email"}
"""Each channel with the contact that it needs."""
API_TYPES = ("MARKETING", "TRANSACTIONAL")
BOTH = "Found both a locale and a sign up source id. Requests must have exclusively one of the two."


def post_subscriptions(call: Call) -> Response:
    """Subscribe a person to what a sign-up unit stands for, on each channel that they can be reached on."""
    body = call.body()
    user = reachable(body)
    others = external(body["externalIdentifiers"]) if "externalIdentifiers" in body else []
    single = body.get("singleOptIn", False)
    if not isinstance(single, bool):
        refuse("singleOptIn must be true or false")
    unit = _unit(call.db, body)
    channels = _channels(unit, user)
    person = resolve(call.db, [*user, *others])
    responses = [
        {
            "subscription": {"type": unit["type"], "channel": channel},
            "subscriptionCreationStatus": _subscribe(call, person, unit["type"], channel, single=single),
        }
        for channel in channels
    ]
    known = {"externalIdentifiers": body["externalIdentifiers"]} if "externalIdentifiers" in body else {}
    return answer(202, {"user": body["user"], **known, "subscriptionResponses": responses})


def get_subscriptions(call: Call) -> Response:
    """Tell what one person is subscribed to, and whether messages of that type may go to them."""
    person = queried_person(call)
    rows = call.db.execute(
        "SELECT type, channel, eligible FROM subscription WHERE person_id = ? ORDER BY type, channel", (person,)
    ).fetchall()
    if not rows:
        refuse("Subscriptions not found for the user", 404)
    return answer(
        200,
        {
            "subscriptionEligibilities": [
                {
                    "subscription": {"type": row["type"], "channel": row["channel"]},
                    "eligibility": {"isEligible": bool(row["eligible"])},
                }
                for row in rows
            ]
        },
    )


def reachable(body: dict[str, Any]) -> list[Identifier]:
    """Read the phone and email of a body's ``user``, at least one of them."""
    user = contacts(body.get("user"))
    if not user:
        refuse("user needs a phone or an email")
    return user


def _unit(db: sqlite3.Connection, body: dict[str, Any]) -> sqlite3.Row:
    """Find the sign-up unit that is meant: by its id, or the only one for a locale and subscription type."""
    by_id, by_locale = "signUpSourceId" in body, "locale" in body
    if by_id and by_locale:
        refuse(BOTH)
    if by_id:
        return _unit_by_id(db, body["signUpSourceId"])
    kind = body.get("subscriptionType")
    if not by_locale or kind is None:
        refuse("Send either a signUpSourceId, or both a locale and a subscriptionType")
    if kind not in API_TYPES:
        refuse(f"subscriptionType must be one of {', '.join(API_TYPES)}")
    return _unit_by_locale(db, body["locale"], kind)


def _unit_by_id(db: sqlite3.Connection, value: Any) -> sqlite3.Row:
    if not isinstance(value, str):
        refuse("signUpSourceId must be a text")
    row: sqlite3.Row | None = db.execute("SELECT * FROM sign_up_unit WHERE id = ?", (value,)).fetchone()
    if row is None:
        refuse("No sign-up unit has this signUpSourceId")
    if row["kind"] != "API":
        refuse("The sign-up unit isn't an API sign-up unit")
    return row


def _unit_by_locale(db: sqlite3.Connection, locale: Any, kind: str) -> sqlite3.Row:
    if not isinstance(locale, dict) or not all(isinstance(locale.get(part), str) for part in ("language", "country")):
        refuse("locale must be an object with language and country")
    rows: list[sqlite3.Row] = db.execute(
        "SELECT * FROM sign_up_unit WHERE kind = 'API' AND (language, country, type) = (?, ?, ?)",
        (locale["language"], locale["country"], kind),
    ).fetchall()
    if len(rows) != 1:
        refuse(f"Exactly one API sign-up unit must match the locale and subscription type; {len(rows)} do")
    return rows[0]


def _channels(unit: sqlite3.Row, user: list[Identifier]) -> list[str]:
    sent = {identifier.kind for identifier in user}
    known = [channel for channel in json.loads(unit["channels"]) if CHANNELS.get(channel) in sent]
    if not known:
        refuse("The user has no phone or email for a channel of the sign-up unit")
    return known


def _subscribe(call: Call, person: int, kind: str, channel: str, *, single: bool) -> str:
    """Subscribe on one channel; who is subscribed by text already gets a text that says so, as at Attentive."""
    key = (person, kind, channel)
    row = call.db.execute(
        "SELECT eligible, pending FROM subscription WHERE (person_id, type, channel) = (?, ?, ?)", key
    ).fetchone()
    existed = row is not None and bool(row["eligible"])
    waits = channel == "TEXT" and not single and not existed and _double_opt_in(call.db)
    if waits:
        call.db.execute(
            "INSERT OR REPLACE INTO subscription(person_id, type, channel, eligible, pending) VALUES (?, ?, ?, 0, 1)",
            key,
        )
    elif not existed:
        begin_subscription(call.db, *key, call.paced)
    if channel == "TEXT":
        own_text(call.db, person, "already_subscribed" if existed else "legal" if single else "reply_y", call.paced)
    return "PREVIOUSLY_CREATED" if existed else "NEWLY_CREATED"


def _double_opt_in(db: sqlite3.Connection) -> bool:
    """Whether a new subscriber to texts is eligible only after a "Reply Y"."""
    return bool(db.execute("SELECT double_opt_in FROM account").fetchone()["double_opt_in"])

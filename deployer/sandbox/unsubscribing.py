"""``POST /v1/subscriptions/unsubscribe`` as Attentive's OpenAPI file describes it.

An email leads to email subscriptions only, a phone to text subscriptions only. The sandbox's own choices: 404 for a
user whom no one knows; a subscription that never was is left out of the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import Call, answer, refuse
from deployer.sandbox.messages import own_text
from deployer.sandbox.people import find
from deployer.sandbox.replies import end_subscription
from deployer.sandbox.subscriptions import CHANNELS, reachable

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.model import Response

TYPES = ("MARKETING", "TRANSACTIONAL", "CHECKOUT_ABANDONED")
LANGUAGES = ("en-US", "fr-CA")


def post_unsubscribe(call: Call) -> Response:
    """End the subscriptions that are named, all of them where none is."""
    body = call.body()
    user = {identifier.kind: find(call.db, identifier) for identifier in reachable(body)}
    wanted = _wanted(body.get("subscriptions", []))
    silent = _silent(body.get("notification", {}))
    if all(person is None for person in user.values()):
        refuse("Subscriptions not found for the user", 404)
    responses = [
        _unsubscribe(call, row, silent=silent)
        for channel, contact in CHANNELS.items()
        for row in _subscriptions(call.db, user.get(contact), channel)
        if not wanted or any(_matches(row, subscription) for subscription in wanted)
    ]
    return answer(202, {"user": body["user"], "subscriptionResponses": responses})


def _wanted(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list):
        refuse("subscriptions must be a list")
    for item in value:
        if not isinstance(item, dict) or not item.keys() & {"type", "channel"}:
            refuse("Each of subscriptions must be an object with a type, a channel or both")
        if item.get("type", TYPES[0]) not in TYPES:
            refuse(f"type must be one of {', '.join(TYPES)}")
        if item.get("channel", "TEXT") not in tuple(CHANNELS):
            refuse(f"channel must be one of {', '.join(CHANNELS)}")
    return value


def _silent(value: Any) -> bool:
    if not isinstance(value, dict):
        refuse("notification must be an object")
    if value.get("language", LANGUAGES[0]) not in LANGUAGES:
        refuse(f"notification.language must be one of {', '.join(LANGUAGES)}")
    disabled = value.get("disabled", False)
    if not isinstance(disabled, bool):
        refuse("notification.disabled must be true or false")
    return disabled


def _subscriptions(db: sqlite3.Connection, person: int | None, channel: str) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT * FROM subscription WHERE (person_id, channel) = (?, ?) ORDER BY type", (person, channel)
    ).fetchall()


def _matches(row: sqlite3.Row, wanted: dict[str, str]) -> bool:
    return all(row[part] == wanted.get(part, row[part]) for part in ("type", "channel"))


def _unsubscribe(call: Call, row: sqlite3.Row, *, silent: bool) -> dict[str, Any]:
    end_subscription(call.db, row["person_id"], row["type"], row["channel"], call.paced)
    if row["channel"] == "TEXT" and not silent:
        own_text(call.db, row["person_id"], "unsubscribed", call.paced)
    return {
        "subscription": {"type": row["type"], "channel": row["channel"]},
        "subscriptionUnsubscribeStatus": "NEWLY_UNSUBSCRIBED" if row["eligible"] else "PREVIOUSLY_UNSUBSCRIBED",
    }

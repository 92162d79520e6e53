"""``/v1/webhooks`` as Attentive's OpenAPI file describes it; an app sees and changes its own webhooks only.

The sandbox's own choices: ``url`` and ``events`` are required by PUT as by POST; a PUT without ``disabled`` leaves a
webhook enabled or disabled as it was; beside https a URL may be http on this machine, so that a service can be tried.
``sandbox serve`` posts to them (``posting``).
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from deployer.net import is_loopback
from deployer.sandbox.calls import Call, answer, opaque, refuse

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.model import Response

EVENTS = frozenset(
    {
        # the eight of the OpenAPI file
        "sms.subscribed",
        "sms.sent",
        "sms.message_link_click",
        "email.subscribed",
        "email.unsubscribed",
        "email.message_link_click",
        "email.opened",
        "custom_attribute.set",
        # three that Attentive's pages about webhooks name besides
        "sms.inbound_message",
        "sms.unsubscribed",
        "email.sent",
    }
)


def get_webhooks(call: Call) -> Response:
    """List the webhooks of the key's app, oldest first."""
    (company,) = call.db.execute("SELECT company_id FROM account").fetchone()
    rows = call.db.execute("SELECT * FROM webhook WHERE app_id = ? ORDER BY id", (call.caller.app_id,))
    listed = [{**_shown(row, "SUBSCRIPTION"), "companyId": company} for row in rows]
    return answer(200, {"webhooks": listed})


def post_webhook(call: Call) -> Response:
    """Create a webhook."""
    body = call.body()
    row = (call.caller.app_id, _url(body.get("url")), _events(body.get("events")), secrets.token_hex(32))
    cursor = call.db.execute("INSERT INTO webhook(app_id, url, events, signing_key) VALUES (?, ?, ?, ?)", row)
    return answer(201, _shown(_by_number(call, cursor.lastrowid or 0), "INSTALLED"))


def put_webhook(call: Call) -> Response:
    """Replace a webhook's URL and events; enable or disable it."""
    row = _own(call)
    body = call.body()
    disabled = body.get("disabled", row["disabled_at"] is not None)
    if not isinstance(disabled, bool):
        refuse("disabled must be true or false")
    since = (row["disabled_at"] or call.now.strftime("%Y-%m-%d %H:%M:%S")) if disabled else None
    call.db.execute(
        "UPDATE webhook SET url = ?, events = ?, disabled_at = ? WHERE id = ?",
        (_url(body.get("url")), _events(body.get("events")), since, row["id"]),
    )
    return answer(200, _shown(_by_number(call, row["id"]), "INSTALLED"))


def delete_webhook(call: Call) -> Response:
    """Remove a webhook; it is gone from the list."""
    call.db.execute("DELETE FROM webhook WHERE id = ?", (_own(call)["id"],))
    return answer(204)


def _by_number(call: Call, number: int) -> sqlite3.Row:
    row: sqlite3.Row = call.db.execute("SELECT * FROM webhook WHERE id = ?", (number,)).fetchone()
    return row


def _own(call: Call) -> sqlite3.Row:
    rows: list[sqlite3.Row] = call.db.execute(
        "SELECT * FROM webhook WHERE app_id = ?", (call.caller.app_id,)
    ).fetchall()
    webhook = next((row for row in rows if _id(row) == call.parts["webhookId"]), None)
    if webhook is None:
        refuse("Webhook not found", 404)
    return webhook


def _id(row: sqlite3.Row) -> str:
    return opaque(f"25:CompanyApplicationWebhook{row['id']}")


def _shown(row: sqlite3.Row, kind: str) -> dict[str, Any]:
    """Show a webhook as it is answered; ``disabledAt`` only while it is disabled, since it is never null."""
    shown = {"id": _id(row), "url": row["url"], "events": json.loads(row["events"]), "type": kind}
    return shown if row["disabled_at"] is None else {**shown, "disabledAt": row["disabled_at"]}


def _url(value: Any) -> str:
    if not isinstance(value, str) or not _may_be_posted_to(value):
        refuse("url must be an https URL, or lead to this machine")
    return value


def _may_be_posted_to(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(value))
    return safe and bool(parts.hostname) and not any(char.isspace() for char in value)


def _events(value: Any) -> str:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        refuse("events must be a list of event types that isn't empty")
    if unknown := [item for item in value if item not in EVENTS]:
        refuse(f"Unknown event type: {unknown[0]}")
    return json.dumps(list(dict.fromkeys(value)))

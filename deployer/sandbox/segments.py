"""``/v2/segments`` as Attentive's OpenAPI file for version 2 describes it.

The sandbox's own choices: an archived segment keeps its ``externalId``, and a second create with one that is taken is
refused with 400; an archived segment is 404 for every call by its id; names are searched without regard to case.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import Call, answer, refuse, timestamp
from deployer.sandbox.model import RefusedError, Response

if TYPE_CHECKING:
    import sqlite3

NAME = (1, 240)
DESCRIPTION = (2, 500)
EXTERNAL_ID = (1, 255)
DEFAULT_DESCRIPTION = "Manual Segment Upload Public API V2"
PAGE = 20
LARGEST_PAGE = 1000


def post_segment(call: Call) -> Response:
    """Create an empty segment."""
    body = call.body()
    name = _text(body.get("name"), "name", NAME)
    description = _text(body.get("description", DEFAULT_DESCRIPTION), "description", DESCRIPTION)
    external_id = _text(body.get("externalId", f"SEG_{secrets.token_hex(6)}"), "externalId", EXTERNAL_ID)
    if call.db.execute("SELECT 1 FROM segment WHERE external_id = ?", (external_id,)).fetchone():
        refuse("externalId already exists")
    call.db.execute(
        "INSERT INTO segment(external_id, name, description, created, updated) VALUES (?, ?, ?, ?, ?)",
        (external_id, name, description, call.stamp, call.stamp),
    )
    return answer(201, {"externalId": external_id, "name": name, "description": description})


def get_segments(call: Call) -> Response:
    """List segments, oldest first, page by page."""
    query = {key: values[-1] for key, values in call.query().items()}
    limit = _limit(query.get("limit", str(PAGE)))
    rows = call.db.execute(
        "SELECT * FROM segment WHERE NOT archived AND id > ? AND instr(lower(name), lower(?)) > 0"
        " AND (? IS NULL OR external_id = ?) AND updated >= ? ORDER BY id LIMIT ?",
        (
            _after(query["cursor"]) if "cursor" in query else 0,
            _text(query["name"], "name", NAME) if "name" in query else "",
            *[_text(query["externalId"], "externalId", EXTERNAL_ID) if "externalId" in query else None] * 2,
            _since(query["updatedSince"]) if "updatedSince" in query else "",
            limit + 1,
        ),
    ).fetchall()
    page, more = rows[:limit], len(rows) > limit
    cursor = _cursor(page[-1]["id"]) if more else None
    return answer(200, {"segments": [_shown(row) for row in page], "cursor": cursor, "hasMore": more})


def get_segment(call: Call) -> Response:
    """One segment by its external id."""
    return answer(200, _shown(_one(call)))


def patch_segment(call: Call) -> Response:
    """Change the name, the description or both."""
    row = _one(call)
    body = call.body()
    if not body.keys() & {"name", "description"}:
        refuse("Send at least one of name and description")
    name = _text(body.get("name", row["name"]), "name", NAME)
    description = _text(body.get("description", row["description"]), "description", DESCRIPTION)
    call.db.execute(
        "UPDATE segment SET name = ?, description = ?, updated = ? WHERE id = ?",
        (name, description, call.stamp, row["id"]),
    )
    return answer(200, _shown(_one(call)))


def delete_segment(call: Call) -> Response:
    """Archive a segment: hidden, but it could be restored by Attentive."""
    row = _one(call)
    call.db.execute("UPDATE segment SET archived = 1, updated = ? WHERE id = ?", (call.stamp, row["id"]))
    return answer(204)


def _one(call: Call) -> sqlite3.Row:
    row: sqlite3.Row | None = call.db.execute(
        "SELECT * FROM segment WHERE external_id = ? AND NOT archived", (call.parts["externalId"],)
    ).fetchone()
    if row is None:
        refuse("Segment not found", 404)
    return row


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "externalId": row["external_id"],
        "name": row["name"],
        "description": row["description"],
        "created": row["created"],
        "updated": row["updated"],
    }


def _text(value: Any, where: str, bounds: tuple[int, int]) -> str:
    """Read a text without the white space around it; refuse one that is empty, too short or too long."""
    least, most = bounds
    if not isinstance(value, str) or not least <= len(value.strip()) <= most:
        refuse(f"{where} must be a text of {least} to {most} characters")
    return value.strip()


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:5]) <= LARGEST_PAGE):
        refuse(f"limit must be a number from 1 to {LARGEST_PAGE}")
    return int(value)


def _cursor(number: int) -> str:
    return base64.b64encode(json.dumps({"id": number}).encode()).decode()


def _after(cursor: str) -> int:
    """Read the number that a cursor of ours holds; refuse any other cursor."""
    try:
        return int(json.loads(base64.b64decode(cursor, validate=True))["id"])
    except (binascii.Error, ValueError, TypeError, KeyError) as problem:
        raise RefusedError(400, "cursor isn't one that a response contained") from problem


def _since(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value.upper())
        return timestamp(moment) if moment.tzinfo else refuse("updatedSince needs a UTC offset")
    except (ValueError, OverflowError) as problem:
        raise RefusedError(400, "updatedSince must be a time in ISO 8601 format") from problem

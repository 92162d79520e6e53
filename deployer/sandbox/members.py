"""Who is in a segment: ``/v2/bulk/segments/members`` as Attentive's OpenAPI file for version 2 describes it.

The sandbox's own choices: a job is done by the time it is answered (at Attentive it takes hours) and has no status to
ask for; a member whom no one knows yet becomes a person of the account; removing who isn't in the segment is no error.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from deployer.sandbox.calls import Call, answer, refuse
from deployer.sandbox.people import Identifier, contacts, external, owners, resolve

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.model import Response

MOST = 10_000
"""Members of one request."""

LONGEST_ID = 100
"""Characters of a ``clientUserId``."""


def post_members(call: Call) -> Response:
    """Put people into a segment."""
    segment, members = _read(call)
    rows = [(segment, resolve(call.db, member)) for member in members]
    call.db.executemany("INSERT OR IGNORE INTO member(segment_id, person_id) VALUES (?, ?)", rows)
    return _accepted("add")


def delete_members(call: Call) -> Response:
    """Take people out of a segment."""
    segment, members = _read(call)
    rows = [(segment, person) for member in members for person in owners(call.db, member)]
    call.db.executemany("DELETE FROM member WHERE (segment_id, person_id) = (?, ?)", rows)
    return _accepted("remove")


def segments_of(db: sqlite3.Connection, person: int) -> list[str]:
    """The names of the segments that a person is in, in the order of the alphabet."""
    rows = db.execute(
        "SELECT name FROM segment JOIN member ON segment_id = segment.id WHERE person_id = ? AND NOT archived"
        " ORDER BY name",
        (person,),
    )
    return [row["name"] for row in rows]


def _read(call: Call) -> tuple[int, list[list[Identifier]]]:
    body = call.body()
    named, members = body.get("externalId"), body.get("members")
    if not isinstance(named, str):
        refuse("externalId must be a text")
    if not isinstance(members, list) or not 1 <= len(members) <= MOST:
        refuse(f"members must be a list of 1 to {MOST} members")
    row = call.db.execute("SELECT id FROM segment WHERE external_id = ? AND NOT archived", (named,)).fetchone()
    if row is None:
        refuse("Segment not found", 404)
    return int(row["id"]), [_member(member) for member in members]


def _member(value: Any) -> list[Identifier]:
    identifiers = contacts(value, "each member")
    if "clientUserId" in value:
        identifiers += external({"clientUserId": value["clientUserId"]}, LONGEST_ID)
    if not identifiers:
        refuse("each member needs an email, a phone or a clientUserId")
    return identifiers


def _accepted(what: str) -> Response:
    message = f"Bulk segment member {what} job successfully submitted"
    return answer(202, {"message": message, "batchJobId": str(uuid.uuid4())})

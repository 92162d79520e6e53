"""``POST`` and ``GET /v1/attributes/custom`` as Attentive's OpenAPI file describes them.

An attribute's type is fixed by the first value that is seen, and read from text too: ``"24"`` is a Number, ``"TRUE"`` a
Boolean, ``"1986-11-16"`` a Date. The sandbox's own choices: null is refused, and an attribute typed String takes any
text, but no JSON number or boolean.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployer.sandbox import news
from deployer.sandbox.calls import Call, answer, opaque, refuse
from deployer.sandbox.lookup import queried_person
from deployer.sandbox.people import visitor

if TYPE_CHECKING:
    from deployer.sandbox.model import Response

NAME_LENGTH = 200
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d(T.+)?", re.ASCII)


def post_custom_attributes(call: Call) -> Response:
    """Set attributes of one person, all or none of them."""
    body = call.body()
    properties = body.get("properties")
    if not isinstance(properties, dict):
        refuse("properties is required and must be an object")
    if "user" not in body:
        refuse("user is required")
    person = visitor(call.db, body["user"])
    for name, value in properties.items():
        _check(name, value)
        _settle_type(call, name, value)
        call.db.execute("INSERT OR REPLACE INTO attribute_value VALUES (?, ?, ?)", (person, name, text_of(value)))
        number = call.db.execute("SELECT rowid FROM attribute WHERE name = ?", (name,)).fetchone()["rowid"]
        shown = {"id": opaque(f"08:CustomAttribute{number}"), "name": name, "value": text_of(value)}
        news.announce(call.db, "custom_attribute.set", person, call.paced, {"user_property": shown})
    return answer(200)


def get_custom_attributes(call: Call) -> Response:
    """Every attribute of one person, by phone or email; 404 for someone whom Attentive doesn't know."""
    person = queried_person(call)
    if person is None:
        refuse("User not found", 404)
    rows = call.db.execute(
        "SELECT attribute, value FROM attribute_value WHERE person_id = ? ORDER BY attribute", (person,)
    )
    # The OpenAPI file describes `name` but lists `attribute` as required: the sandbox answers with both.
    return answer(
        200, [{"name": row["attribute"], "attribute": row["attribute"], "value": row["value"]} for row in rows]
    )


def type_of(value: Any) -> str:
    """How Attentive types a first value: ``Boolean``, ``Number``, ``Date`` or ``String``."""
    text = text_of(value)
    if text.lower() in {"true", "false"}:
        return "Boolean"
    if not isinstance(value, str) or NUMBER.fullmatch(text):
        return "Number"
    return "Date" if _is_date(text) else "String"


def text_of(value: Any) -> str:
    """Write a value as the GET answers it: always text."""
    return value if isinstance(value, str) else json.dumps(value)


def _is_date(text: str) -> bool:
    if not DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check(name: str, value: Any) -> None:
    if not name.strip() or len(name) > NAME_LENGTH:
        refuse(f"An attribute's name has 1 to {NAME_LENGTH} characters")
    if isinstance(value, (list, dict)):
        refuse(f"The attribute {name} can't be an array or an object")
    if value is None:
        refuse(f"The attribute {name} has no value")


def _settle_type(call: Call, name: str, value: Any) -> None:
    call.db.execute("INSERT OR IGNORE INTO attribute VALUES (?, ?)", (name, type_of(value)))
    fixed = call.db.execute("SELECT type FROM attribute WHERE name = ?", (name,)).fetchone()["type"]
    fits = isinstance(value, str) if fixed == "String" else type_of(value) == fixed
    if not fits:
        refuse(f"The attribute {name} has the type {fixed}, which its first value gave it")

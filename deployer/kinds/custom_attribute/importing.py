"""Custom attributes as declarations, as far as the test contact has them.

Attentive lists no definitions, and of a value it shows the text only. It reads types from text itself ("24" is a
number, "1986-11-16" a date; OpenAPI file, POST /v1/attributes/custom), so that the type here is read the same way.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from deployer.kinds.existing import Existing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.base import Session

REMARK = "Attentive shows the value as text only: see that the type is right; the example is made up"
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_REACHES = re.compile(r"@|(?:\d[ ().-]?){9,}")
"""What an address or a phone number looks like: that isn't written into a file."""


class CustomAttributeImports:
    """Attributes belong to the company, so that one key shows those of the test contact."""

    shared = True

    def existing(self, session: Session, app: str, named: str) -> Iterator[Existing]:
        """Every attribute that the test contact has, by name."""
        values = session.client(app).attributes(session.test_contact) or {}
        for name, value in sorted(values.items()):
            body: dict[str, Any] = {**({"app": named} if named else {}), "name": name, "schema": _schema(value)}
            yield Existing(name, name, {"name": name}, body, remark=REMARK, problem=_problem(value))


def _problem(value: str) -> str:
    if not value:
        return "the test contact has no value for it, and its type can't be determined without one"
    if _REACHES.search(value):
        return "its value on the test contact looks like a personal address or number, which isn't written into a file"
    return ""


def _schema(value: str) -> dict[str, Any]:
    """The type that a value has, with a made-up example: the value is what is known about a person."""
    if value.lower() in {"true", "false"}:
        return {"type": "boolean", "examples": [True]}
    if _NUMBER.fullmatch(value):
        return {"type": "number", "examples": [1]}
    if _is_date(value):
        return {"type": "string", "format": "date", "examples": ["2000-01-01"]}
    return {"type": "string", "examples": ["Example"]}


def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value)) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False

"""One call of an endpoint: who calls, what was sent, and how the answer is written. Every endpoint works on this."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias
from urllib.parse import parse_qs

from deployer.dataclass import dataclass
from deployer.sandbox.model import RefusedError, Request, Response

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Caller:
    """The app that a key belongs to, and what the key may do."""

    app_id: str
    app_name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Call:
    """A request that passed authentication, inside its transaction; ``parts`` are the variable parts of the path.

    ``now`` is the real time, ``paced`` the stamp of the clock that messages and webhooks go by.
    """

    request: Request
    caller: Caller
    db: sqlite3.Connection
    now: datetime
    paced: str
    parts: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """Read the JSON object that was sent; refuse with 400 where there is none."""
        content_type = self.request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            refuse("The request needs the header Content-Type: application/json")
        return _json_object(self.request.body)

    def query(self) -> dict[str, list[str]]:
        """Decode the query's parameters; an unencoded ``+`` becomes a space, as everywhere on the web."""
        return parse_qs(self.request.query, keep_blank_values=True)

    @property
    def stamp(self) -> str:
        """The time of the call as it is stored."""
        return timestamp(self.now)


Endpoint: TypeAlias = Callable[[Call], Response]


def refuse(message: str, status: int = 400) -> NoReturn:
    """Refuse the call; raises ``RefusedError``."""
    raise RefusedError(status, message)


def answer(status: int, body: Any = None) -> Response:
    """Write a response with a JSON body, or without one."""
    if body is None:
        return Response(status)
    return Response(status, {"content-type": "application/json"}, json.dumps(body, ensure_ascii=False).encode())


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds (``2025-01-30T12:00:00.000Z``), so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def opaque(text: str) -> str:
    """Attentive's look of an id: base64 without padding (``25:CompanyApplicationWebhook22``)."""
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw, parse_constant=_not_json)
        # Neither a lone surrogate nor a number beyond a float's range could be stored or sent again.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as problem:
        raise RefusedError(400, "The body must be JSON in UTF-8") from problem
    if not isinstance(value, dict):
        refuse("The body must be a JSON object")
    return value


def _not_json(constant: str) -> NoReturn:
    raise ValueError(constant)

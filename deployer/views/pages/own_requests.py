"""Requests that only a page itself can make of its server: another page's are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.errors import InnerError

if TYPE_CHECKING:
    from starlette.requests import Request

LARGEST_BODY = 65_536
"""Bytes of the longest request that is read."""


class RefusedError(InnerError):
    """A request that isn't the page's own; ``status`` is HTTP's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def own_body(request: Request) -> bytes:
    """The body of a request that the page itself makes; raises ``RefusedError`` for anyone else's.

    A page elsewhere doesn't know the secret path; and should it learn it, it can't send JSON under this origin.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "a request of this page is JSON")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if request.headers.get("origin") != own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise RefusedError(403, "this request comes from somewhere else than this page")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RefusedError(413, "the request is too long")
    return bytes(body)


def json_object(body: bytes) -> dict[str, Any]:
    """Read a body as a JSON object; raises ``RefusedError``."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "the request isn't JSON") from error
    if not isinstance(given, dict):
        raise RefusedError(400, "the request has another shape than this page's")
    return given

"""The sandbox's page, served beside the sandbox: what is new in the account, replies of phones, and time that passes.

Import this module only to serve: Starlette is slow to import.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from deployer.dataclass import dataclass
from deployer.sandbox.model import RefusedError as AccountRefusedError
from deployer.views.json_text import json_text
from deployer.views.pages.loopback import Guard, json_response, page_response
from deployer.views.pages.own_requests import RefusedError, json_object, own_body
from deployer.views.pages.phones import phones_page

if TYPE_CHECKING:
    from starlette.requests import Request

LONGEST_PASS = 24 * 30
"""Hours that one request may let pass."""


class Phones(Protocol):
    """What the page shows, and what can be done on it."""

    def overview(self) -> dict[str, Any]:
        """The account as JSON."""

    def reply(self, number: str, text: str) -> None:
        """Let a phone reply. Raises ``RefusedError`` for a phone that the account never saw."""

    def skip(self) -> bool:
        """Move on to what is due next; whether anything was."""

    def pass_time(self, span: timedelta) -> None:
        """Move the journeys' clock on."""


def phones_site(phones: Phones) -> tuple[Mount, str]:
    """The routes of the page below a path that is a secret, and that path."""
    path = f"/{secrets.token_urlsafe(18)}"
    site = _Site(phones)
    app = Starlette(
        routes=[
            Route("/", site.page),
            Route("/data.json", site.data),
            Route("/reply", site.reply, methods=["POST"]),
            Route("/skip", site.skip, methods=["POST"]),
            Route("/pass", site.pass_time, methods=["POST"]),
        ],
        exception_handlers={AccountRefusedError: _refuse, RefusedError: _refuse},
    )
    return Mount(path, app=Guard(app)), f"{path}/"


@dataclass(frozen=True, slots=True)
class _Site:
    """The page's answers."""

    phones: Phones

    async def page(self, request: Request) -> Response:
        """The page with what is there now."""
        del request
        page = phones_page(await run_in_threadpool(self.phones.overview))
        return page_response(page)

    async def data(self, request: Request) -> Response:
        """What is there now, with its digest; 204 where the page has ``seen`` all of it."""
        shown = await run_in_threadpool(self.phones.overview)
        version = _version(shown)
        if request.query_params.get("seen") == version:
            return Response(status_code=204, headers={"x-clock": shown["clock"]["now"]})
        return json_response(json_text({**shown, "version": version}))

    async def reply(self, request: Request) -> Response:
        """A text that a phone sends to the brand."""
        given = await _given(request)
        phone, text = given.get("phone"), given.get("text")
        if not isinstance(phone, str) or not isinstance(text, str) or not text.strip():
            raise RefusedError(400, "a reply has a phone and a text")
        await run_in_threadpool(self.phones.reply, phone, text)
        return JSONResponse({})

    async def skip(self, request: Request) -> Response:
        """Move on to what is due next."""
        await _given(request)
        return JSONResponse({"moved": await run_in_threadpool(self.phones.skip)})

    async def pass_time(self, request: Request) -> Response:
        """Let hours pass on the journeys' clock."""
        hours = (await _given(request)).get("hours")
        if not isinstance(hours, int | float) or not 0 < hours <= LONGEST_PASS:
            raise RefusedError(400, f"hours is a number up to {LONGEST_PASS}")
        await run_in_threadpool(self.phones.pass_time, timedelta(hours=hours))
        return JSONResponse({"moved": True})


def _version(shown: dict[str, Any]) -> str:
    """A digest of all but the clock, which is never the same."""
    rest = {name: value for name, value in shown.items() if name != "clock"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:16]


async def _given(request: Request) -> dict[str, Any]:
    return json_object(await own_body(request))


def _refuse(request: Request, error: Exception) -> Response:
    """Answer a request that the page or the account refuses."""
    del request
    assert isinstance(error, (AccountRefusedError, RefusedError))
    return JSONResponse({"error": error.message}, error.status)

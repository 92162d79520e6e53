"""A page served to this machine's own browser: loopback only, a secret in its address, nothing to be framed or sniffed.

Import this module only to serve: Starlette and uvicorn are slow to import.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount

from deployer.net import LOOPBACK, LOOPBACK_HOSTS, host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
    from types import FrameType

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from deployer.views.pages.assemble import Page

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page_response(page: Page) -> Response:
    """A page under its own policy, which no other page may frame."""
    policy = f"{page.policy}; frame-ancestors 'none'"
    return Response(page.html, media_type="text/html", headers={"Content-Security-Policy": policy})


def json_response(text: str, status: int = 200) -> Response:
    """JSON that is written already."""
    return Response(text, status, media_type="application/json")


class Background(Protocol):
    """What goes on beside the answers."""

    def work(self) -> Coroutine[None, None, None]:
        """Do it until ``end`` is called; the server ends with it."""

    def end(self) -> None:
        """Come to an end soon. Called from a signal handler or from the loop, perhaps more than once."""


class Guard:
    """Lets only calls through that name this machine, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if _host(scope) in LOOPBACK_HOSTS:
            await self.app(scope, receive, with_headers)
        else:
            refused = PlainTextResponse("this page answers to 127.0.0.1 and localhost only", 400)
            await refused(scope, receive, with_headers)


def _host(scope: Scope) -> str:
    header: str = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return host_of(header)


class _Server(uvicorn.Server):
    """A server with work beside it. The work learns first that all ends, so that answers without an end can end."""

    def __init__(self, routes: Sequence[BaseRoute], background: Background) -> None:
        app = Starlette(routes=routes, lifespan=self._beside)
        app.add_middleware(Guard)
        super().__init__(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
        self._background = background
        self.work: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take an interrupt."""
        self._background.end()
        super().handle_exit(sig, frame)

    @asynccontextmanager
    async def _beside(self, app: Starlette) -> AsyncIterator[None]:
        """Run the work while the server runs; a server whose work failed ends too."""
        del app
        self.work = asyncio.create_task(self._background.work())
        self.work.add_done_callback(self._worked)
        yield
        self._background.end()
        await asyncio.wait([self.work])

    def _worked(self, work: asyncio.Task[None]) -> None:
        del work
        self._background.end()
        self.should_exit = True


def serve_site(
    routes: Sequence[BaseRoute], port: int, background: Background, *, listening: Callable[[str], None]
) -> None:
    """Serve routes below ``/SECRET/`` on 127.0.0.1 until interrupted; ``port`` 0 takes a free one.

    ``listening`` is called with the page's address as soon as connections are accepted. Raises ``OSError`` for a port
    in use, what the background's work raises, and ``KeyboardInterrupt`` once all has ended after an interrupt.
    """
    token = secrets.token_urlsafe(18)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        listening(f"http://{LOOPBACK}:{listener.getsockname()[1]}/{token}/")
        server = _Server([Mount(f"/{token}", routes=routes)], background)
        server.run(sockets=[listener])
    if server.work is not None:
        server.work.result()

"""The sandbox on a port of this machine: a Starlette application, and uvicorn that runs it on the loopback only."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.routing import Mount

from deployer.sandbox.calls import answer
from deployer.sandbox.model import Request, Response
from deployer.sandbox.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from deployer.sandbox.service import Sandbox

LOOPBACK = "127.0.0.1"
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""The names under which a browser or client may call: a page elsewhere that resolves to this machine may not."""


def asgi(sandbox: Sandbox) -> Starlette:
    """Make the sandbox an ASGI application; its SQLite work runs in a thread pool. ``GET /`` lists the endpoints."""

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        body = await http.body()
        ours = _request(http, body)
        response = await run_in_threadpool(_respond, sandbox, ours)
        await HttpResponse(response.body, response.status, dict(response.headers))(scope, receive, send)

    return Starlette(routes=[Mount("/", app=endpoint)])


def serve(sandbox: Sandbox, port: int, *, listening: Callable[[str], None] | None = None) -> None:
    """Serve on 127.0.0.1 until interrupted; ``port`` 0 takes a free one.

    ``listening`` is called with the URL as soon as connections are accepted. Raises ``OSError`` for a port in use, and
    ``KeyboardInterrupt`` once the open requests are answered after an interrupt.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        if listening:
            listening(f"http://{LOOPBACK}:{listener.getsockname()[1]}")
        # The sandbox writes its own Date header, from its own clock.
        config = uvicorn.Config(
            asgi(sandbox), log_level="warning", access_log=False, date_header=False, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listener])


def _request(http: HttpRequest, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in http.headers.items()}
    raw_path: bytes = http.scope["raw_path"]
    return Request(http.method, raw_path.decode("latin-1"), http.url.query, headers, body)


def _respond(sandbox: Sandbox, request: Request) -> Response:
    if _host(request.headers.get("host", "")) not in HOSTS:
        return answer(400, {"message": "The sandbox answers to 127.0.0.1, localhost and [::1] only"})
    if (request.method, request.path) == ("GET", "/"):
        return _index(sandbox)
    return sandbox.handle(request)


def _host(header: str) -> str:
    """Read the Host header without its port; an IPv6 address keeps its brackets."""
    head, bracket, _ = header.partition("]")
    return head + bracket if bracket else head.partition(":")[0].lower()


def _index(sandbox: Sandbox) -> Response:
    company = sandbox.account()["company"]
    return answer(200, {"sandbox": {"company": company, "endpoints": [route.name for route in ROUTES]}})

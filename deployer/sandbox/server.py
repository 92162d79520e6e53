"""The sandbox on a port of this machine: a Starlette application, and uvicorn that runs it on the loopback only."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.routing import Mount

from deployer.net import LOOPBACK, LOOPBACK_HOSTS, host_of
from deployer.sandbox.breaking import BreakableProtocol, deliver
from deployer.sandbox.calls import answer
from deployer.sandbox.delivery import Delivery
from deployer.sandbox.intake import After, Before, Intake
from deployer.sandbox.model import Request, Response
from deployer.sandbox.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from deployer.sandbox.faults import Faults
    from deployer.sandbox.service import Sandbox


def asgi(
    sandbox: Sandbox,
    *,
    faults: Faults | None = None,
    before: Before | None = None,
    after: After | None = None,
    beside: Sequence[BaseRoute] = (),
) -> Starlette:
    """Make the sandbox an ASGI application; its SQLite work runs in a thread pool. ``GET /`` lists the endpoints.

    ``beside`` are routes that come first, such as a page about the account. ``faults``, ``before`` and ``after`` are as
    in ``deployer.sandbox.transport``; faults that break a connection need the
    server that ``serve`` and ``serving`` run.
    """
    intake = Intake(sandbox, faults, before, after)

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        body = await http.body()
        delivery = await run_in_threadpool(_respond, intake, _request(http, body))
        await deliver(delivery, scope, receive, send)

    return Starlette(routes=[*beside, Mount("/", app=endpoint)])


def serve(
    sandbox: Sandbox,
    port: int,
    *,
    listening: Callable[[str], None] | None = None,
    faults: Faults | None = None,
    before: Before | None = None,
    after: After | None = None,
    beside: Sequence[BaseRoute] = (),
) -> None:
    """Serve on 127.0.0.1 until interrupted; ``port`` 0 takes a free one.

    ``listening`` is called with the URL as soon as connections are accepted; the others as in ``asgi``. Raises
    ``OSError`` for a port in use, and ``KeyboardInterrupt`` once the open requests are answered after an interrupt.
    """
    with _listener(port) as listener:
        if listening:
            listening(_url(listener))
        _server(asgi(sandbox, faults=faults, before=before, after=after, beside=beside)).run(sockets=[listener])


@contextmanager
def serving(
    sandbox: Sandbox,
    port: int = 0,
    *,
    faults: Faults | None = None,
    before: Before | None = None,
    after: After | None = None,
    beside: Sequence[BaseRoute] = (),
) -> Iterator[str]:
    """Serve from a thread of this process while the block runs, and give the URL; otherwise as ``serve``."""
    with _listener(port) as listener:
        server = _server(asgi(sandbox, faults=faults, before=before, after=after, beside=beside))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="deployer-sandbox")
        thread.start()
        try:
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        yield listener


def _url(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


def _server(app: Starlette) -> uvicorn.Server:
    """Make the server. The sandbox writes its own Date header, from its own clock."""
    config = uvicorn.Config(
        app,
        http=BreakableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
    )
    return uvicorn.Server(config)


def _request(http: HttpRequest, body: bytes) -> Request:
    headers = {name.lower(): value for name, value in http.headers.items()}
    raw_path: bytes = http.scope["raw_path"]
    return Request(http.method, raw_path.decode("latin-1"), http.url.query, headers, body)


def _respond(intake: Intake, request: Request) -> Delivery:
    if host_of(request.headers.get("host", "")) not in LOOPBACK_HOSTS:
        return Delivery(answer(400, {"message": "The sandbox answers to 127.0.0.1, localhost and [::1] only"}))
    if (request.method, request.path) == ("GET", "/"):
        return Delivery(_index(intake.sandbox))
    return intake.take(request)


def _index(sandbox: Sandbox) -> Response:
    company = sandbox.account()["company"]
    return answer(200, {"sandbox": {"company": company, "endpoints": [route.name for route in ROUTES]}})

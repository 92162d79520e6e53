"""Broken connections on a port: what no ASGI message can say is done to the connection itself.

A protocol of uvicorn's puts the connection into the scope as an extension; the application breaks it from there.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.responses import Response as HttpResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from deployer.sandbox.delivery import Delivery, Manner

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from deployer.sandbox.model import Response

EXTENSION = "deployer.connection"
"""Where an ASGI scope holds its ``BreakableProtocol``."""


class BreakableProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, reachable from the scope of each request.

    ``silent``: it was set up to give no answer; ``ending``: the server ends.
    """

    silent = False
    ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Let requests of this connection reach it."""
        super().connection_made(transport)
        app: Any = self.app

        async def reachable(scope: Any, receive: Any, send: Any) -> None:
            extensions = {**(scope.get("extensions") or {}), EXTENSION: self}
            await app({**scope, "extensions": extensions}, receive, send)

        self.app = reachable

    def shutdown(self) -> None:
        """End with the server; it must not wait for an answer that will never come."""
        self.ending = True
        if self.silent:
            self.reset()
        else:
            super().shutdown()

    def reset(self) -> None:
        """Close at once: with nothing to linger for, the system sends a reset instead of an end."""
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def cut(self, sent: bytes = b"") -> None:
        """Close after what was sent, and these bytes."""
        self.transport.write(sent)
        self.transport.close()


async def deliver(delivery: Delivery, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer in its manner.

    Raises ``LookupError`` where it must break a connection that isn't in the scope.
    """
    if delivery.manner is Manner.WHOLE:
        await asyncio.sleep(delivery.seconds)
        await _whole(delivery.response)(scope, receive, send)
        return
    connection = _connection(scope)
    if delivery.manner is Manner.CUT:
        await _cut(connection, delivery.response, send)
    elif delivery.manner is Manner.SILENT:
        await _silence(connection, delivery.seconds, receive)
    else:
        connection.reset()
    await _ended(receive)


def _connection(scope: Scope) -> BreakableProtocol:
    protocol: BreakableProtocol | None = scope.get("extensions", {}).get(EXTENSION)
    if protocol is None:
        raise LookupError("a fault that breaks the connection needs the sandbox's own server (`serve`, `serving`)")
    return protocol


def _whole(response: Response) -> HttpResponse:
    return HttpResponse(response.body, response.status, dict(response.headers))


async def _cut(connection: BreakableProtocol, response: Response, send: Send) -> None:
    """Send half of the body under a head that announces all of it; without a body, half of a head's first line."""
    if not response.body:
        line = f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}".encode()
        connection.cut(line[: len(line) // 2])
        return
    head = _whole(response).raw_headers
    half = response.body[: len(response.body) // 2]
    await send({"type": "http.response.start", "status": response.status, "headers": head})
    await send({"type": "http.response.body", "body": half, "more_body": True})
    connection.cut()


async def _silence(connection: BreakableProtocol, seconds: float, receive: Receive) -> None:
    """Say nothing until the client hangs up, or for so many seconds."""
    connection.silent = True
    try:
        await asyncio.wait_for(_ended(receive), 0 if connection.ending else seconds)
    except TimeoutError:
        connection.reset()


async def _ended(receive: Receive) -> None:
    """Wait until the connection is gone, so that the server finds no answer missing."""
    while (await receive())["type"] != "http.disconnect":
        pass

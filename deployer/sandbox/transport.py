"""The sandbox behind httpx without a port: a transport that hands each request to ``Sandbox.handle``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from deployer.sandbox.delivery import Delivery, Manner
from deployer.sandbox.intake import After, Before, Intake
from deployer.sandbox.model import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.sandbox.faults import Faults
    from deployer.sandbox.service import Sandbox

__all__ = ["After", "Before", "SandboxTransport", "transport"]


class SandboxTransport(httpx.BaseTransport):
    """An httpx transport whose host is a sandbox; safe for threads. Closing it leaves the sandbox open.

    A fault raises the error that httpx raises where the same happens to a socket. No one waits for a time-out that is
    certain; a slow answer waits by ``sleep``.
    """

    def __init__(self, intake: Intake, sleep: Callable[[float], None] = time.sleep) -> None:
        self._intake = intake
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, whatever its host."""
        delivery = self._intake.take(_request(request))
        if delivery.manner is Manner.WHOLE:
            self._wait(request, delivery.seconds)
            return _whole(delivery.response)
        if delivery.manner is Manner.CUT:
            return _cut(request, delivery.response)
        raise _broken(request, delivery)

    def _wait(self, request: httpx.Request, seconds: float) -> None:
        """Wait for a slow answer, unless the client wouldn't."""
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and seconds > patience:
            raise httpx.ReadTimeout("timed out", request=request)
        if seconds:
            self._sleep(seconds)


def transport(
    sandbox: Sandbox,
    *,
    before: Before | None = None,
    after: After | None = None,
    faults: Faults | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> httpx.BaseTransport:
    """Make a transport for ``httpx.Client`` that answers from the sandbox, in process.

    ``before`` observes each request, and may deny it by returning a response or raising; ``after`` observes each
    request that was carried out, with its response; ``faults`` is the schedule of what goes wrong; ``sleep`` waits the
    seconds of a slow answer.
    """
    return SandboxTransport(Intake(sandbox, faults, before, after), sleep)


class _Half(httpx.SyncByteStream):
    """Half of a body, then the connection ends."""

    def __init__(self, body: bytes, error: httpx.RemoteProtocolError) -> None:
        self._body = body
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        raise self._error


def _request(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, request.read())


def _whole(response: Response) -> httpx.Response:
    return httpx.Response(response.status, headers=dict(response.headers), content=response.body)


def _cut(request: httpx.Request, response: Response) -> httpx.Response:
    ended = httpx.RemoteProtocolError("the connection ended before the answer did", request=request)
    if not response.body:
        raise ended
    headers = {**response.headers, "content-length": str(len(response.body))}
    return httpx.Response(response.status, headers=headers, stream=_Half(response.body, ended))


def _broken(request: httpx.Request, delivery: Delivery) -> httpx.TransportError:
    if delivery.manner is Manner.RESET:
        return httpx.ReadError("the connection was reset", request=request)
    return httpx.ReadTimeout("timed out", request=request)

"""The sandbox behind httpx without a port: a transport that hands each request to ``Sandbox.handle``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import httpx

from deployer.sandbox.model import Request, Response

if TYPE_CHECKING:
    from deployer.sandbox.service import Sandbox

Before: TypeAlias = Callable[[Request], Response | None]
"""Sees each request first; what it returns is the answer in the sandbox's place, what it raises reaches the client."""


class SandboxTransport(httpx.BaseTransport):
    """An httpx transport whose host is a sandbox; safe for threads. Closing it leaves the sandbox open."""

    def __init__(self, sandbox: Sandbox, before: Before | None = None) -> None:
        self._sandbox = sandbox
        self._before = before

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, whatever its host."""
        ours = _request(request)
        denied = self._before(ours) if self._before else None
        response = denied or self._sandbox.handle(ours)
        return httpx.Response(response.status, headers=dict(response.headers), content=response.body)


def transport(sandbox: Sandbox, *, before: Before | None = None) -> httpx.BaseTransport:
    """Make a transport for ``httpx.Client`` that answers from the sandbox, in process.

    ``before`` observes each request, and may deny it by returning a response or raising.
    """
    return SandboxTransport(sandbox, before)


def _request(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("ascii").partition("?")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, path, query, headers, request.read())

"""The way to an environment's embedded sandbox, which needs no network and so no library for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deployer.app.sandbox_account import guarded
from deployer.attentive.wire import LARGEST, Response
from deployer.sandbox.model import Request

if TYPE_CHECKING:
    from deployer.attentive import wire
    from deployer.sandbox import Sandbox


class Within:
    """``Http`` to a sandbox in this process: a file that can't be written is a ``GuardError``, which a run reports."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def send(self, request: wire.Request) -> Response:
        """Answer one request. Raises ``GuardError``."""
        url = urlsplit(request.url)
        headers = {name.lower(): value for name, value in request.headers.items()}
        inner = Request(request.method, url.path, url.query, headers, request.body)
        answer = guarded(lambda: self._sandbox.handle(inner))
        given = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status, given, answer.body, complete=len(answer.body) <= LARGEST)

    def close(self) -> None:
        """Leave the sandbox open: it is closed with the connection."""

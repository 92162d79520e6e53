"""The way to an environment's embedded sandbox. Import it late: httpx is heavy, and an offline plan sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from deployer.app.sandbox_account import guarded
from deployer.sandbox.transport import transport

if TYPE_CHECKING:
    from deployer.sandbox import Sandbox


class Guarded(httpx.BaseTransport):
    """The way to a sandbox: a file that can't be written is a ``GuardError``, which a run reports and goes on from."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = transport(sandbox)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises ``GuardError``."""
        return guarded(lambda: self._inner.handle_request(request))

"""A sandbox that is served with its page, for tests that look at the page."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

import deployer
from deployer.app.phones import Phones, playing
from deployer.app.sandbox_account import open_sandbox
from deployer.engine.confirm import Statement
from deployer.sandbox.server import serving
from deployer.simulation import next_shown
from deployer.views.pages.phones_live import phones_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PHONE = "+12065550100"
NOON = time(12)
"""When a sandbox begins where the phone is: in quiet hours, texts would wait."""


@dataclass(frozen=True)
class Served:
    """A sandbox that is served with its page; ``page`` is the page's address."""

    url: str
    page: str
    phones: Phones

    def post(self, path: str, body: Any, key: str = "sandbox-orders") -> None:
        """Call the sandbox as the shop's own service does."""
        answer = httpx.post(f"{self.url}{path}", json=body, headers={"authorization": f"Bearer {key}"}, trust_env=False)
        assert answer.status_code in {200, 201, 202}, answer.text


@contextmanager
def served_sandbox(project: Path) -> Iterator[Served]:
    """A project's sandbox, served with every task confirmed."""
    with ExitStack() as stack:
        connection = stack.enter_context(deployer.connect(deployer.load(project)))
        done = Statement("done", "ana", datetime.now(UTC).isoformat(timespec="seconds"))
        tokens = deployer.confirmable(connection.state())
        deployer.confirm(connection.backend, connection.environment.name, tokens, done)
        sandbox = stack.enter_context(open_sandbox(connection.project))
        phones = stack.enter_context(playing(connection.project, connection.backend, sandbox))
        sandbox.pace.skip_to(next_shown(sandbox.pace.now(), NOON, ZoneInfo("America/Los_Angeles")))
        mount, path = phones_site(phones)
        url = stack.enter_context(serving(sandbox, beside=[mount]))
        yield Served(url, f"{url}{path}", phones)

"""An account in memory under a clock that the test holds, and a short way to call it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployer.sandbox import Request, Sandbox, SandboxApp, SignUpUnit

PHONE = "+13115552368"
EMAIL = "test@example.com"


@dataclass
class Time:
    """The account's clocks; each look at the monotonic one passes a second unless it is frozen."""

    now: datetime = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
    seconds: float = 0.0
    frozen: bool = False

    def tell(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        self.seconds += 0.0 if self.frozen else 1.0
        return self.seconds

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.body["message"] if isinstance(self.body, dict) else ""


@dataclass
class Api:
    """Calls a sandbox as an app does: ``api.post("/v1/webhooks", {...}, key="…")``."""

    sandbox: Sandbox
    key: str = "key-orders"

    def call(self, method: str, path: str, body: Any = None, *, query: str = "", key: str | None = None) -> Answer:
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {key or self.key}", "content-type": "application/json"}
        response = self.sandbox.handle(Request(method, path, query, headers, raw))
        parsed = json.loads(response.body) if response.body else None
        return Answer(response.status, parsed, dict(response.headers))

    def get(self, path: str, query: str = "", **more: Any) -> Answer:
        return self.call("GET", path, query=query, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.call("DELETE", path, **more)


@pytest.fixture
def time() -> Time:
    """Stand at noon of 10 May 2026, with a clock that the test moves."""
    return Time()


@pytest.fixture
def sandbox(time):
    """Two apps, and a sign-up unit of each sort that the rules tell apart."""
    with Sandbox.open(None, company_name="Northwind", now=time.tell, monotonic=time.monotonic) as opened:
        opened.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        opened.ensure_app(SandboxApp("loyalty", "Northwind Loyalty", "key-loyalty"))
        for unit in (
            SignUpUnit("100", "TRANSACTIONAL", ("TEXT", "EMAIL")),
            SignUpUnit("200", "MARKETING", ("TEXT",)),
            SignUpUnit("201", "MARKETING", ("TEXT", "EMAIL")),
            SignUpUnit("300", "TRANSACTIONAL", ("EMAIL",), "fr", "CA"),
            SignUpUnit("400", "MARKETING", ("TEXT",), "de", "DE", kind="POPUP"),
        ):
            opened.ensure_sign_up_unit(unit)
        yield opened


@pytest.fixture
def api(sandbox) -> Api:
    """Call the account with the key of the app ``orders``."""
    return Api(sandbox)

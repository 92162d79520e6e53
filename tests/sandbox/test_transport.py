"""The sandbox behind httpx, without a port."""

from __future__ import annotations

import httpx
import pytest

from deployer.sandbox import Response
from deployer.sandbox.transport import transport

BASE = "https://api.attentivemobile.com"
AUTH = {"Authorization": "Bearer key-orders"}


def test_a_client_talks_to_the_sandbox(sandbox):
    """Method, encoded path, query, headers and body arrive as they were sent, and the answer comes back whole."""
    with httpx.Client(base_url=BASE, headers=AUTH, transport=transport(sandbox)) as client:
        assert client.post("/v2/segments", json={"name": "ü", "externalId": "a/b"}).status_code == 201
        answer = client.get("/v2/segments/external/a%2Fb")
        assert answer.json()["name"] == "ü"
        assert answer.headers["x-ratelimit-limit"] == "100"
        assert client.get("/v2/segments", params={"limit": 1}).json()["hasMore"] is False
        assert client.delete("/v2/segments/external/a%2Fb").content == b""
    assert sandbox.account()["segments"]


def test_before_observes(sandbox):
    """``before`` sees each request before the sandbox does."""
    seen = []
    with httpx.Client(base_url=BASE, headers=AUTH, transport=transport(sandbox, before=seen.append)) as client:
        assert client.get("/v1/subscriptions", params={"phone": "+13115552368"}).status_code == 404
    assert [(one.method, one.path, one.query, one.headers["authorization"]) for one in seen] == [
        ("GET", "/v1/subscriptions", "phone=%2B13115552368", "Bearer key-orders")
    ]


def test_before_denies(sandbox):
    """What ``before`` returns is the answer, what it raises reaches the client; the sandbox sees neither request."""

    def deny(request):
        if request.method == "GET":
            return Response(503)
        raise httpx.ReadTimeout(request.path)

    with httpx.Client(base_url=BASE, headers=AUTH, transport=transport(sandbox, before=deny)) as client:
        assert client.get("/v1/me").status_code == 503
        with pytest.raises(httpx.ReadTimeout):
            client.post("/v2/segments", json={"name": "Gold"})
    assert sandbox.account()["segments"] == []

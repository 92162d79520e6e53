"""The sandbox on a port: a real process, real sockets, the loopback only."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import deployer.sandbox
from deployer.sandbox import Sandbox
from deployer.sandbox.server import serve
from tests.patience import PATIENCE

ROOT = Path(deployer.sandbox.__file__).parents[2]
SERVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from deployer.sandbox import Sandbox, SandboxApp
from deployer.sandbox.server import serve

then = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
with Sandbox.open(Path(sys.argv[1]), company_name="Northwind", now=lambda: then) as sandbox:
    sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
    serve(sandbox, 0, listening=lambda url: print(url, flush=True))
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Run a sandbox in another process and give its URL; interrupt it at the end."""
    command = [sys.executable, "-c", SERVER, str(tmp_path_factory.mktemp("server") / "sandbox.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=PATIENCE)


@pytest.fixture
def client(url):
    """Open a client of that sandbox."""
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer key-orders"}, trust_env=False) as opened:
        yield opened


def test_the_same_answers_as_in_process(client):
    """Status, body, encoded path and the sandbox's own headers come over the wire; one Date header only."""
    assert client.post("/v2/segments", json={"name": "ü", "externalId": "a/b"}).status_code == 201
    answer = client.get("/v2/segments/external/a%2Fb")
    assert answer.json()["name"] == "ü"
    assert answer.headers.get_list("date") == ["Sun, 10 May 2026 12:00:00 GMT"]
    assert answer.headers["x-ratelimit-limit"] == "100"
    gone = client.delete("/v2/segments/external/a%2Fb")
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get("/v1/attributes/custom", params={"phone": "+19148440001"}).status_code == 404


def test_index(client):
    """The root lists the company and the endpoints, and shows no key."""
    listed = client.get("/").json()["sandbox"]
    assert listed["company"]["name"] == "Northwind"
    assert "POST /v1/events/custom" in listed["endpoints"]
    assert "key-orders" not in client.get("/").text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8080", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8080", 200),
        ("attacker.example", 400),
        ("attacker.example:80", 400),
        ("127.0.0.1.attacker.example", 400),
        ("[::2]", 400),
        ("", 400),
    ],
)
def test_host(client, host, status):
    """Only the loopback's own names are answered, so that a page elsewhere can't reach the sandbox by DNS."""
    assert client.get("/v1/me", headers={"Host": host}).status_code == status


def test_requests_at_the_same_time(client):
    """Concurrent requests are all answered and all stored."""
    events = [{"type": "Seen", "user": {"phone": "+13115552368"}, "externalEventId": str(one)} for one in range(40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda event: client.post("/v1/events/custom", json=event), events))
    assert {answer.status_code for answer in answers} == {200}


def test_interrupt(tmp_path):
    """An interrupt ends the server in order and reaches the caller as a KeyboardInterrupt."""
    script = (
        SERVER.replace("    serve(", "    try:\n        serve(")
        + "    except KeyboardInterrupt:\n        print('interrupted')"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "sandbox.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert httpx.get(url, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE)[0] == "interrupted\n"
    assert process.returncode == 0


def test_port_in_use():
    """A port that is taken is an OSError, before anything is announced."""
    announced = []
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        Sandbox.open(None, company_name="Northwind") as sandbox,
        pytest.raises(OSError, match="in use"),
    ):
        serve(sandbox, taken.getsockname()[1], listening=announced.append)
    assert announced == []

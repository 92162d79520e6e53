"""No text that is printed shows a key, also where the server that got it sends it back."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "s3cr3t-attentive-key-0042"


class Echo(BaseHTTPRequestHandler):
    """A server that sends the key back as the name of the company and of the app."""

    company = ""

    def do_GET(self) -> None:
        """Answer with what came."""
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        body = json.dumps(
            {"companyId": self.company, "companyName": key, "applicationName": f"an app with {key}", "apiVersion": "1"}
        ).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of such a server."""
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("more", [[], ["--format", "json"], ["--verbose"]])
@pytest.mark.parametrize("company", ["MDc6Q29tcGFueTk5", KEY])
def test_a_key_that_is_sent_back_is_masked(tea: Path, deployer, echo, edit, monkeypatch, more, company) -> None:
    """If the server puts the key into its answer, neither the output nor an error about it shows the key."""
    named = "    company_id: MDc6Q29tcGFueTk5\n"
    edit(tea / "deployer.yaml", named, f"{named}    base_url: {echo}\n")
    monkeypatch.setattr(Echo, "company", company)
    monkeypatch.setenv("TEA_KEY", KEY)
    monkeypatch.setenv("TEA_PHONE", "+13115552368")
    monkeypatch.setenv("TEA_EMAIL", "ann@tea.example")
    monkeypatch.setenv("TEA_WEBHOOK_URL", "https://tea.example/hook")
    done = deployer("whoami", "--env", "account", "--project", tea, *more)
    assert KEY not in done.out + done.err
    assert "[masked key]" in done.out + done.err

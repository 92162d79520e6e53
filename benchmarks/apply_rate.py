"""How fast apply sends, and never faster than it may: python benchmarks/apply_rate.py EVENTS [--latency 0.1].

A server on the loopback answers each request after the latency and notes when it came; `deployer apply` registers that
many event types there, as a whole process. Attentive's limit is 150 requests a second for a key and endpoint.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import threading
from email.utils import formatdate
from pathlib import Path

import corpus
from processes import Command, run
from works import DEPLOYER

COMPANY = "MDc6Q29tcGFueTI"
KEYS = {"CONTOSO_KEY": "key", "CONTOSO_PHONE": "+12065550100", "CONTOSO_EMAIL": "tester@contoso.example"}
ME = {
    "applicationName": "Contoso Orders",
    "attentiveDomainName": "contoso",
    "companyId": COMPANY,
    "companyName": "Contoso",
    "contactEmail": "tester@contoso.example",
}
SETTINGS = """\
version: 1
project: corpus
brand: {{name: Contoso}}
apps:
  orders: {{description: The order service sends with this app.}}
environments:
  production:
    target: attentive
    base_url: {url}
    company_id: {company}
    apps: {{orders: {{name: Contoso Orders, api_key: {{env: CONTOSO_KEY}}}}}}
    test_contacts: [{{phone: {{env: CONTOSO_PHONE}}, email: {{env: CONTOSO_EMAIL}}}}]
    state: file:production.json
"""


class Slow(asyncio.Protocol):
    """A connection whose requests are answered in turn, each a latency after it came."""

    def __init__(self, latency: float, came: list[float]) -> None:
        self._latency = latency
        self._came = came
        self._data = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, rest = self._data.partition(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next((int(one.split(b":")[1]) for one in lines if one.startswith(b"content-length:")), 0)
            if len(rest) < length:
                return
            self._data = rest[length:]
            sent = head.startswith(b"POST")
            if sent:
                self._came.append(self._loop.time())
            body = b"{}" if sent else json.dumps(ME).encode()
            self._loop.call_later(self._latency if sent else 0, self._answer, body)

    def _answer(self, body: bytes) -> None:
        fields = {"Date": formatdate(usegmt=True), "Content-Type": "application/json", "Content-Length": len(body)}
        head = "".join(["HTTP/1.1 200 OK\r\n", *(f"{name}: {value}\r\n" for name, value in fields.items()), "\r\n"])
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(head.encode() + body)


def serve(latency: float, came: list[float]) -> str:
    """Serve on the loopback in a thread of this process; the URL."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(lambda: Slow(latency, came), "127.0.0.1", 0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return "http://{}:{}".format(*server.sockets[0].getsockname())


def most_in_a_second(came: list[float]) -> int:
    """The most requests in any window of a second."""
    most = first = 0
    for last, moment in enumerate(came):
        while came[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def main() -> None:
    """Register the event types and print how fast it went."""
    parser = argparse.ArgumentParser(description="How fast apply sends.")
    parser.add_argument("events", type=int)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds until an answer")
    given = parser.parse_args()
    came: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "events").mkdir()
        for number in range(given.events):
            (folder / "events" / f"event_{number}.yaml").write_text(corpus.event(number), encoding="utf-8")
        url = serve(given.latency, came)
        (folder / "deployer.yaml").write_text(SETTINGS.format(url=url, company=COMPANY), encoding="utf-8")
        used = run(Command((*DEPLOYER, "apply", "--env", "production", "--yes", "--quiet"), folder, KEYS))
    if len(came) != given.events:
        sys.exit(f"error: {len(came)} of {given.events} event types were sent")
    took = came[-1] - came[0]
    sys.stdout.write(
        f"{given.events:,} event types, answers after {given.latency} s: {(len(came) - 1) / took:.0f} requests a second"
        f" over {took:.1f} s, at most {most_in_a_second(came)} in any second; {used.cpu:.1f} CPU s of the whole apply\n"
    )


if __name__ == "__main__":
    main()

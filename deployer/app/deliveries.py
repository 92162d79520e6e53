"""What Attentive's webhooks deliver, as it comes to a port of this machine or was logged by the shop's own endpoint.

A signature is checked over the raw bytes before anything is read. Nothing is stored: what is read is held in memory for
the comparison that asked for it.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from contextlib import contextmanager
from dataclasses import field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, TypeAlias

from deployer.attentive.deliveries import HEADER, SentMessage, UnknownShape, is_signed, read_sent
from deployer.dataclass import dataclass
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LARGEST_BODY = 1_000_000
_LOGGER = logging.getLogger(__name__)


Delivery: TypeAlias = SentMessage | UnknownShape
"""What is read of a delivery: the message that was sent, or that it has a shape that isn't known."""


def only_messages(deliveries: Iterable[Delivery]) -> list[SentMessage]:
    """The messages among deliveries."""
    return [delivery for delivery in deliveries if isinstance(delivery, SentMessage)]


@dataclass(slots=True)
class Deliveries:
    """What is delivered about messages. ``refused`` counts deliveries without a good signature."""

    url: str = ""
    refused: int = 0
    _queue: queue.SimpleQueue[Delivery] = field(default_factory=queue.SimpleQueue)

    def take(self, key: str, body: bytes, signature: str) -> bool:
        """Take in one delivery; false where its signature isn't good."""
        if not is_signed(key, body, signature):
            if not self.refused:
                _LOGGER.warning(
                    "a delivery was refused: its signature isn't that of the body; is it this webhook's key?"
                )
            self.refused += 1
            return False
        sent = read_sent(body)
        if sent is not None:
            self._queue.put(sent)
        return True

    def next(self, seconds: float) -> Delivery | None:
        """The next one; ``None`` if none comes for so long."""
        try:
            return self._queue.get(timeout=seconds)
        except queue.Empty:
            return None


@contextmanager
def listening(port: int, key: str) -> Iterator[Deliveries]:
    """Take deliveries on a port of this machine (0: a free one) while the block runs; raises ``UsageError``.

    ``key`` is the webhook's signing key. A tunnel or a proxy with https leads Attentive to the port.
    """
    deliveries = Deliveries()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(deliveries, key))
    except OSError as error:
        raise UsageError(f"port {port} can't be used: {error.strerror}", "name another; 0 picks a free one") from error
    with server:
        deliveries.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="deployer-listens")
        thread.start()
        try:
            yield deliveries
        finally:
            server.shutdown()
            thread.join()


def _handler(deliveries: Deliveries, key: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One delivery a request."""

        timeout = 10

        def do_POST(self) -> None:
            """Take it in: 200, or 401 for a signature that isn't good."""
            length = self.headers.get("content-length", "")
            if not length.isdecimal() or int(length) > LARGEST_BODY:
                self._answer(413)
                return
            body = self.rfile.read(int(length))
            self._answer(200 if deliveries.take(key, body, self.headers.get(HEADER, "")) else 401)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Log nothing: paths and bodies are Attentive's."""

    return Handler


def read_log(path: Path, key: str) -> Iterator[Delivery]:
    """The messages in a log of the shop's endpoint: a JSON value a line. It may be written meanwhile.

    A line is ``{"body": …, "signature": …}`` with the raw body as text, whose signature is checked with ``key``; or,
    where there is no key (the endpoint checked it), the delivery itself. Raises ``UsageError``.
    """
    with path.open(encoding="utf-8") as lines:
        try:
            yield from _messages(lines, str(path), key)
        except UnicodeDecodeError as error:
            raise UsageError(f"{path} isn't UTF-8", "the log holds a JSON value a line") from error


def _messages(lines: Iterable[str], name: str, key: str) -> Iterator[Delivery]:
    for number, line in enumerate(lines, 1):
        if not line.strip() or _unfinished(line):
            continue
        body, signature = _logged(line, f"{name}:{number}")
        if key and (signature is None or not is_signed(key, body, signature)):
            raise UsageError(f"{name}:{number}: the signature isn't that of the body", "is it this webhook's key?")
        sent = read_sent(body)
        if sent is not None:
            yield sent


def _unfinished(line: str) -> bool:
    """Whether a line is being written: it is JSON only with what comes before its end."""
    if line.endswith("\n"):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return True
    return False


def _logged(line: str, where: str) -> tuple[bytes, str | None]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} isn't JSON", "the log holds a JSON value a line") from error
    if isinstance(given, dict) and isinstance(given.get("body"), str):
        signature = given.get("signature")
        return given["body"].encode(), signature if isinstance(signature, str) else None
    return line.encode(), None

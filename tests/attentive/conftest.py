"""A clock that never waits and a server that answers as it is told, on loopback."""

import json
import socketserver
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deployer.attentive import Client

KEY = "very-secret-key"
START = datetime(2026, 5, 10, 12, tzinfo=UTC)


class FakeClock:
    """Sleeping moves the time and is noted in ``sleeps``."""

    def __init__(self):
        self.elapsed = 0.0
        self.sleeps = []
        self._lock = threading.Lock()

    def monotonic(self):
        with self._lock:
            return self.elapsed

    def sleep(self, seconds):
        assert seconds > 0
        with self._lock:
            self.sleeps.append(seconds)
            self.elapsed += seconds

    def now(self):
        return START + timedelta(seconds=self.monotonic())

    def random(self):
        return 0.5


@dataclass
class Say:
    """One answer of the server; the flags make it misbehave."""

    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)
    raw: bytes | None = None
    hang_up: bool = False
    silent: bool = False
    cut: bool = False

    def content(self):
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict
    body: object


class Server(ThreadingHTTPServer):
    """Gives its answers in turn, the last one for good, and keeps every request."""

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.seen = []
        self.done = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, seen):
        with self.lock:
            self.seen.append(seen)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # without the look-up of a name that http.server adds
        self.server_name, self.server_port = "localhost", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two make each answer wait for an acknowledgement

    def _any(self):
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, json.loads(content) if content else None)
        self._answer(self.server.take(seen))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = _any  # noqa: N815 - the names that http.server calls

    def _answer(self, say):
        if say.silent:
            self.server.done.wait(10)
        if say.hang_up or say.silent:
            self.close_connection = True
            return
        content = say.content()
        self.send_response_only(say.status)
        for name, value in say.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content) + (100 if say.cut else 0)))
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = say.cut or self.close_connection


@pytest.fixture
def clock():
    """Make time that only sleeping moves."""
    return FakeClock()


@pytest.fixture
def say():
    """Give the way to write an answer of the server."""
    return Say


@pytest.fixture
def serve():
    """Start a server with these answers; it stops after the test."""
    with ExitStack() as stack:

        def start(*answers):
            server = stack.enter_context(Server(answers or [Say()]))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            stack.callback(server.done.set)
            return server

        yield start


@pytest.fixture
def connect(clock):
    """Make a client of a server (or of a URL); it closes after the test."""
    with ExitStack() as stack:

        def make(server, **settings):
            url = server if isinstance(server, str) else server.url
            return stack.enter_context(Client(KEY, base_url=url, **{"clock": clock, **settings}))

        yield make


@pytest.fixture
def key():
    """Give the key that every client here holds."""
    return KEY

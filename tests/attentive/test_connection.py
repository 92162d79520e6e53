"""The connection itself: addresses, proxies, time-outs, clocks, threads."""

import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from deployer.attentive import Client, NoAnswer, SystemClock, Unreadable, WrongKey

ME = {"applicationName": "A", "companyId": "C"}


@pytest.fixture
def nowhere():
    """Find a URL on loopback at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.attentivemobile.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
        "ftp://127.0.0.1",
        "https://",
        "api.attentivemobile.com",
        "https://user:password@proxy.example",
        "https://proxy.example/?to=attentive",
        "https://a.example:port",
        "https://a.example:99999999",
        "https://a b.example",
        "https://[",
        "",
    ],
)
def test_addresses_that_would_give_the_key_away_are_refused(url):
    """If base_url is neither https nor this machine, or holds more than an address, ValueError is raised."""
    with pytest.raises(ValueError, match="base_url") as caught:
        Client("key", base_url=url)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://localhost", "http://[::1]:8080", "https://proxy.example/a/"]
)
def test_safe_addresses_are_accepted(url):
    """Any https address will do, and plain http to this machine."""
    Client("key", base_url=url).close()


@pytest.mark.parametrize("bad", ["", "two words", "line\n", "schlüssel", "tab\t", "nul\0"])
def test_keys_that_no_header_can_carry_are_refused(bad):
    """If a key can't stand in a header, WrongKey is raised without showing it."""
    with pytest.raises(WrongKey, match="the API key is empty or holds") as caught:
        Client(bad)
    assert caught.value.status is None
    assert not bad.strip() or bad.strip() not in str(caught.value)


def test_a_refused_connection_surely_did_not_arrive(nowhere, connect, clock):
    """If nothing listens, NoAnswer says so after the tries of a read, and that nothing arrived."""
    with pytest.raises(NoAnswer, match="refused") as caught:
        connect(nowhere).me()
    assert caught.value.arrived == "no"
    assert caught.value.may_have_happened is False
    assert caught.value.status is None
    assert len(clock.sleeps) >= 3


def test_a_silent_server_times_out(serve, connect, say):
    """If no answer comes in time, NoAnswer says that the request may have arrived."""
    server = serve(say(silent=True))
    with pytest.raises(NoAnswer, match="in time") as caught:
        connect(server, timeout=1).create_webhook("https://shop.example/1", [])
    assert caught.value.arrived == "unknown"
    assert len(server.seen) == 1


def test_a_slow_server_is_asked_again(serve, connect, say):
    """If a read times out, it is sent again."""
    server = serve(say(silent=True), say(200, ME))
    assert connect(server, timeout=1).me().company_id == "C"


class Drips(httpx.SyncByteStream):
    """A body that never ends; every byte takes a second of the clock's time."""

    def __init__(self, clock, size=1):
        self.clock = clock
        self.size = size

    def __iter__(self):
        while True:
            self.clock.sleep(1)
            yield b" " * self.size


class Endless(httpx.BaseTransport):
    """Answers each request with a body that never ends."""

    def __init__(self, clock, size):
        self.clock = clock
        self.size = size

    def handle_request(self, request):
        return httpx.Response(200, stream=Drips(self.clock, self.size), request=request)


@pytest.mark.parametrize("size", [1, 2**22])
def test_an_endless_answer_ends(size, clock):
    """If an answer drips or swells for ever, it is cut off and Unreadable is raised."""
    with (
        Client("key", transport=Endless(clock, size), clock=clock) as client,
        pytest.raises(Unreadable, match="cut off"),
    ):
        client.me()


class Counting(httpx.BaseTransport):
    """Notes whether it was closed."""

    closed = False

    def handle_request(self, request):
        return httpx.Response(200, json=ME, request=request)

    def close(self):
        self.closed = True


def test_a_given_transport_stays_open(clock):
    """If a transport was given, closing the client leaves it open: others may use it."""
    transport = Counting()
    with Client("key", transport=transport, clock=clock) as client:
        assert client.me().application_name == "A"
    assert not transport.closed


def test_skew_is_seen_in_the_date_header(serve, connect, say):
    """The local clock is compared with the Date of the last answer, and with nothing before there is one."""
    client = connect(serve(say(200, ME, {"date": "Sun, 10 May 2026 11:50:00 GMT"}), say(200, ME, {"date": "today"})))
    assert client.skew() is None
    client.me()
    assert client.skew() == timedelta(minutes=10)
    client.me()
    assert client.skew() == timedelta(minutes=10)


def test_proxies_of_the_environment_are_not_used_for_this_machine(serve, connect, say, nowhere, monkeypatch):
    """If base_url leads to this machine, no proxy is asked."""
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, nowhere)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert connect(serve(say(200, ME))).me().company_id == "C"


def without_proxies(monkeypatch):
    """Take every proxy out of the environment."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("variable", ["https_proxy", "all_proxy"])
def test_proxies_of_the_environment_are_asked_for_https(variable, serve, connect, say, monkeypatch, key):
    """If base_url is https elsewhere, the environment's proxy is asked to connect, and doesn't see the key."""
    without_proxies(monkeypatch)
    proxy = serve(say(407))
    monkeypatch.setenv(variable, proxy.url)
    with pytest.raises(NoAnswer, match="the proxy refused") as caught:
        connect("https://attentive.invalid").create_webhook("https://shop.example/1", [])
    assert caught.value.arrived == "no"
    assert [(seen.method, seen.target) for seen in proxy.seen] == [("CONNECT", "attentive.invalid:443")]
    assert key not in str(proxy.seen)


def test_no_proxy_is_respected(serve, connect, nowhere, monkeypatch):
    """If the environment exempts the host from the proxy, the proxy isn't asked."""
    without_proxies(monkeypatch)
    proxy = serve()
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "localhost")
    with pytest.raises(NoAnswer, match="refused"):
        connect(nowhere.replace("http://127.0.0.1", "https://localhost")).me()
    assert proxy.seen == []


@pytest.mark.parametrize(
    "proxy", ["ftp://proxy.example:21", "gopher://proxy.example", "http://user:pa55word@proxy.example:port"]
)
def test_a_proxy_that_makes_no_sense_is_named(proxy, connect, monkeypatch):
    """If the environment's proxy can't be used, NoAnswer says so without its address."""
    without_proxies(monkeypatch)
    monkeypatch.setenv("https_proxy", proxy)
    with pytest.raises(NoAnswer, match="the proxy that the environment sets") as caught:
        connect("https://attentive.invalid").me()
    assert "proxy" in caught.value.hint
    assert "pa55word" not in str(caught.value)


def test_threads_may_share_a_client(serve, connect, say):
    """If many threads use one client, each gets its own answer."""
    server = serve(say(200, ME))
    client = connect(server)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: client.me().company_id, range(60)))
    assert found == ["C"] * 60
    assert len(server.seen) == 60


def test_the_system_clock_tells_time_and_chance():
    """The machine's clock goes forward, knows its zone, sleeps, and draws numbers below one."""
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.now().utcoffset() == timedelta(0)
    assert 0 <= clock.random() < 1


def test_importing_the_room_stays_cheap():
    """If the room is imported, the HTTP library is not, until a client is made."""
    code = "import sys, deployer.attentive; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_no_thread_is_left_behind():
    """If a client is closed, none of its threads remain, because it has none."""
    before = threading.active_count()
    Client("key").close()
    assert threading.active_count() == before

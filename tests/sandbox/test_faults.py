"""The schedule of faults: how it is written, what it counts, and what it does to a request."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.sandbox import Fault, FaultError, FaultKind, Faults, FaultsError, Sandbox, SandboxApp
from deployer.sandbox.routes import ROUTES
from deployer.sandbox.server import serving
from deployer.sandbox.transport import transport

BASE = "https://api.attentivemobile.com"
AUTH = {"Authorization": "Bearer key-orders"}
HOOK = {"url": "https://shop.example/1", "events": ["sms.sent"]}


def client(sandbox, faults, **more):
    """Open a client of the sandbox in process."""
    return httpx.Client(base_url=BASE, headers=AUTH, transport=transport(sandbox, faults=faults, **more))


def statuses(opened, times, method="GET", path="/v1/me"):
    """Call so many times."""
    return [opened.request(method, path).status_code for _ in range(times)]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", ["1: expected a list"]),
        ("on: GET /v1/me", ["1: expected a list"]),
        ("[]", ["1: expected a list"]),
        ("- {on: [", ["1: this can't be read as YAML"]),
        ("- reset", ["1: a fault is a mapping"]),
        ("- {fault: reset}", ["1: `on` is missing"]),
        ("- {on: GET /v1/me}", ["1: `fault` is missing"]),
        ("- {on: GET /v1/me, fault: rest}", ["1: `fault` must be one of status, timeout"]),
        ("- {on: GET /v1/you, fault: reset}", ["1: `on` matches none of the sandbox's endpoints"]),
        ("- {on: POST /v1/webhooks, fault: lag, behind: 1}", ["1: `on` matches none"]),
        ("- on: GET /v1/me\n  fault: reset\n  nth: 0", ["3: `nth` must be 1 or more"]),
        ("- on: GET /v1/me\n  fault: reset\n  times: often", ["3: `times` must be a whole number or unlimited"]),
        ("- on: GET /v1/me\n  fault: reset\n  nth: 1.5", ["3: `nth` must be a whole number"]),
        ("- on: GET /v1/me\n  fault: slow\n  seconds: long", ["3: `seconds` must be a number"]),
        ("- on: GET /v1/me\n  fault: slow\n  seconds: 0", ["3: `seconds` must be more than 0"]),
        ("- on: GET /v1/me\n  fault: slow\n  seconds: [1]", ["3: `seconds` must be a single value"]),
        ("- on: GET /v1/me\n  fault: status\n  status: 200", ["3: `status` must be from 400 to 599"]),
        ("- {on: GET /v1/me, fault: status}", ["1: `status` is missing: the fault status needs it"]),
        (
            "- on: GET /v1/me\n  fault: status\n  status: 429\n  retry_after: -1",
            ["4: `retry_after` must be 0 seconds or more"],
        ),
        ("- on: GET /v1/me\n  fault: reset\n  status: 500", ["3: `status` is no part of the fault reset"]),
        ("- on: GET /v1/me\n  fault: reset\n  when: soon", ["3: `when` must be before or after"]),
        ("- on: GET /v1/me\n  fault: revoke\n  times: 2", ["3: `times` is no part of the fault revoke"]),
        ("- {on: GET /v1/me, fault: reset, nht: 2}", ["1: `nht` is no key of a fault"]),
        ("- on: GET /v1/me\n  fault: reset\n  fault: slow", ["3: `fault` is given twice"]),
        (
            "- {on: GET /v1/me, fault: reset}\n- {on: nowhere, fault: reset}\n- {on: GET /v1/me, fault: lag}",
            ["2: `on` matches none", "3: `behind` is missing"],
        ),
    ],
)
def test_mistakes_name_line_and_key(text, mistakes):
    """If faults are written wrongly, every entry that is wrong is named with its line and key."""
    with pytest.raises(FaultsError) as caught:
        Faults.parse(text, "storm.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(mistakes)
    for line, mistake in zip(lines, mistakes, strict=True):
        assert line.startswith(f"storm.yaml:{mistake}")


def test_yaml_and_json_say_the_same(tmp_path):
    """The same faults can be written as YAML, where `on` is no boolean, and as JSON; both can stand in a file."""
    entry = {"on": "POST /v1/webhooks", "nth": 2, "times": 3, "fault": "status", "status": 429, "retry_after": 1}
    (tmp_path / "storm.json").write_text(json.dumps([entry], indent=1), encoding="utf-8")
    (tmp_path / "storm.yaml").write_text(
        "- {on: POST /v1/webhooks, nth: 2, times: 3, fault: status, status: 429, retry_after: 1}", encoding="utf-8"
    )
    expected = Fault("POST /v1/webhooks", FaultKind.STATUS, nth=2, times=3, status=429, retry_after=1)
    assert (
        repr(Faults.read(tmp_path / "storm.json"))
        == repr(Faults.read(tmp_path / "storm.yaml"))
        == repr(Faults([expected]))
    )


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cant_be_read(content, tmp_path):
    """If there is no file, or no text in it, that is said with its name."""
    path = tmp_path / "storm.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FaultsError, match=r"storm\.yaml can't be read"):
        Faults.read(path)


def test_a_fault_made_in_python_is_checked_too():
    """If a fault can't be, it can't be made either."""
    with pytest.raises(FaultError, match="`behind` is missing") as caught:
        Fault("GET /v1/webhooks", FaultKind.LAG)
    assert caught.value.key == "behind"


@given(
    nth=st.integers(1, 12),
    times=st.one_of(st.none(), st.integers(1, 12)),
    other=st.integers(1, 12),
    requests=st.integers(0, 25),
)
def test_which_requests_are_struck(nth, times, other, requests):
    """Every fault counts every request that it matches; of those that are due, the first of the list strikes."""
    faults = Faults(
        [
            Fault("GET /v1/*", FaultKind.STATUS, nth=nth, times=times, status=503),
            Fault("* /v1/me", FaultKind.STATUS, nth=other, times=2, status=500),
        ]
    )
    with Sandbox.open(None, company_name="N", monotonic=count().__next__) as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        with client(sandbox, faults) as opened:
            seen = statuses(opened, requests)
    expected = [
        503
        if number >= nth and (times is None or number < nth + times)
        else 500
        if other <= number < other + 2
        else 200
        for number in range(1, requests + 1)
    ]
    assert seen == expected
    assert sum(faults.injected.values()) == sum(status != 200 for status in expected)
    assert len(faults.unspent()) == (nth > requests) + (other > requests)


def test_threads_are_counted_one_by_one(sandbox):
    """If many threads call at once, exactly as many requests are struck as the schedule says."""
    faults = Faults([Fault("GET /v1/me", FaultKind.STATUS, nth=5, times=7, status=503)])
    with client(sandbox, faults) as opened, ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: opened.get("/v1/me").status_code, range(40)))
    assert sorted(seen) == [200] * 33 + [503] * 7
    assert faults.injected == {"status": 7}


@pytest.mark.parametrize("kind", ["* *", "*", "POST*", "POST /v1/webhook?"])
def test_patterns(kind, sandbox):
    """An endpoint may be a pattern; what has no endpoint meets no fault."""
    faults = Faults([Fault(kind, FaultKind.STATUS, times=None, status=503)])
    with client(sandbox, faults) as opened:
        assert opened.post("/v1/webhooks", json=HOOK).status_code == 503
        assert opened.post("/v9/nothing").status_code == 404


def test_every_endpoint_can_be_named():
    """Each endpoint's own name matches it, with its braces."""
    for route in ROUTES:
        assert Fault(route.name, FaultKind.RESET).matches(route.name)


def test_a_429_looks_like_attentives(sandbox):
    """A 429 has the headers of the limit, a date, and Retry-After where it was asked for; nothing was done."""
    faults = Faults([Fault("POST /v2/segments", FaultKind.STATUS, status=429, retry_after=3)])
    with client(sandbox, faults) as opened:
        answer = opened.post("/v2/segments", json={"name": "Gold"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    assert (answer.headers["x-ratelimit-limit"], answer.headers["x-ratelimit-remaining"]) == ("100", "0")
    assert answer.headers["date"] == "Sun, 10 May 2026 12:00:00 GMT"
    assert sandbox.account()["segments"] == []


@pytest.mark.parametrize(("kind", "error"), [("timeout", httpx.ReadTimeout), ("reset", httpx.ReadError)])
@pytest.mark.parametrize("when", ["before", "after"])
def test_lost_answers(kind, error, when, sandbox):
    """If an answer is lost, the write was done or not, as the fault says."""
    faults = Faults([Fault("POST /v1/webhooks", FaultKind(kind), when=when)])
    with client(sandbox, faults) as opened, pytest.raises(error):
        opened.post("/v1/webhooks", json=HOOK)
    assert len(sandbox.account()["webhooks"]) == (when == "after")
    assert faults.injected == {kind: 1}


def test_truncated(sandbox):
    """A body that is cut off is shorter than its length; without a body the head itself breaks off."""
    faults = Faults([Fault("*", FaultKind.TRUNCATE, times=None)])
    with client(sandbox, faults) as opened:
        with opened.stream("GET", "/v1/me") as answer:
            assert answer.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                answer.read()
        with pytest.raises(httpx.RemoteProtocolError):
            opened.post("/v1/events/custom", json={"type": "Seen", "user": {"email": "a@example.com"}})
    assert len(sandbox.account()["events"]) == 1


def test_malformed(sandbox):
    """Half of a JSON is no JSON; an answer that has none gets some that is none."""
    faults = Faults([Fault("*", FaultKind.MALFORMED, times=None)])
    with client(sandbox, faults) as opened:
        hook = opened.post("/v1/webhooks", json=HOOK)
        gone = opened.delete(f"/v1/webhooks/{sandbox_hook_id(sandbox)}")
    for answer in (hook, gone):
        assert answer.is_success
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            answer.json()
    assert sandbox.account()["webhooks"] == []


def sandbox_hook_id(sandbox):
    """Ask for the id of the only webhook."""
    with client(sandbox, None) as opened:
        return opened.get("/v1/webhooks").json()["webhooks"][0]["id"]


def test_slow(sandbox):
    """A slow answer is waited for, unless it comes after the client's patience; it was carried out all the same."""
    slept = []
    faults = Faults([Fault("POST /v1/webhooks", FaultKind.SLOW, times=2, seconds=3.0)])
    with client(sandbox, faults, sleep=slept.append) as opened:
        assert opened.post("/v1/webhooks", json=HOOK, timeout=5).status_code == 201
        with pytest.raises(httpx.ReadTimeout):
            opened.post("/v1/webhooks", json=HOOK, timeout=2)
    assert slept == [3.0]
    assert len(sandbox.account()["webhooks"]) == 2


def test_a_page_repeats_only_what_was_there(sandbox):
    """A repeated page is the endpoint's answer before; the first answer has none before it and stays unharmed."""
    faults = Faults([Fault("GET /v1/*", FaultKind.REPEAT_PAGE, times=None)])
    with client(sandbox, faults) as opened:
        assert opened.get("/v1/webhooks").json()["webhooks"] == []
        opened.post("/v1/webhooks", json=HOOK)
        assert opened.get("/v1/webhooks").json()["webhooks"] == []
        assert opened.get("/v1/me").status_code == 200
    assert faults.injected == {"repeat_page": 1}


@given(
    behind=st.integers(1, 4),
    steps=st.lists(st.sampled_from(["write", "read", "other"]), max_size=14),
)
def test_lag(behind, steps):
    """A lagging list lacks exactly what the last requests wrote, and has all that was written before."""
    faults = Faults([Fault("GET /v1/webhooks", FaultKind.LAG, times=None, behind=behind)])
    writes = []
    with Sandbox.open(None, company_name="N", monotonic=count().__next__) as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        with client(sandbox, faults) as opened:
            for number, step in enumerate(steps):
                if step == "write":
                    opened.post("/v1/webhooks", json=HOOK)
                    writes.append(number)
                elif step == "read":
                    visible = [one for one in writes if one < number - behind]
                    assert len(opened.get("/v1/webhooks").json()["webhooks"]) == len(visible)
                else:
                    opened.get("/v1/me")


def test_lag_over_a_file(tmp_path):
    """An account in a file lags as one in memory does, and the file itself has every write."""
    faults = Faults([Fault("GET /v1/webhooks", FaultKind.LAG, behind=1)])
    with Sandbox.open(tmp_path / "account.sqlite", company_name="N") as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        with client(sandbox, faults) as opened:
            opened.post("/v1/webhooks", json=HOOK)
            opened.post("/v1/webhooks", json=HOOK)
            assert len(opened.get("/v1/webhooks").json()["webhooks"]) == 1
        assert len(sandbox.account()["webhooks"]) == 2


def test_revoked(sandbox):
    """From its request on, a revoked key is unknown everywhere; other keys and the account itself are untouched."""
    faults = Faults([Fault("GET /v1/me", FaultKind.REVOKE, nth=2)])
    with client(sandbox, faults) as opened:
        assert statuses(opened, 3) == [200, 401, 401]
        assert opened.post("/v1/webhooks", json=HOOK).status_code == 401
        assert opened.get("/v1/me", headers={"Authorization": "Bearer key-loyalty"}).status_code == 200
    with client(sandbox, None) as opened:
        assert statuses(opened, 1) == [200]


def test_skew(sandbox):
    """The Date header is off by so many seconds, for this request only."""
    faults = Faults([Fault("GET /v1/me", FaultKind.SKEW, seconds=-90.0)])
    with client(sandbox, faults) as opened:
        dates = [opened.get("/v1/me").headers["date"] for _ in range(2)]
    assert dates == ["Sun, 10 May 2026 11:58:30 GMT", "Sun, 10 May 2026 12:00:00 GMT"]


def test_after_observes_what_was_carried_out(sandbox):
    """``after`` sees each request that was carried out with its true answer, though the client sees another or none."""
    seen = []
    faults = Faults(
        [
            Fault("POST /v1/webhooks", FaultKind.STATUS, status=500),
            Fault("POST /v1/webhooks", FaultKind.STATUS, nth=2, status=500, when="after"),
            Fault("POST /v1/webhooks", FaultKind.RESET, nth=3, when="after"),
        ]
    )
    with client(
        sandbox, faults, after=lambda request, response: seen.append((request.path, response.status))
    ) as opened:
        assert [opened.post("/v1/webhooks", json=HOOK).status_code for _ in range(2)] == [500, 500]
        with pytest.raises(httpx.ReadError):
            opened.post("/v1/webhooks", json=HOOK)
    assert seen == [("/v1/webhooks", 201), ("/v1/webhooks", 201)]
    assert len(sandbox.account()["webhooks"]) == 2


def test_observers_on_a_port(sandbox):
    """On a port too, ``before`` may deny, and ``after`` sees what was carried out."""
    seen, denied = [], []
    with (
        serving(sandbox, before=denied.append, after=lambda request, _: seen.append(request.method)) as url,
        httpx.Client(base_url=url, headers=AUTH, trust_env=False) as opened,
    ):
        assert opened.post("/v1/webhooks", json=HOOK).status_code == 201
    assert seen == ["POST"]
    assert [one.path for one in denied] == ["/v1/webhooks"]


def test_a_real_reset_and_a_real_cut(sandbox):
    """On a port a reset is the system's, and a cut body is shorter on the wire than it says."""
    faults = Faults(
        [
            Fault("POST /v1/webhooks", FaultKind.RESET, when="after"),
            Fault("GET /v1/webhooks", FaultKind.TRUNCATE),
            Fault("DELETE *", FaultKind.TRUNCATE),
        ]
    )
    with (
        serving(sandbox, faults=faults) as url,
        httpx.Client(base_url=url, headers=AUTH, trust_env=False) as opened,
    ):
        with pytest.raises(httpx.ReadError, match="reset"):
            opened.post("/v1/webhooks", json=HOOK)
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            opened.get("/v1/webhooks")
        with pytest.raises(httpx.RemoteProtocolError):
            opened.delete(f"/v1/webhooks/{sandbox_hook_id(sandbox)}")
    assert sandbox.account()["webhooks"] == []


def test_silence_ends_with_the_server(sandbox):
    """If the server shall end while a request gets no answer, it ends: the client's connection is reset."""
    faults = Faults([Fault("GET /v1/me", FaultKind.TIMEOUT, when="after", seconds=600.0)])
    arrived = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with serving(sandbox, faults=faults, after=lambda *_: arrived.set()) as url:
            waiting = pool.submit(httpx.get, f"{url}/v1/me", headers=AUTH, timeout=500, trust_env=False)
            arrived.wait()
        with pytest.raises(httpx.ReadError):
            waiting.result()


def test_silence_ends_after_its_seconds(sandbox):
    """If a client is more patient than the fault, its connection is reset at last."""
    faults = Faults([Fault("GET /v1/me", FaultKind.TIMEOUT, seconds=0.05)])
    with serving(sandbox, faults=faults) as url, pytest.raises(httpx.ReadError):
        httpx.get(f"{url}/v1/me", headers=AUTH, timeout=50, trust_env=False)

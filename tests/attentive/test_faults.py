"""Every fault of the sandbox against every call of the client, in process and over a real connection."""

import itertools
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from deployer.attentive import (
    Client,
    Event,
    NoAnswer,
    ServerFailed,
    TooMany,
    Unreadable,
    User,
    WrongKey,
)
from deployer.sandbox import Fault, FaultKind, Faults, Sandbox, SandboxApp, SignUpUnit
from deployer.sandbox.server import serving
from deployer.sandbox.transport import transport

ANN = User(phone="+13115552368")
EVENT = Event("Order Shipped", {"Order Id": "1"}, ANN, "e1")
HOOK = "https://shop.example/1"
START = datetime(2026, 5, 10, 12, tzinfo=UTC)

READS = {
    "me": ("GET /v1/me", lambda c: c.me()),
    "attributes": ("GET /v1/attributes/custom", lambda c: c.attributes(ANN)),
    "eligibilities": ("GET /v1/subscriptions", lambda c: c.eligibilities(ANN)),
    "webhooks": ("GET /v1/webhooks", lambda c: c.webhooks()),
    "segments": ("GET /v2/segments", lambda c: c.segments()),
    "segment": ("GET /v2/segments/external/*", lambda c: c.segment("testers")),
}
IDEMPOTENT = {
    "update_webhook": ("PUT /v1/webhooks/*", lambda c: c.update_webhook(HOOK_ID, HOOK, ["sms.sent"], disabled=True)),
    "update_segment": ("PATCH /v2/segments/*", lambda c: c.update_segment("testers", name="T")),
}
IDEMPOTENT_SILENT = {
    "registration": ("POST /v1/events/custom", lambda c: c.send_event(EVENT, idempotent=True)),
    "set_attributes": ("POST /v1/attributes/custom", lambda c: c.set_attributes(ANN, {"Tier": "Gold"})),
    "delete_webhook": ("DELETE /v1/webhooks/*", lambda c: c.delete_webhook(HOOK_ID)),
    "archive_segment": ("DELETE /v2/segments/*", lambda c: c.archive_segment("testers")),
}
ONCE = {
    "subscribe": ("POST /v1/subscriptions", lambda c: c.subscribe(ANN, sign_up_source_id="100")),
    "create_webhook": ("POST /v1/webhooks", lambda c: c.create_webhook(HOOK + "/new", ["sms.sent"])),
    "create_segment": ("POST /v2/segments", lambda c: c.create_segment("New", "Some words", "new")),
}
ONCE_SILENT = {"send_event": ("POST /v1/events/custom", lambda c: c.send_event(EVENT))}
CLASSES = (READS, IDEMPOTENT, IDEMPOTENT_SILENT, ONCE, ONCE_SILENT)
CALLS = {name: call for group in CLASSES for name, call in group.items()}
HOOK_ID = "MjU6Q29tcGFueUFwcGxpY2F0aW9uV2ViaG9vazE"


@dataclass(frozen=True)
class Ends:
    """How a call ends: in an error or none, whether that says that it may have happened, and whether it did."""

    error: type | None = None
    may: bool = False
    done: bool = True


FINE = Ends()
TOO_MANY = Ends(TooMany, may=False, done=False)
REVOKED = Ends(WrongKey, may=False, done=False)
UNDONE = Ends(ServerFailed, may=True, done=False)
FAILED = Ends(ServerFailed, may=True)
LOST_UNDONE = Ends(NoAnswer, may=True, done=False)
LOST = Ends(NoAnswer, may=True)
GARBLED = Ends(Unreadable, may=True)

FAULTS = {
    "429": "status, status: 429, retry_after: 1, times: 3",
    "429 for ever": "status, status: 429, times: unlimited",
    "500 before": "status, status: 500",
    "500 after": "status, status: 500, when: after",
    "503 before": "status, status: 503",
    "503 after": "status, status: 503, when: after",
    "timeout before": "timeout, when: before",
    "timeout after": "timeout, when: after",
    "reset before": "reset, when: before",
    "reset after": "reset, when: after",
    "slow": "slow, seconds: 0.02",
    "too slow": "slow, seconds: 1.0",
    "malformed": "malformed",
    "truncate": "truncate",
    "skew": "skew, seconds: -600.0",
    "revoke": "revoke",
}

#                   read   idempotent  idempotent, no body  once         once, no body
ENDS = {
    "429": (FINE, FINE, FINE, FINE, FINE),
    "429 for ever": (TOO_MANY, TOO_MANY, TOO_MANY, TOO_MANY, TOO_MANY),
    "500 before": (FINE, UNDONE, UNDONE, UNDONE, UNDONE),
    "500 after": (FINE, FAILED, FAILED, FAILED, FAILED),
    "503 before": (FINE, FINE, FINE, UNDONE, UNDONE),
    "503 after": (FINE, FINE, FINE, FAILED, FAILED),
    "timeout before": (FINE, FINE, FINE, LOST_UNDONE, LOST_UNDONE),
    "timeout after": (FINE, FINE, FINE, LOST, LOST),
    "reset before": (FINE, FINE, FINE, LOST_UNDONE, LOST_UNDONE),
    "reset after": (FINE, FINE, FINE, LOST, LOST),
    "slow": (FINE, FINE, FINE, FINE, FINE),
    "too slow": (FINE, FINE, FINE, LOST, LOST),
    "malformed": (GARBLED, GARBLED, FINE, GARBLED, FINE),
    "truncate": (FINE, FINE, FINE, GARBLED, LOST),
    "skew": (FINE, FINE, FINE, FINE, FINE),
    "revoke": (REVOKED, REVOKED, REVOKED, REVOKED, REVOKED),
}

MATRIX = [
    pytest.param(fault, name, ends, id=f"{fault}-{name}")
    for fault, row in ENDS.items()
    for group, ends in zip(CLASSES, row, strict=True)
    for name in group
]
SAMPLE = [
    case for case in MATRIX if case.values[1] in {"webhooks", "update_webhook", "delete_webhook", "create_webhook"}
]


@contextmanager
def account(key, clock):
    """Open an account with one of each; its clock of limits moves a second a request, so that it never says 429."""
    seconds = itertools.count()
    with Sandbox.open(
        None, company_name="Northwind", company_id="C", now=lambda: START, monotonic=lambda: float(next(seconds))
    ) as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", key))
        sandbox.ensure_sign_up_unit(SignUpUnit("100", "TRANSACTIONAL", ("TEXT",)))
        with Client(key, transport=transport(sandbox), clock=clock) as client:
            assert client.create_webhook(HOOK, ["sms.sent"]).id == HOOK_ID
            client.create_segment("Testers", "Some words", "testers")
            client.set_attributes(ANN, {"Tier": "Silver"})
            client.subscribe(ANN, sign_up_source_id="100")
        yield sandbox


def scheduled(fault, endpoint):
    """Schedule one fault at an endpoint."""
    return Faults.parse(f'[{{on: "{endpoint}", fault: {FAULTS[fault]}}}]')


def unharmed(name, key, clock):
    """Make the call without any fault; give the answer, and the account before and after."""
    with account(key, clock) as sandbox, Client(key, transport=transport(sandbox), clock=clock) as client:
        before = sandbox.account()
        return CALLS[name][1](client), before, sandbox.account()


def check(client, sandbox, faults, name, ends, expected, figures):
    """Make the call; hold the answer or the error, and the account, against what is expected."""
    answer, before, after = expected
    call = CALLS[name][1]
    if ends.error is None:
        assert call(client) == answer
    else:
        with pytest.raises(ends.error) as caught:
            call(client)
        assert caught.value.may_have_happened is ends.may
    assert sandbox.account() == (after if ends.done else before)
    assert sum(faults.injected.values()) >= 1
    figures.update({f"faults injected: {kind}": times for kind, times in faults.injected.items()})
    figures["calls under a fault, with the right answer or error"] += 1


@pytest.mark.parametrize(("fault", "name", "ends"), MATRIX)
def test_in_process(fault, name, ends, clock, key, figures):
    """Whatever goes wrong, a call gives the right answer, or the error that says what may have happened."""
    faults = scheduled(fault, CALLS[name][0])
    with account(key, clock) as sandbox:
        behind = transport(sandbox, faults=faults, sleep=clock.sleep)
        with Client(key, transport=behind, clock=clock, timeout=0.5) as client:
            check(client, sandbox, faults, name, ends, unharmed(name, key, clock), figures)


@pytest.mark.parametrize(("fault", "name", "ends"), SAMPLE)
def test_on_a_port(fault, name, ends, clock, key, figures):
    """Over a real connection the same faults end the same way."""
    faults = scheduled(fault, CALLS[name][0])
    with (
        account(key, clock) as sandbox,
        serving(sandbox, faults=faults) as url,
        Client(key, base_url=url, clock=clock, timeout=0.5) as client,
    ):
        check(client, sandbox, faults, name, ends, unharmed(name, key, clock), figures)


@pytest.mark.parametrize("fault", ["timeout", "reset", "truncate"])
@pytest.mark.parametrize("name", READS)
def test_a_read_that_never_succeeds_ends(fault, name, clock, key):
    """If a fault never ends, a read ends after four tries in its error."""
    faults = Faults([Fault(CALLS[name][0], FaultKind(fault), times=None)])
    with (
        account(key, clock) as sandbox,
        Client(key, transport=transport(sandbox, faults=faults), clock=clock) as client,
        pytest.raises((NoAnswer, Unreadable)),
    ):
        CALLS[name][1](client)
    assert faults.injected == {fault: 4}


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_a_page_that_repeats(nth, clock, key):
    """If a page of the segments comes twice, the list is refused: no loop without end, nothing twice."""
    faults = Faults([Fault("GET /v2/segments", FaultKind.REPEAT_PAGE, nth=nth, times=None)])
    with (
        account(key, clock) as sandbox,
        Client(key, transport=transport(sandbox, faults=faults), clock=clock) as client,
    ):
        for number in range(3):
            client.create_segment(f"S{number}", "Some words", f"s{number}")
        with pytest.raises(Unreadable, match="repeat themselves"):
            client.segments(limit=1)


def test_a_list_that_lags_behind_shows_what_stood(clock, key):
    """If listings lag, a new webhook is missing from the next list and stands in a later one: nothing else is told."""
    faults = Faults([Fault("GET /v1/webhooks", FaultKind.LAG, times=None, behind=2)])
    with (
        account(key, clock) as sandbox,
        Client(key, transport=transport(sandbox, faults=faults), clock=clock) as client,
    ):
        client.create_webhook(HOOK + "/new", ["sms.sent"])
        assert [len(client.webhooks()) for _ in range(3)] == [1, 1, 2]


def test_a_key_revoked_midway(clock, key):
    """If a key is revoked between two tries, the error says so, and that the first may have arrived."""
    faults = Faults(
        [
            Fault("PUT *", FaultKind.TIMEOUT, when="after"),
            Fault("PUT *", FaultKind.REVOKE, nth=2),
        ]
    )
    with (
        account(key, clock) as sandbox,
        Client(key, transport=transport(sandbox, faults=faults), clock=clock) as client,
    ):
        with pytest.raises(WrongKey) as caught:
            client.update_webhook(HOOK_ID, HOOK, ["sms.sent"], disabled=True)
        assert caught.value.may_have_happened is True
        with pytest.raises(WrongKey) as caught:
            client.me()
        assert caught.value.may_have_happened is False


def test_skew_is_seen(clock, key):
    """If Attentive's clock is ten minutes behind, the client's skew says so."""
    faults = Faults([Fault("GET /v1/me", FaultKind.SKEW, nth=2, seconds=-600.0)])
    with (
        account(key, clock) as sandbox,
        Client(key, transport=transport(sandbox, faults=faults), clock=clock) as client,
    ):
        client.me()
        right = client.skew()
        client.me()
        assert (client.skew() - right).total_seconds() == pytest.approx(600, abs=1)

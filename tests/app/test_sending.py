"""Nobody is messaged by accident: payloads and recipients are checked before a live event or a subscription."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import deployer
from deployer.app.sandbox_account import open_sandbox
from deployer.attentive import AttentiveError, User
from deployer.contracts import PayloadError
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.sandbox import Response

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
GOOD = {"Order Id": "54321", "day": "May 10"}
STRANGER = User(phone="+12065550199")


@pytest.fixture
def applied(shop_world):
    """The shop, applied."""
    shop_world.apply()
    return shop_world


@pytest.fixture
def reviewed(shop_world):
    """The shop, applied, with every task confirmed: Attentive's review of its opt-in too."""
    shop_world.settle()
    return shop_world


def send(world, data=GOOD, to=None, event="order_shipped", **options):
    """Send an event in production."""
    with world.connect() as connection:
        return deployer.send(connection, event, data, to, **options)


def live(world):
    """The events that can start a journey."""
    return [one for one in world.dump("events") if one["starts_journeys"]]


def test_a_sample_is_sent_to_the_test_contact(applied, make):
    """Without a recipient it is the test contact, now, under an id of its own each time."""
    with applied.connect() as connection:
        data = deployer.sample(connection.project, "order_shipped", "happy")
    first, second = send(applied, data), send(applied, data)
    assert first != second
    sent = live(applied)
    assert [one["external_event_id"] for one in sent] == [first, second]
    assert sent[0]["user"] == {"email": [make.email_address], "phone": [make.phone]}
    assert sent[0]["properties"] == GOOD


@pytest.mark.parametrize(
    "data",
    [
        {**GOOD, "Day": "May 10"},
        {"Order Id": 54321, "day": "May 10"},
        {"Order Id": "54321"},
        {"Order Id": "", "day": "x"},
    ],
    ids=["undeclared", "type", "missing", "empty"],
)
def test_a_payload_that_does_not_fit_is_not_sent(applied, data):
    """An undeclared key, another type, a missing or empty value: every violation is named and nothing is sent."""
    with pytest.raises(PayloadError) as refused:
        send(applied, data)
    assert refused.value.violations
    assert live(applied) == []


def test_a_whole_body_is_checked_too(applied, make):
    """A request body may be given as it is; its type must be the event's, and its user counts."""
    body = {"type": "Order Shipped", "properties": GOOD, "user": {"phone": make.phone}}
    send(applied, body)
    assert len(live(applied)) == 1
    with pytest.raises(GuardError, match="Order shipped") as refused:
        send(applied, {**body, "type": "Order shipped"})
    assert refused.value.code == "other-type"
    with pytest.raises(GuardError) as refused:
        send(applied, {**body, "user": {"phone": STRANGER.phone}})
    assert refused.value.code == "recipient-not-listed"
    with pytest.raises(GuardError) as refused:
        send(applied, body, to=STRANGER, unlisted_allowed=True)
    assert refused.value.code == "two-recipients"
    assert len(live(applied)) == 1


def test_only_test_contacts_get_events(applied, make):
    """Anybody else is refused, unless that was allowed on purpose; a mix of two people is nobody listed."""
    mixed = User(phone=make.phone, email="somebody@else.example")
    for user in (STRANGER, mixed):
        with pytest.raises(GuardError) as refused:
            send(applied, to=user)
        assert refused.value.code == "recipient-not-listed"
    assert live(applied) == []
    send(applied, to=User(email=make.email_address.upper()))
    send(applied, to=STRANGER, unlisted_allowed=True)
    assert live(applied)[-1]["user"] == {"phone": [STRANGER.phone]}


def test_a_person_is_identified_as_the_event_says(applied, make):
    """An event identified by email alone leaves the phone out, and refuses somebody without an email."""
    applied.put(make.event(identify_by=["email"]))
    send(applied)
    assert live(applied)[-1]["user"]["email"] == [make.email_address]
    assert b'"phone"' not in applied.requests[-1].body
    with pytest.raises(GuardError) as refused:
        send(applied, to=User(phone=make.phone))
    assert refused.value.code == "bad-recipient"


def test_a_vendors_event_cannot_be_sent(applied):
    """There is no key of ours for a vendor's app."""
    with pytest.raises(GuardError) as refused:
        send(applied, {"tier": "Gold"}, event="tier_changed")
    assert refused.value.code == "no-key"
    assert live(applied) == []


def test_a_vendors_event_is_played_in_the_sandbox(tmp_path):
    """In a sandbox the vendor's app has a key too, so that its events can be sent and its journey be seen."""
    shop = shutil.copytree(NORTHWIND, tmp_path / "shop", ignore=shutil.ignore_patterns(".deployer"))
    with deployer.connect(deployer.load(shop), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))
        data = deployer.sample(connection.project, "tier_changed", "")
        assert deployer.send(connection, "tier_changed", data, None)
    with open_sandbox(connection.project) as sandbox:
        assert sandbox.account()["event_types"]["Rewards Tier Changed"]["app"] == "loyalty"


def test_unknown_names_are_pointed_at(applied):
    """A misspelt event, sample or source names the nearest one."""
    with applied.connect() as connection:
        with pytest.raises(UsageError) as refused:
            deployer.send(connection, "order_shiped", GOOD, None)
        assert refused.value.hint == "did you mean `order_shipped`?"
        with pytest.raises(UsageError) as refused:
            deployer.sample(connection.project, "order_shipped", "longest")
        assert "happy" in refused.value.hint
        with pytest.raises(UsageError):
            deployer.subscribe(connection, "chekout", None)


def test_a_failed_send_is_not_repeated(applied):
    """An event whose answer is an error was tried once."""
    tried = []

    def before(request):
        if request.path == "/v1/events/custom":
            tried.append(request)
            return Response(503)
        return None

    applied.before = before
    with pytest.raises(AttentiveError):
        send(applied)
    assert len(tried) == 1


def subscribe(world, to=None, source="checkout", **options):
    """Subscribe somebody in production."""
    with world.connect() as connection:
        return deployer.subscribe(connection, source, to, **options)


def posts(world, path):
    """How many POSTs went to a path."""
    return sum((request.method, request.path) == ("POST", path) for request in world.requests)


def test_somebody_unknown_is_subscribed_once(reviewed):
    """Eligibility is read first: unknown is subscribed, subscribed already is nothing to send; both are recorded."""
    assert subscribe(reviewed) == "subscribed"
    assert subscribe(reviewed) == "already"
    assert posts(reviewed, "/v1/subscriptions") == 1
    paths = [(request.method, request.path) for request in reviewed.requests]
    assert paths.index(("GET", "/v1/subscriptions")) < paths.index(("POST", "/v1/subscriptions"))
    assert reviewed.state().entry("opt_in_source.checkout").confirmations["subscribed"].how == "already"
    assert reviewed.plan().empty


def test_somebody_who_said_stop_stays_out(reviewed, make):
    """Who isn't eligible any more is refused, whatever was allowed."""
    subscribe(reviewed)
    stop = {"user": {"phone": make.phone}, "subscriptions": [{"type": "TRANSACTIONAL", "channel": "TEXT"}]}
    with reviewed.connect() as connection:
        headers = {"authorization": f"Bearer {reviewed.environ['ORDERS_KEY']}", "content-type": "application/json"}
        import json  # noqa: PLC0415 - used here only

        from deployer.sandbox import Request  # noqa: PLC0415 - used here only

        request = Request("POST", "/v1/subscriptions/unsubscribe", "", headers, json.dumps(stop).encode())
        assert reviewed.account.handle(request).status < 300
        assert connection is not None
    with pytest.raises(GuardError) as refused:
        subscribe(reviewed, unlisted_allowed=True)
    assert refused.value.code == "not-eligible"
    assert "opted out, or not have replied Y yet" in refused.value.hint
    assert posts(reviewed, "/v1/subscriptions") == 1


def test_only_test_contacts_are_subscribed(reviewed):
    """Anybody else is refused before anything is asked about them."""
    with pytest.raises(GuardError) as refused:
        subscribe(reviewed, to=STRANGER)
    assert refused.value.code == "recipient-not-listed"
    assert subscribe(reviewed, to=STRANGER, unlisted_allowed=True) == "subscribed"


def test_a_source_without_its_id(reviewed, make):
    """Before Attentive gave the ID nobody can be subscribed."""
    source = make.opt_in()
    del source["sign_up_source_id"]
    reviewed.put(source)
    with pytest.raises(GuardError) as refused:
        subscribe(reviewed)
    assert refused.value.code == "no-sign-up-source"


def test_a_sign_up_unit_that_attentive_does_not_know(reviewed, make):
    """The refusal names the source, its ID and where to compare it; no one's number, and nothing is recorded."""
    reviewed.put(make.opt_in(sign_up_source_id="999999"))
    reviewed.settle()
    with pytest.raises(GuardError) as refused:
        subscribe(reviewed)
    assert refused.value.code == "sign-up-source-refused"
    assert "the sign-up unit 999999 of `opt_in_source.checkout`" in refused.value.message
    assert "status 400" in refused.value.message
    assert "ID column" in refused.value.hint
    assert make.phone not in f"{refused.value.message} {refused.value.hint}"
    assert "subscribed" not in reviewed.state().entry("opt_in_source.checkout").confirmations


def test_a_source_that_was_not_reviewed(applied):
    """Nobody is subscribed, and nobody is looked up, before Attentive's review of the source is confirmed."""
    with pytest.raises(GuardError) as refused:
        subscribe(applied)
    assert refused.value.code == "not-reviewed"
    assert "baseline opt_in_source.checkout" in refused.value.hint
    assert not [request for request in applied.requests if request.path == "/v1/subscriptions"]


def test_a_source_for_texts_needs_a_phone(reviewed, make):
    """Somebody named by email can't be subscribed to texts."""
    with pytest.raises(GuardError) as refused:
        subscribe(reviewed, to=User(email=make.email_address))
    assert refused.value.code == "bad-recipient"


def test_an_unreadable_eligibility_is_an_error(reviewed):
    """Who can't be looked up isn't subscribed, and nothing is recorded."""
    reviewed.before = lambda request: Response(403) if request.path == "/v1/subscriptions" else None
    with pytest.raises(AttentiveError):
        subscribe(reviewed)
    assert posts(reviewed, "/v1/subscriptions") == 0
    assert "subscribed" not in reviewed.state().entry("opt_in_source.checkout").confirmations

"""What the client sends."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from deployer.attentive import Event, User

ANN = User(phone="+19148440001", email="ann@example.com")
WEBHOOK = {"id": "w1", "url": "https://shop.example/hook", "events": ["sms.sent"]}
SEGMENT = {"externalId": "testers", "name": "Testers", "description": "People"}
BOTH = {"phone": "+19148440001", "email": "ann@example.com"}
PERSON = {"email": "ann@example.com"}
MORNING = datetime(2026, 5, 10, 8, 30, tzinfo=timezone(timedelta(hours=-4)))

CALLS = [
    (lambda c: c.me(), {"applicationName": "A", "companyId": "C"}, "GET", "/v1/me", None),
    (
        lambda c: c.send_event(Event("Order Shipped", {"Order Id": "54321"}, ANN, "e1", MORNING)),
        None,
        "POST",
        "/v1/events/custom",
        {
            "type": "Order Shipped",
            "properties": {"Order Id": "54321"},
            "user": BOTH,
            "externalEventId": "e1",
            "occurredAt": "2026-05-10T08:30:00.000-04:00",
        },
    ),
    (
        lambda c: c.send_event(Event("Order Shipped", {}, User(email="ann@example.com"))),
        None,
        "POST",
        "/v1/events/custom",
        {"type": "Order Shipped", "properties": {}, "user": PERSON},
    ),
    (
        lambda c: c.set_attributes(User(email="ann@example.com"), {"Tier": "Gold"}),
        None,
        "POST",
        "/v1/attributes/custom",
        {"user": PERSON, "properties": {"Tier": "Gold"}},
    ),
    (lambda c: c.attributes(ANN), [], "GET", "/v1/attributes/custom?phone=%2B19148440001", None),
    (
        lambda c: c.attributes(User(email="ann+1@example.com")),
        [],
        "GET",
        "/v1/attributes/custom?email=ann%2B1%40example.com",
        None,
    ),
    (
        lambda c: c.eligibilities(ANN),
        {"subscriptionEligibilities": []},
        "GET",
        "/v1/subscriptions?phone=%2B19148440001",
        None,
    ),
    (
        lambda c: c.subscribe(ANN, sign_up_source_id="241654"),
        {"subscriptionResponses": []},
        "POST",
        "/v1/subscriptions",
        {"user": BOTH, "signUpSourceId": "241654"},
    ),
    (
        lambda c: c.subscribe(ANN, sign_up_source_id="241654", single_opt_in=True),
        {"subscriptionResponses": []},
        "POST",
        "/v1/subscriptions",
        {"user": BOTH, "signUpSourceId": "241654", "singleOptIn": True},
    ),
    (lambda c: c.webhooks(), {"webhooks": []}, "GET", "/v1/webhooks", None),
    (
        lambda c: c.create_webhook("https://shop.example/hook", ("sms.sent",)),
        WEBHOOK,
        "POST",
        "/v1/webhooks",
        {"url": "https://shop.example/hook", "events": ["sms.sent"]},
    ),
    (
        lambda c: c.update_webhook("w/1", "https://shop.example/hook", ("sms.sent",), disabled=True),
        WEBHOOK,
        "PUT",
        "/v1/webhooks/w%2F1",
        {"url": "https://shop.example/hook", "events": ["sms.sent"], "disabled": True},
    ),
    (lambda c: c.delete_webhook("w 1"), None, "DELETE", "/v1/webhooks/w%201", None),
    (lambda c: c.segments(limit=7), {"segments": [], "hasMore": False}, "GET", "/v2/segments?limit=7", None),
    (lambda c: c.segment("testers?"), SEGMENT, "GET", "/v2/segments/external/testers%3F", None),
    (
        lambda c: c.create_segment("Testers", "People", "testers"),
        SEGMENT,
        "POST",
        "/v2/segments",
        {"name": "Testers", "description": "People", "externalId": "testers"},
    ),
    (
        lambda c: c.create_segment("Testers", "", "testers"),
        SEGMENT,
        "POST",
        "/v2/segments",
        {"name": "Testers", "externalId": "testers"},
    ),
    (
        lambda c: c.update_segment("testers", name="New"),
        SEGMENT,
        "PATCH",
        "/v2/segments/external/testers",
        {"name": "New"},
    ),
    (
        lambda c: c.update_segment("testers", description="New one"),
        SEGMENT,
        "PATCH",
        "/v2/segments/external/testers",
        {"description": "New one"},
    ),
    (lambda c: c.archive_segment("testers"), None, "DELETE", "/v2/segments/external/testers", None),
]


@pytest.mark.parametrize(("call", "answer", "method", "target", "body"), CALLS)
def test_each_call_sends_one_request_as_documented(call, answer, method, target, body, serve, connect, say):
    """Each method of the client sends exactly the documented method, path, query and body."""
    server = serve(say(200, answer))
    call(connect(server))
    [seen] = server.seen
    assert (seen.method, seen.target, seen.body) == (method, target, body)


def test_headers_carry_the_key_and_no_more_than_needed(serve, connect, say, key):
    """A request carries the key as bearer token, says JSON, and identifies itself."""
    server = serve(say(200, None))
    connect(server).set_attributes(ANN, {"Tier": "Gold"})
    headers = server.seen[0].headers
    assert headers["authorization"] == f"Bearer {key}"
    assert headers["content-type"] == "application/json"
    assert headers.keys() == {"host", "authorization", "accept", "user-agent", "content-type", "content-length"}


def test_path_of_base_url_is_kept(serve, connect, say):
    """If base_url has a path, as a recorder in front of Attentive may, calls go below it."""
    server = serve(say(200, {"webhooks": []}))
    connect(f"{server.url}/attentive/").webhooks()
    assert server.seen[0].target == "/attentive/v1/webhooks"


@pytest.mark.parametrize("bad", ["", ".", ".."])
def test_ids_that_lead_to_another_path_are_refused(bad, serve, connect):
    """If an id would change the path of a call, nothing is sent."""
    server = serve()
    with pytest.raises(ValueError, match="can't be an id"):
        connect(server).archive_segment(bad)
    assert server.seen == []


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.attributes(User()),
        lambda c: c.eligibilities(User()),
        lambda c: c.subscribe(User(), sign_up_source_id="1"),
        lambda c: c.send_event(Event("T", {}, User())),
        lambda c: c.send_event(Event("T", {}, ANN, occurred_at=datetime(2026, 5, 10))),  # noqa: DTZ001 - what is tested
        lambda c: c.send_event(Event("T", {"n": float("nan")}, ANN, occurred_at=datetime(2026, 5, 10, tzinfo=UTC))),
        lambda c: c.update_segment("testers"),
    ],
)
def test_senseless_arguments_are_refused_before_anything_is_sent(call, serve, connect):
    """If a value can't be sent as Attentive wants it, ValueError is raised and nothing is sent."""
    server = serve()
    with pytest.raises(ValueError):  # noqa: PT011 - each case has its own words
        call(connect(server))
    assert server.seen == []

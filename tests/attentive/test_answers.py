"""What the client makes of Attentive's answers."""

import pytest

from deployer.attentive import Eligibility, Me, NotFound, Segment, Subscription, Unreadable, User, Webhook

ANN = User(phone="+19148440001")


def test_me(serve, connect, say):
    """The app and company of a key are read."""
    body = {
        "applicationName": "Northwind Orders",
        "companyName": "Northwind",
        "companyId": "MDc6Q29tcGFueTI",
        "attentiveDomainName": "northwind.attn.tv",
        "contactEmail": "dev@northwind.example",
    }
    me = connect(serve(say(200, body))).me()
    assert me == Me("Northwind Orders", "Northwind", "MDc6Q29tcGFueTI", "northwind.attn.tv", "dev@northwind.example")


def test_attributes_take_either_name_of_the_name(serve, connect, say):
    """Entries may carry `name` as the description's properties say, or `attribute` as its `required` says."""
    body = [{"name": "Tier", "value": "Gold"}, {"attribute": "Age", "value": 24}, {"name": "Vip", "value": True}]
    assert connect(serve(say(200, body))).attributes(ANN) == {"Tier": "Gold", "Age": "24", "Vip": "true"}


def test_unknown_users_and_segments_are_none(serve, connect, say):
    """If Attentive answers 404 to a look-up, None is returned."""
    client = connect(serve(say(404, {"message": "Subscriptions not found"})))
    assert client.attributes(ANN) is None
    assert client.eligibilities(ANN) is None
    assert client.segment("testers") is None


def test_eligibilities(serve, connect, say):
    """Each type and channel comes with its eligibility."""
    entry = {"subscription": {"type": "TRANSACTIONAL", "channel": "TEXT"}, "eligibility": {"isEligible": False}}
    client = connect(serve(say(200, {"subscriptionEligibilities": [entry]})))
    assert client.eligibilities(ANN) == (Eligibility("TRANSACTIONAL", "TEXT", eligible=False),)


@pytest.mark.parametrize(("status", "created"), [("NEWLY_CREATED", True), ("PREVIOUSLY_CREATED", False)])
def test_subscribe(status, created, serve, connect, say):
    """A subscription says whether it is new."""
    entry = {"subscription": {"type": "TRANSACTIONAL", "channel": "TEXT"}, "subscriptionCreationStatus": status}
    client = connect(serve(say(202, {"subscriptionResponses": [entry]})))
    assert client.subscribe(ANN, sign_up_source_id="1") == (Subscription("TRANSACTIONAL", "TEXT", created),)


def test_webhooks(serve, connect, say):
    """A webhook is disabled where it has a time of disabling."""
    one = {"id": "w1", "url": "https://shop.example/1", "events": ["sms.sent"], "type": "SUBSCRIPTION"}
    two = {**one, "id": "w2", "disabledAt": "2026-05-10 12:00:00"}
    three = {**one, "id": "w3", "disabledAt": None}
    found = connect(serve(say(200, {"webhooks": [one, two, three]}))).webhooks()
    assert found[0] == Webhook("w1", "https://shop.example/1", ("sms.sent",), disabled=False)
    assert [hook.disabled for hook in found] == [False, True, False]


def test_answers_to_writes(serve, connect, say):
    """Creating and changing answer with the object as it stands."""
    hook = {"id": "w1", "url": "https://shop.example/1", "events": ["sms.sent"]}
    group = {"externalId": "testers", "name": "Testers"}
    client = connect(serve(say(201, hook), say(200, hook), say(201, group), say(200, group)))
    expected = Webhook("w1", "https://shop.example/1", ("sms.sent",), disabled=False)
    assert client.create_webhook("https://shop.example/1", ["sms.sent"]) == expected
    assert client.update_webhook("w1", "https://shop.example/1", ["sms.sent"], disabled=False) == expected
    assert client.create_segment("Testers", "", "testers") == Segment("testers", "Testers", "")
    assert client.update_segment("testers", name="Testers") == Segment("testers", "Testers", "")


def test_removing_what_is_not_there_is_not_found(serve, connect, say):
    """If there is nothing to delete, NotFound is raised."""
    client = connect(serve(say(404)))
    with pytest.raises(NotFound, match=r"DELETE /v1/webhooks/\{id\}"):
        client.delete_webhook("w1")
    with pytest.raises(NotFound):
        client.archive_segment("testers")


UNREADABLE = [
    (lambda c: c.me(), []),
    (lambda c: c.me(), {"applicationName": "A"}),
    (lambda c: c.me(), {"applicationName": "A", "companyId": 7}),
    (lambda c: c.attributes(ANN), {}),
    (lambda c: c.attributes(ANN), [{"value": "x"}]),
    (lambda c: c.attributes(ANN), [{"name": "Tier", "value": {}}]),
    (lambda c: c.eligibilities(ANN), {}),
    (lambda c: c.eligibilities(ANN), {"subscriptionEligibilities": [{}]}),
    (
        lambda c: c.eligibilities(ANN),
        {"subscriptionEligibilities": [{"subscription": {"type": "T", "channel": "C"}, "eligibility": {}}]},
    ),
    (
        lambda c: c.subscribe(ANN, sign_up_source_id="1"),
        {"subscriptionResponses": [{"subscription": {"type": "T", "channel": "C"}}]},
    ),
    (lambda c: c.webhooks(), {}),
    (lambda c: c.webhooks(), {"webhooks": [{"id": "w", "url": "u", "events": "sms.sent"}]}),
    (lambda c: c.create_webhook("u", []), {"url": "u", "events": []}),
    (lambda c: c.segment("x"), {"name": "x"}),
    (lambda c: c.segments(), {"segments": []}),
]


@pytest.mark.parametrize(("call", "body"), UNREADABLE)
def test_answers_of_another_shape_are_unreadable(call, body, serve, connect, say):
    """If an answer lacks what the client needs, or has it in another type, Unreadable is raised."""
    server = serve(say(200, body))
    with pytest.raises(Unreadable, match="as Attentive's API description says"):
        call(connect(server))


@pytest.mark.parametrize("raw", [b"", b"<html>Sign in</html>", b'{"applicationName"', b"\xff\xfe", b"[" * 100_000])
def test_answers_that_are_no_json_are_unreadable(raw, serve, connect, say):
    """If a good status comes with something other than JSON, Unreadable is raised."""
    with pytest.raises(Unreadable, match="isn't JSON") as caught:
        connect(serve(say(200, raw=raw))).me()
    assert caught.value.status == 200
    assert caught.value.__cause__ is None


def test_a_call_without_answer_needs_no_body(serve, connect, say):
    """If nothing of an answer is needed, whatever body it has does no harm."""
    connect(serve(say(200, raw=b"<html>"))).set_attributes(ANN, {"Tier": "Gold"})

"""What is posted to webhooks: signed over the raw bytes, again after a failure, for three days at most."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import httpx
import pytest

from deployer.sandbox.messages import Sending
from deployer.sandbox.posting import HEADER
from tests.sandbox.conftest import EMAIL, PHONE

EVERYTHING = ["sms.subscribed", "sms.unsubscribed", "sms.inbound_message", "sms.sent", "email.sent"]


class Receiver:
    """A service that keeps what is posted to it and answers with what the test sets."""

    def __init__(self):
        self.answer = 200
        self.got = []

    def __call__(self, request):
        self.got.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return httpx.Response(self.answer)


@pytest.fixture
def receiver():
    """A service that takes everything."""
    return Receiver()


@pytest.fixture
def postman(sandbox, receiver):
    """Who posts to that service."""
    with httpx.Client(transport=httpx.MockTransport(receiver)) as client:
        yield sandbox.postman(client)


@pytest.fixture
def hook(api):
    """A webhook for everything, at an address on this machine."""
    made = api.post("/v1/webhooks", {"url": "http://127.0.0.1:9/hook", "events": EVERYTHING})
    assert made.status == 201
    assert "signing" not in json.dumps(made.body)
    return api.sandbox.overview()["webhooks"][0]


def subscribe(api):
    """Subscribe the phone."""
    api.post("/v1/subscriptions", {"user": {"phone": PHONE}, "signUpSourceId": "100"})


def test_the_signature_is_of_the_raw_body(api, hook, receiver, postman):
    """The header is lower-case hex of HMAC-SHA256 over the bytes that are sent, with the webhook's own key."""
    subscribe(api)
    api.sandbox.reply(PHONE, "Ça va?")
    assert postman.round() == 2
    for request in receiver.got:
        raw = request.read()
        expected = hmac.new(hook["signing_key"].encode(), raw, hashlib.sha256).hexdigest()
        assert request.headers[HEADER] == expected
    assert "Ça va?".encode() in receiver.got[1].read()


@pytest.mark.usefixtures("hook")
def test_what_the_bodies_say(api, receiver, postman, time):
    """Type, time in milliseconds, company and subscriber are in each body, and what it is about."""
    subscribe(api)
    api.sandbox.reply(PHONE, "STOP")
    postman.round()
    bodies = [json.loads(request.read()) for request in receiver.got]
    assert [body["type"] for body in bodies] == ["sms.subscribed", "sms.inbound_message", "sms.unsubscribed"]
    for body in bodies:
        assert body["timestamp"] == int(time.now.timestamp() * 1000)
        assert body["company"] == {"display_name": "Northwind", "company_id": api.sandbox.company_id}
        assert body["subscriber"]["phone"] == PHONE
    assert bodies[0]["subscription"] == {"type": "TRANSACTIONAL"}
    assert bodies[1]["message"]["text"] == "STOP"


@pytest.mark.usefixtures("hook")
def test_a_journeys_message_is_told_once(api, receiver, postman):
    """A message of a journey is posted with its words; the same step of the same event isn't sent twice."""
    api.post("/v1/events/custom", {"type": "Seen", "user": {"phone": PHONE}})
    stage = api.sandbox.stage()
    (event,) = stage.unplayed()
    at = "2026-05-10T12:00:00.000Z"
    sending = Sending(event.number, "seen", "text", "TEXT", PHONE, "TRANSACTIONAL", at, {"body": "Northwind: Hi."})
    for _ in range(2):
        stage.record(event.number, [], [sending])
    email = Sending(event.number, "seen", "mail", "EMAIL", EMAIL, "MARKETING", at, {"subject": "Hello", "html": "<p>"})
    stage.record(event.number, [], [email])
    postman.round()
    text, mail = (json.loads(request.read()) for request in receiver.got)
    assert (text["type"], text["message"]["text"], text["message"]["type"]) == (
        "sms.sent",
        "Northwind: Hi.",
        "TRANSACTIONAL",
    )
    assert (mail["type"], mail["message"]["subject"], mail["message"]["channel"]) == ("email.sent", "Hello", "EMAIL")


def test_who_does_not_listen_is_told_nothing(api, receiver, postman):
    """A webhook for other events, a disabled one and a deleted one get no body."""
    other = api.post("/v1/webhooks", {"url": "https://shop.example/other", "events": ["email.opened"]}).body["id"]
    off = api.post("/v1/webhooks", {"url": "https://shop.example/off", "events": ["sms.subscribed"]}).body["id"]
    body = {"url": "https://shop.example/off", "events": ["sms.subscribed"], "disabled": True}
    api.put(f"/v1/webhooks/{off}", body)
    gone = api.post("/v1/webhooks", {"url": "https://shop.example/gone", "events": ["sms.subscribed"]}).body["id"]
    subscribe(api)
    api.delete(f"/v1/webhooks/{gone}")
    assert other
    assert postman.round() == 0
    assert receiver.got == []


@pytest.mark.usefixtures("hook")
def test_a_failure_is_posted_again_later_and_later(api, receiver, postman, time):
    """After each failure, by status or by connection, the next try is twice as far away; a success ends it."""
    subscribe(api)
    gaps = []
    for answer in (500, httpx.ConnectError("refused"), 302, 404):
        receiver.answer = answer
        assert postman.round() == 1
        assert postman.round() == 0
        waited = 0
        while not postman._due():
            time.advance(seconds=1)
            waited += 1
        gaps.append(waited)
    assert gaps == [2, 4, 8, 16]
    receiver.answer = 204
    assert postman.round() == 1
    time.advance(days=4)
    assert postman.round() == 0
    (post,) = api.sandbox.overview()["posts"]
    assert (post["outcome"], post["attempts"], post["answer"]) == ("delivered", 5, "204")
    assert len({request.read() for request in receiver.got}) == 1


@pytest.mark.usefixtures("hook")
def test_three_days_of_failures_disable_the_webhook(api, receiver, postman, time):
    """A body is given up after three days, and its webhook is disabled, as its list shows."""
    receiver.answer = 503
    subscribe(api)
    began = time.now
    while postman.round() or not api.sandbox.overview()["webhooks"][0]["disabled_at"]:
        time.advance(hours=1)
    assert time.now - began <= timedelta(days=3, hours=7)
    (post,) = api.sandbox.overview()["posts"]
    assert post["outcome"] == "lost"
    assert "disabledAt" in api.get("/v1/webhooks").body["webhooks"][0]


@pytest.mark.parametrize("url", ["http://shop.example/hook", "http://10.0.0.1/hook", "http://127.0.0.1.example/hook"])
def test_plain_http_leads_to_this_machine_only(api, url):
    """A URL without TLS that leads elsewhere is refused; one that leads here may be tried."""
    refused = api.post("/v1/webhooks", {"url": url, "events": ["sms.sent"]})
    assert refused.status == 400
    for here in ("http://127.0.0.1:8000/hook", "http://localhost/hook", "http://[::1]:1/hook"):
        assert api.post("/v1/webhooks", {"url": here, "events": ["sms.sent"]}).status == 201

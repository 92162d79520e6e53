"""When a call is sent again, and when it must not be."""

import pytest

from deployer.attentive import (
    Event,
    MissingScope,
    NoAnswer,
    NotFound,
    Refused,
    ServerFailed,
    TooMany,
    Unreadable,
    User,
    WrongKey,
)

ANN = User(phone="+19148440001")
EVENT = Event("Order Shipped", {"Order Id": "1"}, ANN, "e1")
ME = {"applicationName": "A", "companyId": "C"}
HOOK = {"id": "w1", "url": "https://shop.example/1", "events": ["sms.sent"]}
SEGMENT = {"externalId": "testers", "name": "Testers"}

READS = {
    "me": (lambda c: c.me(), ME),
    "attributes": (lambda c: c.attributes(ANN), []),
    "eligibilities": (lambda c: c.eligibilities(ANN), {"subscriptionEligibilities": []}),
    "webhooks": (lambda c: c.webhooks(), {"webhooks": []}),
    "segments": (lambda c: c.segments(), {"segments": [], "hasMore": False}),
    "segment": (lambda c: c.segment("testers"), SEGMENT),
}
IDEMPOTENT = {
    "registration": (lambda c: c.send_event(EVENT, idempotent=True), None),
    "set_attributes": (lambda c: c.set_attributes(ANN, {"Tier": "Gold"}), None),
    "update_webhook": (lambda c: c.update_webhook("w1", "https://shop.example/1", [], disabled=False), HOOK),
    "delete_webhook": (lambda c: c.delete_webhook("w1"), None),
    "update_segment": (lambda c: c.update_segment("testers", name="T"), SEGMENT),
    "archive_segment": (lambda c: c.archive_segment("testers"), None),
}
ONCE = {
    "send_event": (lambda c: c.send_event(EVENT), None),
    "subscribe": (lambda c: c.subscribe(ANN, sign_up_source_id="1"), {"subscriptionResponses": []}),
    "create_webhook": (lambda c: c.create_webhook("https://shop.example/1", []), HOOK),
    "create_segment": (lambda c: c.create_segment("T", "", "testers"), SEGMENT),
}


def each(calls):
    """Run a test for each of these calls."""
    return pytest.mark.parametrize(("call", "body"), calls.values(), ids=calls.keys())


@each(READS | IDEMPOTENT | ONCE)
def test_too_many_is_retried_for_every_call(call, body, serve, connect, say, clock):
    """If Attentive answers 429, every call waits and is sent again, longer each time."""
    server = serve(say(429), say(429), say(200, body))
    call(connect(server))
    assert len(server.seen) == 3
    assert clock.elapsed >= 0.75 + 1.5


@each(READS | IDEMPOTENT | ONCE)
def test_too_many_ends(call, body, serve, connect, say):
    """If 429 doesn't end, TooMany is raised after six tries and nothing was done."""
    server = serve(say(429, body))
    with pytest.raises(TooMany) as caught:
        call(connect(server))
    assert len(server.seen) == 6
    assert caught.value.may_have_happened is False


@pytest.mark.parametrize("bad", ["503", "502", "504", "hang up", "cut"])
@each(READS | IDEMPOTENT)
def test_passing_failures_are_retried_where_that_is_harmless(call, body, bad, serve, connect, say):
    """If a gateway fails, or an answer is lost or cut off, reads and idempotent writes are sent again."""
    failures = {"hang up": say(hang_up=True), "cut": say(200, body, cut=True)}
    server = serve(failures.get(bad) or say(int(bad)), say(200, body))
    call(connect(server))
    assert len(server.seen) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@each(ONCE)
def test_creates_and_messages_are_never_repeated_after_a_failure(call, body, status, serve, connect, say):
    """If Attentive fails on a call that must not be repeated, ServerFailed is raised at once, in doubt."""
    server = serve(say(status, body), say(200, body))
    with pytest.raises(ServerFailed) as caught:
        call(connect(server))
    assert len(server.seen) == 1
    assert caught.value.may_have_happened is True


@each(ONCE)
def test_creates_and_messages_are_never_repeated_after_a_lost_answer(call, body, serve, connect, say):
    """If the answer to such a call is lost, NoAnswer says that it may have arrived."""
    server = serve(say(hang_up=True), say(200, body))
    with pytest.raises(NoAnswer) as caught:
        call(connect(server))
    assert len(server.seen) == 1
    assert caught.value.arrived == "unknown"
    assert caught.value.may_have_happened is True


@each(IDEMPOTENT)
def test_500_is_not_retried_for_writes(call, body, serve, connect, say):
    """If a write ends in a 500, it isn't repeated even where it is idempotent: the same request fails again."""
    server = serve(say(500, body), say(200, body))
    with pytest.raises(ServerFailed):
        call(connect(server))
    assert len(server.seen) == 1


@each(READS)
def test_500_is_retried_for_reads(call, body, serve, connect, say):
    """If a read ends in a 500, it is sent again."""
    server = serve(say(500), say(200, body))
    call(connect(server))
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (401, WrongKey), (403, MissingScope), (404, NotFound), (409, Refused), (302, Unreadable)],
)
@each(IDEMPOTENT | ONCE)
def test_refusals_are_final(call, body, status, error, serve, connect, say):
    """If Attentive refuses, or answers with a redirect, the call is not repeated and not led elsewhere."""
    server = serve(say(status, body, {"location": "/v1/me"}))
    with pytest.raises(error) as caught:
        call(connect(server))
    assert len(server.seen) == 1
    assert caught.value.status == status


def test_failures_end(serve, connect, say):
    """If failures don't end, the error is raised after four tries."""
    server = serve(say(503))
    with pytest.raises(ServerFailed):
        connect(server).webhooks()
    assert len(server.seen) == 4


def test_a_cut_answer_that_stays_cut_is_unreadable(serve, connect, say):
    """If every answer to a read is cut off, Unreadable is raised."""
    with pytest.raises(Unreadable, match="cut off"):
        connect(serve(say(200, ME, cut=True))).me()


def test_a_cut_answer_to_a_create_is_unreadable_at_once(serve, connect, say):
    """If the answer to a create is cut off, it isn't repeated, and it may have happened."""
    server = serve(say(201, HOOK, cut=True))
    with pytest.raises(Unreadable) as caught:
        connect(server).create_webhook("https://shop.example/1", [])
    assert len(server.seen) == 1
    assert caught.value.may_have_happened is True


def test_delete_is_done_when_the_first_try_may_have_done_it(serve, connect, say):
    """If the answer to a delete was lost and the next try finds nothing, the delete is done."""
    server = serve(say(hang_up=True), say(404))
    connect(server).delete_webhook("w1")
    assert len(server.seen) == 2


def test_doubt_outlives_a_later_refused_connection(serve, connect, say, clock, monkeypatch):
    """If one try may have arrived, a later one that surely didn't makes the call no surer."""
    server = serve(say(hang_up=True))
    monkeypatch.setattr(clock, "sleep", lambda _: server.socket.close())
    with pytest.raises(NoAnswer) as caught:
        connect(server).set_attributes(ANN, {"Tier": "Gold"})
    assert caught.value.arrived == "unknown"


def test_retry_after_is_respected(serve, connect, say, clock):
    """If an answer says how long to wait, so long is waited at least."""
    server = serve(say(429, headers={"retry-after": "17"}), say(200, ME))
    connect(server).me()
    assert max(clock.sleeps) == 17


def test_retry_after_may_be_a_date(serve, connect, say, clock):
    """If Retry-After is a date, the wait reaches until then."""
    server = serve(say(503, headers={"retry-after": "Sun, 10 May 2026 12:00:30 GMT"}), say(200, ME))
    connect(server).me()
    assert clock.elapsed == pytest.approx(30)


def test_a_wait_too_long_ends_the_call(serve, connect, say, clock):
    """If an answer asks for a wait of more than a minute, the call ends in its error instead."""
    server = serve(say(429, headers={"retry-after": "3600"}))
    with pytest.raises(TooMany):
        connect(server).me()
    assert clock.sleeps == []


@pytest.mark.parametrize("text", ["", "soon", "-1", "9" * 5000, "Mon, 99 May 99999999999 99:99:99 GMT", "²"])
def test_a_senseless_retry_after_does_no_harm(text, serve, connect, say):
    """If Retry-After, Date or the limit headers make no sense, the call doesn't fail for it."""
    headers = {"retry-after": text, "date": text, "x-ratelimit-limit": text, "x-ratelimit-remaining": text}
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    server = serve(say(404, headers=headers))
    assert connect(server).attributes(ANN) is None

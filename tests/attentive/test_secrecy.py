"""The key and personal data appear in no error, repr or log line."""

import logging
import traceback

import pytest

from deployer.attentive import (
    AttentiveError,
    Event,
    Me,
    MissingScope,
    NoAnswer,
    NotFound,
    Refused,
    ServerFailed,
    TooMany,
    Unreadable,
    User,
    Webhook,
    WrongKey,
)
from deployer.attentive.answers import Answer
from deployer.attentive.wire import Request, Response

PHONE = "+19148440001"
EMAIL = "ann@shop.example"
ANN = User(PHONE, EMAIL)
EVENT = Event("Order Shipped", {"note": "private-note"}, ANN)
HOOK_URL = "https://shop.example/token-in-url"
ECHO = {"message": f"can't take {PHONE} {EMAIL} private-note very-secret-key"}
SECRETS = ("very-secret-key", PHONE, PHONE[1:], EMAIL, "private-note", "token-in-url")

CALLS = [
    lambda c: c.send_event(EVENT),
    lambda c: c.send_event(EVENT, idempotent=True),
    lambda c: c.attributes(ANN),
    lambda c: c.eligibilities(User(email=EMAIL)),
    lambda c: c.subscribe(ANN, sign_up_source_id="1"),
    lambda c: c.create_webhook(HOOK_URL, []),
]
TROUBLES = [
    {"status": 200, "body": ECHO},
    {"status": 200, "raw": f"<html>{ECHO}".encode()},
    {"status": 200, "body": ECHO, "cut": True},
    {"hang_up": True},
    *[{"status": status, "body": ECHO} for status in (302, 400, 401, 403, 404, 429, 500, 503)],
]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("call", CALLS)
def test_nothing_secret_in_errors_and_logs(call, trouble, serve, connect, say, caplog):
    """Whatever happens to a call, neither the error with its whole traceback nor any log line shows a secret."""
    caplog.set_level(logging.DEBUG)
    client = connect(serve(say(**trouble)))
    told = [repr(client), repr(client._caller)]
    try:
        call(client)
    except AttentiveError as error:
        told += [str(error), repr(error), error.hint, *traceback.format_exception(error)]
        told += [repr(value) for value in vars(error).values()]
    text = "\n".join([*told, caplog.text])
    assert not [secret for secret in SECRETS if secret in text]


def test_one_debug_line_a_request(serve, connect, say, caplog):
    """Each request writes one debug line: method, path, status, milliseconds, try."""
    caplog.set_level(logging.DEBUG, logger="deployer.attentive")
    connect(serve(say(503), say(200, []))).attributes(ANN)
    lines = [record.getMessage() for record in caplog.records if record.name == "deployer.attentive"]
    assert lines == [
        "GET /v1/attributes/custom: 503, 0 ms, try 1",
        "GET /v1/attributes/custom: 200, 0 ms, try 2",
    ]


def test_values_mask_what_they_hold():
    """The repr of a value shows neither a person nor a URL that may hold a token."""
    values = [
        ANN,
        User(phone="+1234"),
        EVENT,
        Webhook("w1", HOOK_URL, ("sms.sent",), disabled=False),
        Me("App", "Shop", "C", "shop.attn.tv", EMAIL),
        Request("POST", f"https://a.example/?phone={PHONE}", {"authorization": "very-secret-key"}, b"private-note"),
        Response(200, {"x": "token-in-url"}, b"private-note"),
        Answer("GET /v1/me", Response(200, {}, b"private-note")),
    ]
    text = repr(values)
    assert not [secret for secret in (*SECRETS, "234") if secret in text]
    assert repr(ANN) == "User(phone='+1…01', email='a…')"
    assert repr(User()) == "User()"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, WrongKey),
        (403, MissingScope),
        (404, NotFound),
        (413, Refused),
        (429, TooMany),
        (500, ServerFailed),
        (503, ServerFailed),
        (301, Unreadable),
    ],
)
def test_each_status_has_its_error(status, error, serve, connect, say):
    """Each status that isn't success raises its own error, which names the call, the status and what to do."""
    with pytest.raises(error) as caught:
        connect(serve(say(status))).send_event(EVENT)
    assert type(caught.value) is error
    assert caught.value.operation == "POST /v1/events/custom"
    assert caught.value.status == status
    assert str(status) in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        (lambda c: c.me(), ""),
        (lambda c: c.send_event(EVENT), "events:write"),
        (lambda c: c.attributes(ANN), "attributes:write"),
        (lambda c: c.set_attributes(ANN, {}), "attributes:write"),
        (lambda c: c.eligibilities(ANN), "subscriptions:read"),
        (lambda c: c.subscribe(ANN, sign_up_source_id="1"), "subscriptions:write"),
        (lambda c: c.webhooks(), "webhooks:write"),
        (lambda c: c.segments(), "segments:read"),
        (lambda c: c.archive_segment("x"), "segments:write"),
    ],
)
def test_a_missing_permission_is_named(call, scope, serve, connect, say):
    """If a permission is missing, the error names it and the page at Attentive on which to give it."""
    with pytest.raises(MissingScope) as caught:
        call(connect(serve(say(403))))
    assert caught.value.scope == scope
    assert scope in str(caught.value)
    assert "Marketplace > Built by you > the app > Permissions" in caught.value.hint
    assert scope.partition(":")[0] in caught.value.hint


def test_the_tree_of_errors_is_complete():
    """Every public error is an AttentiveError."""
    for kind in (Refused, WrongKey, MissingScope, NotFound, TooMany, ServerFailed, NoAnswer, Unreadable):
        assert issubclass(kind, AttentiveError)

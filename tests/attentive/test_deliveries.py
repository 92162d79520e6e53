"""What Attentive posts to webhooks: signatures over raw bytes, and what a delivery says was sent."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.attentive.deliveries import UnknownShape, is_signed, read_sent
from deployer.sandbox.posting import signature

PHONE = "+13115552368"


def delivery(kind="sms.sent", **message):
    """A delivery about a message, as integrators published it."""
    return {
        "type": kind,
        "timestamp": 1770000000123,
        "company": {"display_name": "Northwind", "company_id": "MDc6Q29tcGFueTI"},
        "subscriber": {"external_id": 115, "phone": PHONE, "email": "ana@example.com"},
        "message": {"id": "1", "type": "TRANSACTIONAL", "text": "Hi.", "channel": "TEXT", **message},
    }


def test_a_published_signature():
    """The second test case of RFC 4231 is a good signature, in any case and with white space around it."""
    good = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    body = b"what do ya want for nothing?"
    assert is_signed("Jefe", body, good)
    assert is_signed("Jefe", body, f" {good.upper()} ")
    assert not is_signed("Jefe", body + b" ", good)
    assert not is_signed("jefe", body, good)


@given(key=st.text(), body=st.binary(), other=st.text(max_size=80))
def test_only_the_sandboxs_signature_is_good(key, body, other):
    """What the sandbox signs is good, and anything else isn't, whatever it is."""
    good = signature(key, body)
    assert is_signed(key, body, good)
    assert is_signed(key, body, other) == (other.strip().lower() == good)


def test_a_text_and_an_email_are_read():
    """A text has its words, an email its subject; time, company and addresses are theirs."""
    text = read_sent(json.dumps(delivery()).encode())
    assert (text.channel, text.words, text.phone, text.company_id) == ("text", "Hi.", PHONE, "MDc6Q29tcGFueTI")
    assert text.at.isoformat() == "2026-02-02T02:40:00.123000+00:00"
    email = read_sent(json.dumps(delivery("email.sent", subject="Hello")).encode())
    assert (email.channel, email.words, email.email) == ("email", "Hello", "ana@example.com")


def test_a_person_stays_out_of_what_is_printed():
    """Neither words nor addresses are in what a log would show of it."""
    shown = repr(read_sent(json.dumps(delivery()).encode()))
    assert "Hi." not in shown
    assert PHONE not in shown
    assert "ana@" not in shown


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "a body that isn't JSON"),
        (b"\xff", "a body that isn't JSON"),
        (b"[" * 100_000, "a body that isn't JSON"),
        (b"[]", "a body without `type`"),
        (b'"sms.sent"', "a body without `type`"),
        ({"type": 7}, "a body without `type`"),
        ({"timestamp": "now"}, "`sms.sent` without `timestamp` in milliseconds"),
        ({"timestamp": 1e30}, "`sms.sent` without `timestamp` in milliseconds"),
        ({"timestamp": True}, "`sms.sent` without `timestamp` in milliseconds"),
        ({"subscriber": None}, "`sms.sent` without `subscriber`"),
        ({"message": ["Hi."]}, "`sms.sent` without `message.text`"),
        ({"message": {"body": "Hi."}}, "`sms.sent` without `message.text`"),
        ({"type": "email.sent"}, "`email.sent` without `message.subject`"),
    ],
)
def test_a_shape_that_is_not_known(body, what):
    """A delivery that may be about a message and lacks a field says which, and nothing of its content."""
    given = body if isinstance(body, bytes) else json.dumps({**delivery(), **body}).encode()
    assert read_sent(given) == UnknownShape(what)


def test_what_is_about_something_else():
    """A delivery about something else is no message, and nothing is wrong with it."""
    assert read_sent(json.dumps(delivery("sms.subscribed")).encode()) is None
    assert read_sent(b'{"type": "custom_attribute.set"}') is None


NAMES = st.sampled_from(["timestamp", "company", "subscriber", "message", "text"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
)


@given(st.dictionaries(NAMES, JSON))
def test_any_json_is_read_or_not(value):
    """Whatever JSON comes, it is read as a message or as none."""
    read_sent(json.dumps({**value, "type": "sms.sent"}).encode())

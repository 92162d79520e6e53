"""``POST /v1/events/custom``: what is taken, what is refused, and what stands in the account afterwards."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = "/v1/events/custom"
PHONE = "+13115552368"
USER = {"phone": PHONE}
EVENT = {"type": "Order Shipped", "user": USER, "properties": {"Order Id": "54321"}}
TYPE_FORBIDDEN = "\"'(){}[]\\|,"
KEY_FORBIDDEN = '"{}[]\\|'

TAKEN = {
    "as documented": EVENT,
    "without properties": {"type": "Order Shipped", "user": USER},
    "values of any type": {**EVENT, "properties": {"a": 1, "b": None, "c": [1, {"d": True}], "e": {"f": 1.5}}},
    "key with characters that a type can't have": {**EVENT, "properties": {"it's (really), so": 1}},
    "type in another language": {**EVENT, "type": "Заказ отправлен — 出荷済み"},
    "email": {**EVENT, "user": {"email": "test@example.com"}},
    "both contacts": {**EVENT, "user": {"phone": PHONE, "email": "test@example.com"}},
    "phone with an external identifier": {**EVENT, "user": {**USER, "externalIdentifiers": {"clientUserId": "7"}}},
    "offset": {**EVENT, "occurredAt": "2026-05-10T13:00:00.123+02:00"},
    "zulu": {**EVENT, "occurredAt": "2026-05-10T11:00:00Z"},
    "small letters": {**EVENT, "occurredAt": "2026-05-10t11:00:00z"},
    "time in the future": {**EVENT, "occurredAt": "2030-01-01T00:00:00Z"},
    "unknown field beside": {**EVENT, "extra": 1},
}
REFUSED = {
    "no type": {"user": USER},
    "empty type": {**EVENT, "type": ""},
    "blank type": {**EVENT, "type": "  "},
    "type is a number": {**EVENT, "type": 7},
    **{f"type with {char}": {**EVENT, "type": f"Order{char}Shipped"} for char in TYPE_FORBIDDEN},
    **{f"key with {char}": {**EVENT, "properties": {f"Order{char}Id": 1}} for char in KEY_FORBIDDEN},
    **{f"deep key with {char}": {**EVENT, "properties": {"a": [{f"b{char}": 1}]}} for char in KEY_FORBIDDEN},
    "properties is a list": {**EVENT, "properties": []},
    "properties is null": {**EVENT, "properties": None},
    "no user": {"type": "Order Shipped"},
    "user is a text": {**EVENT, "user": PHONE},
    "empty user": {**EVENT, "user": {}},
    "unknown field of the user": {**EVENT, "user": {**USER, "name": "Ada"}},
    "null phone": {**EVENT, "user": {"phone": None}},
    "empty email": {**EVENT, "user": {"email": ""}},
    "email without a domain": {**EVENT, "user": {"email": "ada@localhost"}},
    "email with a space": {**EVENT, "user": {"email": "ada @example.com"}},
    "phone without plus": {**EVENT, "user": {"phone": "19148440001"}},
    "phone with dashes": {**EVENT, "user": {"phone": "+1---914---844---0001"}},
    "phone with parentheses": {**EVENT, "user": {"phone": "1 () 914 844 0001"}},
    "phone that begins with zero": {**EVENT, "user": {"phone": "+0148440001"}},
    "phone too long": {**EVENT, "user": {"phone": "+1234567890123456"}},
    "phone with a line end": {**EVENT, "user": {"phone": PHONE + "\n"}},
    "phone in other digits": {**EVENT, "user": {"phone": "+١٢٣٤٥٦"}},
    "external identifier that is tied to nobody": {**EVENT, "user": {"externalIdentifiers": {"clientUserId": "7"}}},
    "no external identifier in it": {**EVENT, "user": {"externalIdentifiers": {}}},
    "custom identifiers as an object": {
        **EVENT,
        "user": {**USER, "externalIdentifiers": {"customIdentifiers": {"loyaltyId": "7"}}},
    },
    "custom identifier with key instead of name": {
        **EVENT,
        "user": {**USER, "externalIdentifiers": {"customIdentifiers": [{"key": "loyaltyId", "value": "7"}]}},
    },
    "empty client id": {**EVENT, "user": {**USER, "externalIdentifiers": {"clientUserId": ""}}},
    "time without offset": {**EVENT, "occurredAt": "2026-05-10T11:00:00"},
    "time with the offset of old examples": {**EVENT, "occurredAt": "2026-05-10T11:00:00+0000"},
    "time as a number": {**EVENT, "occurredAt": 1778414400},
    "time null": {**EVENT, "occurredAt": None},
    "time that doesn't exist": {**EVENT, "occurredAt": "2026-02-30T11:00:00Z"},
    "time before all times": {**EVENT, "occurredAt": "0001-01-01T00:00:00+12:00"},
    "empty external event id": {**EVENT, "externalEventId": ""},
    "external event id is a number": {**EVENT, "externalEventId": 7},
}


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN.keys())
def test_taken(api, body):
    """What Attentive documents as valid is answered with 200 and no body, and stored."""
    answer = api.post(PATH, body)
    assert (answer.status, answer.body) == (200, None)
    assert [event["properties"] for event in api.sandbox.account()["events"]] == [body.get("properties", {})]


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(api, body):
    """What Attentive documents as invalid is 400, and leaves nothing behind: no event, type or person."""
    before = api.sandbox.account()
    answer = api.post(PATH, body)
    assert answer.status == 400
    assert answer.message
    assert api.sandbox.account() == before


def test_types_have_a_case(api):
    """Two types that differ in case only are two types."""
    for name in ("Order Shipped", "Order shipped"):
        api.post(PATH, {**EVENT, "type": name})
    assert list(api.sandbox.account()["event_types"]) == ["Order Shipped", "Order shipped"]


def test_a_type_belongs_to_its_first_app(api):
    """If another app sends a type, it is refused and stored nowhere; the first app goes on."""
    api.post(PATH, EVENT)
    answer = api.post(PATH, EVENT, key="key-loyalty")
    assert answer.status == 400
    assert "custom app that first created it" in answer.message
    assert api.post(PATH, EVENT).status == 200
    account = api.sandbox.account()
    assert account["event_types"]["Order Shipped"]["app"] == "orders"
    assert len(account["events"]) == 2


@pytest.mark.parametrize(
    ("occurred", "starts"),
    [
        ("2026-05-10T12:00:00Z", True),
        ("2026-05-10T00:00:00Z", True),
        ("2026-05-09T23:59:59Z", False),
        ("2026-05-09T12:00:00Z", False),
        ("2026-05-10T01:59:59+02:00", False),
        ("2026-05-11T12:00:00Z", True),
    ],
)
def test_twelve_hours(api, occurred, starts):
    """An event that is older than twelve hours is recorded but starts no journey."""
    api.post(PATH, {**EVENT, "occurredAt": occurred})
    assert [event["starts_journeys"] for event in api.sandbox.account()["events"]] == [starts]


def test_no_time_means_now(api):
    """An event without a time occurred when it was sent."""
    api.post(PATH, EVENT)
    (event,) = api.sandbox.account()["events"]
    assert event["occurred_at"] == event["received_at"] == "2026-05-10T12:00:00.000Z"
    assert event["starts_journeys"]


def test_two_hundred_keys(api):
    """A type may carry more than 200 keys over its events, but only the first 200 are offered for macros."""
    many = {f"key {number}": number for number in range(199)}
    assert api.post(PATH, {**EVENT, "properties": many}).status == 200
    assert api.post(PATH, {**EVENT, "properties": {"key 0": 1, "a": 1, "b": 2}}).status == 200
    kept = api.sandbox.account()["event_types"]["Order Shipped"]
    assert kept["keys"] == [*many, "a", "b"]
    assert kept["offered"] == [*many, "a"]


def test_the_same_external_event_id(api):
    """An external event id that was seen before is accepted and stored once, whichever type it comes with."""
    for properties in ({"Order Id": "1"}, {"Order Id": "2", "late": 1}):
        assert api.post(PATH, {**EVENT, "properties": properties, "externalEventId": "one"}).status == 200
    account = api.sandbox.account()
    assert [event["properties"] for event in account["events"]] == [{"Order Id": "1"}]
    assert account["event_types"]["Order Shipped"]["keys"] == ["Order Id"]


def test_an_identifier_that_was_tied_before(api):
    """An external identifier alone leads to the person that the Identity API tied it to."""
    api.post("/v1/identity-resolution/user-identifiers", {"phone": PHONE, "clientUserId": "7"})
    assert api.post(PATH, {**EVENT, "user": {"externalIdentifiers": {"clientUserId": "7"}}}).status == 200
    assert [event["user"] for event in api.sandbox.account()["events"]] == [{"client_user_id": ["7"], "phone": [PHONE]}]


def test_identifiers_tied_to_each_other_only(api):
    """An external identifier that is tied to another one, but to no phone or email, isn't enough."""
    tied = {"clientUserId": "7", "customIdentifiers": [{"name": "loyaltyId", "value": "1"}]}
    assert api.post("/v1/identity-resolution/user-identifiers", tied).status == 202
    assert api.post(PATH, {**EVENT, "user": {"externalIdentifiers": {"clientUserId": "7"}}}).status == 400


@given(name=st.text(string.ascii_letters + " -_$." + TYPE_FORBIDDEN + "é出", min_size=1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_type(api, name):
    """Every text that isn't blank and holds no forbidden character is a type, and no other is."""
    valid = bool(name.strip()) and not set(name) & set(TYPE_FORBIDDEN)
    assert (api.post(PATH, {**EVENT, "type": name}).status == 200) is valid

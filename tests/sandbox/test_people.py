"""The Identity API, and how contacts and identifiers lead to one person or stay apart."""

from __future__ import annotations

import pytest

PATH = "/v1/identity-resolution/user-identifiers"
PHONE, OTHER = "+13115552368", "+19148440001"
EMAIL = "test@example.com"


def people(api):
    """List the identifiers of each person."""
    return [person["identifiers"] for person in api.sandbox.account()["people"]]


@pytest.mark.parametrize(
    "body",
    [
        {"phone": PHONE, "clientUserId": "7"},
        {"email": EMAIL, "customIdentifiers": [{"name": "loyaltyId", "value": "1"}]},
        {"clientUserId": "7", "shopifyId": "8"},
        {"customIdentifiers": [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]},
        {"klaviyoId": "k" * 100, "phone": PHONE},
        {"phone": PHONE},
    ],
)
def test_tied(api, body):
    """Identifiers that are sent together make one person; the answer is 202 without a body."""
    answer = api.post(PATH, body)
    assert (answer.status, answer.body) == (202, None)
    assert len(people(api)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"clientUserId": "7"},
        {"customIdentifiers": [{"name": "a", "value": "1"}]},
        {"phone": PHONE, "clientUserId": ""},
        {"phone": PHONE, "clientUserId": None},
        {"phone": PHONE, "clientUserId": "7" * 101},
        {"phone": PHONE, "email": "e" * 90 + "@example.com"},
        {"phone": PHONE, "customIdentifiers": {"a": "1"}},
        {"phone": PHONE, "customIdentifiers": ["a"]},
        {"phone": PHONE, "customIdentifiers": [{"name": "a"}]},
        {"phone": "3115552368", "clientUserId": "7"},
    ],
)
def test_refused(api, body):
    """A lone client or custom identifier, an empty one or one over 100 characters is 400."""
    assert api.post(PATH, body).status == 400
    assert people(api) == []


def test_two_people_become_one(api):
    """If contacts of two people are sent together, one person has the events, values and subscriptions of both."""
    for user, tier in (({"phone": PHONE}, "Gold"), ({"email": EMAIL}, "Silver")):
        api.post("/v1/events/custom", {"type": "Seen", "user": user})
        api.post("/v1/attributes/custom", {"user": user, "properties": {"tier": tier, next(iter(user)): "yes"}})
        api.post("/v1/subscriptions", {"user": user, "signUpSourceId": "100"})
    api.post(PATH, {"phone": PHONE, "email": EMAIL, "clientUserId": "7"})
    (person,) = api.sandbox.account()["people"]
    assert person["identifiers"] == {"client_user_id": ["7"], "email": [EMAIL], "phone": [PHONE]}
    assert person["attributes"] == {"tier": "Gold", "phone": "yes", "email": "yes"}
    assert [one["channel"] for one in person["subscriptions"]] == ["EMAIL", "TEXT"]
    assert [event["user"] for event in api.sandbox.account()["events"]] == [person["identifiers"]] * 2


def test_two_phones_stay_two_people(api):
    """A person has one phone: an email that came with another phone before doesn't join the two."""
    for phone in (PHONE, OTHER):
        api.post("/v1/events/custom", {"type": "Seen", "user": {"phone": phone, "email": EMAIL}})
    assert people(api) == [{"email": [EMAIL], "phone": [PHONE]}, {"phone": [OTHER]}]


def test_an_email_has_no_case(api):
    """However an email is typed, it leads to the same person."""
    for email in (EMAIL, "Test@Example.COM"):
        api.post("/v1/events/custom", {"type": "Seen", "user": {"email": email}})
    assert people(api) == [{"email": [EMAIL]}]

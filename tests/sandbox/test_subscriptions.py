"""``/v1/subscriptions`` and ``…/unsubscribe``: which sign-up unit, which channels, who is eligible."""

from __future__ import annotations

import pytest

PATH = "/v1/subscriptions"
UNSUBSCRIBE = "/v1/subscriptions/unsubscribe"
PHONE = "+13115552368"
EMAIL = "test@example.com"
USER = {"phone": PHONE}
BOTH = {"phone": PHONE, "email": EMAIL}
QUERY = "phone=%2B13115552368"
US = {"language": "en", "country": "US"}

TAKEN = {
    "text": ({"user": USER, "signUpSourceId": "100"}, [("TRANSACTIONAL", "TEXT")]),
    "text and email": (
        {"user": BOTH, "signUpSourceId": "100"},
        [("TRANSACTIONAL", "TEXT"), ("TRANSACTIONAL", "EMAIL")],
    ),
    "email of two channels": ({"user": {"email": EMAIL}, "signUpSourceId": "100"}, [("TRANSACTIONAL", "EMAIL")]),
    "contact that the unit doesn't use": ({"user": BOTH, "signUpSourceId": "200"}, [("MARKETING", "TEXT")]),
    "single opt-in": ({"user": USER, "signUpSourceId": "100", "singleOptIn": True}, [("TRANSACTIONAL", "TEXT")]),
    "type beside the unit": (
        {"user": USER, "signUpSourceId": "100", "subscriptionType": "TRANSACTIONAL"},
        [("TRANSACTIONAL", "TEXT")],
    ),
    "locale and type": (
        {"user": USER, "locale": US, "subscriptionType": "TRANSACTIONAL"},
        [("TRANSACTIONAL", "TEXT")],
    ),
    "external identifiers": (
        {"user": USER, "signUpSourceId": "100", "externalIdentifiers": {"shopifyId": "7", "klaviyoId": "8"}},
        [("TRANSACTIONAL", "TEXT")],
    ),
}
REFUSED = {
    "both locale and source": ({"user": USER, "signUpSourceId": "100", "locale": US}, "Found both a locale"),
    "neither locale nor source": ({"user": USER}, "either"),
    "type alone": ({"user": USER, "subscriptionType": "TRANSACTIONAL"}, "either"),
    "locale alone": ({"user": USER, "locale": US}, "either"),
    "unknown unit": ({"user": USER, "signUpSourceId": "999"}, "No sign-up unit"),
    "unit as a number": ({"user": USER, "signUpSourceId": 100}, "must be a text"),
    "unit of another kind": ({"user": USER, "signUpSourceId": "400"}, "API sign-up unit"),
    "no unit for the locale": (
        {"user": USER, "locale": {"language": "en", "country": "GB"}, "subscriptionType": "TRANSACTIONAL"},
        "0 do",
    ),
    "several units for the locale": ({"user": USER, "locale": US, "subscriptionType": "MARKETING"}, "2 do"),
    "only a unit of another kind for the locale": (
        {"user": USER, "locale": {"language": "de", "country": "DE"}, "subscriptionType": "MARKETING"},
        "0 do",
    ),
    "locale in capitals": (
        {"user": USER, "locale": {"language": "EN", "country": "US"}, "subscriptionType": "TRANSACTIONAL"},
        "0 do",
    ),
    "locale as a text": ({"user": USER, "locale": "en_US", "subscriptionType": "TRANSACTIONAL"}, "locale must be"),
    "type that isn't one": ({"user": USER, "locale": US, "subscriptionType": "transactional"}, "one of"),
    "single opt-in as a text": ({"user": USER, "signUpSourceId": "100", "singleOptIn": "true"}, "true or false"),
    "no user": ({"signUpSourceId": "100"}, "user"),
    "empty user": ({"user": {}, "signUpSourceId": "100"}, "a phone or an email"),
    "bad phone": ({"user": {"phone": "444-444-4444"}, "signUpSourceId": "100"}, "E.164"),
    "no contact for the unit's channel": ({"user": USER, "signUpSourceId": "300"}, "no phone or email for a channel"),
    "custom identifiers as an object": (
        {"user": USER, "signUpSourceId": "100", "externalIdentifiers": {"customIdentifiers": {"a": "b"}}},
        "list",
    ),
}


def eligibilities(api, query=QUERY):
    """Read who is eligible for what: (type, channel) to true or false."""
    answer = api.get(PATH, query)
    assert answer.status == 200
    return {
        (one["subscription"]["type"], one["subscription"]["channel"]): one["eligibility"]["isEligible"]
        for one in answer.body["subscriptionEligibilities"]
    }


def statuses(answer, field):
    """Read the status of each (type, channel) of an answer."""
    assert answer.status == 202
    return {
        (one["subscription"]["type"], one["subscription"]["channel"]): one[field]
        for one in answer.body["subscriptionResponses"]
    }


def texts(api):
    """List the texts that Attentive itself would have sent."""
    return [text for person in api.sandbox.account()["people"] for text in person["texts"]]


@pytest.mark.parametrize(("body", "made"), TAKEN.values(), ids=TAKEN.keys())
def test_taken(api, body, made):
    """A sign-up unit subscribes on each of its channels that the user can be reached on; eligible at once."""
    answer = api.post(PATH, body)
    assert list(statuses(answer, "subscriptionCreationStatus").items()) == [(one, "NEWLY_CREATED") for one in made]
    assert answer.body["user"] == body["user"]
    assert answer.body.get("externalIdentifiers") == body.get("externalIdentifiers")
    query = QUERY if "phone" in body["user"] else "email=test%40example.com"
    assert eligibilities(api, query) == dict.fromkeys(made, True)


@pytest.mark.parametrize(("body", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(api, body, message):
    """A request that names no single usable sign-up unit is 400 and subscribes nobody."""
    before = api.sandbox.account()
    answer = api.post(PATH, body)
    assert answer.status == 400
    assert message in answer.message
    assert api.sandbox.account() == before


def test_subscribing_twice(api):
    """A second time answers PREVIOUSLY_CREATED, and Attentive texts that they are subscribed already."""
    api.post(PATH, {"user": USER, "signUpSourceId": "100"})
    answer = api.post(PATH, {"user": BOTH, "signUpSourceId": "100"})
    assert statuses(answer, "subscriptionCreationStatus") == {
        ("TRANSACTIONAL", "TEXT"): "PREVIOUSLY_CREATED",
        ("TRANSACTIONAL", "EMAIL"): "NEWLY_CREATED",
    }
    assert texts(api) == ["reply_y", "already_subscribed"]


def test_single_opt_in_still_gets_the_legal_text(api):
    """A single opt-in leaves out "Reply Y" only."""
    api.post(PATH, {"user": USER, "signUpSourceId": "100", "singleOptIn": True})
    assert texts(api) == ["legal"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("phone=%2B13115552368&email=test%40example.com", 400),
        ("phone=+13115552368", 400),
        ("phone=%2B19148440001", 404),
        ("email=test%40example.com", 404),
    ],
)
def test_query(api, query, status):
    """Exactly one of phone and email; somebody without a subscription is 404, also when an event made them known."""
    api.post(PATH, {"user": USER, "signUpSourceId": "100"})
    api.post("/v1/events/custom", {"type": "Seen", "user": {"email": EMAIL}})
    answer = api.get(PATH, query)
    assert answer.status == status
    assert status != 404 or answer.message.startswith("Subscriptions not found")


def test_unsubscribe_from_everything(api):
    """Without a list all subscriptions end: they stay listed, not eligible any more, and the person gets a text."""
    api.post(PATH, {"user": BOTH, "signUpSourceId": "100"})
    answer = api.post(UNSUBSCRIBE, {"user": BOTH})
    assert statuses(answer, "subscriptionUnsubscribeStatus") == {
        ("TRANSACTIONAL", "TEXT"): "NEWLY_UNSUBSCRIBED",
        ("TRANSACTIONAL", "EMAIL"): "NEWLY_UNSUBSCRIBED",
    }
    assert eligibilities(api) == {("TRANSACTIONAL", "TEXT"): False, ("TRANSACTIONAL", "EMAIL"): False}
    assert texts(api) == ["reply_y", "unsubscribed"]


def test_unsubscribe_twice(api):
    """A second time answers PREVIOUSLY_UNSUBSCRIBED; no text where the notification is disabled."""
    api.post(PATH, {"user": USER, "signUpSourceId": "100"})
    for expected in ("NEWLY_UNSUBSCRIBED", "PREVIOUSLY_UNSUBSCRIBED"):
        answer = api.post(UNSUBSCRIBE, {"user": USER, "notification": {"disabled": True, "language": "fr-CA"}})
        assert statuses(answer, "subscriptionUnsubscribeStatus") == {("TRANSACTIONAL", "TEXT"): expected}
    assert texts(api) == ["reply_y"]


@pytest.mark.parametrize(
    ("user", "ended"),
    [
        ({"email": EMAIL}, {("TRANSACTIONAL", "EMAIL")}),
        ({"phone": PHONE}, {("TRANSACTIONAL", "TEXT"), ("MARKETING", "TEXT")}),
    ],
)
def test_a_contact_ends_its_own_channel(api, user, ended):
    """An email finds no text subscription and a phone no email subscription, though one person has both."""
    api.post(PATH, {"user": BOTH, "signUpSourceId": "100"})
    api.post(PATH, {"user": BOTH, "signUpSourceId": "200"})
    assert statuses(api.post(UNSUBSCRIBE, {"user": user}), "subscriptionUnsubscribeStatus").keys() == ended
    assert {one for one, eligible in eligibilities(api).items() if not eligible} == ended


@pytest.mark.parametrize(
    ("wanted", "ended"),
    [
        ([], {"TRANSACTIONAL", "MARKETING"}),
        ([{"type": "MARKETING", "channel": "TEXT"}], {"MARKETING"}),
        ([{"type": "TRANSACTIONAL"}], {"TRANSACTIONAL"}),
        ([{"channel": "TEXT"}], {"TRANSACTIONAL", "MARKETING"}),
        ([{"type": "MARKETING", "channel": "EMAIL"}], set()),
        ([{"type": "CHECKOUT_ABANDONED", "channel": "TEXT"}], set()),
    ],
)
def test_unsubscribe_from_some(api, wanted, ended):
    """A list ends what it names and nothing else."""
    for unit in ("100", "200"):
        api.post(PATH, {"user": USER, "signUpSourceId": unit})
    assert api.post(UNSUBSCRIBE, {"user": USER, "subscriptions": wanted}).status == 202
    assert {kind for (kind, _), eligible in eligibilities(api).items() if not eligible} == ended


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({"user": {}}, 400),
        ({"user": {"phone": "444"}}, 400),
        ({"user": {"phone": "+19148440001"}}, 404),
        ({"subscriptions": {"type": "MARKETING"}}, 400),
        ({"subscriptions": [{}]}, 400),
        ({"subscriptions": [{"type": "marketing"}]}, 400),
        ({"subscriptions": [{"channel": "PUSH"}]}, 400),
        ({"subscriptions": [{"type": ["MARKETING"]}]}, 400),
        ({"notification": "none"}, 400),
        ({"notification": {"language": "en_US"}}, 400),
        ({"notification": {"disabled": "yes"}}, 400),
    ],
)
def test_unsubscribe_refused(api, extra, status):
    """A request that isn't as documented ends nothing."""
    api.post(PATH, {"user": USER, "signUpSourceId": "100"})
    assert api.post(UNSUBSCRIBE, {"user": USER, **extra}).status == status
    assert eligibilities(api) == {("TRANSACTIONAL", "TEXT"): True}


def test_subscribing_again_after_opting_out(api):
    """Who opted out and subscribes again is newly subscribed and eligible."""
    for path, extra in ((PATH, {"signUpSourceId": "100"}), (UNSUBSCRIBE, {})):
        api.post(path, {"user": USER, **extra})
    answer = api.post(PATH, {"user": USER, "signUpSourceId": "100"})
    assert statuses(answer, "subscriptionCreationStatus") == {("TRANSACTIONAL", "TEXT"): "NEWLY_CREATED"}
    assert eligibilities(api) == {("TRANSACTIONAL", "TEXT"): True}

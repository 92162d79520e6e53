"""What people text to the brand, and what becomes of it: STOP, HELP, START, and the Y of a double opt-in."""

from __future__ import annotations

import pytest

from deployer.sandbox.model import RefusedError
from tests.sandbox.conftest import PHONE

SUBSCRIPTIONS = "/v1/subscriptions"


def subscribe(api, unit="100", **more):
    """Subscribe the phone through a sign-up unit."""
    return api.post(SUBSCRIPTIONS, {"user": {"phone": PHONE}, "signUpSourceId": unit, **more}).body


def eligible(api):
    """Whether the phone may get texts of each type."""
    found = api.get(SUBSCRIPTIONS, "phone=%2B13115552368").body["subscriptionEligibilities"]
    return {one["subscription"]["type"]: one["eligibility"]["isEligible"] for one in found}


def thread(api):
    """What the phone shows: who wrote, and for Attentive's own texts why."""
    (person,) = api.sandbox.overview()["people"]
    return [(one["from"], one.get("reason", one["parts"]["body"])) for one in person["messages"]]


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop ", "UNSUBSCRIBE", "cancel", "END", "quit"])
def test_stop_ends_every_subscription_to_texts(api, word):
    """Who replies STOP, in any spelling that carriers want, gets no text of either type, and one that says so."""
    subscribe(api)
    subscribe(api, "200")
    api.sandbox.reply(PHONE, word)
    assert eligible(api) == {"TRANSACTIONAL": False, "MARKETING": False}
    assert thread(api)[-2:] == [("person", word), ("brand", "unsubscribed")]


def test_start_brings_back_what_was_there(api):
    """Who replies START after STOP is subscribed to the same again; before that, to nothing."""
    subscribe(api)
    api.sandbox.reply(PHONE, "START")
    assert thread(api)[-1] == ("person", "START")
    api.sandbox.reply(PHONE, "STOP")
    api.sandbox.reply(PHONE, "Start")
    assert eligible(api) == {"TRANSACTIONAL": True}
    assert thread(api)[-1] == ("brand", "started")


def test_help_changes_nothing(api):
    """Who replies HELP gets help, and stays subscribed."""
    subscribe(api)
    api.sandbox.reply(PHONE, "help")
    assert eligible(api) == {"TRANSACTIONAL": True}
    assert thread(api)[-1] == ("brand", "help")


def test_other_words_are_kept_and_not_answered(api):
    """A reply that is none of the words is in the thread, after the message that it was written after."""
    subscribe(api)
    api.sandbox.reply(PHONE, "thanks, please don't STOP")
    assert thread(api) == [("brand", "reply_y"), ("person", "thanks, please don't STOP")]
    assert eligible(api) == {"TRANSACTIONAL": True}


def test_a_double_opt_in_waits_for_its_y(api):
    """If the account waits for a Reply Y, a new subscriber is eligible after it and not before."""
    api.sandbox.wait_for_reply_y(True)
    subscribe(api)
    assert eligible(api) == {"TRANSACTIONAL": False}
    api.sandbox.reply(PHONE, "no")
    assert eligible(api) == {"TRANSACTIONAL": False}
    api.sandbox.reply(PHONE, "y")
    assert eligible(api) == {"TRANSACTIONAL": True}
    assert thread(api)[-1] == ("brand", "confirmed")


def test_a_single_opt_in_waits_for_nothing(api):
    """If the call says ``singleOptIn``, the subscriber is eligible at once, and so is an email."""
    api.sandbox.wait_for_reply_y(True)
    subscribe(api, singleOptIn=True)
    user = {"email": "test@example.com"}
    api.post(SUBSCRIPTIONS, {"user": user, "signUpSourceId": "100"})
    assert eligible(api) == {"TRANSACTIONAL": True}
    found = api.get(SUBSCRIPTIONS, "email=test@example.com").body["subscriptionEligibilities"]
    assert [one["eligibility"]["isEligible"] for one in found] == [True]


def test_stop_before_y_is_final(api):
    """Who answers the double opt-in with STOP isn't subscribed by a later Y."""
    api.sandbox.wait_for_reply_y(True)
    subscribe(api)
    api.sandbox.reply(PHONE, "STOP")
    api.sandbox.reply(PHONE, "Y")
    assert eligible(api) == {"TRANSACTIONAL": False}


def test_a_phone_that_is_unknown_writes_to_no_one(api):
    """A reply of a phone that the account never saw is refused, and so is what is no phone."""
    for number in ("+13115550000", "13115552368"):
        with pytest.raises(RefusedError):
            api.sandbox.reply(number, "STOP")

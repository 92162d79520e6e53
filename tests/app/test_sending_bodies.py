"""A whole request body is sent as it is written, or refused with a reason: no field of it is ignored."""

from __future__ import annotations

import pytest

import deployer
from deployer.contracts import PayloadError
from deployer.kinds.base import GuardError
from deployer.source import pointer_text

GOOD = {"Order Id": "54321", "day": "May 10"}


@pytest.fixture
def applied(shop_world):
    """The shop, applied."""
    shop_world.apply()
    return shop_world


@pytest.fixture
def send(applied, make):
    """Send a request body with other fields around its properties, and return what the event got as its id."""

    def run(**more):
        body = {"type": "Order Shipped", "user": {"phone": make.phone}, "properties": GOOD, **more}
        with applied.connect() as connection:
            return deployer.send(connection, "order_shipped", body, None)

    return run


def last(world):
    """The event that was sent last."""
    return world.dump("events")[-1]


def test_the_id_of_the_body_is_the_events(send, applied) -> None:
    """If the sender gave the event an id, that is sent, so that Attentive can tell a repetition."""
    assert send(externalEventId="parcel-17") == "parcel-17"
    assert last(applied)["external_event_id"] == "parcel-17"


def test_the_time_of_the_body_is_the_events(send, applied) -> None:
    """If it happened before, that is sent: older than twelve hours, it starts no journey."""
    send(occurredAt="2020-05-10T12:30:00-04:00")
    assert b'"occurredAt":"2020-05-10T12:30:00.000-04:00"' in applied.requests[-1].body.replace(b": ", b":")
    assert not last(applied)["starts_journeys"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"user": "+12065550100"}, "/user"),
        ({"user": None}, "/user"),
        ({"occurredAt": "2020-05-10 12:30"}, "/occurredAt"),
        ({"occurredAt": "2020-05-10T12:30:00"}, "/occurredAt"),
        ({"occurredAt": "2016-12-31T23:59:60Z"}, "/occurredAt"),
        ({"occurredAt": 1589128200}, "/occurredAt"),
        ({"externalEventId": 17}, "/externalEventId"),
        ({"externalEventId": ""}, "/externalEventId"),
        ({"external_event_id": "17"}, "/external_event_id"),
    ],
)
def test_what_cannot_be_honoured_is_refused(more, place, send, applied) -> None:
    """A user that isn't an object, a time without an offset, another key: it is said where, and nothing is sent."""
    before = len(applied.dump("events"))
    with pytest.raises(PayloadError) as refused:
        send(**more)
    assert [pointer_text(one.pointer) for one in refused.value.violations] == [place]
    assert len(applied.dump("events")) == before


def test_a_user_without_phone_and_email_is_refused(send) -> None:
    """Somebody who can't be told from the test contacts isn't messaged."""
    with pytest.raises(GuardError) as refused:
        send(user={"externalIdentifiers": {"clientUserId": "17"}})
    assert refused.value.code == "bad-recipient"

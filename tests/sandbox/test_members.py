"""``/v2/bulk/segments/members``: who is in a segment, and who is taken out of it."""

from __future__ import annotations

import pytest

PATH = "/v2/bulk/segments/members"
PHONE, EMAIL = "+13115552368", "ana@fern.example"


@pytest.fixture
def gold(api):
    """An account with a segment."""
    assert api.post("/v2/segments", {"name": "Gold", "externalId": "gold"}).status == 201
    return api


def people(api):
    """Everyone in the account, with the segments that they are in."""
    return [(one["identifiers"], one["segments"]) for one in api.sandbox.account()["people"]]


def test_who_is_put_into_a_segment_is_in_it_once(gold):
    """A member is found by any identifier, made where no one has it, and is in the segment however often it is sent."""
    members = [{"phone": PHONE, "email": EMAIL}, {"clientUserId": "c-1"}]
    for _ in range(2):
        answer = gold.post(PATH, {"externalId": "gold", "members": members})
        assert answer.status == 202
        assert set(answer.body) == {"message", "batchJobId"}
    assert people(gold) == [
        ({"phone": [PHONE], "email": [EMAIL]}, ["Gold"]),
        ({"client_user_id": ["c-1"]}, ["Gold"]),
    ]
    assert (
        gold.call(
            "DELETE", PATH, {"externalId": "gold", "members": [{"email": EMAIL}, {"phone": "+13115550000"}]}
        ).status
        == 202
    )
    assert [segments for _, segments in people(gold)] == [[], ["Gold"]]


def test_two_people_who_are_one_stay_in_their_segments(gold):
    """Who turns out to be one person is in the segments of both."""
    gold.post(PATH, {"externalId": "gold", "members": [{"email": EMAIL}]})
    gold.post(PATH, {"externalId": "gold", "members": [{"phone": PHONE}]})
    gold.post(PATH, {"externalId": "gold", "members": [{"phone": PHONE, "email": EMAIL}]})
    assert people(gold) == [({"phone": [PHONE], "email": [EMAIL]}, ["Gold"])]


def test_an_archived_segment_has_no_one(gold):
    """No one is in a segment that is archived, and none can be put into it."""
    gold.post(PATH, {"externalId": "gold", "members": [{"phone": PHONE}]})
    assert gold.delete("/v2/segments/external/gold").status == 204
    assert [segments for _, segments in people(gold)] == [[]]
    assert gold.post(PATH, {"externalId": "gold", "members": [{"phone": PHONE}]}).status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"externalId": "gold"}, 400),
        ({"externalId": "gold", "members": []}, 400),
        ({"externalId": "gold", "members": {}}, 400),
        ({"externalId": "gold", "members": [{}]}, 400),
        ({"externalId": "gold", "members": ["ana"]}, 400),
        ({"externalId": "gold", "members": [{"phone": "311"}]}, 400),
        ({"externalId": "gold", "members": [{"clientUserId": "c" * 101}]}, 400),
        ({"externalId": "gold", "members": [{"phone": PHONE}] * 10_001}, 400),
        ({"externalId": "silver", "members": [{"phone": PHONE}]}, 404),
        ({"externalId": ["gold"], "members": [{"phone": PHONE}]}, 400),
        ({"members": [{"phone": PHONE}]}, 400),
    ],
)
def test_what_is_wrong_puts_no_one_in(gold, body, status):
    """A body that isn't as documented is refused as a whole, and a segment that isn't there is not found."""
    valid = [{"phone": "+13115550001"}]
    if isinstance(body.get("members"), list) and body["members"]:
        body = {**body, "members": [*valid, *body["members"]]}
    for method in ("POST", "DELETE"):
        assert gold.call(method, PATH, body).status == status
    assert people(gold) == []

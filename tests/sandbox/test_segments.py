"""``/v2/segments``: create, change, archive, and the list with its filters and pages."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = "/v2/segments"
REFUSED = {
    "no name": {},
    "blank name": {"name": "  "},
    "name is a number": {"name": 7},
    "name too long": {"name": "n" * 241},
    "description too short": {"name": "Gold", "description": "d"},
    "description blank": {"name": "Gold", "description": "   "},
    "description too long": {"name": "Gold", "description": "d" * 501},
    "description is null": {"name": "Gold", "description": None},
    "id blank": {"name": "Gold", "externalId": " "},
    "id too long": {"name": "Gold", "externalId": "i" * 256},
    "id is a number": {"name": "Gold", "externalId": 7},
    "id is taken": {"name": "Gold", "externalId": "taken"},
    "id is taken, with space around": {"name": "Gold", "externalId": " taken "},
}


def one(external_id):
    """Write the path of one segment."""
    return f"{PATH}/external/{quote(external_id, safe='')}"


def ids(answer):
    """List the external ids of a page."""
    assert answer.status == 200
    return [segment["externalId"] for segment in answer.body["segments"]]


def test_create(api):
    """The answer holds what was made, without the white space around it."""
    answer = api.post(PATH, {"name": " Gold ", "description": " The best ", "externalId": " gold "})
    assert answer.status == 201
    assert answer.body == {"externalId": "gold", "name": "Gold", "description": "The best"}


def test_create_with_a_name_only(api):
    """Without a description Attentive's default stands there; without an id one is made, another each time."""
    answers = [api.post(PATH, {"name": "Gold"}).body for _ in range(2)]
    assert {answer["description"] for answer in answers} == {"Manual Segment Upload Public API V2"}
    assert len({answer["externalId"] for answer in answers}) == 2


@pytest.mark.parametrize(("name", "description", "external_id"), [("n", "dd", "i"), ("n" * 240, "d" * 500, "i" * 255)])
def test_lengths(api, name, description, external_id):
    """The shortest and longest texts that Attentive documents are taken."""
    body = {"name": name, "description": description, "externalId": external_id}
    assert api.post(PATH, body).body == body


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(api, body):
    """A text outside its bounds or an id that is taken is 400 and makes nothing."""
    api.post(PATH, {"name": "Taken", "externalId": "taken"})
    before = api.sandbox.account()
    assert api.post(PATH, body).status == 400
    assert api.sandbox.account() == before


def test_change(api, time):
    """A PATCH changes what it names and the time of the last change."""
    api.post(PATH, {"name": "Gold", "description": "The best", "externalId": "a/b +ü"})
    time.advance(hours=1)
    answer = api.patch(one("a/b +ü"), {"name": " Silver "})
    assert answer.status == 200
    assert answer.body == {
        "externalId": "a/b +ü",
        "name": "Silver",
        "description": "The best",
        "created": "2026-05-10T12:00:00.000Z",
        "updated": "2026-05-10T13:00:00.000Z",
    }
    assert api.get(one("a/b +ü")).body == answer.body


@pytest.mark.parametrize("body", [{}, {"externalId": "x"}, {"name": ""}, {"description": "d"}, {"name": None}])
def test_change_refused(api, body):
    """A PATCH without a name or a description, or with a bad one, is 400."""
    api.post(PATH, {"name": "Gold", "externalId": "gold"})
    assert api.patch(one("gold"), body).status == 400
    assert api.get(one("gold")).body["name"] == "Gold"


def test_archive(api):
    """An archived segment is gone for every call, kept in the account, and its id stays taken."""
    api.post(PATH, {"name": "Gold", "externalId": "gold"})
    answer = api.delete(one("gold"))
    assert (answer.status, answer.body) == (204, None)
    assert ids(api.get(PATH)) == []
    assert [
        call.status for call in (api.get(one("gold")), api.patch(one("gold"), {"name": "x"}), api.delete(one("gold")))
    ] == [404] * 3
    assert [segment["archived"] for segment in api.sandbox.account()["segments"]] == [True]
    assert api.post(PATH, {"name": "Gold", "externalId": "gold"}).status == 400


def test_segments_belong_to_the_company(api):
    """Another app of the company sees the same segments."""
    api.post(PATH, {"name": "Gold", "externalId": "gold"})
    assert api.get(one("gold"), key="key-loyalty").status == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["gold", "silver", "odd"]),
        ({"name": "old"}, ["gold"]),
        ({"name": "MEMBERS"}, ["gold", "silver"]),
        ({"name": "100%"}, ["odd"]),
        ({"name": "%"}, ["odd"]),
        ({"name": "nobody"}, []),
        ({"externalId": "silver"}, ["silver"]),
        ({"externalId": "Silver"}, []),
        ({"name": "Gold", "externalId": "silver"}, []),
        ({"updatedSince": "2026-05-10T13:00:00Z"}, ["silver", "odd"]),
        ({"updatedSince": "2026-05-10T14:30:00+00:30"}, ["odd"]),
        ({"updatedSince": "2030-01-01T00:00:00Z"}, []),
        ({"limit": "1000"}, ["gold", "silver", "odd"]),
    ],
)
def test_filters(api, time, query, found):
    """The list is filtered by a part of the name, the id, and the time of the last change."""
    names = {"gold": "Gold members", "silver": "Silver members", "odd": "100% odd"}
    for external_id, name in names.items():
        api.post(PATH, {"name": name, "externalId": external_id})
        time.advance(hours=1)
    assert ids(api.get(PATH, urlencode(query))) == found


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "1001"},
        {"limit": "ten"},
        {"limit": "-1"},
        {"limit": "٣"},
        {"limit": ""},
        {"limit": "9" * 5000},
        {"name": ""},
        {"name": "n" * 241},
        {"externalId": " "},
        {"updatedSince": "yesterday"},
        {"updatedSince": "2026-05-10T12:00:00"},
        {"updatedSince": "0001-01-01T00:00:00+12:00"},
        {"cursor": ""},
        {"cursor": "nonsense"},
        {"cursor": "e30="},
        {"cursor": "W10="},
    ],
)
def test_query_refused(api, query):
    """A filter, page size or cursor outside what is documented is 400."""
    assert api.get(PATH, urlencode(query)).status == 400


@given(count=st.integers(0, 45), limit=st.none() | st.integers(1, 50))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages(api, count, limit):
    """However large the pages, following the cursors lists each segment once, in order, and then ends."""
    prefix = f"{len(api.sandbox.account()['segments'])}-"
    made = [f"{prefix}{number}" for number in range(count)]
    for external_id in made:
        api.post(PATH, {"name": prefix, "externalId": external_id})
    query = {"name": prefix} | ({} if limit is None else {"limit": str(limit)})
    listed, more = [], True
    while more:
        answer = api.get(PATH, urlencode(query))
        assert len(answer.body["segments"]) <= (limit or 20)
        listed += ids(answer)
        more = answer.body["hasMore"]
        assert (answer.body["cursor"] is not None) is more
        query["cursor"] = answer.body["cursor"]
    assert [external_id for external_id in listed if external_id.startswith(prefix)] == made

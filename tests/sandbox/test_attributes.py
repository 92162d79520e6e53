"""``/v1/attributes/custom``: types that the first value fixes, one person's values, and the query for them."""

from __future__ import annotations

import pytest

PATH = "/v1/attributes/custom"
PHONE = "+13115552368"
USER = {"phone": PHONE}
QUERY = "phone=%2B13115552368"

TYPES = [
    ("24", "Number"),
    (24, "Number"),
    ("50.89", "Number"),
    ("-3", "Number"),
    (1.5, "Number"),
    ("TRUE", "Boolean"),
    ("false", "Boolean"),
    (True, "Boolean"),
    ("1986-11-16", "Date"),
    ("2021-04-23T16:04:33Z", "Date"),
    ("2021-13-01", "String"),
    ("Minnesota Vikings", "String"),
    ("1,000", "String"),
    ("", "String"),
]

LATER = [
    ("24", "25", 200),
    ("24", 25.5, 200),
    ("24", "many", 400),
    ("24", True, 400),
    ("TRUE", False, 200),
    ("TRUE", "yes", 400),
    ("1986-11-16", "2021-04-23T16:04:33Z", 200),
    ("1986-11-16", "yesterday", 400),
    ("Gold", "Silver", 200),
    ("Gold", "24", 200),
    ("Gold", 24, 400),
    ("Gold", True, 400),
]

REFUSED = {
    "array": {"user": USER, "properties": {"city": ["chicago", "new york"]}},
    "object": {"user": USER, "properties": {"city": {"name": "chicago"}}},
    "null": {"user": USER, "properties": {"city": None}},
    "name too long": {"user": USER, "properties": {"n" * 201: "1"}},
    "empty name": {"user": USER, "properties": {"": "1"}},
    "no properties": {"user": USER},
    "properties is a list": {"user": USER, "properties": []},
    "no user": {"properties": {"city": "chicago"}},
    "unknown field of the user": {"user": {**USER, "name": "Ada"}, "properties": {}},
    "bad phone": {"user": {"phone": "3115552368"}, "properties": {}},
    "good and bad together": {"user": USER, "properties": {"tier": "Gold", "city": ["chicago"]}},
}

QUERIES = [
    ("", 400),
    ("phone=%2B13115552368&email=test@example.com", 400),
    ("phone=%2B13115552368&phone=%2B13115552368", 400),
    ("phone=+13115552368", 400),
    ("phone=", 400),
    ("email=nobody", 400),
    ("phone=%2B19148440001", 404),
    ("email=somebody%40example.com", 404),
]


@pytest.mark.parametrize(("value", "fixed"), TYPES)
def test_type_of_the_first_value(api, value, fixed):
    """The first value fixes the type, read from text too."""
    assert api.post(PATH, {"user": USER, "properties": {"it": value}}).status == 200
    assert api.sandbox.account()["attributes"] == {"it": fixed}


@pytest.mark.parametrize(("first", "later", "status"), LATER)
def test_type_of_a_later_value(api, first, later, status):
    """A later value of another type is refused, also for another person and by another app."""
    api.post(PATH, {"user": USER, "properties": {"it": first}})
    body = {"user": {"email": "other@example.com"}, "properties": {"it": later}}
    assert api.post(PATH, body, key="key-loyalty").status == status


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(api, body):
    """What can't be an attribute is 400, and nothing of the request is kept."""
    before = api.sandbox.account()
    assert api.post(PATH, body).status == 400
    assert api.sandbox.account() == before


def test_read_back(api):
    """A person's attributes come back as text, by name, however they are asked for."""
    properties = {"tier": "Gold", "Tier": "Silver", "age": 24, "vip": True, "n" * 200: "ü"}
    api.post(PATH, {"user": {"phone": PHONE, "email": "Test@Example.com"}, "properties": properties})
    answer = api.get(PATH, QUERY)
    assert answer.status == 200
    found = {entry["name"]: entry["value"] for entry in answer.body}
    assert found == {"tier": "Gold", "Tier": "Silver", "age": "24", "vip": "true", "n" * 200: "ü"}
    assert all(entry["attribute"] == entry["name"] for entry in answer.body)
    assert api.get(PATH, "email=test%40example.com").body == answer.body


def test_known_but_without_attributes(api):
    """Somebody whom an event made known has no attributes, which isn't an error."""
    api.post("/v1/events/custom", {"type": "Seen", "user": USER})
    answer = api.get(PATH, QUERY)
    assert (answer.status, answer.body) == (200, [])


@pytest.mark.parametrize(("query", "status"), QUERIES)
def test_query(api, query, status):
    """Exactly one of phone and email, encoded; somebody unknown is 404."""
    api.post(PATH, {"user": USER, "properties": {"tier": "Gold"}})
    assert api.get(PATH, query).status == status

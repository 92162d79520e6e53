"""Whatever is sent, the sandbox answers: a documented status, JSON or nothing, and never a crash."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.sandbox import Request
from deployer.sandbox.routes import ROUTES

KEYS = [
    "type", "user", "phone", "email", "properties", "externalIdentifiers", "customIdentifiers", "clientUserId", "name",
    "value", "occurredAt", "externalEventId", "signUpSourceId", "locale", "language", "country", "subscriptionType",
    "singleOptIn", "subscriptions", "channel", "notification", "url", "events", "disabled", "description", "externalId",
]  # fmt: skip
WORDS = [
    "+13115552368",
    "test@example.com",
    "100",
    "TEXT",
    "MARKETING",
    "https://shop.example/",
    "sms.sent",
    "en",
    "US",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(WORDS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(), inner, max_size=5),
)
BODIES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6)
QUERIES = st.text() | st.sampled_from(
    ["phone=%2B13115552368", "email=a%40b.co", "limit=2", "cursor=eyJpZCI6IDF9", "name=%00"]
)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(response):
    """Accept the statuses that a good key can get, with the headers of every response."""
    assert response.status in {200, 201, 202, 204, 400, 404}
    assert not response.body or json.loads(response.body) is not None
    assert response.headers.keys() >= {"date", "x-ratelimit-limit", "x-ratelimit-remaining"}


@given(route=st.sampled_from(ROUTES), part=st.text(), query=QUERIES, body=BODIES | VALUES)
@SETTINGS
def test_any_json(sandbox, route, part, query, body):
    """Any JSON to any endpoint is taken or refused with a message."""
    path = route.path.replace("{webhookId}", part).replace("{externalId}", part)
    raw = json.dumps(body).encode()
    headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
    check(sandbox.handle(Request(route.method, path, query, headers, raw)))


@given(method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]), path=st.text(), raw=st.binary())
@SETTINGS
def test_any_bytes(sandbox, method, path, raw):
    """Any path and any bytes are answered as well."""
    headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
    check(sandbox.handle(Request(method, path, "", headers, raw)))


@given(route=st.sampled_from([route for route in ROUTES if route.method == "GET"]), query=QUERIES)
@SETTINGS
def test_a_get_changes_nothing(sandbox, route, query):
    """Whatever a GET asks, the account is the same afterwards."""
    before = sandbox.account()
    headers = {"authorization": "Bearer key-orders"}
    sandbox.handle(Request("GET", route.path, query, headers))
    assert sandbox.account() == before

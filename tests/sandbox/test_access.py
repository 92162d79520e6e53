"""Keys, permissions, unknown endpoints, rate limits and the headers that every response has."""

from __future__ import annotations

import pytest

from deployer.sandbox import ALL_SCOPES, Request, SandboxApp
from deployer.sandbox.routes import ROUTES

KEYED = [(route.method, route.path, route.scopes) for route in ROUTES if route.scopes]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer ", "Bearer nobody", "Basic key-orders", "key-orders", "Bearer ключ"]
)
def test_unknown_key(sandbox, authorization):
    """A key that is missing, unknown or sent in another way is 401."""
    response = sandbox.handle(Request("GET", "/v1/me", headers={"authorization": authorization}))
    assert response.status == 401


def test_the_scheme_has_no_case(sandbox):
    """The word Bearer is compared without regard to case, as HTTP says."""
    headers = {"authorization": "bearer key-orders"}
    assert sandbox.handle(Request("GET", "/v1/me", headers=headers)).status == 200


def test_revoked_key(api):
    """A revoked key is 401 for good, even when its app is ensured again; the other app's key isn't touched."""
    api.sandbox.revoke("key-orders")
    api.sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
    assert api.get("/v1/me").status == 401
    assert api.get("/v1/me", key="key-loyalty").status == 200


def test_new_key(api):
    """If an app gets another key, the former one is unknown and what the app owns stays its own."""
    api.post("/v1/webhooks", {"url": "https://shop.example/hook", "events": ["sms.sent"]})
    api.sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-new"))
    assert api.get("/v1/me").status == 401
    assert len(api.get("/v1/webhooks", key="key-new").body["webhooks"]) == 1


def test_one_key_two_apps(sandbox):
    """A key that belongs to an app can't be given to another."""
    with pytest.raises(ValueError, match="belongs to the app orders"):
        sandbox.ensure_app(SandboxApp("vendor", "Vendor", "key-orders"))


def test_the_key_is_nowhere_to_be_seen(sandbox):
    """Neither the account's dump nor an app's repr shows a key."""
    assert "key-orders" not in str(sandbox.account())
    assert "key-orders" not in repr(SandboxApp("orders", "Northwind Orders", "key-orders"))


@pytest.mark.parametrize(("method", "path", "scopes"), KEYED)
def test_missing_permission(api, method, path, scopes):
    """If a key has every permission but those of an endpoint, the endpoint is 403 and names what is missing."""
    api.sandbox.ensure_app(SandboxApp("narrow", "Narrow", "key-narrow", ALL_SCOPES - set(scopes)))
    answer = api.call(method, path, key="key-narrow")
    assert answer.status == 403
    assert scopes[0] in answer.message


@pytest.mark.parametrize(("method", "path", "scope"), [(*row[:2], scope) for row in KEYED for scope in row[2]])
def test_one_permission_is_enough(api, method, path, scope):
    """Any one of the permissions that Attentive lists for an endpoint opens it."""
    api.sandbox.ensure_app(SandboxApp("narrow", "Narrow", "key-narrow", frozenset({scope})))
    assert api.call(method, path, key="key-narrow").status not in {401, 403}


@pytest.mark.parametrize("path", ["/v1/me", "/v2/me"])
def test_me(api, path):
    """A key without any permission learns which app and company it belongs to."""
    api.sandbox.ensure_app(SandboxApp("bare", "Bare App", "key-bare", frozenset()))
    assert api.get(path, key="key-bare").body == {
        "applicationName": "Bare App",
        "attentiveDomainName": "northwind.attn.tv",
        "companyName": "Northwind",
        "contactEmail": "developers@northwind.example",
        "companyId": api.sandbox.company_id,
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/events/custom"),
        ("DELETE", "/v1/me"),
        ("POST", "/v1/me/"),
        ("GET", "/"),
        ("GET", "/v1/journeys"),
        ("PUT", "/v1/webhooks/"),
        ("GET", "/v2/segments/external/a/b"),
        ("OPTIONS", "/v1/me"),
    ],
)
def test_unknown_endpoint(api, method, path):
    """A path or method that isn't Attentive's is 404."""
    assert api.call(method, path).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 9999]
)
@pytest.mark.parametrize("path", [route.path for route in ROUTES if route.method == "POST"])
def test_body_is_a_json_object(api, path, body):
    """A body that isn't a JSON object in UTF-8 is 400."""
    assert api.post(path, body).status == 400


def test_body_is_declared_as_json(sandbox):
    """A body without the content type of JSON is 400."""
    headers = {"authorization": "Bearer key-orders", "content-type": "text/plain"}
    assert sandbox.handle(Request("POST", "/v2/segments", headers=headers, body=b'{"name": "a"}')).status == 400


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "/v1/me", 150),
        ("POST", "/v1/events/custom", 150),
        ("GET", "/v1/subscriptions", 150),
        ("POST", "/v1/subscriptions", 10),
        ("POST", "/v1/subscriptions/unsubscribe", 5),
        ("POST", "/v1/identity-resolution/user-identifiers", 10),
        ("GET", "/v2/segments", 100),
    ],
)
def test_rate_limit(api, time, method, path, limit):
    """Each key may call each endpoint so many times a second; the headers count down and the next call is 429."""
    time.frozen = True
    answers = [api.call(method, path) for _ in range(limit + 1)]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {str(limit)}
    assert [int(answer.headers["x-ratelimit-remaining"]) for answer in answers] == [*range(limit - 1, -1, -1), 0]
    assert [answer.status == 429 for answer in answers] == [False] * limit + [True]
    assert api.call(method, path, key="key-loyalty").status != 429
    assert api.get("/v2/me").status == 200
    time.seconds += 1
    assert api.call(method, path).status != 429


@pytest.mark.parametrize(("path", "key"), [("/v1/me", "key-orders"), ("/v1/me", "nobody"), ("/nowhere", "key-orders")])
def test_headers_of_every_response(api, time, path, key):
    """Whatever is answered, it says the time and what is left of the rate limit."""
    time.advance(days=1)
    headers = api.get(path, key=key).headers
    assert headers["date"] == "Mon, 11 May 2026 12:00:00 GMT"
    assert headers.keys() >= {"x-ratelimit-limit", "x-ratelimit-remaining"}

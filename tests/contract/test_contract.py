"""Our client's requests and the sandbox's answers against Attentive's OpenAPI files."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from openapi_core.exceptions import OpenAPIError

from deployer.attentive import Client, Event, User
from deployer.sandbox import ALL_SCOPES, Sandbox, SandboxApp, SignUpUnit
from deployer.sandbox.routes import ROUTES
from deployer.sandbox.transport import transport

HOST = "https://api.attentivemobile.com"
NOON = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
USER = User(phone="+13115552368", email="test@example.com")
BY_EMAIL = User(email="test@example.com")
URL = "https://shop.example/hook"
OFFLINE = {"close", "skew"}
"""Methods of the client that send nothing."""


class FakeClock:
    """A clock on which waiting is free."""

    def __init__(self):
        self.seconds = 0.0

    def monotonic(self):
        return self.seconds

    def sleep(self, seconds):
        self.seconds += seconds

    def now(self):
        return NOON + timedelta(seconds=self.seconds)

    def random(self):
        return 0.5


class Recorder(httpx.BaseTransport):
    """Keeps each request with its answer."""

    def __init__(self, inner):
        self.inner = inner
        self.seen = []

    def handle_request(self, request):
        request.read()
        response = self.inner.handle_request(request)
        response.request = request
        response.read()
        self.seen.append((request, response))
        return response


class Seconds:
    """Time for the rate limits: each look passes a second, so that none is reached, unless it stands still."""

    def __init__(self):
        self.passed = 0
        self.still = False

    def __call__(self):
        self.passed += 0 if self.still else 1
        return float(self.passed)


@pytest.fixture
def seconds():
    """Hold the time of the account's rate limits."""
    return Seconds()


@pytest.fixture
def sandbox(seconds):
    """Hold an account with an app and a sign-up unit."""
    with Sandbox.open(None, company_name="Northwind", now=lambda: NOON, monotonic=seconds) as opened:
        opened.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        opened.ensure_sign_up_unit(SignUpUnit("100", "TRANSACTIONAL", ("TEXT", "EMAIL")))
        yield opened


@pytest.fixture
def recorder(sandbox):
    """Record what goes to the sandbox."""
    return Recorder(transport(sandbox))


def webhook(client):
    """Make a webhook and give its id."""
    return client.create_webhook(URL, ["sms.sent"]).id


def segment(client):
    """Make a segment and give its external id."""
    return client.create_segment("Testers", "People who try first", "testers/1 +ü").external_id


def many_segments(client):
    """Make three segments and list them page by page."""
    for number in range(3):
        client.create_segment(f"Segment {number}", "", f"segment_{number}")
    return client.segments(limit=2)


EVENT = Event(type="Order Shipped", properties={"Order Id": "1", "lines": [{"sku": "a"}]}, user=USER)
REGISTRATION = Event(
    type="Order Shipped",
    properties={"mediaUrl": "https://shop.example/a.jpg"},
    user=BY_EMAIL,
    external_event_id="37fb97a9-6cfd-4983-bd65-68d104d53b70",
    occurred_at=NOON - timedelta(hours=24),
)
CALLS = {
    "me": [lambda client: client.me()],
    "send_event": [
        lambda client: client.send_event(EVENT),
        lambda client: client.send_event(REGISTRATION, idempotent=True),
    ],
    "set_attributes": [lambda client: client.set_attributes(USER, {"Tier": "Gold", "age": 24, "vip": True})],
    "attributes": [
        lambda client: client.attributes(USER),
        lambda client: (client.set_attributes(USER, {"Tier": "Gold"}), client.attributes(BY_EMAIL)),
    ],
    "eligibilities": [
        lambda client: client.eligibilities(USER),
        lambda client: (client.subscribe(USER, sign_up_source_id="100"), client.eligibilities(BY_EMAIL)),
    ],
    "subscribe": [
        lambda client: client.subscribe(USER, sign_up_source_id="100"),
        lambda client: client.subscribe(BY_EMAIL, sign_up_source_id="100", single_opt_in=True),
    ],
    "webhooks": [lambda client: (webhook(client), client.webhooks())],
    "create_webhook": [webhook],
    "update_webhook": [
        lambda client: client.update_webhook(webhook(client), URL, ["email.opened"], disabled=True),
        lambda client: client.update_webhook(webhook(client), URL, ["email.opened"], disabled=False),
    ],
    "delete_webhook": [lambda client: client.delete_webhook(webhook(client))],
    "segments": [many_segments],
    "segment": [lambda client: client.segment(segment(client)), lambda client: client.segment("nobody")],
    "create_segment": [segment, lambda client: client.create_segment("Testers", "", "testers")],
    "update_segment": [
        lambda client: client.update_segment(segment(client), name="Others"),
        lambda client: client.update_segment(segment(client), description="Somebody else"),
    ],
    "archive_segment": [lambda client: client.archive_segment(segment(client))],
}
"""Each method of the client with calls that bring out its different requests and answers."""


def test_every_method_is_here():
    """If the client gets another method, it needs a row above."""
    public = {name for name, _ in inspect.getmembers(Client, inspect.isfunction) if not name.startswith("_")}
    assert public - OFFLINE == CALLS.keys()


@pytest.mark.parametrize("call", [pytest.param(one, id=name) for name, rows in CALLS.items() for one in rows])
def test_client(contract, recorder, call):
    """Each request of the client, and each answer of the sandbox to it, is as Attentive declares."""
    with Client("key-orders", base_url=HOST, transport=recorder, clock=FakeClock()) as client:
        call(client)
    assert recorder.seen
    for request, response in recorder.seen:
        contract.check_request(request)
        contract.check_response(response)


SEGMENT = {"name": "Testers", "externalId": "testers"}
MEMBERS = {"externalId": "testers", "members": [{"phone": "+13115552368", "clientUserId": "c-1"}]}
USER_JSON = {"phone": "+13115552368", "email": "test@example.com"}
OTHER_CALLS = {
    "me v2": [("GET", "/v2/me", None)],
    "identity": [("POST", "/v1/identity-resolution/user-identifiers", {**USER_JSON, "clientUserId": "7"})],
    "subscribe by locale": [
        (
            "POST",
            "/v1/subscriptions",
            {
                "user": USER_JSON,
                "locale": {"language": "en", "country": "US"},
                "subscriptionType": "TRANSACTIONAL",
                "externalIdentifiers": {"clientUserId": "7", "customIdentifiers": [{"name": "a", "value": "b"}]},
            },
        )
    ],
    "unsubscribe": [
        ("POST", "/v1/subscriptions", {"user": USER_JSON, "signUpSourceId": "100"}),
        (
            "POST",
            "/v1/subscriptions/unsubscribe",
            {
                "user": USER_JSON,
                "subscriptions": [{"type": "TRANSACTIONAL", "channel": "TEXT"}],
                "notification": {"language": "en-US", "disabled": True},
            },
        ),
        ("GET", "/v1/subscriptions?email=test%40example.com", None),
    ],
    "disabled webhook in the list": [
        ("POST", "/v1/webhooks", {"url": URL, "events": ["sms.sent"]}),
        (
            "PUT",
            "/v1/webhooks/MjU6Q29tcGFueUFwcGxpY2F0aW9uV2ViaG9vazE",
            {"url": URL, "events": ["sms.sent"], "disabled": True},
        ),
        ("GET", "/v1/webhooks", None),
    ],
    "members of a segment": [
        ("POST", "/v2/segments", SEGMENT),
        ("POST", "/v2/bulk/segments/members", MEMBERS),
        ("DELETE", "/v2/bulk/segments/members", MEMBERS),
    ],
    "segments by filter": [
        ("POST", "/v2/segments", SEGMENT),
        ("GET", "/v2/segments?name=Test&updatedSince=2026-05-10T11:00:00Z&limit=1", None),
        ("GET", "/v2/segments?externalId=nobody", None),
    ],
}
"""What the client doesn't send, but the sandbox answers."""


@pytest.mark.parametrize("steps", OTHER_CALLS.values(), ids=OTHER_CALLS.keys())
def test_other_calls(contract, recorder, steps):
    """What the sandbox answers to documented requests that our client doesn't make is as declared, too."""
    with _raw(recorder) as client:
        for method, path, body in steps:
            response = client.request(method, path, json=body)
            assert response.is_success, response.text
            contract.check_request(response.request)
            contract.check_response(response)


WRONG_REQUESTS = {
    "misspelt field": ("POST", "/v1/events/custom", {"type": "Seen", "user": {"phone": "+1"}, "occuredAt": "now"}),
    "missing field": ("POST", "/v1/events/custom", {"user": {"phone": "+1"}}),
    "wrong type": ("POST", "/v2/segments", {"name": 7}),
    "no body": ("POST", "/v1/webhooks", None),
    "bad parameter": ("GET", "/v2/segments?limit=1001", None),
    "unknown path": ("GET", "/v1/journeys", None),
}


@pytest.mark.parametrize(("method", "path", "body"), WRONG_REQUESTS.values(), ids=WRONG_REQUESTS.keys())
def test_the_check_finds_a_wrong_request(contract, method, path, body):
    """If a request isn't as declared, the check that the tests above rely on says so."""
    request = httpx.Request(method, HOST + path, json=body, headers={"Authorization": "Bearer key"})
    with pytest.raises(OpenAPIError):
        contract.check_request(request)


def test_the_check_finds_a_missing_key(contract):
    """If a request has no bearer token, the check says so."""
    with pytest.raises(OpenAPIError):
        contract.check_request(httpx.Request("GET", HOST + "/v1/webhooks"))


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, {"webhooks": [{"identifier": "1"}]}), (200, {"webhooks": {}}), (202, {"webhooks": []})],
)
def test_the_check_finds_a_wrong_response(contract, status, body):
    """If an answer has another field, type or status than declared, the check says so."""
    request = httpx.Request("GET", HOST + "/v1/webhooks", headers={"Authorization": "Bearer key"})
    with pytest.raises(OpenAPIError):
        contract.check_response(httpx.Response(status, json=body, request=request))


def test_every_endpoint_is_declared(contract):
    """The sandbox has no endpoint that Attentive doesn't declare, and asks for a permission that the file names."""
    for route in ROUTES:
        operation = contract.paths[route.path][route.method.lower()]
        named = {scope for one in operation.get("security", []) for scope in one.get("OAuthFlow", [])}
        assert bool(named) == bool(route.scopes)
        assert named <= set(route.scopes)


UNDECLARED = {
    ("GET", "/v1/webhooks", 429),
    ("POST", "/v1/webhooks", 429),
    ("PUT", "/v1/webhooks/{webhookId}", 429),
    ("DELETE", "/v1/webhooks/{webhookId}", 429),
    ("POST", "/v1/identity-resolution/user-identifiers", 401),
    ("POST", "/v1/identity-resolution/user-identifiers", 403),
}
"""Refusals that the sandbox makes everywhere, as Attentive's pages on limits and keys say, but the files don't list."""

ERRORS = [
    *[(route.method, route.path, status) for route in ROUTES for status in (401, 429)],
    *[(route.method, route.path, 403) for route in ROUTES if route.scopes],
    *[(route.method, route.path, 400) for route in ROUTES if route.method == "POST"],
    ("GET", "/v1/attributes/custom", 400),
    ("GET", "/v1/attributes/custom", 404),
    ("GET", "/v1/subscriptions", 400),
    ("GET", "/v1/subscriptions", 404),
    ("POST", "/v1/subscriptions/unsubscribe", 404),
    ("GET", "/v2/segments", 400),
    *[(route.method, route.path, 404) for route in ROUTES if "{" in route.path],
]
QUERIES = {
    ("/v1/attributes/custom", 404): "phone=%2B13115552368",
    ("/v1/subscriptions", 404): "phone=%2B13115552368",
    ("/v2/segments", 400): "limit=0",
}


@pytest.mark.parametrize("refusal", ERRORS, ids=lambda refusal: " ".join(map(str, refusal)))
def test_refusals(contract, sandbox, seconds, refusal):
    """Each refusal has a status that Attentive declares for the operation, or is listed above as undeclared."""
    method, path, status = refusal
    seconds.still = status == 429
    response = _refused(sandbox, method, path, status)
    assert response.status_code == status
    assert set(response.json()) == {"message"}
    assert contract.declares(method, path, status) is (refusal not in UNDECLARED)


def _refused(sandbox, method, path, status):
    """Bring about a refusal."""
    sandbox.ensure_app(SandboxApp("narrow", "Narrow", "key-narrow", ALL_SCOPES if status != 403 else frozenset()))
    key = "nobody" if status == 401 else "key-narrow"
    body = {"user": {"phone": "+13115552368"}} if status == 404 else {}
    with httpx.Client(
        base_url=HOST, headers={"Authorization": f"Bearer {key}"}, transport=transport(sandbox)
    ) as client:
        for _ in range(151 if status == 429 else 1):
            url = path.replace("{webhookId}", "nobody").replace("{externalId}", "nobody")
            query = QUERIES.get((path, status), "")
            response = client.request(method, f"{url}?{query}", json=body if method != "GET" else None)
    return response


def _raw(recorder):
    """Open a plain client with the app's key."""
    return httpx.Client(base_url=HOST, headers={"Authorization": "Bearer key-orders"}, transport=recorder)

"""The endpoints as data: method, path, the permissions that open them, and requests a second."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from deployer.dataclass import dataclass
from deployer.sandbox import (
    attributes,
    events,
    identity,
    limits,
    me,
    members,
    segments,
    subscriptions,
    unsubscribing,
    webhooks,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.sandbox.calls import Endpoint


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint. ``path`` has ``{name}`` for a variable part; any one of ``scopes`` opens it, none: open to all."""

    method: str
    path: str
    endpoint: Endpoint
    scopes: tuple[str, ...] = ()
    limit: int = limits.DEFAULT

    @property
    def name(self) -> str:
        """``POST /v1/events/custom``."""
        return f"{self.method} {self.path}"


ATTRIBUTES = ("attributes:write",)  # for the GET as well, says Attentive's OpenAPI file
MEMBERS = "/v2/bulk/segments/members"
SEGMENT = "/v2/segments/external/{externalId}"
SEGMENTS_READ = ("segments:read", "segments:write")
SEGMENTS_WRITE = ("segments:write",)
SUBSCRIPTIONS = ("subscriptions:write",)
WEBHOOK = "/v1/webhooks/{webhookId}"
WEBHOOKS = ("webhooks:write",)

ROUTES = (
    Route("GET", "/v1/me", me.get_me),
    Route("GET", "/v2/me", me.get_me),
    Route("POST", "/v1/events/custom", events.post_custom_event, ("events:write",)),
    Route("POST", "/v1/attributes/custom", attributes.post_custom_attributes, ATTRIBUTES),
    Route("GET", "/v1/attributes/custom", attributes.get_custom_attributes, ATTRIBUTES),
    Route("POST", "/v1/subscriptions", subscriptions.post_subscriptions, SUBSCRIPTIONS, limits.SUBSCRIBE),
    Route("GET", "/v1/subscriptions", subscriptions.get_subscriptions, ("subscriptions:read",)),
    Route("POST", "/v1/subscriptions/unsubscribe", unsubscribing.post_unsubscribe, SUBSCRIPTIONS, limits.UNSUBSCRIBE),
    Route("GET", "/v1/webhooks", webhooks.get_webhooks, WEBHOOKS),
    Route("POST", "/v1/webhooks", webhooks.post_webhook, WEBHOOKS),
    Route("PUT", WEBHOOK, webhooks.put_webhook, WEBHOOKS),
    Route("DELETE", WEBHOOK, webhooks.delete_webhook, WEBHOOKS),
    Route("POST", "/v2/segments", segments.post_segment, SEGMENTS_WRITE, limits.SEGMENTS),
    Route("GET", "/v2/segments", segments.get_segments, SEGMENTS_READ, limits.SEGMENTS),
    Route("POST", MEMBERS, members.post_members, SEGMENTS_WRITE, limits.SEGMENTS),
    Route("DELETE", MEMBERS, members.delete_members, SEGMENTS_WRITE, limits.SEGMENTS),
    Route("GET", SEGMENT, segments.get_segment, SEGMENTS_READ, limits.SEGMENTS),
    Route("PATCH", SEGMENT, segments.patch_segment, SEGMENTS_WRITE, limits.SEGMENTS),
    Route("DELETE", SEGMENT, segments.delete_segment, SEGMENTS_WRITE, limits.SEGMENTS),
    Route(
        "POST",
        "/v1/identity-resolution/user-identifiers",
        identity.post_user_identifiers,
        ("identity:write",),
        limits.IDENTITY,
    ),
)


def match(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Find the endpoint for a request with the variable parts of its path, decoded."""
    for route in ROUTES:
        if route.method == method and (parts := _parts(route.path, path)) is not None:
            return route, parts
    return None


def _parts(pattern: str, path: str) -> dict[str, str] | None:
    names, values = pattern.split("/"), path.split("/")
    if len(names) != len(values):
        return None
    parts = {}
    for name, value in zip(names, values, strict=True):
        if name.startswith("{") and value:
            parts[name.strip("{}")] = unquote(value)
        elif name != value:
            return None
    return parts

"""The calls that the client makes, as data: path, permission, rate limit, and whether a call may be repeated.

Paths and permissions are those of Attentive's OpenAPI files (v1 and v2); limits are those of its page on rate limits:
150 requests a second for each key and endpoint, 10 for subscribing, 100 for segments.
"""

from __future__ import annotations

from enum import Enum

from deployer.dataclass import dataclass

DEFAULT_RATE = 150
SUBSCRIBE_RATE = 10
SEGMENTS_RATE = 100


class Repeat(Enum):
    """Whether a call may be sent again when no one knows what became of it."""

    READ = "read"
    """Changes nothing: always."""
    IDEMPOTENT = "idempotent"
    """Twice is the same as once: when the answer was lost or a gateway failed."""
    NEVER = "never"
    """Twice is two objects or two messages."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. ``path`` may hold ``{id}``; ``rate`` is in requests a second; calls with one ``budget`` share it."""

    method: str
    path: str
    scope: str
    repeat: Repeat
    rate: int = DEFAULT_RATE
    budget: str = ""

    @property
    def title(self) -> str:
        """The call as errors name it, without any value (``PUT /v1/webhooks/{id}``)."""
        return f"{self.method} {self.path}"

    @property
    def limit_name(self) -> str:
        """What the rate limit counts this call under."""
        return self.budget or self.title


def _segments(method: str, path: str, scope: str, repeat: Repeat) -> Operation:
    """Segments share one budget, as Attentive doesn't say whether its limit counts their paths one by one."""
    return Operation(method, path, scope, repeat, SEGMENTS_RATE, "/v2/segments")


ME = Operation("GET", "/v1/me", "", Repeat.READ)
SEND_EVENT = Operation("POST", "/v1/events/custom", "events:write", Repeat.NEVER)
SET_ATTRIBUTES = Operation("POST", "/v1/attributes/custom", "attributes:write", Repeat.IDEMPOTENT)
GET_ATTRIBUTES = Operation("GET", "/v1/attributes/custom", "attributes:write", Repeat.READ)
SUBSCRIBE = Operation("POST", "/v1/subscriptions", "subscriptions:write", Repeat.NEVER, SUBSCRIBE_RATE)
GET_ELIGIBILITIES = Operation("GET", "/v1/subscriptions", "subscriptions:read", Repeat.READ)
LIST_WEBHOOKS = Operation("GET", "/v1/webhooks", "webhooks:write", Repeat.READ)
CREATE_WEBHOOK = Operation("POST", "/v1/webhooks", "webhooks:write", Repeat.NEVER)
UPDATE_WEBHOOK = Operation("PUT", "/v1/webhooks/{id}", "webhooks:write", Repeat.IDEMPOTENT)
DELETE_WEBHOOK = Operation("DELETE", "/v1/webhooks/{id}", "webhooks:write", Repeat.IDEMPOTENT)
LIST_SEGMENTS = _segments("GET", "/v2/segments", "segments:read", Repeat.READ)
CREATE_SEGMENT = _segments("POST", "/v2/segments", "segments:write", Repeat.NEVER)
GET_SEGMENT = _segments("GET", "/v2/segments/external/{id}", "segments:read", Repeat.READ)
UPDATE_SEGMENT = _segments("PATCH", "/v2/segments/external/{id}", "segments:write", Repeat.IDEMPOTENT)
ARCHIVE_SEGMENT = _segments("DELETE", "/v2/segments/external/{id}", "segments:write", Repeat.IDEMPOTENT)

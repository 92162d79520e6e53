"""Bodies of other systems that people capture and take for Attentive's, and where the part stands that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deployer.article import article
from deployer.contracts.faults import PHP, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deployer.source import JSON

FOREIGN = "foreign-body"

_CALLS = frozenset({"track", "identify", "page", "screen", "group", "alias"})
_OF_SEGMENT = frozenset({"messageId", "anonymousId", "userId", "originalTimestamp", "context", "writeKey"})


def foreign_body(value: Mapping[str, JSON]) -> Fault | None:
    """What a payload is that isn't a request body of Attentive; ``None`` where nothing is recognized."""
    return next((found for found in (recognize(value) for recognize in _RECOGNIZED) if found), None)


def empty_list(value: Mapping[str, JSON]) -> Fault | None:
    """The fault of a body whose properties are PHP's empty list."""
    if value.get("properties") != []:
        return None
    return Fault(("properties",), "type", "`properties` is a list, not an object", PHP, value=[])


def _segment(value: Mapping[str, JSON]) -> Fault | None:
    """RudderStack's calls have the form of Segment's (the public specification of both)."""
    call = value.get("type")
    if call not in _CALLS or not _OF_SEGMENT & value.keys():
        return None
    what = f"this is {article(str(call))} {call} call of Segment or RudderStack, not a request body of Attentive"
    if call != "track":
        return Fault(("type",), FOREIGN, what, "only their track calls are events")
    hint = (
        "capture what their destination sends to Attentive, "
        "or take the properties alone with --at /properties, and name their event"
    )
    return Fault(("event",), FOREIGN, f"{what}: the event's name is in `event`", hint)


def _klaviyo(value: Mapping[str, JSON]) -> Fault | None:
    """Klaviyo's event (its API reference, "Create Event"), and the track call of its older API."""
    event = _under(value, "data")
    attributes = _under(event, "attributes")
    what = "this is an event of Klaviyo, not a request body of Attentive: the event's name is in"
    if event.get("type") == "event" and "metric" in attributes:
        hint = "take the properties alone with --at /data/attributes/properties, and name their event"
        return Fault(("data", "attributes", "metric"), FOREIGN, f"{what} `metric`", hint)
    if {"token", "event", "customer_properties"} <= value.keys():
        hint = "take the properties alone with --at /properties, and name their event"
        return Fault(("event",), FOREIGN, f"{what} `event`", hint)
    return None


def _wrapped(value: Mapping[str, JSON]) -> Fault | None:
    """A request body inside of what a log or a queue put around it."""
    for key, inner in value.items():
        if isinstance(inner, Mapping) and isinstance(inner.get("type"), str) and {"user", "properties"} <= inner.keys():
            escaped = key.replace("~", "~0").replace("/", "~1")
            return Fault((key,), FOREIGN, f"the request body is inside of `{key}`", f"take it out with --at /{escaped}")
    return None


_RECOGNIZED: Sequence[Callable[[Mapping[str, JSON]], Fault | None]] = (_segment, _klaviyo, _wrapped)


def _under(value: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}

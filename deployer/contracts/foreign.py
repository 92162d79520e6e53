"""Bodies of other systems that people capture and take for Attentive's, and where the part is that they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING

from deployer.contracts.faults import PAYLOAD, PHP, PayloadFault
from deployer.dataclass import dataclass
from deployer.nouns import article
from deployer.source import Pointer, pointer_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from deployer.source import JSON

FOREIGN = "foreign-body"

_CALLS = frozenset({"track", "identify", "page", "screen", "group", "alias"})
_OF_SEGMENT = frozenset({"messageId", "anonymousId", "userId", "originalTimestamp", "context", "writeKey"})


def foreign_body(value: Mapping[str, JSON]) -> PayloadFault | None:
    """What a payload is that isn't a request body of Attentive; ``None`` where nothing is recognized."""
    if _is_body(value):  # the answer for most of a capture, whatever else is wrong with it
        return None
    return next((fault for fault in (recognize(value) for recognize in _RECOGNIZED) if fault), None)


def odd_properties(value: Mapping[str, JSON]) -> PayloadFault | None:
    """The fault of a request body whose properties aren't an object: PHP's empty list, JSON in a text, nothing."""
    inside = value.get("properties", {})
    if isinstance(inside, Mapping) or "type" not in value:
        return None
    hint = "send an object, or leave the key out"
    if isinstance(inside, str) and inside.lstrip().startswith("{"):
        hint = "it is JSON in a text: send the object itself"
    message = f"`properties` is {PAYLOAD.found_type(inside)}, not an object"
    return PayloadFault(("properties",), "type", message, PHP if inside == [] else hint, value=inside)


def _segment(value: Mapping[str, JSON]) -> PayloadFault | None:
    """RudderStack's calls have the form of Segment's (the public specification of both); several come as a batch."""
    first, at = _first(value, "batch")
    call = first.get("type")
    if call is None and _is_bare_track(first):
        call = "track"  # as a function or a warehouse hands it on
    tracks = call == "track" and isinstance(first.get("event"), str) and "user" not in first
    if not isinstance(call, str) or call not in _CALLS or not (tracks or _OF_SEGMENT & first.keys()):
        return None
    batch = " in a batch" if at else ""
    what = f"this is {article(call)} {call} call of Segment or RudderStack{batch}, not a request body of Attentive"
    if call != "track":
        return PayloadFault((*at, "type"), FOREIGN, what, "only their track calls are events")
    inner = pointer_text((*at, "properties"))
    hint = (
        "capture what their destination sends to Attentive, "
        f"or take the properties alone with --at {inner}, and name their event{_one_by_one(at)}"
    )
    return PayloadFault((*at, "event"), FOREIGN, f"{what}: the event's name is in `event`", hint)


def _is_bare_track(value: Mapping[str, JSON]) -> bool:
    """Whether a value without a type is a track call by what else is in it."""
    named = isinstance(value.get("event"), str) and isinstance(value.get("properties"), Mapping)
    return named and "user" not in value and len(_OF_SEGMENT & value.keys()) > 1


def _klaviyo(value: Mapping[str, JSON]) -> PayloadFault | None:
    """Klaviyo's event (its API reference, "Create Event"), and the track call of its older API."""
    event = _under(value, "data")
    attributes = _under(event, "attributes")
    what = "this is an event of Klaviyo, not a request body of Attentive: the event's name is in"
    if event.get("type") == "event" and "metric" in attributes:
        hint = "take the properties alone with --at /data/attributes/properties, and name their event"
        return PayloadFault(("data", "attributes", "metric"), FOREIGN, f"{what} `metric`", hint)
    if {"event", "customer_properties"} <= value.keys():
        hint = "take the properties alone with --at /properties, and name their event"
        return PayloadFault(("event",), FOREIGN, f"{what} `event`", hint)
    return None


@dataclass(frozen=True, slots=True)
class _Form:
    """How a system's body is recognized: by ``keys``, all of them at ``inside`` (the first element of a list there).

    ``only`` are keys of the whole body, or of its ``properties``, of which one has to be there too. ``name`` leads to
    where the event's name is, ``values`` to what becomes the properties; both from ``inside``. An empty ``values``: no
    part of it is what a sender of Attentive's events would send.
    """

    system: str
    keys: frozenset[str]
    inside: str = ""
    only: frozenset[str] = frozenset()
    name: Pointer = ()
    values: Pointer = ()


_MIXPANEL = frozenset({"distinct_id", "token"})
_HUBSPOT = frozenset({"contact", "email", "objectId", "utk"})
_GOOGLE = frozenset({"client_id", "app_instance_id"})
_FORMS = (
    _Form(
        "Mixpanel or PostHog",
        frozenset({"event", "properties"}),
        only=_MIXPANEL,
        name=("event",),
        values=("properties",),
    ),
    _Form("Iterable", frozenset({"eventName", "dataFields"}), name=("eventName",), values=("dataFields",)),
    _Form(
        "HubSpot or Omnisend",
        frozenset({"eventName", "properties"}),
        only=_HUBSPOT,
        name=("eventName",),
        values=("properties",),
    ),
    _Form(
        "Amplitude",
        frozenset({"event_type", "event_properties"}),
        "events",
        name=("event_type",),
        values=("event_properties",),
    ),
    _Form(
        "Amplitude",
        frozenset({"event_type", "event_properties"}),
        name=("event_type",),
        values=("event_properties",),
    ),
    _Form(
        "mParticle",
        frozenset({"data", "event_type"}),
        "events",
        name=("data", "event_name"),
        values=("data", "custom_attributes"),
    ),
    _Form("Braze", frozenset({"name", "time"}), "events", name=("name",), values=("properties",)),
    _Form("Braze", frozenset({"product_id", "currency", "price", "time"}), "purchases"),
    _Form(
        "Google Analytics",
        frozenset({"name"}),
        "events",
        _GOOGLE,
        name=("name",),
        values=("params",),
    ),
    _Form("Meta's Conversions API", frozenset({"event_name", "event_time"}), "data", name=("event_name",)),
    _Form("Google Tag Manager", frozenset({"event", "ecommerce"}), name=("event",)),
    _Form("CloudEvents", frozenset({"specversion", "source", "type"}), name=("type",), values=("data",)),
    _Form("Attentive's webhooks", frozenset({"type", "timestamp", "company", "subscriber"}), name=("type",)),
    _Form("Shopify", frozenset({"admin_graphql_api_id"})),
    _Form("WooCommerce", frozenset({"billing", "line_items", "shipping", "status"})),
    _Form("BigCommerce", frozenset({"data", "producer", "scope", "store_id"})),
    _Form("Stripe", frozenset({"api_version", "data", "object", "type"}), name=("type",), values=("data", "object")),
)
"""Events and webhooks of other systems, by the keys that their public references name."""


def _known_form(value: Mapping[str, JSON]) -> PayloadFault | None:
    for form in _FORMS:
        first, at = _first(value, form.inside) if form.inside else (value, ())
        around = value.keys() | _under(value, "properties").keys()
        if form.keys <= first.keys() and (not form.only or form.only & around) and (at or not form.inside):
            return _of_form(form, at)
    return None


def _of_form(form: _Form, at: Pointer) -> PayloadFault:
    what = f"this is a body of {form.system}, not a request body of Attentive"
    where = f": the event's name is in `{'.'.join(map(str, form.name))}`" if form.name else ""
    hint = "capture what is sent to Attentive"
    if form.values:
        inner = pointer_text((*at, *form.values))
        hint += f", or take the properties alone with --at {inner}, and name their event"
    return PayloadFault((*at, *form.name), FOREIGN, what + where, hint + _one_by_one(at if form.values else ()))


def _subscription(value: Mapping[str, JSON]) -> PayloadFault | None:
    """The body that subscribes someone (Attentive's OpenAPI file, POST /v1/subscriptions)."""
    if "user" not in value or not {"signUpSourceId", "subscriptionType"} & value.keys():
        return None
    what = "this is a body of POST /v1/subscriptions, which subscribes a customer, not an event"
    return PayloadFault((), FOREIGN, what, "`deployer schema export --body` writes its schema, as that of the events")


def _wrapped(value: Mapping[str, JSON]) -> PayloadFault | None:
    """A request body inside of what a log or a queue put around it."""
    for at, inner in _inner(value, ()):
        here = pointer_text(at)
        named = f"`{at[0]}`" if len(at) == 1 else f"`{here}`"
        if isinstance(inner, str):
            mend = f"decode the text first, such as with `jq -c '{_for_jq(at)} | fromjson'`"
            return PayloadFault(at, FOREIGN, f"the request body is a text inside of {named}", mend)
        return PayloadFault(at, FOREIGN, f"the request body is inside of {named}", f"take it out with --at {here}")
    return None


_DEEPEST = 5
_MOST_LOOKED_AT = 20


def _inner(value: JSON, at: Pointer) -> Iterator[tuple[Pointer, JSON]]:
    """Request bodies below a value, as objects or as JSON in a text, the nearest of a branch first."""
    if len(at) >= _DEEPEST:
        return
    children: Iterable[tuple[str | int, JSON]] = value.items() if isinstance(value, Mapping) else ()
    children = enumerate(value[:1]) if isinstance(value, list) else children
    for key, inner in islice(children, _MOST_LOOKED_AT):
        if _is_body(inner) or (isinstance(inner, str) and _TEXT.match(inner)):
            yield (*at, key), inner
        else:
            yield from _inner(inner, (*at, key))


_TEXT = re.compile(r'\s*\{(?=[^\0]{0,2000}"type"\s*:\s*")(?=[^\0]{0,2000}"user"\s*:)[^\0]*\}\s*$')
"""A text that is a request body as JSON."""


def _is_body(value: JSON) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("type"), str) and {"user", "properties"} <= value.keys()


def _one_by_one(at: Pointer) -> str:
    """What to do about a list of which one element is looked at; ``at`` is that element's place."""
    return f"; where there are several, make lines of them first: `jq -c '{_for_jq(at[:-1])}[]'`" if at else ""


def _for_jq(pointer: Pointer) -> str:
    """A pointer as a path of jq, the program that takes JSON apart."""
    return "." + "".join(f"[{json.dumps(part, ensure_ascii=False)}]" for part in pointer)


def _first(value: Mapping[str, JSON], key: str) -> tuple[Mapping[str, JSON], Pointer]:
    """The first element of a list of objects under a key, with where it is; the value itself where none is there."""
    listed = value.get(key)
    if isinstance(listed, list) and listed and isinstance(listed[0], Mapping):
        return listed[0], (key, 0)
    return value, ()


_RECOGNIZED: Sequence[Callable[[Mapping[str, JSON]], PayloadFault | None]] = (
    _segment,
    _klaviyo,
    _subscription,
    _wrapped,
    _known_form,
)


def _under(value: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    inner = value.get(key)
    return inner if isinstance(inner, Mapping) else {}

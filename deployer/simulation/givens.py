"""What a simulation is given, as people write it in YAML: a subscriber, events, changes.

The shapes are those of ``schemas/journey_test.schema.json``, which must have accepted them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from deployer.simulation.clock import zone
from deployer.simulation.moments import duration, moment
from deployer.simulation.people import Event, Subscriber, SubscriberChange, subscriptions
from deployer.simulation.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

    from deployer.simulation.people import Happening
    from deployer.source import Body

PHONE = "+12065550100"
EMAIL = "tester@sandbox.example"


class Samples(Protocol):
    """How the data of an event is found by the name of its sample."""

    def __call__(self, event: str, sample: str, /) -> Mapping[str, Any]:
        """The properties of a sample of an event type's id; an empty name is the usual one."""


def subscriber(body: Body, company: str) -> Subscriber:
    """Read a subscriber.

    One without phone and email is a tester in the ``company``'s time zone; one without subscriptions is subscribed to
    transactional texts. Raises ``MomentError``.
    """
    someone = "phone" in body or "email" in body
    tester = {} if someone else {"phone": PHONE, "email": EMAIL, "time_zone": company}
    usual = {"subscriptions": {"text": ["transactional"]}}
    given = {**tester, **usual, **_own(body)}
    unknown = Subscriber(phone=given.get("phone", ""), time_zone=given.get("time_zone", ""))
    where, _ = zone_of(unknown, company)
    return Subscriber(**_fields(given, where))


def _fields(body: Body, where: tzinfo) -> dict[str, Any]:
    """The fields of ``Subscriber`` that are given."""
    return {name: _FIELDS.get(name, _as_it_is)(value, where) for name, value in body.items() if name not in _NO_FIELDS}


def _as_it_is(value: Any, where: tzinfo) -> Any:
    del where
    return value


def _set(value: Any, where: tzinfo) -> frozenset[str]:
    del where
    return frozenset(value)


def _known_zone(value: str, where: tzinfo) -> str:
    """A time zone's name; raises ``MomentError`` where there is none of it."""
    del where
    return zone(value).key


_FIELDS: Mapping[str, Callable[[Any, tzinfo], Any]] = {
    "subscriptions": lambda value, where: subscriptions(value),  # noqa: ARG005 - the shape of the others
    "segments": _set,
    "actions": _set,
    "time_zone": _known_zone,
    "purchases": lambda value, where: tuple(moment(item, where) for item in value),
}
_NO_FIELDS = {"subscribe", "unsubscribe"}


def happening(body: Body, start: datetime, person: Subscriber, company: str, samples: Samples) -> Happening:
    """Read an event or a change. Times are of the ``person``'s clock, durations from ``start``; ``MomentError``."""
    where, _ = zone_of(person, company)
    at = moment(body.get("at", "0 minutes"), where, start)
    if "change" in body:
        change = _own(body["change"])
        return SubscriberChange(
            at,
            _fields(change, where),
            subscriptions(change.get("subscribe", {})),
            subscriptions(change.get("unsubscribe", {})),
        )
    return Event(
        at,
        body["event"],
        properties(body, samples),
        at - duration(body["age"]) if "age" in body else None,
        _own(body.get("product", {})),
    )


def properties(body: Body, samples: Samples) -> Mapping[str, Any]:
    """What an event carries: a sample's data with what the event says itself; data without a sample is all there is.

    Raises what ``samples`` raises.
    """
    data = body.get("data")
    if data is not None and "sample" not in body:
        return dict(data)
    return {**samples(body["event"], body.get("sample", "")), **(data or {})}


def _own(body: Body) -> dict[str, Any]:
    """A mapping without the keys that are the author's own."""
    return {key: value for key, value in body.items() if not key.startswith("x-")}

"""A subscriber as Attentive sees one, and what happens: events, and changes of the subscriber."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel, facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from deployer.source import Body


class Category(StrEnum):
    """What a message, a journey or a subscription is for."""

    TRANSACTIONAL = "transactional"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Consent to one category of messages on one channel."""

    category: Category
    channel: Channel


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person. ``time_zone`` is an IANA name, empty where it isn't known.

    ``fields`` are what Attentive keeps of everyone, such as ``firstName``; ``attributes`` are custom ones by their
    names at Attentive. ``segments`` are ids. ``device`` and ``os`` are what a branch compares; ``actions`` what the
    person did before, in a branch's words; ``purchases`` are times.
    """

    phone: str = ""
    email: str = ""
    subscriptions: frozenset[Subscription] = frozenset()
    time_zone: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()
    device: str = ""
    os: str = ""
    actions: frozenset[str] = frozenset()
    purchases: tuple[datetime, ...] = ()

    @property
    def key(self) -> str:
        """What stays the same of a person: the phone, else the email."""
        return self.phone or self.email

    def address(self, channel: Channel) -> str:
        """Where messages of a channel go; empty where there is no such address."""
        return self.phone if facts(channel).person == "phone" else self.email

    def subscribed(self, category: Category, channel: Channel) -> bool:
        """Whether the person consented to a category on a channel."""
        return Subscription(category, channel) in self.subscriptions


@dataclass(frozen=True, slots=True)
class Event:
    """An event that Attentive receives at ``at``, in UTC. ``type`` is the event type's id.

    ``occurred_at`` is what the event says of itself (``occurredAt``), ``None`` for the time at which it is received.
    ``product`` is what a branch on a product looks at; custom events have none.
    """

    at: datetime
    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None
    product: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SubscriberChange:
    """What is different about the subscriber from ``at`` on, in UTC.

    ``fields`` are fields of ``Subscriber`` with their new values; mappings are merged. ``subscribe`` and
    ``unsubscribe`` add and remove subscriptions.
    """

    at: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)
    subscribe: frozenset[Subscription] = frozenset()
    unsubscribe: frozenset[Subscription] = frozenset()

    def applied(self, person: Subscriber) -> Subscriber:
        """The subscriber after the change.

        Who opts out of transactional messages is opted out of marketing as well (Attentive's help page “What are
        transactional journeys?”).
        """
        merged = {name: _merged(getattr(person, name), value) for name, value in self.fields.items()}
        kept = (person.subscriptions | self.subscribe) - with_marketing(self.unsubscribe)
        return replace(person, **merged, subscriptions=kept)


Happening: TypeAlias = Event | SubscriberChange


def with_marketing(opted_out: Iterable[Subscription]) -> frozenset[Subscription]:
    """Everything that someone who opts out of these is opted out of."""
    out = frozenset(opted_out)
    follows = {
        Subscription(Category.MARKETING, subscription.channel)
        for subscription in out
        if subscription.category is Category.TRANSACTIONAL
    }
    return out | follows


def _merged(before: Any, after: Any) -> Any:
    return {**before, **after} if isinstance(before, Mapping) and isinstance(after, Mapping) else after


SUBSCRIBED: Final[Mapping[str, tuple[Category, ...]]] = {
    "both": (Category.TRANSACTIONAL, Category.MARKETING),
    "transactional": (Category.TRANSACTIONAL,),
    "marketing": (Category.MARKETING,),
    "nothing": (),
}
"""Subscriptions by the words of ``simulate --subscribed``; each holds for texts and emails."""


def subscriptions(declared: Body) -> frozenset[Subscription]:
    """Read ``{text: [transactional], email: [marketing]}``."""
    return frozenset(
        Subscription(Category(category), Channel(channel))
        for channel, categories in declared.items()
        for category in categories
    )

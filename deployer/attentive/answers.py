"""Attentive's answers as values. What its OpenAPI files don't promise is ``Unreadable``, never guessed.

The files mark hardly any field of an answer as required; required here is what the client's values can't do without.
"""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.attentive.errors import Unreadable
from deployer.attentive.values import JSON, Eligibility, Me, Segment, Subscription, Webhook
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.attentive.wire import Response


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer to an operation (named by its title)."""

    title: str
    response: Response = field(repr=False)

    def json(self) -> JSON:
        """Parse the body."""
        if not self.response.complete:
            raise self.unreadable("the answer was cut off")
        try:
            return json.loads(self.response.body)
        except (ValueError, RecursionError):
            # The parser's own error holds the body, which may echo personal data.
            raise self.unreadable("the answer isn't JSON") from None

    def unreadable(self, what: str) -> Unreadable:
        """Make the error that says why this answer can't be used."""
        return Unreadable(self.title, self.response.status, what=what)

    def read(self) -> AnswerNode:
        """Parse the body into a node to read fields from."""
        return AnswerNode(self, self.json())


@dataclass(frozen=True, slots=True)
class AnswerNode:
    """A place in an answer; each method raises ``Unreadable`` where the JSON has another shape."""

    answer: Answer
    value: JSON = field(repr=False)
    place: str = "the answer"

    def get(self, key: str) -> AnswerNode:
        """Go to a field of an object; its value is ``None`` where it is absent."""
        if not isinstance(self.value, dict):
            raise self._wrong("an object")
        return AnswerNode(self.answer, self.value.get(key), key)

    def items(self) -> list[AnswerNode]:
        """Go to the entries of an array."""
        if not isinstance(self.value, list):
            raise self._wrong("an array")
        return [AnswerNode(self.answer, item, f"an entry of {self.place}") for item in self.value]

    def text(self) -> str:
        """Take a string."""
        if not isinstance(self.value, str):
            raise self._wrong("a string")
        return self.value

    def text_or_empty(self) -> str:
        """Take a string, empty where the field is absent or null."""
        return "" if self.value is None else self.text()

    def scalar(self) -> str:
        """Take a string; a number or boolean as JSON writes it."""
        return json.dumps(self.value) if isinstance(self.value, (bool, int, float)) else self.text()

    def flag(self) -> bool:
        """Take a boolean."""
        if not isinstance(self.value, bool):
            raise self._wrong("a boolean")
        return self.value

    def one_of(self, yes: str, no: str) -> bool:
        """Which of two words this is."""
        if self.value not in (yes, no):
            raise self._wrong(f"{yes} or {no}")
        return bool(self.value == yes)

    def _wrong(self, expected: str) -> Unreadable:
        return self.answer.unreadable(f"{self.place} isn't {expected}, as Attentive's API description says")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of segments; ``cursor`` leads to the next, ``None`` on the last."""

    segments: tuple[Segment, ...]
    cursor: str | None


def me(answer: Answer) -> Me:
    """GET /v1/me."""
    node = answer.read()
    return Me(
        application_name=node.get("applicationName").text(),
        company_name=node.get("companyName").text_or_empty(),
        company_id=node.get("companyId").text(),
        domain=node.get("attentiveDomainName").text_or_empty(),
        contact_email=node.get("contactEmail").text_or_empty(),
    )


def attributes(answer: Answer) -> dict[str, str]:
    """GET /v1/attributes/custom.

    The description gives entries a ``name`` but requires an ``attribute``; either is taken.
    """
    return {_attribute_name(entry): entry.get("value").scalar() for entry in answer.read().items()}


def _attribute_name(entry: AnswerNode) -> str:
    name = entry.get("name")
    return (name if name.value is not None else entry.get("attribute")).text()


def eligibilities(answer: Answer) -> tuple[Eligibility, ...]:
    """GET /v1/subscriptions."""
    return tuple(_eligibility(entry) for entry in answer.read().get("subscriptionEligibilities").items())


def _eligibility(entry: AnswerNode) -> Eligibility:
    kind, channel = _subscribed(entry)
    return Eligibility(kind, channel, entry.get("eligibility").get("isEligible").flag())


def subscriptions(answer: Answer) -> tuple[Subscription, ...]:
    """POST /v1/subscriptions."""
    return tuple(_subscription(entry) for entry in answer.read().get("subscriptionResponses").items())


def _subscription(entry: AnswerNode) -> Subscription:
    created = entry.get("subscriptionCreationStatus").one_of("NEWLY_CREATED", "PREVIOUSLY_CREATED")
    return Subscription(*_subscribed(entry), created)


def _subscribed(entry: AnswerNode) -> tuple[str, str]:
    subscription = entry.get("subscription")
    return subscription.get("type").text(), subscription.get("channel").text()


def webhooks(answer: Answer) -> tuple[Webhook, ...]:
    """GET /v1/webhooks."""
    return tuple(_webhook(entry) for entry in answer.read().get("webhooks").items())


def webhook(answer: Answer) -> Webhook:
    """POST /v1/webhooks and PUT /v1/webhooks/{id}."""
    return _webhook(answer.read())


def _webhook(node: AnswerNode) -> Webhook:
    return Webhook(
        id=node.get("id").text(),
        url=node.get("url").text(),
        events=tuple(event.text() for event in node.get("events").items()),
        disabled=bool(node.get("disabledAt").text_or_empty()),
    )


def segment(answer: Answer) -> Segment:
    """POST /v2/segments, and GET and PATCH /v2/segments/external/{id}."""
    return _segment(answer.read())


def _segment(node: AnswerNode) -> Segment:
    return Segment(
        external_id=node.get("externalId").text(),
        name=node.get("name").text(),
        description=node.get("description").text_or_empty(),
    )


def page(answer: Answer) -> Page:
    """GET /v2/segments: a page that announces more without saying how to get it can't be used."""
    node = answer.read()
    segments = tuple(_segment(entry) for entry in node.get("segments").items())
    if not node.get("hasMore").flag():
        return Page(segments, None)
    cursor = node.get("cursor").text_or_empty()
    if not cursor or not segments:
        raise answer.unreadable("a page of the list says that more follows, but not what")
    return Page(segments, cursor)

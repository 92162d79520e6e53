"""Rules about personal data in events: what may not be sent at all, and what has to be marked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType
from deployer.kinds.property import Property
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.event_type import EventProperty
    from deployer.rules.subject import Subject

SENSITIVE = (
    *("ssn", "social security", "passport", "driver license", "drivers license", "driving licence", "tax id"),
    *("card number", "credit card", "cvv", "cvc", "iban", "bank account", "account password", "password"),
    *("health", "diagnosis", "prescription", "medication", "religion", "ethnicity", "sexual orientation"),
    *("biometric", "fingerprint", "latitude", "longitude", "union member", "immigration status"),
)
"""Words for what California's privacy law calls sensitive: identity papers, accounts, health, belief, precise place."""

PERSONAL = (
    *("email", "e mail", "phone", "mobile", "first name", "last name", "full name", "customer name", "surname"),
    *("home address", "shipping address", "billing address", "street", "postal code", "zip code"),
    *("birthday", "date of birth", "birth date", "ip address"),
)
"""Words for what names or finds a person."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@rule(
    "event/sensitive-data",
    "a property's name sounds like data that mustn't be sent to Attentive",
    severity=Severity.WARNING,
    fix="leave the property out; rename it where it is something else",
)
def sensitive_data(subject: Subject) -> Iterator[Finding]:
    """Attentive takes no sensitive or special categories of personal data in events.

    Its OpenAPI file, POST /v1/events/custom, refers to the lists of California's privacy law (CCPA, CPRA). A list of
    words is a hint, no judgment.
    """
    for event in subject.open(EventType):
        for key in event.properties:
            if word := _heard(key, SENSITIVE):
                message = f"`{key}` sounds like sensitive data (“{word}”), which Attentive doesn't take in events"
                yield Finding(subject.at_key(event, "properties", key), message)


@rule(
    "event/personal-data",
    "a property sounds like personal data, and `pii` isn't set",
    severity=Severity.WARNING,
    fix="write `pii: true` into its definition, or `pii: false` where it isn't about a person",
)
def personal_data(subject: Subject) -> Iterator[Finding]:
    """What is marked `pii: true` shows as asterisks in renderings, pages and comments; the mark is a decision.

    The person that an event is about is in its `user`, not among its properties (Attentive's OpenAPI file, POST
    /v1/events/custom). A list of words is a hint, no judgment.
    """
    for event in subject.open(EventType):
        for key, item in event.properties.items():
            word = _heard(key, PERSONAL)
            if word and not _heard(key, SENSITIVE) and not _decided(subject, item):
                message = f"`{key}` sounds like personal data (“{word}”), and its definition has no `pii`"
                yield Finding(subject.at_key(event, "properties", key), message)


@lru_cache(maxsize=4_096)
def _heard(key: str, words: tuple[str, ...]) -> str:
    """The word that a key holds, in whatever spelling; empty where it holds none."""
    spoken = f" {' '.join(part.lower() for part in _PARTS.findall(key))} "
    return next((word for word in words if f" {word} " in spoken), "")


def _decided(subject: Subject, item: EventProperty) -> bool:
    """Whether the property, or the shared definition that it uses, says if it is personal data, or can't be read."""
    if "pii" in item.definition or not item.use:
        return "pii" in item.definition
    shared = subject.project.find(Property, item.use)
    if shared is None or shared.address in subject.project.broken:
        return True
    return "pii" in subject.resource(shared).body

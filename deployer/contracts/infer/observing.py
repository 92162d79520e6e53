"""What captured payloads have in common, gathered one after the other; no value is kept but a few short words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING

from deployer.contracts.body import NAME_KEYS, is_whole
from deployer.contracts.infer.personal import looks_personal
from deployer.dataclass import dataclass
from deployer.kinds.property import type_of
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from deployer.source import JSON

FORMATS = ("uuid", "email", "date-time", "date", "uri", "ipv4", "ipv6")
"""Formats that are looked for, the most telling first. ``uri`` means a web address here: `a:b` is one by the letter."""

MOST_VALUES = 8
"""Distinct texts up to which a property may have a list of values (``enum``)."""

LONGEST_VALUE = 40
MOST_KEYS = 400
"""Keys of one object that are looked at, twice as many as Attentive offers."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
"""A number as a program writes it; more digits are those of an id."""

MOST_EVENTS = 500
DEEPEST = 6
TAG = "ce"
"""The type that senders use who mix up the wire format of Attentive's tag: the real name is among the properties."""


@dataclass(slots=True)
class SeenValue:
    """The values at one place. ``count`` has nulls in it; ``formats`` are those that every text has had so far.

    ``personal``: one had the form of personal data; ``numeric``: every text so far was a number's. ``unseen`` counts
    what in objects wasn't looked at: too deep, or under too many different keys.
    """

    count: int = 0
    types: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    personal: bool = False
    formats: tuple[str, ...] = FORMATS
    values: Counter[str] | None = field(default_factory=Counter)
    parts: dict[str, SeenValue] = field(default_factory=dict)
    item: SeenValue | None = None
    unseen: int = 0
    numeric: bool = True

    def add(self, value: JSON, depth: int = 0) -> None:
        """Look at one more value."""
        self.count += 1
        if isinstance(value, str):  # as most values are
            self.types["string"] += 1
            self._text(value)
            return
        name = type_of(value)
        self.types[name] += 1
        if name == "object" and depth < DEEPEST:
            self.unseen += add_all(self.parts, value, depth + 1)
        elif name == "object":
            self.unseen += len(value)
        elif name == "array" and depth < DEEPEST:
            self.item = self.item or SeenValue()
            for item in value:
                self.item.add(item, depth + 1)

    def _text(self, text: str) -> None:
        self.personal = self.personal or looks_personal(text)
        self.numeric = self.numeric and _NUMBER.fullmatch(text) is not None
        if not text:
            self.empty += 1
            return
        for name in self.formats:
            if not has_format(name, text):
                self.formats = tuple(other for other in self.formats if other != name)
        if self.values is not None:
            self.values[text] += 1
            if len(self.values) > MOST_VALUES or len(text) > LONGEST_VALUE:
                self.values = None

    @property
    def texts(self) -> int:
        """How many values were texts."""
        return self.types["string"]


def add_all(parts: dict[str, SeenValue], value: Mapping[str, JSON], depth: int = 0) -> int:
    """Look at every member of an object; returns how many were left out since there are too many different keys."""
    left = 0
    for key, item in value.items():
        seen = parts.get(key)
        if seen is None:
            if len(parts) >= MOST_KEYS:
                left += 1
                continue
            seen = parts[key] = SeenValue()
        seen.add(item, depth)
    return left


@cache
def _gate(name: str) -> Gate:
    return Gate.of({"format": name})


def has_format(name: str, text: str) -> bool:
    """Whether a text has a format, as our own validator asserts it."""
    return (name != "uri" or text.startswith(("http://", "https://"))) and _gate(name).valid(text)


@dataclass(slots=True)
class SeenEvent:
    """One event type's payloads. ``misplaced`` counts those that had the name among their properties, under ``key``."""

    name: str
    payloads: int = 0
    bodies: int = 0
    phones: int = 0
    emails: int = 0
    misplaced: int = 0
    key: str = ""
    left_out: int = 0
    properties: dict[str, SeenValue] = field(default_factory=dict)

    def add(self, properties: Mapping[str, JSON], user: JSON) -> None:
        """Look at one more payload."""
        self.payloads += 1
        self.left_out += add_all(self.properties, properties)
        if isinstance(user, dict):
            self.bodies += 1
            self.phones += bool(user.get("phone"))
            self.emails += bool(user.get("email"))


@dataclass(slots=True)
class Observer:
    """Sorts payloads by event. ``alone`` is the event that properties without a type belong to, if one was given.

    ``keys`` are the declared keys of known event types by name. ``nameless`` counts payloads whose event isn't known,
    ``other`` those of further types where only ``alone`` is asked for.
    """

    alone: str = ""
    keys: Mapping[str, Collection[str]] = field(default_factory=dict)
    events: dict[str, SeenEvent] = field(default_factory=dict)
    nameless: int = 0
    other: int = 0

    def add(self, value: Mapping[str, JSON]) -> str:
        """Look at one payload and return its event's name; empty where it isn't known or isn't asked for."""
        whole = is_whole(value, self.keys.get(self.alone, ()))
        properties = value.get("properties", {}) if whole else value
        if not isinstance(properties, dict):
            properties = {}
        name, key = _name(value, properties) if whole else (self.alone, "")
        if not name or (len(self.events) >= MOST_EVENTS and name not in self.events):
            self.nameless += 1
            return ""
        if self.alone and name != self.alone:
            self.other += 1
            return ""
        event = self.events.setdefault(name, SeenEvent(name))
        if key:
            event.misplaced, event.key = event.misplaced + 1, key
            properties = {name: given for name, given in properties.items() if name != key}
        event.add(properties, value.get("user") if whole else None)
        return name


def _name(body: Mapping[str, JSON], properties: Mapping[str, JSON]) -> tuple[str, str]:
    """The event's name, and the key among the properties that it was found under, if it was."""
    given = body.get("type")
    if given and given != TAG and isinstance(given, str):
        return given, ""
    for key in NAME_KEYS:
        value = properties.get(key)
        if isinstance(value, str) and value:
            return value, key
    return (given, "") if isinstance(given, str) else ("", "")

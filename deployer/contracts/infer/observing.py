"""What captured payloads have in common, gathered one after the other; no value is kept but a few short words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from deployer.contracts.body import NAME_KEYS, is_whole
from deployer.contracts.infer.personal import looks_personal
from deployer.dataclass import dataclass
from deployer.kinds.property import type_of
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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
        self._alike((value,), depth)

    def add_all(self, values: Sequence[JSON], depth: int = 0) -> None:
        """Look at more values, of which most are of one type; it costs far less than one after the other."""
        if len(set(map(type, values))) == 1:
            self._alike(values, depth)
            return
        for value in values:
            self.add(value, depth)

    def _alike(self, values: Sequence[Any], depth: int) -> None:
        """Look at values of one type of Python's."""
        self.count += len(values)
        if isinstance(values[0], str):  # as most values are
            self.types["string"] += len(values)
            self._texts(values)
            return
        if isinstance(values[0], float):  # to a schema 7.0 is whole, but its writer will send fractions too
            self.types["number"] += len(values)
            return
        self.types.update(map(type_of, values))
        if isinstance(values[0], dict):
            self.unseen += (
                add_objects(self.parts, values, depth + 1) if depth < DEEPEST else sum(len(each) for each in values)
            )
        elif isinstance(values[0], list) and depth < DEEPEST:
            self.item = self.item or SeenValue()
            self.item.add_all([*chain.from_iterable(values)], depth + 1)

    def _texts(self, texts: Sequence[str]) -> None:
        self.personal = self.personal or any(map(looks_personal, texts))
        self.numeric = self.numeric and all(map(_NUMBER.fullmatch, texts))
        filled = [text for text in texts if text]
        self.empty += len(texts) - len(filled)
        if not filled:
            return
        self.formats = tuple(name for name in self.formats if _have_format(name, filled))
        if self.values is not None:
            self.values.update(filled)
            if len(self.values) > MOST_VALUES or max(map(len, filled)) > LONGEST_VALUE:
                self.values = None

    @property
    def texts(self) -> int:
        """How many values were texts."""
        return self.types["string"]


def add_objects(parts: dict[str, SeenValue], values: Sequence[Mapping[str, JSON]], depth: int = 0) -> int:
    """Look at every member of objects; returns how many were left out since there are too many different keys."""
    left = 0
    columns: defaultdict[str, list[JSON]] = defaultdict(list)
    for value in values:
        for key, item in value.items():
            columns[key].append(item)
    for key, items in columns.items():
        seen = parts.get(key)
        if seen is None:
            if len(parts) >= MOST_KEYS:
                left += len(items)
                continue
            seen = parts[key] = SeenValue()
        seen.add_all(items, depth)
    return left


@cache
def _gate(name: str) -> Gate:
    return Gate.of({"type": "array", "items": {"format": name}})


def _have_format(name: str, texts: list[str]) -> bool:
    """Whether every text has a format, as our own validator asserts it."""
    return (name != "uri" or all(text.startswith(("http://", "https://")) for text in texts)) and _gate(name).valid(
        texts
    )


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

    def add(self, properties: Sequence[Mapping[str, JSON]], users: Iterable[JSON]) -> None:
        """Look at more payloads: the properties of each, and the users of those that are whole bodies."""
        self.payloads += len(properties)
        self.left_out += add_objects(self.properties, properties)
        for user in users:
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
        event = self._event(name, 1)
        if event is None:
            return ""
        if key:
            event.misplaced, event.key = event.misplaced + 1, key
            properties = {name: given for name, given in properties.items() if name != key}
        event.add((properties,), (value.get("user"),) if whole else ())
        return name

    def named(self, value: JSON) -> str:
        """The event of a payload that is plainly a whole request body; empty where only a closer look tells."""
        if not isinstance(value, dict) or "user" not in value or not isinstance(value.get("properties"), dict):
            return ""
        name = value.get("type")
        return (
            name if isinstance(name, str) and name != TAG and "properties" not in self.keys.get(self.alone, ()) else ""
        )

    def add_bodies(self, name: str, values: Sequence[Mapping[str, Any]]) -> bool:
        """Look at payloads that are ``named`` so; returns whether their event is asked for."""
        event = self._event(name, len(values))
        if event is not None:
            event.add([value["properties"] for value in values], [value["user"] for value in values])
        return event is not None

    def _event(self, name: str, payloads: int) -> SeenEvent | None:
        """The event that so many payloads are of; ``None`` where it isn't known or isn't asked for."""
        if not name or (len(self.events) >= MOST_EVENTS and name not in self.events):
            self.nameless += payloads
            return None
        if self.alone and name != self.alone:
            self.other += payloads
            return None
        return self.events.setdefault(name, SeenEvent(name))


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

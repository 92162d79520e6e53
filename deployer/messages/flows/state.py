"""What is known at one point of a text: the names that it made, and what the conditions around the point prove."""

from __future__ import annotations

from dataclasses import field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.messages.flows.forms import ALL, FILLED, NO_ELEMENT, UNKNOWN, Form, Made, Reason, Value, either
from deployer.messages.known import CUSTOM, KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.messages.macros import Path

_SIZED = frozenset({"size"})
_ENDS = frozenset({0, -1, "first", "last"})


_MOST_WAYS = 8
"""Ways that are remembered of one name: tags that set a flag have two or three."""

_MOST_FLAGS = 24
"""Names whose ways are remembered, the last ones that were set."""

_DEEPEST = 100
"""Segments of the longest path that is remembered: no data is nested deeper, and its place is hashed each time."""


_DATA = frozenset({*(root for root, _ in CUSTOM), *(name.partition(".")[0] for name in KNOWN)})
"""Names that hold something where a text doesn't set them."""


@dataclass(slots=True)
class Work:
    """Counts the work, so that no text can keep the analysis busy for ever."""

    left: int

    def spend(self, amount: int = 1) -> None:
        """Raises ``EntangledError`` where nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise EntangledError


class EntangledError(InnerError):
    """The tags of a text are too entangled to be followed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which a name came to hold values of some ``forms``, and what was ``known`` on it."""

    forms: Form
    known: Mapping[Path, Form]

    def after(self, forms: Form, known: Mapping[Path, Form]) -> Way:
        """The same way, with what is known farther along."""
        places = dict.fromkeys((*self.known, *known))
        return Way(self.forms & forms, {place: self.known.get(place, ALL) & known.get(place, ALL) for place in places})

    def without(self, place: Path) -> Way:
        """The same way, where a place holds another value by now."""
        if all(path[: len(place)] != place for path in self.known):
            return self
        return Way(self.forms, {path: forms for path, forms in self.known.items() if path[: len(place)] != place})


@dataclass(slots=True)
class State:
    """One point of a text.

    ``names`` are those that the text made, ``known`` the forms that conditions leave to a place, ``weak`` what was
    tried on a place and proves nothing, ``made`` the texts that open captures have so far. ``ways`` are how the value
    at a place came about: what it is proves what was known there, as `{% if has_note %}` does where `has_note` was set
    inside of `{% if note %}`.
    """

    work: Work
    names: dict[str, Value] = field(default_factory=dict)
    known: dict[Path, Form] = field(default_factory=dict)
    weak: dict[Path, str] = field(default_factory=dict)
    made: list[Value] = field(default_factory=list)
    ways: dict[Path, tuple[Way, ...]] = field(default_factory=dict)

    def copy(self) -> State:
        """The same point, to go another way from."""
        self.work.spend(1 + len(self.names) + len(self.known) + len(self.made))
        values, ways = list(self.made), dict(self.ways)
        return State(self.work, dict(self.names), dict(self.known), dict(self.weak), values, ways)

    def seen(self, value: Value) -> Value:
        """A value with what is known about its place."""
        if value.place is None or not (value.place in self.known or value.place in self.weak):
            return value
        note = self.weak.get(value.place, "")
        left = self.known.get(value.place, ALL)
        return (replace(value, note=note) if note else value).narrowed(left)

    def inside(self, owner: Value, segment: str | int) -> Value:
        """The value at a key or an index of another."""
        owner = self.seen(owner)
        value = _child(owner, segment)
        place = (*owner.place, segment) if owner.place is not None and len(owner.place) < _DEEPEST else None
        measure = owner.place if segment == "size" and value.forms == Form.NUMBER else None
        if Form.NIL in owner.forms and owner.why:
            value = replace(value, forms=value.forms | Form.NIL, why=tuple(dict.fromkeys((*owner.why, *value.why))))
        if isinstance(owner.inside, Made) and segment in _ENDS and Form.NO_ITEMS in owner.forms:
            why = tuple(dict.fromkeys((*(owner.why or (NO_ELEMENT,)), *value.why)))
            value = replace(value, forms=value.forms | Form.NIL, why=why)
        return self.seen(value.at(place, measure, value.note or owner.note))

    def narrow(self, value: Value, keep: Form) -> bool:
        """Take it that a value has one of some forms; whether it can."""
        if value.place is None:
            if value.owner is not None and Form.NIL not in keep:
                self.there(value.owner)
            return bool(value.forms & keep)
        left = self.known.get(value.place, ALL) & keep
        self.keep(value.place, left)
        return bool(value.forms & left)

    def keep(self, place: Path, left: Form) -> None:
        """Leave some forms to a place, and take back the ways on which it couldn't have one of them."""
        self.known[place] = left
        if Form.NIL not in left:
            self.there(place[:-1])
        ways = self.ways.get(place, ())
        kept = tuple(way for way in ways if way.forms & left)
        if kept and len(kept) < len(ways):
            self.ways[place] = kept
            for path in kept[0].known:
                forms = reduce(or_, (way.known.get(path, ALL) for way in kept))
                self.keep(path, self.known.get(path, ALL) & forms)

    def there(self, place: Path) -> None:
        """Take it that there is something at a place, and so at all that it is in."""
        for depth in range(1, len(place) + 1):
            self.known[place[:depth]] = self.known.get(place[:depth], ALL) & ~Form.NIL

    def assign(self, name: str, value: Value, place: Path) -> None:
        """Give a name a value; ``place`` is for a value that has none yet."""
        value = self.seen(value)
        self.release(place)
        self.names[name] = replace(value, source=None, place=place if value.place is None else value.place)
        if value.source is not None and value.place is None:
            known = {value.source: FILLED}
            self.remember(place, (Way(value.forms & FILLED, known), Way(value.forms & ~FILLED, {})))

    def remember(self, place: Path, ways: tuple[Way, ...]) -> None:
        """Remember how the value at a place came about, and forget it of the place that was remembered first."""
        self.ways[place] = ways
        if len(self.ways) > _MOST_FLAGS:
            del self.ways[next(iter(self.ways))]

    def release(self, place: Path) -> None:
        """Forget a place that is about to hold another value; names that hold the old one keep what they are."""
        self.work.spend(len(self.names))
        for name, value in self.names.items():
            if value.place is not None and value.place[: len(place)] == place:
                self.names[name] = replace(self.seen(value), place=None, measure=None, owner=None)
            elif value.measure is not None and value.measure[: len(place)] == place:
                self.names[name] = replace(value, measure=None)
            elif value.owner is not None and value.owner[: len(place)] == place:
                self.names[name] = replace(value, owner=None)
        for path in [known_path for known_path in self.known if known_path[: len(place)] == place]:
            del self.known[path]
        for path in [known_path for known_path in self.weak if known_path[: len(place)] == place]:
            del self.weak[path]
        self.work.spend(sum(len(way.known) for ways in self.ways.values() for way in ways))
        ways = {known_path: ways for known_path, ways in self.ways.items() if known_path[: len(place)] != place}
        self.ways = {known_path: tuple(way.without(place) for way in kept) for known_path, kept in ways.items()}

    def joined(self, other: State) -> State:
        """What is known where two ways meet."""
        self.work.spend(1 + len(self.names) + len(other.names) + len(self.known))
        names = {name: self._name(other, name) for name in dict.fromkeys((*self.names, *other.names))}
        known = {place: form | other.known[place] for place, form in self.known.items() if place in other.known}
        weak = {place: note for place, note in self.weak.items() if other.weak.get(place) == note}
        values = [either(value, two) for value, two in zip(self.made, other.made, strict=True)]
        same = {place: ways for place, ways in self.ways.items() if other.ways.get(place) == ways}
        met = State(self.work, names, known, weak, values, same)
        for name in [name for name, value in names.items() if value.place is None]:
            ways = (*self._ways(name), *other._ways(name))
            place = met.place(name)
            if len(ways) <= _MOST_WAYS:
                met.remember(place, tuple(way.without(place) for way in ways))
        return met

    def _ways(self, name: str) -> tuple[Way, ...]:
        """How a name came to hold what it holds here."""
        value = self.names.get(name)
        if value is None:
            return (Way(UNKNOWN.forms if name in _DATA else Form.NIL, dict(self.known)),)
        forms = self.seen(value).forms
        ways = self.ways.get(value.place, ()) if value.place is not None else ()
        self.work.spend(len(self.known) * (1 + len(ways)))
        here = (way.after(forms, self.known) for way in ways if way.forms & forms)
        return tuple(here) if ways else (Way(forms, dict(self.known)),)

    def place(self, name: str) -> Path:
        """Give what a name holds where ways met a place, so that a condition after it can prove something."""
        value, place = self.names[name], (f"~{name}",)
        self.release(place)
        self.names[name] = replace(value, place=place)
        return place

    def _name(self, other: State, name: str) -> Value:
        value, two = self.names.get(name), other.names.get(name)
        if value is not None and two is not None and value.place is not None and value.place == two.place:
            return either(value, two)
        made = Reason("made", f"`{name}` isn't set on every way to here")
        unset = UNKNOWN if name in _DATA else Value(Form.NIL, (made,))
        first = self.seen(value) if value is not None else unset
        second = other.seen(two) if two is not None else unset
        return either(first, second)

    def same(self, other: State) -> bool:
        """Whether the same is known at both."""
        return (self.names, self.known, self.made) == (other.names, other.known, other.made)


def meet(state: State | None, other: State | None) -> State | None:
    """Where two ways meet, either of which may not be reached at all."""
    if state is None or other is None:
        return state if other is None else other
    return state.joined(other)


def _child(owner: Value, segment: str | int) -> Value:
    if segment in _SIZED and owner.forms & ~(Form.OBJECT | Form.NIL):
        return Value(Form.NUMBER)
    if owner.inside is None:
        return UNKNOWN if owner.forms & (Form.ANY | Form.OBJECT) else _nothing(segment)
    if segment in _ENDS and Form.LIST in owner.forms and not owner.forms & (Form.NO_ITEMS | Form.OBJECT):
        return owner.inside.item(None)
    return owner.inside.item(segment) if isinstance(segment, int) else owner.inside.key(segment)


def _nothing(segment: str | int) -> Value:
    return Value(Form.NIL, (Reason("made", f"nothing in it is called `{segment}`"),))

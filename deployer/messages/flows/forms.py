"""What a value can be at a place of a text: the forms that it may take, and why it may be nothing."""

from __future__ import annotations

from dataclasses import replace
from enum import Flag, auto
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.messages.macros import Path

Kind: TypeAlias = Literal["optional", "subscriber", "inside", "made"]


class Form(Flag):
    """The forms of a value that matter to a reader, or to a condition.

    ``EMPTY`` is an empty text that the template made, ``VOID`` one that the sender sent. ``HOLED`` is a text that lacks
    a part, ``DUMP`` one with a printed list or object in it. ``ANY`` is something of which nothing is known.
    """

    NIL = auto()
    FALSE = auto()
    TRUE = auto()
    NUMBER = auto()
    TEXT = auto()
    HOLED = auto()
    DUMP = auto()
    VOID = auto()
    EMPTY = auto()
    LIST = auto()
    NO_ITEMS = auto()
    OBJECT = auto()
    ANY = auto()


NONE = Form(0)
ALL = ~NONE
WORDS = Form.TEXT | Form.HOLED | Form.DUMP
TEXTS = WORDS | Form.VOID | Form.EMPTY
BLANK = Form.VOID | Form.EMPTY | Form.NO_ITEMS
FILLED = ALL & ~(Form.NIL | BLANK)
GAP = Form.NIL | Form.EMPTY | Form.HOLED
FALSY = Form.NIL | Form.FALSE
"""What an ``if`` takes for false: an empty text isn't."""

_EXPLAINED = GAP | Form.NO_ITEMS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value may be nothing; ``kind`` says which rule it belongs to, ``text`` is a clause for a message.

    ``hint`` is what to do where the rule's own hint doesn't help.
    """

    kind: Kind
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """Words that are known, which are printed where something else is missing, as Liquid has them with filters.

    ``why`` says why it may be missing.
    """

    written: str
    why: tuple[Reason, ...]


class Inside(Protocol):
    """What is inside a list or an object."""

    def key(self, name: str) -> Value:
        """Give the value of a key, as if its owner is there."""
        ...

    def item(self, index: int | None) -> Value:
        """Give an element: the one at an index, or any (``None``)."""
        ...


@dataclass(frozen=True, slots=True)
class Value:
    """What is known about a value.

    ``why`` says why it may be nothing: a gap without a reason is one that the author wants, such as ``assign x = ''``.
    ``place`` names the value itself, so that what a condition proves holds wherever it is used; ``measure`` is the
    place of the value whose size this is, ``owner`` that of what it was looked up in by a name that only the data has,
    ``literal`` the words or number where these are known, ``note`` what to do instead of what was tried, ``inside``
    what it holds. ``source`` is the place of the value that a filter made this text of: where this has words, that has.
    ``constants`` are the defaults that it may be, as far as their words are known.
    """

    forms: Form
    why: tuple[Reason, ...] = ()
    place: Path | None = None
    measure: Path | None = None
    owner: Path | None = None
    literal: str | int | None = None
    note: str = ""
    inside: Inside | None = None
    source: Path | None = None
    constants: tuple[Constant, ...] = ()

    def at(self, place: Path | None, measure: Path | None, note: str) -> Value:
        """The same value at a place."""
        return Value(
            self.forms,
            self.why,
            place,
            measure,
            self.owner,
            self.literal,
            note,
            self.inside,
            self.source,
            self.constants,
        )

    def narrowed(self, forms: Form) -> Value:
        """The same value with fewer forms; without a form to explain there is no reason left."""
        forms &= self.forms
        if forms == self.forms:
            return self
        return replace(self, forms=forms, why=self.why if forms & _EXPLAINED else ())


_UNKNOWN = ALL & ~(Form.HOLED | Form.DUMP | Form.LIST | Form.OBJECT)
UNKNOWN = Value(_UNKNOWN)
"""Something that nothing is known about, and that another rule speaks of if it is wrong."""

NUMBER = Value(Form.NUMBER)
TEXT = Value(Form.TEXT)
DELIBERATE = Value(Form.EMPTY)
"""An empty text that the author wrote."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """The inside of a value that is one thing or another, depending on the way to it."""

    def key(self, name: str) -> Value:
        """Anything, or nothing."""
        return Value(_UNKNOWN, (Reason("made", f"whether it has a `{name}` depends on the tags before it"),))

    def item(self, index: int | None) -> Value:
        """Anything, or nothing."""
        del index
        return Value(_UNKNOWN, (Reason("made", "whether it has elements depends on the tags before it"),))


def either(this: Value, other: Value) -> Value:
    """What is known of a value that is one of two."""
    if this == other:
        return this
    insides = [value.inside for value in (this, other) if value.inside is not None]
    return Value(
        this.forms | other.forms,
        tuple(dict.fromkeys((*this.why, *other.why))),
        this.place if this.place == other.place else None,
        this.measure if this.measure == other.measure else None,
        this.owner if this.owner == other.owner else None,
        this.literal if this.literal == other.literal else None,
        this.note or other.note,
        (insides[0] if all(inside == insides[0] for inside in insides) else Mixed()) if insides else None,
        constants=tuple(dict.fromkeys((*this.constants, *other.constants))),
    )


SIZED = (
    "write `| default: '…'` behind it, put an `if` on the list's `size` around it, or write `minItems` into the list's "
    "definition: how many elements it always has"
)
"""What to do about a list that may be empty: an empty list is true in Liquid, so an `if` on the list won't do."""

NO_ELEMENT = Reason("inside", "the list may have no element", SIZED)


def printed(value: Value) -> Value:
    """A value as an output prints it: nothing of a list that is known to be without an element."""
    if Form.NO_ITEMS not in value.forms or value.forms & (Form.LIST | Form.ANY):
        return value
    return replace(value, forms=value.forms & ~Form.NO_ITEMS | Form.EMPTY, why=value.why or (NO_ELEMENT,))


@dataclass(frozen=True, slots=True)
class Made:
    """The inside of a list that a filter made."""

    element: Value
    why: tuple[Reason, ...] = ()

    def key(self, name: str) -> Value:
        """The first and the last element; a made list has nothing else."""
        return self.item(None) if name in {"first", "last"} else UNKNOWN

    def item(self, index: int | None) -> Value:
        """An element; behind the first there may be none."""
        if index in {None, 0, -1}:
            return self.element
        reason = Reason("made", "the list may have no such element")
        return replace(self.element, forms=self.element.forms | Form.NIL, why=(reason, *self.element.why))


def joined(parts: tuple[Value, ...]) -> Value:
    """The text that several values make, one behind the other."""
    parts = tuple(map(printed, parts))
    why = tuple(dict.fromkeys(reason for part in parts if part.forms & GAP for reason in part.why))
    solid = Form.NUMBER | Form.TRUE | Form.FALSE | WORDS | Form.LIST | Form.OBJECT | Form.ANY
    forms = NONE
    if all(part.forms & ~solid for part in parts):
        forms |= Form.EMPTY if why or not any(part.forms & Form.VOID for part in parts) else Form.VOID
    if any(part.forms & solid for part in parts):
        forms |= Form.TEXT
    if any(part.forms & Form.HOLED for part in parts) or (why and len(parts) > 1 and _beside(parts)):
        forms |= Form.HOLED
    if any(part.forms & (Form.DUMP | Form.LIST | Form.OBJECT) for part in parts):
        forms |= Form.DUMP
    note = next((part.note for part in parts if part.note), "")
    return Value(forms, why if forms & GAP else (), note=note)


def _beside(parts: tuple[Value, ...]) -> bool:
    """Whether a part may be missing while another one is there."""
    for index, part in enumerate(parts):
        if part.why and part.forms & GAP:
            others = (*parts[:index], *parts[index + 1 :])
            if any(other.forms & ~(GAP | Form.VOID) for other in others):
                return True
    return False

"""What Liquid's filters make of a value: which forms go in, which come out, and where a gap is carried on.

A text that isn't empty is taken to have something left after ``strip``, ``remove``, ``split`` and the like: a sender
who fills a property with nothing but separators sends a gap of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType
from typing import TypeAlias

from deployer.dataclass import dataclass
from deployer.messages.flows.forms import (
    BLANK,
    FALSY,
    GAP,
    NO_ELEMENT,
    NONE,
    NUMBER,
    UNKNOWN,
    Form,
    Inside,
    Made,
    Reason,
    Value,
    either,
    joined,
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a filter: those by position, and those by name."""

    values: Sequence[Value] = ()
    named: Mapping[str, Value] = field(default_factory=dict)

    def literal(self, index: int) -> str | int | None:
        """An argument's words or number, where these are known."""
        return self.values[index].literal if index < len(self.values) else None


Transfer: TypeAlias = Callable[[Value, Arguments], Value]


def apply(name: str, value: Value, arguments: Arguments) -> Value:
    """What a filter makes of a value."""
    result = FILTERS.get(name, _text)(value, arguments)
    if result.place is None and _adds_nothing(name, arguments):
        result = replace(result, source=value.place or value.source)
    return replace(result, note=value.note) if value.note and result.forms & GAP and not result.note else result


def _adds_nothing(name: str, arguments: Arguments) -> bool:
    """Whether a filter that gets nothing makes nothing."""
    if name == "default":
        return not any(value.forms & ~(FALSY | Form.EMPTY) for value in arguments.values)
    return name == "split" or name not in FILTERS


def words(value: Value) -> Value:
    """The text that a filter for texts works on: nothing is an empty text, a list or object a dump."""
    return joined((value,))


def _text(value: Value, arguments: Arguments) -> Value:
    del arguments
    return words(value)


def _size(value: Value, arguments: Arguments) -> Value:
    del arguments
    return Value(Form.NUMBER, measure=value.place or value.source)


def _number(value: Value, arguments: Arguments) -> Value:
    """Arithmetic takes nothing for 0, so that a gap becomes a wrong number."""
    missing = [value for value in (value, *arguments.values) if value.why and value.forms & GAP]
    why = tuple(dict.fromkeys(reason for value in missing for reason in value.why))
    return Value(Form.NUMBER | (Form.HOLED if why else NONE), why)


def _default(value: Value, arguments: Arguments) -> Value:
    allow = arguments.named.get("allow_false")
    replaced = BLANK | Form.NIL | (NONE if allow is not None and Form.TRUE in allow.forms else Form.FALSE)
    if not value.forms & replaced:
        return value
    kept = replace(value.narrowed(~replaced), place=None, measure=None, literal=None, note="")
    if not arguments.values or arguments.values[0].forms & ~FALSY == NONE:
        fallback, note = Value(Form.EMPTY), "`default` needs words behind it: `| default: 'your order'`"
    else:
        fallback = replace(arguments.values[0], place=None, measure=None, literal=None)
        note = "its `default` may print nothing too: write words there, such as `| default: 'your order'`"
    if not fallback.forms & GAP or not (value.why or fallback.why):
        return either(kept, fallback) if kept.forms else fallback
    lost = replace(fallback, why=tuple(dict.fromkeys((*value.why, *fallback.why))), note=note)
    return either(kept, lost) if kept.forms else lost


def _append(value: Value, arguments: Arguments) -> Value:
    return joined((value, *arguments.values[:1]))


def _prepend(value: Value, arguments: Arguments) -> Value:
    return joined((*arguments.values[:1], value))


def _replace(value: Value, arguments: Arguments) -> Value:
    """What is put in may be missing; what is taken out is the author's wish."""
    result = words(value)
    put = [value for value in arguments.values[1:2] if value.why and value.forms & GAP]
    return replace(result, forms=result.forms | Form.HOLED, why=(*result.why, *put[0].why)) if put else result


def _element(value: Value) -> Value:
    """What an element of a list may be; anything else is taken for its own only element."""
    if value.forms & (Form.LIST | Form.NO_ITEMS):
        return value.inside.item(None) if value.inside is not None else UNKNOWN
    return UNKNOWN if value.forms & Form.ANY else value.narrowed(~Form.NIL)


def _join(value: Value, arguments: Arguments) -> Value:
    element = _element(value)
    form = NONE
    why: tuple[Reason, ...] = value.why
    if value.forms & Form.NO_ITEMS and not why:
        why = (NO_ELEMENT,)
    if value.forms & (Form.NIL | Form.NO_ITEMS):
        form |= Form.EMPTY
    if value.forms & ~(Form.NIL | Form.NO_ITEMS):
        form |= Form.TEXT | (Form.DUMP if element.forms & (Form.OBJECT | Form.DUMP) else NONE)
    for operand in (element, *arguments.values[:1]):
        if operand.why and operand.forms & GAP:
            form, why = form | Form.HOLED, (*why, *operand.why)
    return Value(form, tuple(dict.fromkeys(why)) if form & GAP else ())


def _end(value: Value, arguments: Arguments) -> Value:
    """The first or the last element of a list; a text, a number and `true` have none."""
    del arguments
    result = _element(value) if value.forms & (Form.LIST | Form.NO_ITEMS) else Value(NONE)
    if value.forms & Form.NO_ITEMS:
        reason = value.why or (NO_ELEMENT,)
        result = replace(result, forms=result.forms | Form.NIL, why=tuple(dict.fromkeys((*reason, *result.why))))
    if value.forms & Form.ANY:
        return replace(UNKNOWN, why=value.why if Form.NIL in value.forms else ())
    if value.forms & ~(Form.LIST | Form.NO_ITEMS):
        missing = value.why if Form.NIL in value.forms else ()
        other = value.forms & ~(Form.LIST | Form.NO_ITEMS | Form.NIL)
        none = (Reason("made", "only a list has a first or last element"),) if other else ()
        result = replace(result, forms=result.forms | Form.NIL, why=(*missing, *none, *result.why))
    return replace(result, place=None)


def _map(value: Value, arguments: Arguments) -> Value:
    element, key = _element(value), arguments.literal(0)
    part = UNKNOWN
    if isinstance(key, str) and element.inside is not None:
        part = element.inside.key(key)
    return _listed(value, replace(part, place=None))


def _listed(value: Value, element: Value, more: Form = NONE) -> Value:
    """A list that is made of a value: as empty as the value, or emptier."""
    empty = value.forms & (Form.NIL | Form.NO_ITEMS)
    forms = Form.LIST | (Form.NO_ITEMS if empty else NONE) | more
    return Value(forms, value.why if empty else (), inside=Made(element))


def _same(value: Value, arguments: Arguments) -> Value:
    del arguments
    return _listed(value, _element(value))


def _some(value: Value, arguments: Arguments) -> Value:
    """A part of a list, which may be none of it."""
    del arguments
    result = _listed(value, _element(value), Form.NO_ITEMS)
    return replace(result, why=result.why or (Reason("made", "no element of the list may fit"),))


def _find(value: Value, arguments: Arguments) -> Value:
    return _end(_some(value, arguments), arguments)


def _find_index(value: Value, arguments: Arguments) -> Value:
    """Where the element is, a number; nil where no element fits."""
    element = _find(value, arguments)
    return replace(element, forms=Form.NUMBER | element.forms & Form.NIL, inside=None)


def _concat(value: Value, arguments: Arguments) -> Value:
    other = arguments.values[0] if arguments.values else UNKNOWN
    result = _listed(value, either(_element(value), _element(other)))
    filled = not other.forms & (Form.NIL | Form.NO_ITEMS)
    return replace(result, forms=Form.LIST, why=()) if filled else result


def _split(value: Value, arguments: Arguments) -> Value:
    del arguments
    text = words(value)
    part = Value(Form.TEXT | (Form.DUMP if Form.DUMP in text.forms else NONE))
    empty = Form.EMPTY in text.forms
    return Value(Form.LIST | (Form.NO_ITEMS if empty else NONE), text.why if empty else (), inside=Made(part))


def _slice(value: Value, arguments: Arguments) -> Value:
    """From its beginning or its end a text has something; from the middle on it may have nothing."""
    if value.forms & (Form.LIST | Form.NO_ITEMS):
        return _some(value, arguments)
    result = words(value)
    if arguments.literal(0) in {0, -1}:
        return result
    reason = Reason("made", "a text may be too short to be cut there")
    return replace(result, forms=result.forms | Form.EMPTY, why=(*result.why, reason))


def _date(value: Value, arguments: Arguments) -> Value:
    del arguments
    return replace(value, place=None, measure=None, literal=None) if Form.NIL in value.forms else words(value)


def _fixed(forms: Form) -> Transfer:
    return lambda value, arguments: Value(forms)  # noqa: ARG005 - what goes in changes nothing


_SOME = ("where", "reject", "compact")
_SAME = ("reverse", "sort", "sort_natural", "uniq")
_NUMBERS = (
    *("abs", "at_most", "at_least", "ceil", "divided_by", "floor", "minus"),
    *("plus", "round", "times", "modulo"),
)

FILTERS: Mapping[str, Transfer] = MappingProxyType(
    {
        **dict.fromkeys(_NUMBERS, _number),
        **dict.fromkeys(_SOME, _some),
        **dict.fromkeys(_SAME, _same),
        **dict.fromkeys(("replace", "replace_first", "replace_last"), _replace),
        **dict.fromkeys(("first", "last"), _end),
        "size": _size,
        "default": _default,
        "append": _append,
        "prepend": _prepend,
        "join": _join,
        "map": _map,
        "find": _find,
        "find_index": _find_index,
        "has": _fixed(Form.TRUE | Form.FALSE),
        "sum": _fixed(Form.NUMBER),
        "concat": _concat,
        "split": _split,
        "slice": _slice,
        "date": _date,
    }
)
"""What each filter makes; one that isn't here makes a text of a text."""

__all__ = ["FILTERS", "NUMBER", "Arguments", "Inside", "Made", "apply", "words"]

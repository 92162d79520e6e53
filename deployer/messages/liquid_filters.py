"""Liquid's filters as the reference engine has them, within bounds: the one place where python-liquid's are replaced.

Each replacement says why. All of them, python-liquid's own too, work on values of a bounded size and count their work:
a text of a stranger's pull request must neither fill the memory nor keep a check busy.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import date as day
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from typing import TYPE_CHECKING, Any

from liquid.builtin.filters import misc
from liquid.exceptions import FilterArgumentError
from liquid.filter import liquid_filter, math_filter, num_arg, sequence_filter, string_filter, with_environment
from liquid.undefined import is_undefined

from deployer.messages.virtual import NOW, look_at_the_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import Environment

LARGEST = 1_000_000
"""Characters and elements that one value may have."""

_WORK = 50_000_000
_BITS = 4_096
_ITEMS = 20_000
_LONG_WIDTH = re.compile(r"%[-_0^#:]*\d{3,}")
_DAY_FIRST = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"\s*(\d{2})([/.-])(\d{1,2})\2(\d{1,2})(?!\d)(.*)", re.DOTALL)
_NO_DATE = re.compile(r"\s*[A-Za-z]+\s*")
_CENTURY = 69
_ENTITY = re.compile(r"[\"><']|&(?!(?:[a-zA-Z]+|#\d+);)")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}

_SPENT: ContextVar[list[int]] = ContextVar("spent")
"""The work that the rendering that goes on has done, in characters and elements."""


def start() -> None:
    """Begin to count the work of one rendering."""
    _SPENT.set([0])


def install(environment: Environment) -> None:
    """Replace what differs from the reference engine, and put bounds around every filter."""
    environment.filters.update(_REPLACED)
    for name, function in list(environment.filters.items()):
        environment.filters[name] = _bounded(name, function)


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        args = tuple(map(_READINGS[name], args)) if name in _READINGS else args
        sizes = [size(value) for value in args]
        _spend(sum(sizes) + 1)
        _foresee(name, args, sizes)
        made = function(*args, **kwargs)
        size(made)
        return made

    for mark in ("with_context", "with_environment"):
        if getattr(function, mark, False):
            setattr(bounded, mark, True)
    return bounded


def _as_text(value: Any) -> Any:
    """What a filter for texts makes of a value; Python would write ``True`` and ``['a']``."""
    return inspected(value) if isinstance(value, bool | list | tuple | dict) else value


def _as_number(value: Any) -> Any:
    """What arithmetic makes of a value: a text counts as the number that it begins with, anything else as 0."""
    if isinstance(value, bool | list | tuple | dict):
        return 0
    if not isinstance(value, str) or _DECIMAL.fullmatch(value):
        return value
    begins = _DIGITS.match(value)
    return int(begins[0]) if begins and len(begins[0]) < _LONGEST_NUMBER else 0


_DECIMAL = re.compile(r"\s*-?\d{1,300}\.\d{1,300}\s*")
_DIGITS = re.compile(r"\s*[-+]?\d+")
_LONGEST_NUMBER = 1_000
_ON_TEXTS = (
    *("append", "prepend", "capitalize", "downcase", "upcase", "strip", "lstrip", "rstrip", "strip_html", "split"),
    *("replace", "replace_first", "replace_last", "remove", "remove_first", "remove_last", "strip_newlines"),
    *("truncate", "truncatewords", "escape", "escape_once", "url_encode", "url_decode", "newline_to_br"),
)
_ON_NUMBERS = (
    *("abs", "at_least", "at_most", "ceil", "divided_by", "floor"),
    *("minus", "modulo", "plus", "round", "times"),
)
_READINGS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_ON_TEXTS, _as_text),
    **dict.fromkeys(_ON_NUMBERS, _as_number),
}
"""How a filter reads what it is given, as the reference engine does."""


def _spend(amount: int) -> None:
    spent = _SPENT.get(None)
    if spent is not None:
        spent[0] += amount
        if spent[0] > _WORK:
            raise FilterArgumentError("the text's filters take too much work", token=None)


def size(value: Any) -> int:
    """Characters and elements of a value, those inside of it too. Raises where it is too large."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > _BITS:
        raise FilterArgumentError("a filter makes too large a number", token=None)
    if isinstance(value, str | range):
        return _small(len(value))
    total, left = 0, [value] if isinstance(value, list | tuple | dict) else []
    while left:
        one = left.pop()
        inner = one.values() if isinstance(one, dict) else one
        total += len(one) + sum(len(part) for part in inner if isinstance(part, str))
        left += [part for part in inner if isinstance(part, list | tuple | dict)]
        _small(total)
    return total


def _small(length: int) -> int:
    if length > LARGEST:
        raise FilterArgumentError(f"a filter makes more than {LARGEST:,} characters or elements", token=None)
    return length


def _foresee(name: str, args: tuple[Any, ...], sizes: list[int]) -> None:
    """Refuse what would be too large, before it is made."""
    if isinstance(args[0], range) and len(args[0]) > _ITEMS:
        raise FilterArgumentError(f"a filter goes through more than {_ITEMS:,} numbers", token=None)
    if name == "replace" and len(args) > 1:
        text, old = str(args[0]), str(args[1])
        _small(len(text) + (text.count(old) if old else len(text) + 1) * (sizes[2] if len(args) > 2 else 0))  # noqa: PLR2004 - what is put in
    elif name == "join":
        _small(sizes[0] + sizes[0] * (sizes[1] if len(args) > 1 else 1))
    elif name == "times" and all(isinstance(value, int) for value in args):
        size(2 ** min(sum(value.bit_length() for value in args), _BITS + 1))
    elif name == "uniq" and isinstance(args[0], list) and len(args[0]) > _ITEMS:
        raise FilterArgumentError(f"`uniq` compares up to {_ITEMS:,} elements", token=None)


class RubyHash(dict[str, Any]):
    """An object of the data, which prints as the reference engine prints it: ``{"city"=>"Portland"}``."""

    def __str__(self) -> str:
        return inspected(self)


class RubyList(list[Any]):
    """A list of the data, which prints its elements without anything between them where it is an element itself."""

    def __str__(self) -> str:
        return inspected(self)


def inspected(value: Any) -> str:
    """A value as Ruby's ``inspect`` writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inspected(key)}=>{inspected(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inspected, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if value is None or type(value).__name__ == "_Null":  # python-liquid's element without the key that `map` asks for
        return "nil"
    return str(value).lower() if isinstance(value, bool) else str(value)


@math_filter
def round_(number: Any, digits: Any = 0) -> float | int:
    """Halves go away from zero; Python's go to the even neighbor."""
    places = int(num_arg(None if is_undefined(digits) else digits, default=0))
    if abs(places) > _PLACES:
        raise FilterArgumentError(f"`round` keeps up to {_PLACES} digits", token=None)
    made = Decimal(str(number))
    if not made.is_finite():
        return float(number)
    exact = made.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if made.adjusted() < _PLACES else made
    return float(exact) if places > 0 and isinstance(number, float) else int(exact)


_PLACES = 25


@string_filter
def truncatewords(text: str, number: Any = 15, end: Any = "...") -> str:
    """A text with no more words than asked for stays as it is; python-liquid puts the dots behind it."""
    count = max(int(num_arg(number, default=15)), 1)
    words = text.split()
    return text if len(words) <= count else " ".join(words[:count]) + str(end)


@string_filter
def escape(text: str) -> str:
    """An apostrophe is ``&#39;``; Python writes ``&#x27;``."""
    return "".join(_ESCAPES.get(char, char) for char in text)


@string_filter
def escape_once(text: str) -> str:
    """What is an entity already stays as it is; Python reads all entities and writes them again."""
    return _ENTITY.sub(lambda match: _ESCAPES[match[0]], text)


_NO_FORM = object()


@with_environment
@liquid_filter
def date(moment: Any, form: Any = _NO_FORM, *, environment: Environment) -> Any:
    """A day stands in front of its month, as in ``05/10/2026``; an empty form, or no date, gives what went in.

    “now” is the virtual clock's while there is one. Without any form the reference engine prints an error.
    """
    if form is _NO_FORM:
        raise FilterArgumentError("`date` needs a form, such as `date: '%B %-d'`", token=None)
    if form is None or is_undefined(form) or str(form) == "":
        return moment
    if _LONG_WIDTH.search(str(form)):
        raise FilterArgumentError("a width in the form of a date has up to two digits", token=None)
    now = NOW.get()
    if now and moment in ("now", "today"):
        return misc.date(now, str(form), environment=environment)
    if isinstance(moment, str):
        read = _read_date(moment)
        if read is None:
            return moment
        if not _WHOLE_DATE.match(read):  # “now”, or a day whose year is the present one
            look_at_the_clock()
        return misc.date(read, str(form), environment=environment)
    if isinstance(moment, float | bool | list | dict):
        return moment
    return misc.date(moment, str(form), environment=environment)


def _read_date(text: str) -> str | None:
    """A text in the order of a date that every reader agrees on; ``None`` where it is no date."""
    found = _DAY_FIRST.fullmatch(text)
    if found:
        return _iso(int(found[4]), int(found[3]), int(found[1]), found[5])
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        year = int(found[1]) + (2000 if int(found[1]) < _CENTURY else 1900)
        return _iso(year, int(found[3]), int(found[4]), found[5])
    only_letters = _NO_DATE.fullmatch(text) and text.strip() not in {"now", "today"}
    return None if only_letters or len(text) > _LONGEST_DATE or not text.strip() else text


_LONGEST_DATE = 100
_WHOLE_DATE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")


def _iso(year: int, month: int, number: int, rest: str) -> str | None:
    try:
        return day(year, month, number).isoformat() + rest
    except ValueError:
        return None


@sequence_filter
def uniq(values: Any, key: Any = None) -> list[Any]:
    """Each element once; found by looking it up, where python-liquid goes through the list for each."""
    seen: set[str] = set()
    kept = []
    for value in values:
        mark = inspected(value.get(key) if key is not None and isinstance(value, dict) else value)
        if mark not in seen:
            seen.add(mark)
            kept.append(value)
    return kept


_REPLACED: Mapping[str, Callable[..., Any]] = {
    "date": date,
    "escape": escape,
    "escape_once": escape_once,
    "round": round_,
    "truncatewords": truncatewords,
    "uniq": uniq,
}

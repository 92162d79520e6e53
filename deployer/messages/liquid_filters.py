"""Liquid's filters as the reference engine has them, within bounds: the one place where python-liquid's are replaced.

Each replacement says why. All of them, python-liquid's own too, work on values of a bounded size and count their work:
a text of a stranger's pull request must neither fill the memory nor keep a check busy.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

from liquid.builtin.filters.string import split as _split
from liquid.exceptions import FilterArgumentError
from liquid.filter import liquid_filter, math_filter, num_arg, sequence_filter, string_filter
from liquid.undefined import is_undefined

from deployer.messages.bounds import BITS, DIGITS, LARGEST
from deployer.messages.ruby_values import RubyList, as_printed, inspected
from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import Environment

_WORK = 50_000_000
_ITEMS = 20_000
_NOT_LIQUID = ("escapejs", "safe")
"""Filters of python-liquid's that no other engine has."""

_ENTITY = re.compile(r"[\"><']|&(?!(?:[a-zA-Z]+|#\d+);)")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}

_SPENT: ContextVar[list[int]] = ContextVar("spent")
"""The work that the rendering that goes on has done, in characters and elements."""


def start(most: int = _WORK) -> None:
    """Begin to count the work of one rendering, which is given up where it takes more."""
    _SPENT.set([_WORK - most])


def install(environment: Environment) -> None:
    """Replace what differs from the reference engine, and put bounds around every filter."""
    environment.filters.update(_REPLACED)
    for name in _NOT_LIQUID:
        environment.filters.pop(name, None)
    for name, function in list(environment.filters.items()):
        environment.filters[name] = _bounded(name, function)


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        args = tuple(map(_READINGS[name], args)) if name in _READINGS else args
        sizes = [size(value) for value in args]
        _spend(sum(sizes) + 1)
        _foresee(name, args, sizes)
        if name in _KEYED and len(args) > 1 and _keyless(args[0]):
            return None  # as the reference engine does where no element has keys
        if name == "slice" and len(args) > _COUNT and _below_zero(args[_COUNT]):
            return [] if isinstance(args[0], list | tuple) else ""
        try:
            result = as_printed(function(*args, **kwargs))
        except (FilterArgumentError, TypeError) as error:
            if isinstance(error, TypeError) or isinstance(error.__cause__, TypeError):
                raise FilterArgumentError(_misuse(name, function, len(args) - 1), token=None) from None
            raise
        result = RubyList(result) if isinstance(result, tuple) else result
        size(result)
        return result

    for mark in ("with_context", "with_environment"):
        if getattr(function, mark, False):
            setattr(bounded, mark, True)
    return bounded


def _misuse(name: str, function: Callable[..., Any], given: int) -> str:
    """What is wrong where Python refused the call of a filter, whose words are about Python."""
    parameters = list(signature(function).parameters.values())[1:]
    taken = [each for each in parameters if each.kind is Parameter.POSITIONAL_OR_KEYWORD]
    least, most = sum(each.default is Parameter.empty for each in taken), len(taken)
    if least <= given <= most:
        return f"`{name}` can't work with a value of this type"
    return f"`{name}` takes {_values(least, most)} behind its colon, and has {given or 'none'}"


def _values(least: int, most: int) -> str:
    if not most:
        return "no value"
    return counted(most, "value") if least == most else f"{least} or {most} values" if least else f"at most {most}"


def _as_text(value: Any) -> Any:
    """What a filter for texts makes of a value; Python would write ``True`` and ``['a']``."""
    return inspected(value) if isinstance(value, bool | list | tuple | dict | range) else as_printed(value)


_COUNT = 2
"""Which argument of `slice` counts what it keeps."""


def _below_zero(count: Any) -> bool:
    return isinstance(count, int) and count < 0


_KEYED = frozenset({"sort", "sort_natural", "where"})


def _keyless(value: Any) -> bool:
    """Whether a value, or an element of it, is one that can't be asked for a key."""
    elements = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(element, int | float) for element in elements)


def _as_number(value: Any) -> Any:
    """What arithmetic makes of a value: a text counts as the number that it begins with, anything else as 0."""
    if isinstance(value, bool | list | tuple | dict):
        return 0
    if not isinstance(value, str) or _DECIMAL.fullmatch(value):
        return value
    begins = _DIGITS.match(value)
    return int(begins[0]) if begins and len(begins[0]) < _LONGEST_NUMBER else 0


def _as_list(value: Any) -> Any:
    """What a filter for lists makes of a value: nothing is a list without elements."""
    return [] if value is None else value


def _as_sliced(value: Any) -> Any:
    return _as_text(value) if isinstance(value, bool | dict | range) else value


_DECIMAL = re.compile(r"\s*-?\d{1,300}\.\d{1,300}\s*")
_DIGITS = re.compile(r"\s*[-+]?\d+")
_LONGEST_NUMBER = 1_000
_ON_TEXTS = (
    *("append", "prepend", "capitalize", "downcase", "upcase", "strip", "lstrip", "rstrip", "strip_html", "split"),
    *("base64_encode", "h"),
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
    **dict.fromkeys(("compact", "map", "reverse", "sort", "sort_natural", "uniq", "where"), _as_list),
    "slice": _as_sliced,
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
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > BITS:
        raise FilterArgumentError("a filter makes too large a number", token=None)
    if isinstance(value, str | range):
        return _small(len(value))
    total, left = 0, [value] if isinstance(value, list | tuple | dict) else []
    while left:
        item = left.pop()
        inner = item.values() if isinstance(item, dict) else item
        total += len(item) + sum(len(part) for part in inner if isinstance(part, str))
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
        size(2 ** min(sum(value.bit_length() for value in args), BITS + 1))
    elif name == "uniq" and isinstance(args[0], list) and len(args[0]) > _ITEMS:
        raise FilterArgumentError(f"`uniq` compares up to {_ITEMS:,} elements", token=None)


@math_filter
def round_(number: Any, digits: Any = 0) -> float | int:
    """Halves go away from zero; Python's go to the even neighbor."""
    places = int(num_arg(None if is_undefined(digits) else digits, default=0))
    if abs(places) > DIGITS:
        raise FilterArgumentError(f"`round` keeps up to {DIGITS} digits", token=None)
    value = Decimal(str(number))
    if not value.is_finite():
        return float(number)
    exact = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if value.adjusted() < DIGITS else value
    return float(exact) if places > 0 and isinstance(number, float) else int(exact)


@string_filter
def truncatewords(text: str, number: Any = 15, end: Any = "...") -> str:
    """A text with no more words than asked for stays as it is; python-liquid puts the dots behind it."""
    count = max(int(num_arg(number, default=15)), 1)
    words = text.split()
    return text if len(words) <= count else " ".join(words[:count]) + str(end)


@math_filter
def modulo(number: Any, other: Any) -> float | int:
    """The remainder has the sign of what is divided by; that of decimals in Python has the other one."""
    divisor = num_arg(other, default=0)
    if not divisor:
        raise FilterArgumentError("`modulo` can't divide by 0", token=None)
    if isinstance(number, int) and isinstance(divisor, int):
        return number % divisor
    left, right = Decimal(str(number)), Decimal(str(divisor))
    rest = left % right
    return float(rest + right if rest and (rest < 0) != (right < 0) else rest)


@sequence_filter
def join(values: Any, glue: Any = " ") -> str:
    """Elements as they print; Python would write ``True``."""
    return str(_as_text(glue)).join(str(_as_text(value)) if value is not None else "" for value in values)


@liquid_filter
def truncate(text: Any, number: Any = 50, end: Any = "...") -> str | None:
    """A text that isn't longer than asked for stays as it is; python-liquid cuts one of three letters to the dots."""
    if text is None or is_undefined(text):
        return None
    count, words, dots = int(num_arg(number, default=50)), str(_as_text(text)), str(_as_text(end))
    return words if len(words) <= count else words[: max(count - len(dots), 0)] + dots


@liquid_filter
def size_of(value: Any) -> int:
    """A whole number takes eight bytes, and that is its size; anything else without elements has none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _INTEGER_BYTES
    return len(value) if hasattr(value, "__len__") else 0


_INTEGER_BYTES = 8


@string_filter
def escape(text: str) -> str:
    """An apostrophe is ``&#39;``; Python writes ``&#x27;``."""
    return "".join(_ESCAPES.get(char, char) for char in text)


@string_filter
def escape_once(text: str) -> str:
    """What is an entity already stays as it is; Python reads all entities and writes them again."""
    return _ENTITY.sub(lambda match: _ESCAPES[match[0]], text)


_NO_FORM = object()


@liquid_filter
def date(moment: Any, form: Any = _NO_FORM) -> Any:
    """A day is in front of its month, as in ``05/10/2026``; an empty form, or no date, gives what went in.

    Without any form the reference engine prints an error.
    """
    if form is _NO_FORM:
        raise FilterArgumentError("`date` needs a form, such as `date: '%B %-d'`", token=None)
    if form is None or is_undefined(form) or str(form) == "" or is_undefined(moment):
        return moment
    from deployer.messages.liquid_dates import WideError, moment_of, strftime  # noqa: PLC0415 - few texts write a date

    try:
        read = moment_of(moment)
        return moment if read is None else strftime(read, str(form))
    except WideError as error:
        raise FilterArgumentError(str(error), token=None) from None


@string_filter
def split(text: str, separator: Any) -> list[str]:
    """The parts of a text; those at its end that hold nothing aren't any. python-liquid keeps them."""
    parts = list(_split(text, separator))
    while parts and not parts[-1]:
        parts.pop()
    return parts


@sequence_filter
def sort(values: Any, key: Any = None) -> list[Any]:
    """Elements in order, those without a value at the end; python-liquid can't compare them to numbers."""

    def place(value: Any) -> tuple[bool, Any]:
        compared = value if key is None else value.get(key) if isinstance(value, dict) else None
        return (compared is None, 0 if compared is None else compared)

    try:
        return sorted(values, key=place)
    except TypeError:
        raise FilterArgumentError("`sort` can't compare a text to a number", token=None) from None


@sequence_filter
def sum_(values: Any, key: Any = None) -> float | int:
    """A text counts as the number that it begins with, anything else as 0, as in arithmetic."""
    numbers = (value if key is None else value.get(key) if isinstance(value, dict) else None for value in values)
    total = sum(Decimal(str(num_arg(_as_number(value), default=0))) for value in numbers if value is not None)
    return int(total) if total == int(total) and "." not in str(total) else float(total)


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
    "h": escape,
    "join": join,
    "modulo": modulo,
    "round": round_,
    "size": size_of,
    "sort": sort,
    "split": split,
    "sum": sum_,
    "truncate": truncate,
    "truncatewords": truncatewords,
    "uniq": uniq,
}

"""JSON that every reader takes for the same.

Python's own decoder takes more than RFC 8259 has (NaN), and RFC 8259 has more than readers agree on: a key twice in one
object, a number that no double holds, half of a surrogate pair, which no UTF-8 can carry, NUL, at which programs in C
end a text, and nesting that others give up on. Each is refused here, and found again at its exact place. Reading costs
next to nothing: the place is looked for where something was refused only.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, NoReturn

from deployer.dataclass import dataclass
from deployer.errors import InnerError

if TYPE_CHECKING:
    from deployer.source import JSON

DEEPEST = 200
"""Objects and lists within each other that are read."""

ESCAPED = re.compile(
    r"\\u0000|\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..\\u[dD])[c-fC-F])"
)
"""Escapes that may be NUL or half of a pair; behind an escaped backslash they are neither: a second look tells."""

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
    (?P<text>"[^"\\]*(?:\\.[^"\\]*)*")
    | (?P<number>-?[0-9][-+0-9.eE]*)
    | (?P<word>-?[A-Za-z]+)
    | (?P<sign>[\[\]{},:])
    )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a JSON text isn't read, at an offset in it: ``kind`` is short and stays, the message holds no value."""

    at: int
    kind: str
    message: str
    hint: str = ""
    deep: bool = False


class FlawError(InnerError, ValueError):
    """A JSON text that isn't read: ``flaw`` tells what and where."""

    def __init__(self, found: Flaw) -> None:
        super().__init__(found.message)
        self.flaw = found


class _SuspectError(InnerError, ValueError):
    """Something isn't as every reader takes it; where, the decoder doesn't know."""


def no_constant(name: str) -> NoReturn:
    """Refuse what only Python takes for a number."""
    raise _SuspectError(name)


def finite(text: str) -> float:
    """A number that a double holds."""
    number = float(text)
    if math.isinf(number):
        raise _SuspectError(text)
    return number


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _SuspectError
    return data


_STRICT = json.JSONDecoder(parse_constant=no_constant, parse_float=finite, object_pairs_hook=_object)
_LENIENT = json.JSONDecoder(parse_int=lambda _digits: 0)


def decode(text: str, at: int = 0) -> tuple[JSON, int]:
    """The value that begins at an offset, and where it ends.

    Raises ``json.JSONDecodeError`` where the text isn't JSON, ``FlawError`` where something in it isn't read.
    """
    try:
        value, end = _STRICT.raw_decode(text, at)
        if not ESCAPED.search(text, at, end) and not _deep(value, text, at, end):
            return value, end
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError):
        pass
    if fault := flaw(text, at):
        raise FlawError(fault)
    return json.JSONDecoder().raw_decode(text, at)


def _deep(value: JSON, text: str, at: int, end: int) -> bool:
    """Whether a value is nested too deeply: looked into only where it has brackets enough to be."""
    if text.count("[", at, end) + text.count("{", at, end) <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        inside = [each for item in level for each in (item.values() if isinstance(item, dict) else item)]
        level = [item for item in inside if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def loads(text: str) -> JSON:
    """The value of a whole text. Raises what ``decode`` raises, and ``json.JSONDecodeError`` where more follows."""
    start = _spaces(text, 0)
    value, end = decode(text, start)
    end = _spaces(text, end)
    if end != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def _spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def end_of(text: str, at: int) -> int | None:
    """Where a value ends that isn't read; ``None`` where no one can tell."""
    try:
        return _LENIENT.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        return None


def flaw(text: str, at: int = 0) -> Flaw | None:
    """The first thing in the value that isn't read; ``None`` where Python's decoder only was suspicious."""
    inside: list[set[str] | None] = []
    at_key = False
    while match := _TOKEN.match(text, at):
        sort, token, start = str(match.lastgroup), match[str(match.lastgroup)], match.start(str(match.lastgroup))
        at = match.end()
        if wrong := _wrong(sort, token, start):
            return wrong
        if sort == "sign":
            at_key = _step(inside, token)
            if len(inside) > DEEPEST:
                return Flaw(start, "not-json", "this isn't read: it is nested too deeply", deep=True)
        elif at_key and (keys := inside[-1]) is not None:
            key = _value(token)
            if key in keys:
                return _twice(key, start)
            keys.add(key)
        if not inside:
            return None
    return None


def _step(inside: list[set[str] | None], sign: str) -> bool:
    """Go into an object or list or out of it; returns whether a key comes next."""
    if sign in "[{":
        inside.append(set() if sign == "{" else None)
    elif sign in "]}":
        if inside:
            inside.pop()
        return False
    return sign in "{," and bool(inside) and inside[-1] is not None


def _wrong(sort: str, token: str, at: int) -> Flaw | None:
    if sort == "text" and ESCAPED.search(token):
        return _bad_text(token, at)
    if sort == "number":
        return _bad_number(token, at)
    if sort == "word" and token not in {"true", "false", "null"}:
        return Flaw(at, "not-json", "this isn't JSON: NaN and Infinity aren't numbers in it", _NO_VALUE)
    return None


_NO_VALUE = "leave the key out where there is no value"
_CUT = "it was probably cut in the middle of an emoji: cut a text by characters, not by UTF-16 units or bytes"


def _bad_text(token: str, at: int) -> Flaw | None:
    value = _value(token)
    if any("\ud800" <= character <= "\udfff" for character in value):
        return Flaw(at, "bad-text", "this text holds half of a character (a lone surrogate), which UTF-8 can't", _CUT)
    if "\0" in value:
        hint = "leave it out: many programs end a text there"
        return Flaw(at, "bad-text", "this text holds the character NUL (\\u0000)", hint)
    return None


def _bad_number(token: str, at: int) -> Flaw | None:
    try:
        out = math.isinf(float(token))
    except ValueError:  # the decoder says what is wrong with it
        return None
    digits = len(token) > _MOST_DIGITS
    if not out and not digits:
        return None
    return Flaw(at, "bad-number", "this number is out of the range that programs hold (about 1.8e308)", "send a text")


_MOST_DIGITS = 400
_LONGEST_KEY = 60


def _twice(key: str, at: int) -> Flaw:
    hint = "readers differ in which of the two they take: send it once"
    shown = key if len(key) <= _LONGEST_KEY else f"{key[:_LONGEST_KEY]}…"
    return Flaw(at, "duplicate-key", f"`{shown}` is there twice in one object", hint)


def _value(token: str) -> str:
    """The text of a string in JSON; an escape that isn't one is the decoder's to name."""
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return ""

"""Plain values in brackets on one line, read without a parser: ``[phone, email]``, ``{type: string, maxLength: 12}``.

Texts are words or in quotes without an escape, and keys are words. Anything else is left to PyYAML's parser:
nothing is reported here. Tests hold what is read here against the parser.
"""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING

from deployer.errors import InnerError
from deployer.source.scalars import NULLS, NotJsonNumberError, interned

if TYPE_CHECKING:
    from deployer.source.values import JSON

_VALUE = re.compile(
    r" *(?:\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\n]*)'"
    r"|(?P<plain>(?:[^\s?:,\[\]{}#&*!|>'\"%@`-]|-(?=[0-9.]))[^\s?:,\[\]{}#]*"
    r"(?:(?: +|:+)(?=[^\s?:,\[\]{}#])[^\s?:,\[\]{}#]+)*)"
    r"|(?P<open>[\[{])(?!(?P=open))) *"
)
_KEY = re.compile(r" *(?P<key>[A-Za-z_][\w.-]{0,60}(?: [\w.-]{1,60}){0,5}): ", re.ASCII)
_EMPTY = {"[": re.compile(r" *\]"), "{": re.compile(r" *\}")}
_CLOSE = {"[": "]", "{": "}"}
_REST = re.compile(r"(?:(?<= )#[^\n]*)?\Z")


class _UnusualError(InnerError):
    """A value that this module leaves to the parser."""


def plain_flow(text: str) -> JSON:
    """Give the value in brackets that is a text but for blanks and a comment behind it; ``None`` for anything else."""
    try:
        value, end = _value(text, 0)
    except (_UnusualError, NotJsonNumberError):
        return None
    return value if _REST.match(text, end) and isinstance(value, dict | list) else None


def _value(text: str, place: int) -> tuple[JSON, int]:
    """The value at a place, and where what follows it begins."""
    match = _VALUE.match(text, place)
    if match is None:
        raise _UnusualError
    kind, end = match.lastgroup, match.end()
    if kind == "plain":
        return interned(match["plain"]), end
    if kind != "open":
        return match[kind or ""], end
    value, end = _collection(text, end, match["open"])
    while text.startswith(" ", end):
        end += 1
    return value, end


def _collection(text: str, place: int, mark: str) -> tuple[JSON, int]:
    """The list or mapping whose first entry is at a place, and where it ends."""
    entries: list[JSON] = []
    mapping: dict[str, JSON] = {}
    empty = _EMPTY[mark].match(text, place)
    close = _CLOSE[mark]
    if empty:
        return (entries if mark == "[" else mapping), empty.end()
    while True:
        if mark == "[":
            value, place = _value(text, place)
            entries.append(value)
        else:
            key = _KEY.match(text, place)
            if key is None or key["key"] in mapping or key["key"] in NULLS:
                raise _UnusualError
            mapping[intern(key["key"])], place = _value(text, key.end())
        if text.startswith(close, place):
            return (entries if mark == "[" else mapping), place + 1
        if not text.startswith(",", place):
            raise _UnusualError
        place += 1

"""Finding a character of a scalar's value in the YAML text that the value was written as.

YAML folds lines, drops indentation and resolves escapes. Here the source lines of a scalar are decoded one by one and
found again in the value, in order; between two of them the value holds white space only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_BREAK = re.compile("\r\n|[\n\r]")
_UNITS = {
    "'": re.compile(r"''|.", re.DOTALL),
    '"': re.compile(
        r"\\(?:x[0-9a-fA-F]{2}|u[dD][89abAB]..\\u[dD][c-fC-F]..|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|.", re.DOTALL
    ),
}
_ANY = re.compile(".", re.DOTALL)
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


@dataclass(frozen=True, slots=True)
class _Run:
    """A source line's part of the value: from ``first`` on, one column a character."""

    first: int
    line: int
    columns: tuple[int, ...]

    def place(self, offset: int) -> tuple[int, int]:
        at = offset - self.first
        if at < 0:
            return self.line, max(1, self.columns[0] + at)
        inside = self.columns[min(at, len(self.columns) - 1)]
        return self.line, inside if at < len(self.columns) else self.columns[-1] + 1


def text_place(raw: str, style: str, value: str, offset: int, start: tuple[int, int]) -> tuple[int, int]:
    """Find line and column (from 1) of ``value[offset]``.

    ``raw`` is the scalar as it is in the file, from ``start`` on; ``style`` is PyYAML's name of its style.
    An offset that isn't known is at the nearest known line before it, else at ``start``.
    """
    runs = _known_runs(raw, style, value, start)
    before = [run for run in runs if run.first <= offset]
    after = [run for run in runs if run.first > offset]
    if after and "\n" not in value[offset : after[0].first] and style == "|":
        return after[0].place(offset)  # in the white space that begins a line of a literal
    if before:
        return before[-1].place(offset)
    return after[0].place(after[0].first) if after else start


def units(raw: str, style: str) -> Iterator[tuple[str, int, int]]:
    """Yield each character of a scalar on one line with the range of ``raw`` that writes it, an escape included.

    ``style`` is PyYAML's; the quotes themselves belong to none.
    """
    quoted = style in _UNITS
    for match in (_UNITS[style] if quoted else _ANY).finditer(raw[1:-1] if quoted else raw):
        yield _unescaped(match.group(), style), match.start() + quoted, match.end() + quoted


@lru_cache(maxsize=8)
def _known_runs(raw: str, style: str, value: str, start: tuple[int, int]) -> tuple[_Run, ...]:
    """The runs of a text, made once: a long one may have a thousand findings."""
    return tuple(_runs(raw, style, value, start))


def _runs(raw: str, style: str, value: str, start: tuple[int, int]) -> Iterator[_Run]:
    position = 0
    for line, column, text in _content_lines(raw, style, start):
        characters = list(_decode(text, style, column))
        content = "".join(character for character, _ in characters)
        number = value.find(content, position)
        if number < 0 or value[position:number].strip():
            return
        if content:
            yield _Run(number, line, tuple(at for _, at in characters))
            position = number + len(content)


def _content_lines(raw: str, style: str, start: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """Yield line number, first column and text of each source line, without what isn't content."""
    first_line, first_column = start
    if style in _UNITS:
        raw, first_column = raw[1:-1], first_column + 1
    for number, text in enumerate(_LINE_BREAK.split(raw)):
        if number == 0 and style in ("|", ">"):
            continue
        column = first_column if number == 0 else 1
        content = text.lstrip(" \t") if number or style not in _UNITS else text
        yield first_line + number, column + len(text) - len(content), content.rstrip(" \t")


def _decode(text: str, style: str, column: int) -> Iterator[tuple[str, int]]:
    units = _UNITS.get(style)
    if units is None:
        yield from ((character, column + at) for at, character in enumerate(text))
        return
    for unit in units.finditer(text):
        yield _unescaped(unit.group(), style), column + unit.start()


def _unescaped(unit: str, style: str) -> str:
    if len(unit) == 1:
        return "" if unit == "\\" and style == '"' else unit
    if style == "'":
        return "'"
    if unit[1] in "xuU" and unit[2:]:
        codes = [int(code, 16) for code in unit[2:].split("\\u")]
        halves = b"".join(code.to_bytes(2, "little") for code in codes) if len(codes) > 1 else b""
        return halves.decode("utf-16-le") if halves else chr(codes[0])
    return _ESCAPES.get(unit[1], unit[1])

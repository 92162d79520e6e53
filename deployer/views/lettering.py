"""How text is set in a picture: how wide it is, estimated from common fonts, and which way it is read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.views.problems import cell_width

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
"""The fonts of a picture: whichever of them the viewer has."""

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/\\ ")
_WIDE = frozenset("mwMWGOQ@%&—")
_KNOWN = 4096
"""Characters of which a process remembers how wide they are: those of a project are few."""

_NO_WORDS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\b(?:https?://|www\.)\S+", re.DOTALL)


def text_width(text: str, size: int) -> float:
    """The width of a text in pixels, set in letters of ``size`` pixels."""
    return sum(map(_em, text)) * size


def right_to_left(text: str) -> bool:
    """Whether most letters of a text are read from right to left; those of links and macros are no words of it.

    ``direction.js`` has the same for pages.
    """
    letters = [char for char in _NO_WORDS.sub("", text) if char.isalpha()]
    return 2 * sum(unicodedata.bidirectional(char) in {"R", "AL"} for char in letters) > len(letters)


def wrapped(text: str, room: float, size: int, most: int) -> tuple[str, ...]:
    """Break a text into at most ``most`` lines of ``room`` pixels; what doesn't fit is cut, with an ellipsis."""
    lines = tuple(_lines(text, room, size))
    return lines if len(lines) <= most else (*lines[: most - 1], _cut(lines[most - 1], room, size))


def _lines(text: str, room: float, size: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        for part in _parts(word, room, size):
            longer = f"{line} {part}" if line else part
            if line and text_width(longer, size) > room:
                yield line
                longer = part
            line = longer
    if line:
        yield line


def _parts(word: str, room: float, size: int) -> Iterator[str]:
    """A word, or pieces of one that is longer than a line."""
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and text_width(word[start:end], size) > room:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


def _cut(line: str, room: float, size: int) -> str:
    while line and text_width(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


@lru_cache(maxsize=_KNOWN)
def _em(char: str) -> float:
    if cell_width(char) > 1:
        return 1.25
    if char in _NARROW:
        return 0.37
    return 0.96 if char in _WIDE else 0.72 if char.isupper() else 0.62

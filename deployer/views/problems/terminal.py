"""Users' text on a terminal: nothing invisible, nothing that moves the cursor, and how many columns it takes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_KNOWN = 4096
"""Characters of which a process remembers how they are shown: those of a project are few."""

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")

_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some scripts and most composed emojis are written."""


def visible(text: str) -> str:
    r"""Write control, format, surrogate and non-characters as escapes (``\x1b``), so that they show and do nothing."""
    # Python's printable characters are none of those: no control or format character, no separator but the space
    return text if text.isprintable() else "".join(map(visible_character, text))


@lru_cache(maxsize=_KNOWN)
def visible_character(character: str) -> str:
    """Write one character as it is shown: itself, or an escape where it would be unseen or steer the terminal."""
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    unseen = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or _is_noncharacter(code)
    if not unseen or character in _JOINERS:
        return character
    if code < 0x100:  # noqa: PLR2004 - as far as two digits reach
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - as far as four digits reach


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode keeps a code point for programs themselves: XML 1.0 can't hold the last two of its plane."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 - as the Unicode Standard, 23.7, lists them


def cell_width(text: str) -> int:
    """Count the terminal columns of a visible text: wide East Asian characters and emojis take two, marks none.

    Widths are those of Unicode's East Asian Width; terminals differ for composed emojis.
    """
    return len(text) if text.isascii() else len(text) + sum(width - 1 for width in _other_widths(text))


def _other_widths(text: str) -> list[int]:
    """The widths of the characters that don't take one column, in their order."""
    return [width for character in _BEYOND_ASCII.findall(text) if (width := _cells(character)) != 1]


@lru_cache(maxsize=_KNOWN)
def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def cut(text: str, first: int, room: int) -> Iterator[str]:
    """Cut a text into pieces that are at most ``first`` and then ``room`` columns wide, after a space if there is one.

    The pieces put together are the text. A piece that ends with a space may be a column wider.
    """
    start, limit = 0, first
    while start < len(text):
        end = _fitting(text, start, limit)
        if end < len(text):
            space = text.rfind(" ", start, end + 1)
            end = space + 1 if text[start : max(space, start)].strip(" ") else end
        yield text[start:end]
        start, limit = end, room
    if not text:
        yield ""


def _fitting(text: str, start: int, limit: int) -> int:
    """The end of the longest stretch that is at most ``limit`` columns wide, at least one character."""
    window = text[start : start + limit + 1]  # one more than fits, unless characters of it take no column
    if window.isascii() or not _other_widths(window):
        return max(min(start + limit, len(text)), start + 1)
    widths = [*accumulate(map(_cells, window))]
    if widths[-1] > limit:
        return start + max(bisect_right(widths, limit), 1)
    end, cells = start + len(window), widths[-1]
    while end < len(text) and (cells := cells + _cells(text[end])) <= limit:
        end += 1
    return max(end, start + 1)

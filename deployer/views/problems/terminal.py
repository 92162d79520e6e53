"""Users' text on a terminal: nothing invisible, nothing that moves the cursor, and how many columns it takes."""

from __future__ import annotations

import unicodedata

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how some scripts and most composed emojis are written."""


def visible(text: str) -> str:
    r"""Write control, format and surrogate characters as escapes (``\x1b``), so that they show and do nothing."""
    return text if text.isascii() and text.isprintable() else "".join(visible_character(one) for one in text)


def visible_character(character: str) -> str:
    """Write one character as it is shown: itself, or an escape where it would be unseen or steer the terminal."""
    if character in _NAMED:
        return _NAMED[character]
    if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _JOINERS:
        return character
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - as far as two digits reach
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - as far as four digits reach


def cell_width(text: str) -> int:
    """Count the terminal columns of a visible text: wide East Asian characters and emojis take two, marks none.

    Widths are those of Unicode's East Asian Width; terminals differ for composed emojis.
    """
    return len(text) if text.isascii() else sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1

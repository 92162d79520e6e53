"""Characters that can't be seen, by the names that people can search for."""

from __future__ import annotations

import re
import unicodedata

_NAMES = {
    "\0": "NUL",
    "\a": "BEL",
    "\b": "backspace",
    "\x1b": "ESC",
    "\x7f": "DEL",
    "\x85": "next line",
    "\xa0": "no-break space",
    "\xad": "soft hyphen",
    "\ufeff": "byte order mark",
}
UNSEEN = re.compile("[\x85\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]")
"""White space other than a blank, and characters of no width: they look like a blank, or like nothing."""


def named(character: str) -> str:
    """Name a character by its code point, with a word where it has one: ``U+00A0 (no-break space)``."""
    word = _NAMES.get(character) or unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({word})" if word else "")

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
UNSEEN = re.compile(
    "[\x85\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0]"
)
"""White space other than a blank, and characters of no width: they look like a blank, or like nothing."""

_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
CONTROL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f{_NO_CHARACTERS}]")
"""Control characters but white space and line ends (U+0085 is one), and code points that are no characters."""


def named(character: str) -> str:
    """Name a character by its code point, with a word where it has one: ``U+00A0 (no-break space)``."""
    word = _NAMES.get(character) or unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({word})" if word else "")


def control_named(character: str) -> str:
    """Name what ``CONTROL`` finds, with what it is: ``the control character U+0007 (BEL)``."""
    if unicodedata.category(character) == "Cc":
        return f"the control character {named(character)}"
    return f"{named(character)}, which is no character"

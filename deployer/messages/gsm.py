"""The alphabet of GSM 03.38 (3GPP TS 23.038, section 6.2.1) and stand-ins for characters outside of it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.source import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters that take one unit (seven bits)."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters that take two units, because an escape is before them."""

ALPHABET = BASIC | EXTENSION
"""Every character of the alphabet."""

STAND_INS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),  # noqa: RUF001 - characters that look alike are the point
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),  # noqa: RUF001 - as above
        "\t": " ",
        "\ufe0e": "",
        "\ufe0f": "",
        **dict.fromkeys("⁄∕÷", "/"),  # noqa: RUF001 - as above
        "‹": "<",  # noqa: RUF001 - as above
        "›": ">",  # noqa: RUF001 - as above
        "˜": "~",  # noqa: RUF001 - as above
        "ˆ": "^",  # noqa: RUF001 - as above
        "‗": "_",
        "→": "->",
        "₤": "£",
        "œ": "oe",
        "Œ": "OE",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",  # noqa: RUF001 - as above
        "ŋ": "ng",
        "…": "...",
        "•": "-",
        "·": "-",
        "™": "TM",
        "®": "(R)",
        "©": "(C)",
        "×": "x",  # noqa: RUF001 - as above
        "½": "1/2",
        "¼": "1/4",
        "¾": "3/4",
    }
)
"""What to write instead of a character that isn't in the alphabet and has a plain twin."""

_UNSEEN_AS = {"Zs": " ", "Zl": "\n", "Zp": "\n", "Cc": "\n"}
"""What an unseen character stands for, by its category: a blank or the end of a line; any other is left out."""


def units(char: str) -> int:
    """Seven-bit units that a character takes: 1 or 2, and 0 for one that isn't in the alphabet."""
    if char in BASIC:
        return 1
    return 2 if char in EXTENSION else 0


@lru_cache(maxsize=1024)
def stand_in(char: str) -> str | None:
    """Say what to write instead: the twin, the letter without its accent, or ``None`` where there is nothing alike.

    An empty text means: leave the character out.
    """
    if char in STAND_INS:
        return STAND_INS[char]
    if unicodedata.combining(char):
        return ""
    if UNSEEN.match(char):
        return _UNSEEN_AS.get(unicodedata.category(char), "")
    if unicodedata.decomposition(char).startswith(("<super>", "<sub>")) and char.isdigit():
        return None  # 10 to the power of 2 isn't 102
    plain = unicodedata.normalize("NFKD", char)
    letter = _without_marks(plain) if char.isalpha() else ""
    for candidate in (unicodedata.normalize("NFKC", char), plain, letter):
        written = candidate.replace("⁄", "/")  # noqa: RUF001 - the fraction slash of ⅓
        if written and all(units(part) for part in written) and (" " not in written or char.isspace()):
            return written
    return None


def _without_marks(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))

"""How many texts a text is, by hand. An estimate: the counter in Attentive's composer decides, and bills."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.messages import gsm

if TYPE_CHECKING:
    from collections.abc import Iterator

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]
Rules: TypeAlias = Literal["attentive", "carrier"]

SEPARATOR = ": "
"""What is taken to stand between the brand's name and the text. Attentive doesn't document it."""

_SINGLE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_PART: dict[Rules, dict[Encoding, int]] = {
    "attentive": {"GSM-7": 160, "UCS-2": 70},
    "carrier": {"GSM-7": 153, "UCS-2": 67},
}
_BASIC_PLANE = 0xFFFF
_MEDIA_TEXT = 160


@dataclass(frozen=True, slots=True)
class Offender:
    """A character that forces the wide encoding.

    ``position`` is its offset in the text that was given (negative: in the brand's name, counted back from the text's
    start, with the separator); ``codepoint`` as in ``U+2019``; ``name`` is Unicode's. ``replacement`` is what could
    stand instead, empty to leave it out, ``None`` where nothing is alike. A letter with a combining accent has one
    offender, the accent; its replacement is the whole composed letter's stand-in for both, where there is one.
    """

    char: str
    codepoint: str
    position: int
    replacement: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """An estimate of what a text costs.

    ``units`` are seven-bit units for ``GSM-7`` and UTF-16 units for ``UCS-2``, the brand's name included. ``segments``
    counts the texts (for an MMS: 1 for the message with its picture and its first 160 characters, plus further texts).
    ``limit_per_segment`` holds for the number of segments that it is now; ``left`` units fit before the next segment.
    """

    encoding: Encoding
    units: int
    segments: int
    limit_per_segment: int
    left: int
    offenders: tuple[Offender, ...]


def count(text: str, *, brand: str = "", rules: Rules = "attentive", media: bool = False) -> Count:
    """Count a text's segments. An estimate: Attentive's composer decides.

    ``brand`` is put in front with ``": "``: Attentive always puts the brand's name in front and counts it, but doesn't
    document the separator. ``rules``: ``attentive`` are the multiples of 160 and 70 in Attentive's help page "How
    message character counts are calculated in text messages"; ``carrier`` is how phones put long texts together (160 or
    70 alone, parts of 153 or 67, and no pair of units is split over two parts). ``media`` makes it an MMS: one message
    with up to 160 characters, then further texts. Links that Attentive shortens are counted as they stand.
    """
    whole = f"{brand}{SEPARATOR}{text}" if brand else text
    offenders = tuple(_offenders(whole, len(whole) - len(text)))
    encoding: Encoding = "UCS-2" if offenders else "GSM-7"
    sizes = [_size(char, encoding) for char in whole]
    if media:
        return _media_count(sizes, encoding, rules, offenders)
    return _text_count(sizes, encoding, rules, offenders)


def _size(char: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return gsm.units(char)
    return 2 if ord(char) > _BASIC_PLANE else 1


def _text_count(sizes: list[int], encoding: Encoding, rules: Rules, offenders: tuple[Offender, ...]) -> Count:
    units, single, part = sum(sizes), _SINGLE[encoding], _PART[rules][encoding]
    if units <= single:
        return Count(encoding, units, 1 if units else 0, single, single - units, offenders)
    if rules == "attentive":
        segments = -(-units // part)
        return Count(encoding, units, segments, part, segments * part - units, offenders)
    segments, used = _pack(sizes, part)
    return Count(encoding, units, segments, part, part - used, offenders)


def _media_count(sizes: list[int], encoding: Encoding, rules: Rules, offenders: tuple[Offender, ...]) -> Count:
    """One MMS holds the first 160 characters in either encoding; what is longer goes on as texts."""
    units, rest = sum(sizes), sizes[_MEDIA_TEXT:]
    if not rest:
        return Count(encoding, units, 1, _MEDIA_TEXT, _MEDIA_TEXT - len(sizes), offenders)
    further = _text_count(rest, encoding, rules, offenders)
    return Count(encoding, units, 1 + further.segments, further.limit_per_segment, further.left, offenders)


def _pack(sizes: list[int], part: int) -> tuple[int, int]:
    """Fill parts one after the other; a pair that doesn't fit begins the next. Parts, and units used in the last."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts, used


def _offenders(whole: str, start: int) -> Iterator[Offender]:
    for index, char in enumerate(whole):
        if not gsm.units(char):
            yield Offender(char, f"U+{ord(char):04X}", index - start, _replacement(whole, index), _name(char))


def _replacement(whole: str, index: int) -> str | None:
    """Replace a combining accent together with its letter: ``e`` and U+0301 are ``é``, which is in the alphabet."""
    char = whole[index]
    if index and unicodedata.combining(char):
        letter = unicodedata.normalize("NFC", whole[index - 1] + char)
        return letter if len(letter) == 1 and gsm.units(letter) else ""
    return gsm.stand_in(char)


def _name(char: str) -> str:
    return unicodedata.name(char, "control character" if unicodedata.category(char) == "Cc" else "unnamed character")

"""How many texts a text is, by hand. An estimate: the counter in Attentive's composer decides, and bills."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.messages import gsm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]
Rules: TypeAlias = Literal["attentive", "carrier"]

SEPARATOR = ": "
"""What is taken to be between the brand's name and the text. Attentive doesn't document it."""

OPT_OUT_SEPARATOR = " "
"""What is taken to be in front of the opt-out text. Attentive doesn't document it."""

LONGEST_LINK = 1024
"""Characters of the longest URL that Attentive shortens (its OpenAPI file, POST /v1/events/custom)."""

_SINGLE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
_PART: dict[Rules, dict[Encoding, int]] = {
    "attentive": {"GSM-7": 160, "UCS-2": 70},
    "carrier": {"GSM-7": 153, "UCS-2": 67},
}
_BASIC_PLANE = 0xFFFF
_MEDIA_TEXT = 160
_KNOWN = 64
"""Counts that are remembered: one text is counted for its length, for a page and for its limit, one after the other."""

_JOINERS = frozenset("\u200c\u200d\u200e\u200f")
_LATIN_GREEK_CYRILLIC = "\u058f"
_BLANKS = {" ": "a space", "\n": "a line break"}


@dataclass(frozen=True, slots=True)
class Offender:
    """A character that forces the wide encoding.

    ``position`` is its offset in the text that was given (negative: in the brand's name, counted back from the text's
    start, with the separator); ``codepoint`` as in ``U+2019``; ``name`` is Unicode's. ``replacement`` is what could
    be written instead, empty to leave it out, ``None`` where nothing is alike. A letter with a combining accent has one
    offender, the accent; its replacement is the whole composed letter's stand-in for both, where there is one.
    """

    char: str
    codepoint: str
    position: int
    replacement: str | None
    name: str

    @property
    def advice(self) -> str:
        """What to do about it, in words: ``write “-” instead``; a blank is named, since no one sees it."""
        if not self.replacement:
            return "nothing is alike" if self.replacement is None else "leave it out"
        return f"write {_BLANKS.get(self.replacement, f'“{self.replacement}”')} instead"


@dataclass(frozen=True, slots=True)
class Count:
    """An estimate of what a text costs.

    ``units`` are seven-bit units for ``GSM-7`` and UTF-16 units for ``UCS-2``, the brand's name included. ``segments``
    counts the texts (for an MMS: 1 for the message with its picture and its first 160 characters, plus further texts).
    ``limit_per_segment`` holds for the number of segments that it is now; ``left`` units fit before the next segment.
    ``parts`` are the offsets, in the counted text (brand, separator, text), at which the second and each later segment
    begins. Attentive's own rules count units and don't say where a text is cut: there it is the first character that
    no longer fits.
    """

    encoding: Encoding
    units: int
    segments: int
    limit_per_segment: int
    left: int
    offenders: tuple[Offender, ...]
    parts: tuple[int, ...] = ()


def count(
    text: str,
    *,
    brand: str = "",
    rules: Rules = "attentive",
    media: bool = False,
    opt_out: str = "",
) -> Count:
    """Count a text's segments. An estimate: Attentive's composer decides.

    ``brand`` is put in front with ``": "``: Attentive always puts the brand's name in front and counts it, but doesn't
    document the separator. ``rules``: ``attentive`` are the multiples of 160 and 70 in Attentive's help page "How
    message character counts are calculated in text messages"; ``carrier`` is how phones put long texts together (160 or
    70 alone, parts of 153 or 67, and no pair of units is split over two parts). ``media`` makes it an MMS: one message
    with up to 160 characters, then further texts.

    ``opt_out`` is what Attentive appends for subscribers of AT&T where the brand sends from a toll-free number; it is
    counted (help page "Message opt-out language"). Links count as they are in the text: ``deployer.messages.delivery``
    shortens them.
    """
    return _count(text, brand, rules, media, opt_out)


@lru_cache(maxsize=_KNOWN)
def _count(text: str, brand: str, rules: Rules, media: bool, opt_out: str) -> Count:
    whole = f"{brand}{SEPARATOR}{text}" if brand else text
    start = len(whole) - len(text)
    whole = f"{whole}{OPT_OUT_SEPARATOR}{opt_out}" if opt_out and text else whole
    offenders = () if gsm.ALPHABET.issuperset(whole) else _offenders(whole, start)
    encoding: Encoding = "UCS-2" if offenders else "GSM-7"
    counted = (_media_count if media else _text_count)(encoding, _sizes(whole, encoding), rules)
    return replace(counted, offenders=offenders) if offenders else counted


def shortened(values: Iterable[object]) -> tuple[str, ...]:
    """Pick the URLs that Attentive shortens from an event's values: texts of at most 1,024 characters."""
    texts = (value for value in values if isinstance(value, str) and value.startswith(("https://", "http://")))
    return tuple(dict.fromkeys(text for text in texts if len(text) <= LONGEST_LINK))


def _sizes(text: str, encoding: Encoding) -> Sequence[int]:
    """The units of each character; nearly every text has only characters of one, which needs no look at each."""
    if encoding == "GSM-7":
        if gsm.EXTENSION.isdisjoint(text):
            return b"\1" * len(text)
        return [2 if char in gsm.EXTENSION else 1 for char in text]
    if ord(max(text, default="\0")) <= _BASIC_PLANE:
        return b"\1" * len(text)
    return [2 if ord(char) > _BASIC_PLANE else 1 for char in text]


def _text_count(encoding: Encoding, sizes: Sequence[int], rules: Rules) -> Count:
    units, single, part = sum(sizes), _SINGLE[encoding], _PART[rules][encoding]
    if units <= single:
        return Count(encoding, units, 1 if units else 0, single, single - units, ())
    starts, used = _cut(sizes, units, part, rules)
    return Count(encoding, units, len(starts) + 1, part, part - used, (), tuple(starts))


def _media_count(encoding: Encoding, sizes: Sequence[int], rules: Rules) -> Count:
    """One MMS holds the first 160 characters in either encoding; what is longer goes on as texts."""
    if len(sizes) <= _MEDIA_TEXT:
        return Count(encoding, sum(sizes), 1, _MEDIA_TEXT, _MEDIA_TEXT - len(sizes), ())
    further = _text_count(encoding, sizes[_MEDIA_TEXT:], rules)
    parts = (_MEDIA_TEXT, *(_MEDIA_TEXT + start for start in further.parts))
    return replace(further, units=sum(sizes), segments=1 + further.segments, parts=parts)


def _cut(sizes: Sequence[int], units: int, part: int, rules: Rules) -> tuple[list[int], int]:
    """Where later segments begin, and units used in the last; where no character takes two both rules cut alike."""
    if units == len(sizes):
        starts = list(range(part, units, part))
        return starts, units - part * len(starts)
    return _multiples(sizes, part) if rules == "attentive" else _pack(sizes, part)


def _multiples(sizes: Sequence[int], part: int) -> tuple[list[int], int]:
    """Count units straight through. Where later segments begin, and units used in the last."""
    starts: list[int] = []
    end = 0
    for index, size in enumerate(sizes):
        end += size
        if end > part * (len(starts) + 1):
            starts.append(index)
    return starts, end - part * len(starts)


def _pack(sizes: Sequence[int], part: int) -> tuple[list[int], int]:
    """Fill parts; a pair that doesn't fit begins the next. Where later parts begin, and units used in the last."""
    starts: list[int] = []
    used = 0
    for index, size in enumerate(sizes):
        if used + size > part:
            starts.append(index)
            used = 0
        used += size
    return starts, used


@lru_cache(maxsize=_KNOWN)
def _offenders(whole: str, start: int) -> tuple[Offender, ...]:
    wide = frozenset(whole) - gsm.ALPHABET
    return tuple(
        Offender(char, code, index - start, _replacement(whole, index), name)
        for index, char in enumerate(whole)
        if char in wide
        for code, name in (_named(char),)
    )


def _replacement(whole: str, index: int) -> str | None:
    """Replace a combining accent together with its letter: ``e`` and U+0301 are ``é``, which is in the alphabet."""
    char = whole[index]
    if index and unicodedata.combining(char):
        letter = unicodedata.normalize("NFC", whole[index - 1] + char)
        return letter if len(letter) == 1 and gsm.units(letter) else ""
    if char in _JOINERS and any(_joined(near) for near in whole[max(0, index - 1) : index + 2] if near != char):
        return None
    return gsm.stand_in(char)


def _joined(char: str) -> bool:
    """Whether a joiner beside it may mean something: an emoji, or a letter of a script that joins its letters."""
    return unicodedata.category(char) in ("So", "Sk") or (char.isalpha() and char > _LATIN_GREEK_CYRILLIC)


@lru_cache(maxsize=1024)
def _named(char: str) -> tuple[str, str]:
    """A character's code point and name in words."""
    unnamed = "control character" if unicodedata.category(char) == "Cc" else "unnamed character"
    return f"U+{ord(char):04X}", unicodedata.name(char, unnamed)

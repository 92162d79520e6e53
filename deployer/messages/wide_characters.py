"""What makes a text wide, as a reader sees it: whole characters, or another script, which nothing plain replaces."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages import gsm
from deployer.messages.counting import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.messages.counting import Offender

WIDE_SEGMENT = 70
"""Characters of a segment of a wide text."""

_LEAST = 3
"""Letters of a script that make a text one of that script; fewer are a sign, such as the Ω of a unit."""

_LANGUAGES = {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "CJK": "Chinese", "HANGUL": "Korean"}
_NO_SCRIPT = frozenset({"LATIN", "MODIFIER", "FULLWIDTH", "HALFWIDTH", "MATHEMATICAL", "FEMININE", "MASCULINE"})
_JOINER = "\u200d"
_FIRST_MARK = 0x300
"""The first character that goes on what is before it; those below begin one, but for a sign behind a joiner."""

_MODIFIERS = range(0x1F3FB, 0x1F400)
_SELECTORS = range(0xFE00, 0xFE10)
_FLAGS = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True)
class WideCharacter:
    """What a reader sees as one character and what makes the text wide in it; ``start`` and ``end`` are offsets.

    ``codepoint`` and ``name`` are those of what makes it wide, ``advice`` what to do about it; ``plain``: something
    plain can be written instead. ``instead`` is that where it takes the place of the whole ``text``; empty: leave it
    out; ``None`` where a person has to look.
    """

    text: str
    start: int
    end: int
    codepoint: str
    name: str
    advice: str
    plain: bool
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Wide:
    """Why a text is wide. ``script`` is another script that it is written in; ``characters`` is then empty.

    Nothing is to be replaced in a text of another script: it is as long as its language makes it.
    """

    script: str = ""
    characters: tuple[WideCharacter, ...] = ()

    @property
    def sentence(self) -> str:
        """The script with what a segment holds: ``Arabic text: 70 characters a segment``; empty without one."""
        return f"{self.script} text: {WIDE_SEGMENT} characters a segment" if self.script else ""


def wide(text: str) -> Wide:
    """Say why a text is wide; a text that isn't has neither a script nor characters."""
    if gsm.ALPHABET.issuperset(text):
        return Wide()
    offenders = count(text).offenders
    script = script_of(offenders)
    return Wide(script) if script else Wide(characters=tuple(_characters(text, offenders)))


def script_of(offenders: Iterable[Offender]) -> str:
    """Name the script of most wide letters (``Arabic``, ``Japanese``); empty where there are too few."""
    scripts = Counter(script for offender in offenders if (script := _script(offender)))
    if not scripts:
        return ""
    if "Japanese" in scripts:
        scripts["Japanese"] += scripts.pop("Chinese", 0)
    script, times = scripts.most_common(1)[0]
    return script if times >= _LEAST else ""


def _script(offender: Offender) -> str:
    if offender.replacement is not None or not unicodedata.category(offender.char).startswith("L"):
        return ""
    first = offender.name.split("-")[0].split()[0]
    return "" if first in _NO_SCRIPT else _LANGUAGES.get(first, first.capitalize())


def _characters(text: str, offenders: Iterable[Offender]) -> Iterator[WideCharacter]:
    by_place = {offender.position: offender for offender in offenders}
    for start, end in clusters(text):
        own = [by_place[at] for at in range(start, end) if at in by_place]
        if own:
            worst = next((offender for offender in own if offender.replacement is None), own[0])
            plain = worst.replacement is not None
            instead = worst.replacement if len(own) == 1 else None
            yield WideCharacter(text[start:end], start, end, worst.codepoint, worst.name, worst.advice, plain, instead)


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character begins and ends as a reader sees them: a letter with its accents, a family of emoji.

    Enough of Unicode's grapheme clusters (UAX 29) for what people write in texts.
    """
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _goes_on(text, start, at):
            yield start, at
            start = at


def _goes_on(text: str, start: int, at: int) -> bool:
    code = ord(text[at])
    if code < _FIRST_MARK and text[at - 1] != _JOINER:
        return False
    if code in _FLAGS and ord(text[at - 1]) in _FLAGS:
        return (at - start) % 2 == 1
    extends = unicodedata.category(text[at]).startswith("M") or text[at] == _JOINER
    joined = text[at - 1] == _JOINER and at - start > 1 and unicodedata.category(text[at]) == "So"
    return text[at - 1] != "\n" and (extends or joined or code in _MODIFIERS or code in _SELECTORS)

r"""Where Liquid, markup and comments are in a text, found in one pass: what is searched for once isn't again.

A regular expression such as ``\{\{.*?\}\}`` looks for the end of each opening up to the end of the text, so that a
text of openings without ends takes the square of its length.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLANK = "\0"
"""What a masked character becomes: none that a message may hold."""


@dataclass(frozen=True, slots=True)
class Region:
    """What is between an opening and the next closing, both of them included; ``mark`` is in each opening."""

    opening: re.Pattern[str]
    closing: re.Pattern[str]
    mark: str


def _region(opening: str, closing: str, mark: str) -> Region:
    return Region(re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE), mark)


def _unparsed(name: str) -> Region:
    blanks = r"\s{0,100}"
    return _region(rf"\{{%-?{blanks}{name}{blanks}-?%\}}", rf"\{{%-?{blanks}end{name}{blanks}-?%\}}", "{%")


OUTPUT = _region(r"\{\{", r"\}\}", "{{")
TAG = _region(r"\{%", r"%\}", "{%")
RAW = _unparsed("raw")
LIQUID = (OUTPUT, TAG)

UNPARSED = (RAW, _unparsed("comment"), _unparsed("doc"))
"""What Liquid reads no tags in."""

UNPRINTED = UNPARSED[1:]
"""What Liquid leaves out of what it prints."""

UNREAD = (_region(r"<style\b", r"</style\s{0,100}>", "<"), _region(r"<script\b", r"</script\s{0,100}>", "<"))
"""Markup whose content a mail program doesn't show as words."""

COMMENTS = (_region("<!--", "-->", "<!--"),)
ELEMENTS = (_region("<", ">", "<"),)


def regions(text: str, kinds: Sequence[Region]) -> Iterator[tuple[int, int]]:
    """Start and end of each region, from left to right; the first of ``kinds`` that begins at a place and ends wins."""
    present = [kind for kind in kinds if kind.mark in text]
    searches = [(kind.opening, _Search(text, kind.opening), _Search(text, kind.closing)) for kind in present]
    at = 0
    while searches:
        start = min([opening.next(at)[0] for _, opening, _ in searches])
        if start == _NOWHERE[0]:
            return
        end = start
        for pattern, _, closing in searches:
            opened = pattern.match(text, start)
            end = closing.next(opened.end())[1] if opened else start
            if end > start:
                yield start, end
                break
        at = max(end, start + 1)


def masked(text: str, kinds: Sequence[Region], blank: str = BLANK) -> str:
    """The text with each region's characters blanked, so that offsets stay."""
    parts, at = [], 0
    for start, end in regions(text, kinds):
        parts += [text[at:start], blank * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


_NOWHERE = (sys.maxsize, -1)
"""The span of a mark that isn't found: it begins behind every place, and ends before any."""


class _Search:
    """A search that goes on where it ended: the next match from a place is kept until the place is behind it."""

    __slots__ = ("_found", "_pattern", "_text")

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._text = text
        self._pattern = pattern
        self._found = (-1, -1)

    def next(self, at: int) -> tuple[int, int]:
        """Start and end of the next match from a place, or ``_NOWHERE``."""
        if self._found[0] < at:
            match = self._pattern.search(self._text, at)
            self._found = match.span() if match else _NOWHERE
        return self._found

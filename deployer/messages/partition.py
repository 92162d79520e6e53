r"""Where Liquid, markup and comments are in a text, found in one pass: what is searched for once isn't again.

A regular expression such as ``\{\{.*?\}\}`` looks for the end of each opening up to the end of the text, so that a
text of openings without ends takes the square of its length.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLANK = "\0"
"""What a masked character becomes: none that a message may hold."""


@dataclass(frozen=True, slots=True)
class Region:
    """What is between an opening and the next closing, both of them included."""

    opening: re.Pattern[str]
    closing: re.Pattern[str]


def _region(opening: str, closing: str) -> Region:
    return Region(re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))


def _unparsed(name: str) -> Region:
    return _region(rf"\{{%-?\s{{0,100}}{name}\s{{0,100}}-?%\}}", rf"\{{%-?\s{{0,100}}end{name}\s{{0,100}}-?%\}}")


OUTPUT = _region(r"\{\{", r"\}\}")
TAG = _region(r"\{%", r"%\}")
RAW = _unparsed("raw")
LIQUID = (OUTPUT, TAG)

UNPARSED = (RAW, _unparsed("comment"), _unparsed("doc"))
"""What Liquid reads no tags in."""

UNPRINTED = UNPARSED[1:]
"""What Liquid leaves out of what it prints."""

UNREAD = (_region(r"<style\b", r"</style\s{0,100}>"), _region(r"<script\b", r"</script\s{0,100}>"))
"""Markup whose content a mail program doesn't show as words."""

COMMENTS = (_region("<!--", "-->"),)
ELEMENTS = (_region("<", ">"),)


def regions(text: str, kinds: Sequence[Region]) -> Iterator[tuple[int, int]]:
    """Start and end of each region, from left to right; the first of ``kinds`` that begins at a place and ends wins."""
    search = _Search(text)
    at = 0
    while (start := search.opening(kinds, at)) is not None:
        ends = (search.end(kind, start) for kind in kinds)
        end = next((number for number in ends if number is not None), None)
        if end is not None:
            yield start, end
        at = end if end is not None else start + 1


def masked(text: str, kinds: Sequence[Region], blank: str = BLANK) -> str:
    """The text with each region's characters blanked, so that offsets stay."""
    parts, at = [], 0
    for start, end in regions(text, kinds):
        parts += [text[at:start], blank * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


@dataclass(slots=True)
class _Search:
    """Searches that go on where they ended: the next match from a place is kept until the place is behind it."""

    text: str
    known: dict[re.Pattern[str], tuple[int, int] | None] = field(default_factory=dict)

    def opening(self, kinds: Sequence[Region], at: int) -> int | None:
        """Where the next of the openings begins."""
        spans = (self._next(kind.opening, at) for kind in kinds)
        return min((span[0] for span in spans if span), default=None)

    def end(self, kind: Region, start: int) -> int | None:
        """Where the region ends that begins at ``start``, if one of this kind does."""
        opening = kind.opening.match(self.text, start)
        closing = self._next(kind.closing, opening.end()) if opening else None
        return closing[1] if closing else None

    def _next(self, pattern: re.Pattern[str], at: int) -> tuple[int, int] | None:
        span = self.known.get(pattern, (-1, -1))
        if span is not None and span[0] < at:
            match = pattern.search(self.text, at)
            span = self.known[pattern] = match.span() if match else None
        return span

"""Composer text that knows where each of its characters was written."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

TRAILING_SPACE = " \t\n\r\f\v"
"""White space that is dropped at the very end of a text. A no-break space isn't: it is a character of its own."""

TAG = r"\[%(?!\d)"
"""A pattern of what begins a tag: ``[%27`` is a quote behind a bracket, as URLs encode it, and stays text."""

_LINE_END = re.compile(r"\r\n?")


@dataclass(frozen=True, slots=True)
class Source:
    """A text that someone wrote: ``name`` is its path in the project, empty for the message's own text.

    In ``text`` each line ends with a line feed; ``returns`` are the offsets in it where the author wrote a carriage
    return before the line feed.
    """

    name: str
    text: str
    returns: tuple[int, ...] = ()

    @classmethod
    def read(cls, name: str, text: str) -> Source:
        """Take an author's text, with any of the three line endings."""
        if "\r" not in text:
            return cls(name, text)
        pairs = [match.start() for match in re.finditer("\r\n", text)]
        returns = tuple(start - before for before, start in enumerate(pairs))
        return cls(name, _LINE_END.sub("\n", text), returns)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1) of an offset in ``text``."""
        starts = _lines(self.text)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Give a line (from 1) without its end; empty where there is none."""
        return _line(self.text, number)

    def written(self, offset: int) -> int:
        """Return the offset in the text as its author wrote it, with its own line endings."""
        return offset + bisect_left(self.returns, offset)


@dataclass(frozen=True, slots=True)
class Span:
    """Composer text from ``start`` up to ``end`` (not included) came from ``sources[source]`` at ``offset``.

    ``exact``: character by character. Otherwise all of it came from the expression that begins at ``offset``.
    """

    start: int
    end: int
    source: int
    offset: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a character was written.

    ``source`` is empty for the message's own text, else a file's path in the project. ``line`` and ``column`` are from
    1, ``offset`` counts from 0 in the text as it was written; ``None``: the place isn't known beyond the source.
    ``exact`` is False where an expression made the character: then the place is that of its ``[[``.
    """

    source: str
    line: int
    column: int
    offset: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """A text as it is pasted into Attentive's composer: ``text``, and spans that tell where it came from.

    The spans cover the text from left to right without gaps. ``sources[0]`` is the message's own text.
    """

    text: str
    spans: tuple[Span, ...]
    sources: tuple[Source, ...]

    @classmethod
    def verbatim(cls, source: Source) -> Composed:
        """Make a composed text that nothing was inserted into."""
        text = source.text.rstrip(TRAILING_SPACE)
        return cls(text, (Span(0, len(text), 0, 0, exact=True),), (source,))

    def touching(self, start: int, end: int) -> tuple[Span, ...]:
        """Return the spans with characters from ``start`` up to ``end``; where these are one place, the span around it.

        A place between two spans is in neither.
        """
        first = max(bisect_right(self.spans, start, key=_start) - 1, 0)
        spans = self.spans[first : bisect_left(self.spans, end, key=_start)]
        return tuple(span for span in spans if start < span.end)

    def origin(self, offset: int) -> Origin:
        """Where the character at ``offset`` was written; the text's length asks for its very end.

        Raises ``IndexError`` for an offset outside of the text.
        """
        if not 0 <= offset <= len(self.text):
            raise IndexError(f"offset {offset} isn't in a text of {len(self.text)} characters")
        if not self.spans:
            return Origin("", 1, 1, None, exact=False)
        span = self.spans[max(bisect_right(self.spans, offset, key=_start) - 1, 0)]
        place = span.offset + (offset - span.start if span.exact else 0)
        source = self.sources[span.source]
        line, column = source.place(place)
        return Origin(source.name, line, column, source.written(place), span.exact)


@lru_cache(maxsize=16)
def _line(text: str, number: int) -> str:
    """A line of a text, cut out once: a thousand findings in a long line share it."""
    starts = _lines(text)
    if not 1 <= number <= len(starts):
        return ""
    return text[starts[number - 1] : starts[number] - 1 if number < len(starts) else len(text)]


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[int, ...]:
    """Where each line begins: looked up once for all findings in a text."""
    return (0, *(match.end() for match in re.finditer("\n", text)))


def _start(span: Span) -> int:
    return span.start


def clip(spans: Sequence[Span], end: int) -> tuple[Span, ...]:
    """Keep the spans of a text that was cut off at ``end``."""
    kept = (span for span in spans if span.start < end)
    return tuple(Span(span.start, min(span.end, end), span.source, span.offset, span.exact) for span in kept)

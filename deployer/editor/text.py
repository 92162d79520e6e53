"""A file's text by lines and columns, as editors count them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from deployer.dataclass import dataclass
from deployer.editor.values import Place, Span

_BREAK = re.compile("\r\n|[\n\r]")
_MARK = re.compile(r"---(?=\s|$)")


@dataclass(frozen=True)
class Text:
    """A file of the project: ``path`` relative to it, and what is in it now."""

    path: str
    text: str

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in _BREAK.finditer(self.text))]

    def place(self, offset: int) -> Place:
        """The place of a character."""
        line = bisect_right(self.starts, offset) - 1
        return Place(line, offset - self.starts[line])

    def offset(self, place: Place) -> int:
        """The character at a place; of one that isn't there, the nearest before it."""
        if place.line >= len(self.starts):
            return len(self.text)
        start = self.starts[place.line]
        return min(start + place.column, start + len(self.line(place.line)))

    def line(self, number: int) -> str:
        """A line without its end; empty where there is none."""
        if not 0 <= number < len(self.starts):
            return ""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The stretch between two characters."""
        return Span(self.path, self.place(start), self.place(end))

    @property
    def whole(self) -> Span:
        """All of it."""
        return self.span(0, len(self.text))

    def document(self, line: int) -> tuple[int, int]:
        """The lines of the YAML document that a line is in: the first, and the one behind the last."""
        marks = [number for number in range(len(self.starts)) if _MARK.match(self.line(number))]
        first = max((mark + 1 for mark in marks if mark < line), default=0)
        return first, min((mark for mark in marks if mark > line), default=len(self.starts))

    def field(self, line: int, key: str) -> str:
        """The text of a top-level key in the document that a line is in, whether or not that is sound."""
        first, end = self.document(line)
        pattern = re.compile(rf"{re.escape(key)}:\s*[\"']?([^\"'#\s]+)")
        matches = (pattern.match(self.line(number)) for number in range(first, end))
        return next((match[1] for match in matches if match), "")

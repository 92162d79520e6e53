"""A text file of the project, by lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field

from deployer.dataclass import dataclass
from deployer.source.problems import Position, Problem

_LINE_BREAK = re.compile("\r\n|[\n\r]")
"""The line breaks of YAML 1.2, which are those that editors and forges count."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file of the project: ``path`` relative to its root, with ``/``; ``text`` decoded, without a BOM."""

    path: str
    text: str = field(repr=False)
    _lines: list[str] = field(default_factory=list, init=False, compare=False, repr=False)
    _starts: list[int] = field(default_factory=list, init=False, compare=False, repr=False)

    def line(self, n: int) -> str:
        """Line ``n`` (from 1) as the user wrote it, without its line break; empty where there is none."""
        lines = self.lines()
        return lines[n - 1] if 1 <= n <= len(lines) else ""

    def lines(self) -> list[str]:
        """Every line of the file, without line breaks."""
        if not self._lines:
            self._lines.extend(_LINE_BREAK.split(self.text))
        return self._lines

    def place(self, index: int) -> tuple[int, int]:
        """Line and column (from 1) of character ``index`` of the text."""
        if not self._starts:
            self._starts.extend([0, *(match.end() for match in _LINE_BREAK.finditer(self.text))])
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def problem(self, rule: str, message: str, line: int, column: int, *, hint: str = "", length: int = 1) -> Problem:
        """Make an error at a place of this file; ``line`` and ``column`` count from 1."""
        position = Position(self.path, line, column)
        return Problem(rule, message, position, hint=hint, excerpt=self.line(line), length=max(1, length))

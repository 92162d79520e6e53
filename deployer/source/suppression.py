"""A comment in YAML that suppresses findings, as a value; ``suppressing`` reads it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from datetime import date

    from deployer.source.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that asks for findings to be left out.

    ``rules`` are ids as they were written; ``first`` and ``last`` are the lines (from 1) that it holds for, ``until``
    is its last day. ``mistake`` says why the comment can't be read, and is empty where it can.
    """

    file: SourceFile = field(repr=False)
    line: int
    column: int
    text: str
    first: int
    last: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    mistake: str = ""

    def covers(self, path: str, line: int) -> bool:
        """Whether it holds for a line of a file."""
        return path == self.file.path and self.first <= line <= self.last

"""Patterns of files that are left out, as a ``.gitignore`` writes them (gitignore(5)): in one, or under ``ignore:``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.globs import compiled, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: ``written`` is what the user wrote; ``keep`` takes back what an earlier one left out (``!``).

    ``within`` is the folder, from where the pattern was written, that the paths it is asked about are in.
    """

    written: str
    expression: re.Pattern[str]
    keep: bool
    folders_only: bool
    within: str = ""

    @classmethod
    def read(cls, written: str, base: str = "") -> Pattern | None:
        """Read a line of a file in the folder ``base``; None for a comment and an empty line."""
        text = re.sub(r"(?<!\\)[ \t]+$", "", written.rstrip("\r\n"))
        if not text or text.startswith("#"):
            return None
        keep = text.startswith("!")
        text = text[1:] if keep else text.removeprefix("\\") if text[:2] in ("\\#", "\\!") else text
        folders_only = text.endswith("/")
        text = text.rstrip("/") if folders_only else text
        text = f"/{text[2:]}" if text.startswith("./") else text
        deep = "/" not in text
        glob = f"**/{text}" if deep else text.removeprefix("/")
        return cls(written, compiled(f"{escaped(base)}/{glob}" if base else glob), keep, folders_only) if text else None

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether the pattern names this very path."""
        whole = f"{self.within}/{path}" if self.within else path
        return (folder or not self.folders_only) and self.expression.match(whole) is not None


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns in their order: the last one that names a path decides, and what is in a folder goes with it."""

    patterns: tuple[Pattern, ...] = ()

    @classmethod
    def read(cls, lines: Iterable[str], base: str = "") -> Patterns:
        """Read the patterns of a file in the folder ``base``, or of a list."""
        return cls(tuple(pattern for line in lines if (pattern := Pattern.read(line, base))))

    def __add__(self, other: Patterns) -> Patterns:
        """Put patterns of a deeper folder behind these."""
        return Patterns((*self.patterns, *other.patterns))

    def below(self, place: str) -> Patterns:
        """Give the same patterns for paths within a folder."""
        return Patterns(tuple(replace(pattern, within=place) for pattern in self.patterns))

    def names(self, path: str, *, folder: bool) -> bool:
        """Whether the path itself is left out, whatever holds for the folders above it."""
        last = next((pattern for pattern in reversed(self.patterns) if pattern.matches(path, folder=folder)), None)
        return last is not None and not last.keep

    def leave_out(self, path: str, *, folder: bool = False) -> bool:
        """Whether the path is left out, by itself or with a folder above it."""
        if not self.patterns:
            return False
        return any(self.names(upper, folder=True) for upper in above(path)) or self.names(path, folder=folder)


def above(path: str) -> Iterator[str]:
    """Give the folders above a path, from the top."""
    parts = path.split("/")
    yield from ("/".join(parts[:depth]) for depth in range(1, len(parts)))

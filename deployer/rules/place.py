"""Where a finding is: a field of a resource, a field of ``deployer.yaml``, or a line of another file.

A place is cheap to name; the user's YAML is parsed again for line and column only when a problem is made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from deployer.dataclass import dataclass
from deployer.source import Position, Problem, problem_at
from deployer.source.root import settings_path

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.project import Resource
    from deployer.source import Document, Pointer, Severity


class Judgment(Protocol):
    """What a rule makes of whatever it finds."""

    @property
    def id(self) -> str:
        """The rule's stable id."""

    @property
    def severity(self) -> Severity:
        """How grave it is in this project."""


class Place(Protocol):
    """Something that a rule can point to. What is found at one that is ``unread`` follows from another mistake."""

    @property
    def unread(self) -> bool:
        """Whether what is there couldn't be read, which its schema's rules say."""

    def problem(self, rule: Judgment, message: str, hint: str) -> Problem:
        """Make the problem that a rule found here, in the rule's own severity."""


@dataclass(frozen=True, slots=True)
class Field:
    """The value at ``pointer`` of a resource, or its key; with ``offset`` a character of its text."""

    resource: Resource
    pointer: Pointer
    key: bool = False
    offset: int | None = None
    length: int | None = None

    @property
    def unread(self) -> bool:
        """Whether the field has a mistake."""
        return self.resource.is_unread(self.pointer)

    def problem(self, rule: Judgment, message: str, hint: str) -> Problem:
        """Point to the user's YAML, in the environment's patch where the value comes from there."""
        return self.resource.problem(
            self.pointer,
            rule.id,
            message,
            hint=hint,
            severity=rule.severity,
            key=self.key,
            offset=self.offset,
            length=self.length,
        )


@dataclass(frozen=True, slots=True)
class FileLine:
    """A place in a text file that isn't YAML: an email, a macro file, a disclosure. ``excerpt`` is its line."""

    path: str
    line: int
    column: int
    excerpt: str
    length: int = 1
    address: str = ""
    unread: bool = False

    def problem(self, rule: Judgment, message: str, hint: str) -> Problem:
        """Point to the file itself, and name the resource that uses it."""
        length = max(1, min(self.length, len(self.excerpt) - self.column + 1))
        position = Position(self.path, self.line, self.column)
        return Problem(rule.id, message, position, rule.severity, hint, self.excerpt, length, self.address)


@dataclass(frozen=True, slots=True)
class Setting:
    """The value at ``pointer`` of ``deployer.yaml``, or its key. Without its document only the file is named.

    ``root`` is the project's folder.
    """

    root: Path
    document: Document | None
    pointer: Pointer
    key: bool = False
    unread: bool = False

    def problem(self, rule: Judgment, message: str, hint: str) -> Problem:
        """Point into the settings."""
        if self.document is None:
            return Problem(rule.id, message, Position(settings_path(self.root)), rule.severity, hint)
        return problem_at(
            self.document, self.pointer, rule.id, message, hint=hint, severity=rule.severity, key=self.key
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: where, what is wrong, and what to do here, if that is more than the rule's ``fix``."""

    place: Place
    message: str
    hint: str = ""

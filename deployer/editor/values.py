"""What an editor asks about and is answered with. Lines and columns count from 0, in characters."""

from __future__ import annotations

from enum import StrEnum

from deployer.dataclass import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text: between two characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file's text; ``path`` is relative to the project, with ``/``."""

    path: str
    start: Place
    end: Place

    def holds(self, place: Place) -> bool:
        """Whether a cursor is in the stretch, or at one of its ends."""
        return self.start <= place <= self.end


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A stretch of a file and the text in its place."""

    span: Span
    text: str


class What(StrEnum):
    """What is proposed."""

    KEY = "key"
    VALUE = "value"
    REFERENCE = "reference"
    PROPERTY = "property"
    ATTRIBUTE = "attribute"
    MACRO = "macro"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to go on: ``text`` replaces ``span``; ``detail`` is a few words, ``about`` Markdown."""

    label: str
    what: What
    span: Span
    text: str
    detail: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known about what is at a place, as Markdown."""

    markdown: str
    span: Span


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a finding; ``sure``: it is what the finding's hint says."""

    title: str
    changes: tuple[TextEdit, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of small print above a declaration; ``address`` is what it is about."""

    span: Span
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Inlay:
    """Words beside the text at ``at``, which is empty: a value, shortened; ``about`` is the whole, with its sample."""

    at: Span
    text: str
    about: str

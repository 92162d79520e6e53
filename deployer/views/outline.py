"""What a view says, before it has a form: entries with children, differences, texts to copy, commands.

Each view makes one outline of its value; the terminal and markdown writers beside this file give it a form. Users' text
goes in as it is: the writers escape what would steer a terminal or be read as markdown.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from deployer.dataclass import dataclass


class Tone(StrEnum):
    """How a run of text is meant. Color only ever repeats what a word or a sign already says."""

    PLAIN = "plain"
    STRONG = "strong"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    DIM = "dim"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one tone; ``code`` marks what is to be read letter by letter (an address, a value)."""

    text: str
    tone: Tone = Tone.PLAIN
    code: bool = False


Inline: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` counts from 1."""

    text: Inline
    level: int = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of prose with what belongs to it.

    ``marker`` comes first: a sign, a number with a dot for a step, ``[x]`` or ``[ ]`` for a tick, empty for none.
    ``apart``: an empty line in front of it on a terminal.
    """

    text: Inline
    children: tuple[Node, ...] = ()
    marker: str = ""
    tone: Tone = Tone.PLAIN
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Diff:
    """Lines that came (``+``), went (``-``), stayed (a space), and where they are (``@``)."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A text as people read it: wrapped, its own lines kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that someone copies: shown in full, never wrapped, line by line as it is."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command line to copy, with what it is for."""

    label: str
    command: str
    apart: bool = False


Node: TypeAlias = Heading | Entry | Diff | Quote | Copy | Command


def inline(*parts: str | Run) -> Inline:
    """Make runs of texts, leaving out empty ones."""
    return tuple([run for part in parts if (run := Run(part) if isinstance(part, str) else part).text])


def entry(*parts: str | Run, children: tuple[Node, ...] = (), marker: str = "", tone: Tone = Tone.PLAIN) -> Entry:
    """Make an entry of texts and runs; ``tone`` is the marker's."""
    return Entry(inline(*parts), children, marker, tone)


def labelled(label: str, text: str, tone: Tone = Tone.PLAIN) -> Entry:
    """Make an entry such as ``hint: plan again``, the label in its tone."""
    return entry(Run(f"{label}:", tone), f" {text}")


def heading(text: str, level: int = 2) -> Heading:
    """Make a heading of one text."""
    return Heading((Run(text, Tone.STRONG),), level)

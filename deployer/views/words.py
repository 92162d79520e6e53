"""Word diffs for a terminal: what went and what came between marks, with the lines around it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry, inline, labelled
from deployer.views.problems import render_text as problems_text
from deployer.views.problems.json_report import problem_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.app.absorbing import Absorption
    from deployer.messages import Piece
    from deployer.source import Problem
    from deployer.views.outline import Node

_MARKS = {"gone": ("[-", "-]", Tone.BAD), "new": ("{+", "+}", Tone.GOOD)}
_SHOWN = {"\n": "\N{RETURN SYMBOL}", "\t": "\N{RIGHTWARDS ARROW TO BAR}", "\xa0": "\N{OPEN BOX}", " ": "\N{MIDDLE DOT}"}
_AROUND = 1
"""Unchanged lines that are shown before and after a change."""


def diff_lines(pieces: Sequence[Piece]) -> tuple[Entry, ...]:
    """Show a word diff line by line: ``[-gone-]``, ``{+new+}``; unchanged lines far from a change are left out.

    White space that went or came is shown by signs: a return, an arrow for a tab, a dot for a blank.
    """
    lines = _Lines()
    for piece in pieces:
        lines.add(piece)
    near = {index + step for index in lines.changed for step in range(-_AROUND, _AROUND + 1)}
    shown: list[Entry] = []
    for index, runs in enumerate(lines.rows):
        if index in near:
            shown.append(Entry(inline(*runs) or (Run(""),), marker="|", tone=Tone.DIM))
        elif index - 1 in near or index == 0:
            shown.append(Entry((Run("…", Tone.DIM),), marker="|", tone=Tone.DIM))
    return tuple(shown)


@dataclass(slots=True)
class _Lines:
    """The new text's lines, with removed words in their old place; ``changed`` are those with a change."""

    rows: list[list[Run]] = field(default_factory=lambda: [[]])
    changed: set[int] = field(default_factory=set)

    def add(self, piece: Piece) -> None:
        if piece.op == "same":
            first, *more = piece.text.split("\n")
            self.rows[-1].append(Run(first))
            self.rows += [[Run(line)] for line in more]
            return
        before, after, tone = _MARKS[piece.op]
        for number, line in enumerate(_pieces(piece)):
            if number:
                self.rows.append([])
            self.changed.add(len(self.rows) - 1)
            self.rows[-1].append(Run(f"{before}{line}{after}" if line else "", tone))


def _pieces(piece: Piece) -> Iterator[str]:
    """A change in the lines that it is shown on: new line breaks break, those that went are only signs."""
    if piece.op == "gone":
        yield visible_blanks(piece.text)
        return
    *ended, last = piece.text.split("\n")
    yield from (visible_blanks(f"{line}\n") for line in ended)
    yield visible_blanks(last) if last else ""


def visible_blanks(text: str) -> str:
    """A changed text whose white space can be seen where it would be lost: line breaks, tabs, blanks at its ends."""
    shown = "".join(_SHOWN[char] if char in "\n\t\xa0" else char for char in text)
    inner = shown.strip(" ")
    begin = len(shown) - len(shown.lstrip(" "))
    return (
        _SHOWN[" "] * begin + inner + _SHOWN[" "] * (len(shown) - begin - len(inner)) if inner else _SHOWN[" "] * begin
    )


def absorption_text(absorption: Absorption, *, color: bool = False, width: int = 80) -> str:
    """Say what became of a pasted text, with the word diff and everything that has to be looked at."""
    text = terminal.write(_outline(absorption), color=color, width=width)
    parts = [text, *(_problems(absorption.refused, color, width)), *(_problems(absorption.problems, color, width))]
    return "\n\n".join(parts)


def absorption_json(absorption: Absorption) -> str:
    """Write what became of a pasted text as JSON: ``{"version": 1, "address": …, "diff": [{"op", "text"}], …}``."""
    return json_text(
        {
            "version": 1,
            "address": absorption.address,
            "part": absorption.part,
            "path": absorption.path,
            "changed": absorption.changed,
            "written": absorption.written,
            "diff": [{"op": piece.op, "text": piece.text} for piece in absorption.pieces],
            "also": list(absorption.also),
            "refused": [problem_object(problem) for problem in absorption.refused],
            "problems": [problem_object(problem) for problem in absorption.problems],
        }
    )


def _outline(absorption: Absorption) -> Iterator[Node]:
    name = Run(f"{absorption.address} {absorption.part}", Tone.STRONG, code=True)
    if not absorption.changed:
        yield entry(name, f" is in {absorption.path} exactly as pasted; there is nothing to do")
        return
    yield entry(name, ", from the project to what was pasted:", children=diff_lines(absorption.pieces))
    yield entry(*_outcome(absorption))
    if absorption.also:
        yield labelled("note", f"with it changed: {', '.join(absorption.also)}", Tone.WARN)
    if absorption.problems:
        yield labelled("note", "`deployer validate` now finds what it didn't find before", Tone.WARN)


def _outcome(absorption: Absorption) -> tuple[str | Run, ...]:
    path = Run(absorption.path, Tone.STRONG, code=True)
    if absorption.refused:
        return Run("refused:", Tone.BAD), " nothing was written to ", path
    return (Run("written", Tone.GOOD), " to ", path) if absorption.written else ("would be written to ", path)


def _problems(problems: Sequence[Problem], color: bool, width: int) -> Iterator[str]:
    if problems:
        yield problems_text(problems, files=1, color=color, width=width)

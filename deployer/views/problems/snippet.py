"""The user's own source line with a caret under the place, cut to the width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.problems.terminal import cell_width, visible_character

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source.problems import Problem

_TAB = "    "
_CUT = "..."
_LEAST = 24
"""Columns below which a cut line would tell nothing: a narrower terminal wraps instead."""

MOST = 160
"""Characters of a source line that a report for a program holds: a minified email is one line, with every finding."""

_REACH = 4
"""Widths around the place that are looked at: a line may be a megabyte long."""


def snippet(line: str, *, column: int, length: int, width: int) -> tuple[str, str]:
    """Show one source line and the carets below it, in at most ``width`` columns (but never less than 24).

    ``column`` (from 1; 0: no caret) and ``length`` count characters of ``line``. A tab becomes four spaces; other
    control characters show as escapes. The carets end with the line, and a place behind its end gets one.
    """
    line, width = line.rstrip("\r\n"), max(width, _LEAST)
    start = min(max(column - 1, 0), len(line))
    end = max(start + 1, min(start + length, len(line)))
    origin = max(0, start - _REACH * width)
    cells = [
        _TAB if character == "\t" else visible_character(character)
        for character in line[origin : start + _REACH * width]
    ]
    first, last = _window(cells, start - origin, width, whole=len(cells) == len(line))
    before, after = _CUT if origin + first else "", _CUT if origin + last < len(line) else ""
    shown = (before + "".join(cells[first:last]) + after).rstrip()
    if not column:
        return shown, ""
    indent = cell_width(before + "".join(cells[first : start - origin]))
    carets = cell_width("".join(cells[start - origin : min(end - origin, last)]))
    return shown, " " * indent + "^" * max(carets, 1)


def around(problem: Problem) -> str:
    """The source line of a problem for a file: whole where it is short, else what is around the place."""
    line = problem.excerpt.rstrip("\r\n")
    if len(line) <= MOST:
        return line
    first = max(0, min(problem.position.column - 1 - MOST // 3, len(line) - MOST))
    before, after = _CUT if first else "", _CUT if first + MOST < len(line) else ""
    return f"{before}{line[first : first + MOST]}{after}"


def _window(cells: Sequence[str], start: int, width: int, *, whole: bool) -> tuple[int, int]:
    """Choose the cells to show: a ``whole`` line where it fits, else those around ``start``, most of them behind it."""
    widths = [cell_width(cell) for cell in cells]
    if whole and sum(widths) < width:  # one column is kept for a caret behind the end
        return 0, len(cells)
    room = width - 2 * len(_CUT) - 1
    first = _back(widths, start, room // 3)
    last = first
    while last < len(cells) and sum(widths[first : last + 1]) <= room:
        last += 1
    return (_back(widths, last, room), last) if last == len(cells) else (first, last)


def _back(widths: Sequence[int], end: int, room: int) -> int:
    """Find the first cell of those that fit into ``room`` in front of ``end``."""
    first = end
    while first and widths[first - 1] <= room:
        room -= widths[first - 1]
        first -= 1
    return first

"""A message on a terminal as a phone shows it: a bubble that tells who put which words there.

Without color the data is between ``«»`` and what Attentive adds between ``⟨⟩``; with color the data is underlined
and what Attentive adds is dim, so that the bubble reads as the message does. A legend says so. A macro that had nothing
to print is a gap that shows in both.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.views.problems import cell_width, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deployer.messages import TextRun

_WIDEST = 60
"""Columns of the text in a bubble: a phone's line is short."""

_PAINT = {"data": "4;36", "platform": "2", "gap": "7;33"}
_MARKS = {"data": ("«", "»"), "platform": ("⟨", "⟩")}
_GAP = "«nothing»"
_ASCII = str.maketrans(dict(zip("╭─╮│╰╯«»⟨⟩█░", "+-+|++<><>#.", strict=True)))


@dataclass(frozen=True, slots=True)
class _Cell:
    """One character with how it is painted; ``paint`` is ANSI's parameters, empty for the author's own words."""

    char: str
    paint: str


def bubble(title: str, runs: Sequence[TextRun], *, color: bool, width: int) -> str:
    """Draw runs in a box with a ``title`` (empty: none) in its upper edge, no wider than ``width`` columns."""
    room = min(_WIDEST, max(width, len(title) + 10) - 6)
    lines = list(_wrapped(_cells(runs, color=color), room))
    inner = max([len(title) + 4, *(_width(line) for line in lines)])
    head = f"─ {title} " if title else ""
    rows = [f"  ╭{head}{'─' * (inner + 2 - cell_width(head))}╮"]
    rows += [f"  │ {_painted(line)}{' ' * (inner - _width(line))} │" for line in lines]
    rows.append(f"  ╰{'─' * (inner + 2)}╯")
    return drawn("\n".join(rows))


def legend(*, color: bool) -> str:
    """Say what the marks or the colors of a bubble mean."""
    names = [_sign("data", "filled in", color=color), _sign("platform", "added by Attentive", color=color)]
    return drawn(f"    the rest as written   {'   '.join(names)}")


def bar(share: float, columns: int) -> str:
    """Draw how much of something is used; ``share`` is from 0 to 1, and what is used at all shows."""
    filled = min(columns, max(round(share * columns), 1 if share else 0))
    return drawn("█" * filled + "░" * (columns - filled))


def drawn(text: str) -> str:
    """The same in the characters that standard output can write."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if encoding.lower().startswith("utf"):
        return text
    return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)


def _sign(origin: str, text: str, *, color: bool) -> str:
    if color:
        return f"\x1b[{_PAINT[origin]}m{text}\x1b[0m"
    before, after = _MARKS[origin]
    return f"{before}{text}{after}"


def _cells(runs: Iterable[TextRun], *, color: bool) -> Iterator[_Cell]:
    for run in runs:
        if run.macro and not run.text:
            yield from (_Cell(char, _PAINT["gap"] if color else "") for char in _GAP)
            continue
        before, after = ("", "") if color or run.origin == "author" else _MARKS[run.origin]
        paint = _PAINT.get(run.origin, "") if color else ""
        text = before + "\n".join(visible(line) for line in run.text.split("\n")) + after
        yield from (_Cell(char, paint) for char in text)


def _wrapped(cells: Iterable[_Cell], room: int) -> Iterator[list[_Cell]]:
    """Break lines at line breaks, then after blanks, then anywhere."""
    line: list[_Cell] = []
    for cell in cells:
        if cell.char == "\n":
            yield line
            line = []
            continue
        line.append(cell)
        if _width(line) > room and cell.char != " ":
            cut = max((at + 1 for at, cell in enumerate(line[:-1]) if cell.char == " "), default=len(line) - 1)
            yield _trimmed(line[:cut])
            line = line[cut:]
    yield _trimmed(line)


def _trimmed(line: list[_Cell]) -> list[_Cell]:
    end = len(line)
    while end and line[end - 1].char == " ":
        end -= 1
    return line[:end]


def _width(line: Sequence[_Cell]) -> int:
    return cell_width("".join(cell.char for cell in line))


def _painted(line: Sequence[_Cell]) -> str:
    """A line with one escape sequence a run of paint."""
    parts: list[str] = []
    paint = ""
    for cell in line:
        if cell.paint != paint:
            parts.append(("\x1b[0m" if paint else "") + (f"\x1b[{cell.paint}m" if cell.paint else ""))
            paint = cell.paint
        parts.append(cell.char)
    return "".join(parts) + ("\x1b[0m" if paint else "")

"""An outline on a terminal: wrapped at a width, readable without color, and nothing in it steers the terminal.

Why not rich, which draws the progress bars: importing its ``Text`` and ``Console`` takes 0.03 to 0.06 seconds of CPU,
two to three times all of `deployer --version`. It neither shows an unseen character as an escape nor keeps a command
on one line while the text around it wraps. Its widths differ from ours for emojis that are composed of several, which
terminals disagree about.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from dataclasses import field
from itertools import accumulate
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.views.outline import Command, Copy, Diff, Entry, Heading, Inline, Node, Quote, Run, Tone
from deployer.views.problems import cell_width, visible
from deployer.views.problems.terminal import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 40
"""Columns below which wrapping would tear words apart: a narrower terminal wraps by itself."""

_ANSI = {
    Tone.STRONG: "1",
    Tone.GOOD: "32",
    Tone.BAD: "31",
    Tone.WARN: "33",
    Tone.INFO: "36",
    Tone.DIM: "2",
}
"""Parameters of ANSI's "select graphic rendition"."""

_SIGNS = {"+": Tone.GOOD, "-": Tone.BAD, "@": Tone.DIM}
_ASCII = str.maketrans(
    {
        "→": "->",
        "⇐": "<=",
        "»": ">>",
        "\N{MULTIPLICATION SIGN}": "x",
        "“": '"',
        "”": '"',
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "—": "-",
        "…": "...",
    }
)
_CODE = re.compile(r"`[^`]+`")
_RULE = 40
_DEEPER = 4
"""Columns at most that children are indented."""

_HELD = "\0"
"""Stands for a space that isn't to be broken at; visible text never holds it."""

_GOES_ON = "\\"


def write(nodes: Iterable[Node], *, color: bool, width: int) -> str:
    """Write an outline for a terminal, without a newline at the end.

    No line is wider than ``width`` columns (never less than 40) but texts and commands to copy, which are never
    wrapped. Where standard output doesn't speak UTF-8, signs and typographic quotes become ASCII.
    """
    page = _Page(color, max(width, LEAST), encoding())
    for node in nodes:
        page.add(node, 0)
    return "\n".join(page.lines)


def lines(entry: Entry, *, color: bool, width: int) -> list[str]:
    """Lay an entry out as ``write`` does, without the gap that may be above it."""
    page = _Page(color, max(width, LEAST), encoding())
    page.add(entry, 0)
    return page.lines


def encoding() -> str:
    """The encoding of standard output, in lower case; ``utf-8`` where it has none."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower()


@dataclass(frozen=True, slots=True)
class Laid(Entry):
    """An entry that ``lines`` has laid out: ``rows`` are its lines."""

    rows: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    """Lines in the making."""

    color: bool
    width: int
    encoding: str
    lines: list[str] = field(default_factory=list)

    def add(self, node: Node, indent: int) -> None:
        match node:
            case Heading():
                self._gap()
                self._wrapped(node.text, indent, indent)
            case Laid():
                self._laid(node)
            case Entry():
                self._entry(node, indent)
            case Diff():
                self._diff(node, indent)
            case Quote():
                self._quote(node, indent)
            case Copy():
                self._copy(node, indent)
            case Command():
                self._command(node, indent)

    def _gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _laid(self, node: Laid) -> None:
        if node.apart:
            self._gap()
        self.lines.extend(node.rows)

    def _entry(self, node: Entry, indent: int) -> None:
        if node.apart:
            self._gap()
        marker = (Run(node.marker, node.tone), Run(" ")) if node.marker else ()
        hang = cell_width(self._shown(node.marker)) + 1 if node.marker else 2
        self._wrapped((*marker, *node.text), indent, indent + hang)
        for child in node.children:
            self.add(child, indent + min(hang, _DEEPER))

    def _wrapped(self, text: Inline, indent: int, hang: int) -> None:
        words = "".join([run.text for run in text])
        row = self._shown(words)
        if not self.color and cell_width(row) <= self.width - indent:  # as most lines: nothing is broken or painted
            self.lines.append((" " * indent + row).rstrip(" "))
            return
        as_it_is, room = row == words, self.width - hang
        runs = [(_unbroken(run, run.text if as_it_is else self._shown(run.text), room), run.tone) for run in text]
        whole = "".join([shown for shown, _ in runs])
        starts = [0, *accumulate([len(shown) for shown, _ in runs])] if self.color else []
        start, rows = 0, 0
        for piece in cut(whole, self.width - indent, self.width - hang):
            end = start + len(piece)
            first = end - len(piece.lstrip(" ")) if rows else start
            last = first + len(whole[first:end].rstrip(f" {_HELD}"))
            if last > first or not rows:
                margin = " " * (hang if rows else indent)
                row = self._painted(runs, starts, first, last) if self.color else whole[first:last]
                self.lines.append((margin + row.replace(_HELD, " ")).rstrip(" "))
                rows += 1
            start = end

    def _painted(self, runs: list[tuple[str, Tone]], starts: list[int], first: int, last: int) -> str:
        """The part of the runs between two offsets, each run in its tone; only those that are in it are looked at."""
        parts = []
        for at in range(max(bisect_right(starts, first) - 1, 0), bisect_left(starts, last)):
            (text, tone), start = runs[at], starts[at]
            parts.append(self._paint(tone, text[max(first - start, 0) : last - start]))
        return "".join(parts)

    def _paint(self, tone: Tone, text: str) -> str:
        return f"\x1b[{_ANSI[tone]}m{text}\x1b[0m" if self.color and text and tone in _ANSI else text

    def _shown(self, text: str) -> str:
        text = visible(text)
        return text if text.isascii() or self._utf else self._encodable(text.translate(_ASCII))

    @property
    def _utf(self) -> bool:
        return self.encoding.startswith("utf")

    def _encodable(self, text: str) -> str:
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def _diff(self, node: Diff, indent: int) -> None:
        """Each line in full behind its sign; a backslash at the end says that the next row goes on with it."""
        room = self.width - indent - len("+ ") - len(" \\")
        for sign, line in node.rows:
            pieces = list(cut(self._shown(line), room, room - 2))
            for number, piece in enumerate(pieces, 1):
                more = _GOES_ON if number < len(pieces) else ""
                row = f"{sign} {'  ' if number > 1 else ''}{piece}{more}".rstrip(" ")
                self.lines.append((" " * indent + self._paint(_SIGNS.get(sign, Tone.PLAIN), row)).rstrip(" "))

    def _quote(self, node: Quote, indent: int) -> None:
        margin = f"{' ' * indent}{self._paint(Tone.DIM, '|')}"
        for line in node.text.split("\n"):
            room = self.width - indent - len("| ")
            for piece in cut(self._shown(line), room, room):
                self.lines.append(f"{margin} {piece}".rstrip(" "))

    def _copy(self, node: Copy, indent: int) -> None:
        text = copyable(node.text)
        text = text if self._utf else self._encodable(text)
        self._wrapped((Run(f"{node.title}:"),), indent, indent + 2)
        if text != node.text:
            self._wrapped((Run("note:", Tone.WARN), Run(f" {ESCAPED}")), indent, indent + 2)
        rule = _rule(text)
        self.lines += [rule, *text.split("\n"), rule]

    def _command(self, node: Command, indent: int) -> None:
        if node.apart:
            self._gap()
        self._wrapped((Run(f"{node.label}:"),), indent, indent + 2)
        self.lines.append(" " * (indent + 2) + self._paint(Tone.STRONG, self._shown(node.command)))


ESCAPED = "it holds characters that can't be seen, shown as escapes; copy it from `--format json` instead"
"""Said where a text to copy isn't shown as it is."""


def _unbroken(run: Run, shown: str, room: int) -> str:
    """A run as it is shown; what is to be read letter by letter isn't broken if a row can hold it."""
    if run.code:
        return _held(shown, room)
    return _CODE.sub(lambda match: _held(match[0], room), shown) if "`" in shown else shown


def _held(text: str, room: int) -> str:
    """A text that isn't broken at its spaces, where a row can hold it."""
    return text.replace(" ", _HELD) if " " in text and cell_width(text) <= room else text


def copyable(text: str) -> str:
    """A text to copy with its newlines and tabs; any other control character is shown as an escape."""
    return "".join(part if part in "\n\t" else visible(part) for part in re.split(r"([\n\t])", text))


def _rule(text: str) -> str:
    """A rule of dashes that no line of the text looks like."""
    lines, length = set(text.split("\n")), _RULE
    while "-" * length in lines:
        length += 1
    return "-" * length

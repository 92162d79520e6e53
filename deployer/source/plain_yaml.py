"""Plain YAML, as in nearly all files, read line by line: that takes a third of the time of a parser's events.

A file is read here if its documents consist of keys, lists, texts on one line and texts behind ``|`` or ``>``, which
every YAML parser reads alike. Anything else, mistakes too, is left to the parser: nothing is reported here. Tests hold
what is read here against the parser.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.source.scalars import NULLS, NotJsonNumberError, interned

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.source.values import JSON

    _Container: TypeAlias = dict[str, JSON] | list[JSON]

_LONGEST = 50_000
"""Characters of a text that is read here: it can't hold more values than a document may."""

_DEEPEST = 20
"""Levels of lines, and as many brackets in a line: together fewer levels than a document may have."""

_MOST = 100
"""Documents of a text that is read here."""

_BEGIN = "---\n"
_MARKER = re.compile(f"^{_BEGIN}", re.MULTILINE)
_ODD = re.compile("[^\n\x20-\x7e]")
_ODD_BEYOND = (
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u209f\ud800-\uffff\U0001fffe-\U0010ffff]"
)
"""What YAML allows in some places only, or parsers treat differently: tabs, other line ends, invisible characters."""

_LINE = re.compile(
    r"(?P<indent> *)"
    r"(?P<dash>- +)?"
    r"(?:(?P<key>[A-Za-z_][\w.-]{0,60}(?: [\w.-]{1,60}){0,5}):(?=[ \n]) *)?"
    r"(?:(?P<plain>(?:[^\s?:,\[\]{}#&*!|>'\"%@`-]|-(?=[0-9.]))[^\n:#]*(?:(?::(?=\S)|(?<!\s)#)[^\n:#]*)*)"
    r"|(?P<quoted>\"[^\"\\\n]*\"|'[^'\n]*')"
    r"|(?P<marked>[\[{\"'][^\n]*)"
    r"|(?P<block>[|>]-?)"
    r")?"
    r" *(?:(?<![^ \n])#[^\n]*)?\n",
    re.ASCII,
)
_SPACES = re.compile(" *")
_LESS = re.compile(" +\\n")
_UNFOLDED = re.compile(r"\n[ \n]| \n")
"""What doesn't become one blank behind ``>``: an empty line, one that is indented further, and blanks at an end."""

_ANCHOR = re.compile(r"(?<![^\s\[\]{},:\"'])[&*]")
"""An anchor or an alias: it may be on another line than its value."""


def goes_beyond(value: str) -> bool:
    """Whether a value in brackets may be more than what is on its line, or is deeper than is read here."""
    return value.count("[") + value.count("{") > _DEEPEST or _ANCHOR.search(value) is not None


@cache
def _beyond() -> re.Pattern[str]:
    """``_ODD`` for a text beyond ASCII: few texts are, and compiling it takes as long as reading many."""
    return re.compile(_ODD_BEYOND)


class UnusualError(InnerError):
    """A text that this module leaves to the parser."""


class Plain(NamedTuple):
    """What a document holds, nothing if it is empty, and its first and last character in the text."""

    value: dict[str, JSON]
    span: tuple[int, int]


def plain_yaml(text: str, marked: Callable[[str], JSON]) -> list[Plain] | None:
    """Give the documents of a text, empty ones too; None where a parser has to read it.

    ``marked`` reads a value in brackets or quotes that is on one line; it raises ``UnusualError`` for anything else, as
    for what ``goes_beyond``.
    """
    if len(text) > _LONGEST or not text.endswith("\n") or (_ODD if text.isascii() else _beyond()).search(text):
        return None
    begins = [0, *(marker.start() for marker in _MARKER.finditer(text))]
    if len(begins) > _MOST:
        return None
    try:
        each = [
            _document(text, begin, end, marked) for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)
        ]
    except (UnusualError, NotJsonNumberError):
        return None
    return each if each[0].value else each[1:]  # only a marker begins a document in which nothing is


def _document(text: str, begin: int, end: int, marked: Callable[[str], JSON]) -> Plain:
    """Read a document that a marker begins, or the first line of the text that isn't a comment."""
    lines = _Lines(text, marked)
    at_marker = text.startswith(_BEGIN, begin)
    first = lines.read(begin + len(_BEGIN) if at_marker else begin, end)
    return Plain(lines.root, (begin if at_marker else first, end))


@dataclass(slots=True)
class _Lines:
    """Reads a text line by line. ``levels``: the open lists and mappings from the outermost, each with its indent.

    ``waiting`` is a key of the innermost mapping whose value may be on the next lines.
    """

    text: str
    marked: Callable[[str], JSON]
    root: dict[str, JSON] = field(default_factory=dict)
    levels: list[tuple[int, _Container]] = field(default_factory=list)
    waiting: str | None = None

    def read(self, place: int, end: int) -> int:
        """Read the lines from a place up to another; give where the first one is that isn't a comment."""
        self.levels.append((0, self.root))
        begin, text = -1, self.text
        while place < end:
            line = _LINE.match(text, place)
            if line is None:
                raise UnusualError
            if line.lastgroup == "indent":  # nothing, or a comment
                place = line.end()
                continue
            if begin < 0:
                begin = place
            place = self._take(line)
        return begin

    def _take(self, line: re.Match[str]) -> int:
        """Take in what a line holds; give where the next one begins."""
        indent, dash, key, plain, quoted, marked, block = line.groups()
        if dash is None and key is None:
            raise UnusualError
        column, container = self.levels[-1]
        if dash is not None or self.waiting is not None or column != len(indent) or type(container) is list:
            container = self._reach(len(indent), dash, key)
        place = line.end()
        value: JSON = None
        if plain is not None:
            value = interned(plain.rstrip(" "))
        elif quoted is not None:
            value = quoted[1:-1]
        elif marked is not None:
            value = self.marked(marked)
        elif block is not None:
            value, place = self._block(block, place)
        elif key is None:
            raise UnusualError
        else:
            self.waiting = key
        if key is None:
            container.append(value)  # type: ignore[union-attr]  # a line without a key is an item
        elif key in container or key in NULLS:
            raise UnusualError
        else:
            container[intern(key)] = value  # type: ignore[call-overload]  # the same few keys are in every document
        return place

    def _reach(self, indent: int, dash: str | None, key: str | None) -> _Container:
        """Open and end levels until the innermost one is that of a line's key, or of its item; give what it holds."""
        levels = self.levels
        if self.waiting is not None:
            column, mapping = levels[-1]
            if indent > column or (dash and indent == column):
                below: _Container = [] if dash else {}
                mapping[self.waiting] = below  # type: ignore[call-overload]  # only a mapping's key waits
                levels.append((indent, below))
            self.waiting = None
        while levels[-1][0] > indent:
            levels.pop()
        if not dash and type(levels[-1][1]) is list:  # a list may be indented as far as the key that it belongs to
            levels.pop()
        column, container = levels[-1]
        if column != indent or (type(container) is list) != bool(dash) or len(levels) > _DEEPEST:
            raise UnusualError
        if dash and key is not None:
            item: dict[str, JSON] = {}
            container.append(item)  # type: ignore[union-attr]  # checked above
            levels.append((indent + len(dash), item))
            return item
        return container

    def _block(self, mark: str, start: int) -> tuple[str, int]:
        """Give the text below a line, and where it ends."""
        text = self.text
        first = _SPACES.match(text, start).end()  # type: ignore[union-attr]  # no space is a match, too
        indent = " " * (first - start)
        if len(indent) <= self.levels[-1][0] or text[first : first + 1] in {"", "\n"}:
            raise UnusualError
        end = start
        while text.startswith((indent, "\n"), end):
            end = text.index("\n", end) + 1
        if _LESS.match(text, end):  # it is blank, and what follows may belong to the text
            raise UnusualError
        words = text[first:end].replace("\n" + indent, "\n").rstrip("\n")
        if mark[0] == ">":
            if _UNFOLDED.search(words):
                raise UnusualError
            words = words.replace("\n", " ")
        return words if mark[1:] else words + "\n", end

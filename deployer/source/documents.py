"""A file's text and the documents in it, which know where each of their values is."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.source.hint import Correction, Hint
from deployer.source.problems import Position, Problem, Severity

if TYPE_CHECKING:
    from deployer.source.positions import Node
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON, Pointer


_WORD_LINE = r"(?a)(?:---|(?P<key>[A-Za-z_]\w*): +(?P<word>[A-Za-z_]\w*)|#[^\n\r\x85\u2028\u2029]*|)[ ]*\n"
"""A line with a key and one word, a comment, the beginning of a document or nothing.

It is compiled where it is used, as the others are: only a problem needs a place.
"""

_GOES_ON = re.compile(r"\s")
"""What begins a line that may belong to the text of the line above."""

NUMBER = "the number "
"""What is in front of a number in a message about a value that isn't one of the right type."""

_NUMBER_READ = rf"(?P<words>found {NUMBER})`[^`]*`"

_PROPERTIES = r"\A(?:[&!]\S*\s+)+"
"""An anchor and a tag, which are in front of a value."""

QUOTE_IT = "quote it"
"""The hint for a value that was read as a number or the like, where a text belongs."""


def quoted(text: str) -> str:
    """Write a text in double quotes, as YAML reads it back."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document that holds a mapping.

    ``index`` counts the documents of the file from 0, empty ones too; ``span`` is the part of the file's text that the
    document takes (first and last character), which is parsed again for positions when a problem needs the first one.
    ``facts`` are what was found of a declaration alone, by name: JSON, which ``known_yaml`` keeps with the file's YAML.
    """

    file: SourceFile
    index: int
    value: dict[str, JSON]
    span: tuple[int, int] = field(default=(0, 0), repr=False)
    facts: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    _nodes: list[Node] = field(default_factory=list, init=False, compare=False, repr=False)

    def _root(self) -> Node:
        if not self._nodes:
            from deployer.source.positions import nodes  # noqa: PLC0415 - parses again, only when a position is asked for

            self._nodes.append(nodes(self.file, self.span))
        return self._nodes[0]

    def node(self, pointer: Pointer) -> Node:
        """Give the node at ``pointer``, or its nearest ancestor that exists."""
        return self._root().descend(pointer)

    def locate(self, pointer: Pointer, *, key: bool = False) -> Position:
        """Find where the value at ``pointer`` begins, or its key; where it is missing, its nearest ancestor."""
        at_once = None if key else self._among_the_first(pointer)
        if at_once is not None:
            return Position(self.file.path, *self.file.place(at_once.start("word")))
        if not (pointer or key or self._nodes):
            from deployer.source.positions import begin  # noqa: PLC0415 - it imports PyYAML

            return Position(self.file.path, *begin(self.file, self.span))
        line, column = self._root().descend(pointer).place(key=key)
        return Position(self.file.path, line, column)

    def _among_the_first(self, pointer: Pointer) -> re.Match[str] | None:
        """Find the line of a key that only keys with a word are above, as an id, which a list of everything asks for.

        Such lines read the same to every YAML parser, so that nothing is parsed; ``None`` where anything else comes,
        or the document was parsed already.
        """
        if self._nodes or len(pointer) != 1:
            return None
        start, end = self.span
        read = re.compile(_WORD_LINE).match
        line = read(self.file.text, start, end)
        while line and line["key"] != pointer[0]:
            line = read(self.file.text, line.end(), end)
        return line

    def locate_text(self, pointer: Pointer, offset: int) -> Position:
        """Find where character ``offset`` of the text at ``pointer`` is, in a scalar of any style.

        An offset that isn't known, such as one in a text behind an alias, is at the value's start.
        """
        node = self._root().descend(pointer)
        line, column = node.text_place(self.file.text, offset) if node.exact(pointer) else node.place(key=False)
        return Position(self.file.path, line, column)

    def written(self, pointer: Pointer) -> str:
        """Give the unquoted scalar at ``pointer`` as it is written, without its anchor; empty for anything else."""
        node = self._root().descend(pointer)
        plain = node.style == "" and node.exact(pointer)
        return re.sub(_PROPERTIES, "", self.file.text[node.start : node.end]) if plain else ""

    def length(self, pointer: Pointer, *, key: bool = False) -> int:
        """Count the characters that the scalar (or the key) at ``pointer`` takes on its first line, at least 1."""
        at_once = None if key else self._among_the_first(pointer)
        if at_once and not _GOES_ON.match(self.file.text, at_once.end(), self.span[1]):
            return len(at_once["word"])
        return self._root().descend(pointer).length(key=key)


def problem_at(
    document: Document,
    pointer: Pointer,
    rule: str,
    message: str,
    *,
    hint: str = "",
    severity: Severity = Severity.ERROR,
    key: bool = False,
    address: str = "",
    offset: int | None = None,
    length: int | None = None,
) -> Problem:
    """Make a problem about the value at ``pointer``; with ``key`` its key, with ``offset`` a character of its text.

    The hint ``QUOTE_IT`` is completed with the value as it is written: what was read of it may be another text. So is a
    message that names the number that was read.
    """
    written = document.written(pointer) if hint == QUOTE_IT else ""
    if written:
        message = re.sub(_NUMBER_READ, lambda match: f"{match['words']}`{written}`", message)
        hint = Hint(f"{QUOTE_IT}: `{quoted(written)}`", Correction(written, quoted(written)))
    if offset is None:
        position = document.locate(pointer, key=key)
        width = document.length(pointer, key=key) if length is None else length
    else:
        position = document.locate_text(pointer, offset)
        width = 1 if length is None else length
    excerpt = document.file.line(position.line)
    return Problem(rule, message, position, severity, hint, excerpt, max(1, width), address)

"""Writing one text of a YAML file again, with every other byte of the file as it was.

Several ways to write the text are tried, from the one that changes least to double quotes, which can hold anything. One
is taken when the file, read again by our own loader, holds the new text at its place and nothing else has changed: so
no way has to be right about everything that YAML does to a text.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from deployer.errors import DeployerError
from deployer.source.positions import nodes
from deployer.source.scalar_text import units
from deployer.source.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.documents import Document
    from deployer.source.positions import Node
    from deployer.source.values import JSON, Pointer

_BLOCK = ("|", ">")
_LEAST_WIDTH = 40
_INDENTS = range(2, 10)


class RewriteError(DeployerError):
    """A text that can't be written where it is; ``line`` and ``column`` (from 1) are its place in the file."""

    def __init__(self, message: str, hint: str, line: int, column: int) -> None:
        super().__init__(message, hint)
        self.line = line
        self.column = column


def rewrite(document: Document, pointer: Pointer, text: str) -> str:
    """Return the text of the document's file with the text at ``pointer`` replaced.

    A block scalar stays one, with its header and indentation. Raises ``RewriteError`` where the value isn't a text of
    its own: behind an alias, or anchored so that it is elsewhere as well.
    """
    node = _own_scalar(document, pointer)
    if node.text == text:
        return document.file.text
    for start, end, written in _ways(document.file.text, node, text):
        whole = document.file.text[:start] + written + document.file.text[end:]
        if _reads_back(document, whole, pointer, text):
            return whole
    raise RewriteError("the text can't be written in YAML", "take out its control characters", node.line, node.column)


def _own_scalar(document: Document, pointer: Pointer) -> Node:
    root = nodes(document.file, document.span)
    path = [root.descend(pointer[:length]) for length in range(len(pointer) + 1)]
    node = path[-1]
    if any(node.alias for node in path) or not node.exact(pointer):
        raise RewriteError("the text comes from an alias (*)", "write it out here first", node.line, node.column)
    anchor = next((node for node in path if document.file.text[node.start : node.start + 1] in {"&", "!"}), None)
    if anchor is not None:
        message = "the text belongs to a value with an anchor (&) or a tag (!)"
        raise RewriteError(message, "change it by hand: other places may use it too", anchor.line, anchor.column)
    if node.style is None:
        raise RewriteError("there is a list or a mapping instead of a text", "write a text", node.line, node.column)
    return node


def _reads_back(document: Document, whole: str, pointer: Pointer, text: str) -> bool:
    """Whether the file says what it said, but for the one text."""
    from deployer.source.yaml_files import compose  # noqa: PLC0415 - parses YAML, as little else here does

    before, problems = compose(document.file)
    after, new_problems = compose(SourceFile(document.file.path, whole))
    expected = [_with(each.value, pointer, text) if each.index == document.index else each.value for each in before]
    return [each.value for each in after] == expected and len(problems) == len(new_problems)


def _with(value: JSON, pointer: Pointer, text: str) -> JSON:
    """The value with a text at ``pointer``; only mappings lead to the texts of a resource."""
    if not pointer:
        return text
    assert isinstance(value, Mapping)
    return {**value, pointer[0]: _with(value[str(pointer[0])], pointer[1:], text)}


def _ways(source: str, node: Node, text: str) -> Iterator[tuple[int, int, str]]:
    """Ranges of the file and what to write there, best first."""
    raw = source[node.start : node.end]
    newline = "\r\n" if "\r\n" in source else "\n"
    if node.style == "|":
        yield from _lines(node, raw, text, newline)
    elif node.style not in _BLOCK:
        yield from _characters(node, raw, text)
    end = node.end if node.style not in _BLOCK else node.start + len(raw.rstrip())
    for style in _styles(node, text):
        yield node.start, end, _emitted(text, style, node, raw, newline)


def _styles(node: Node, text: str) -> Iterator[str]:
    """Styles to write a text in from its beginning: its own, for lines a block, in the end what can hold anything."""
    if node.style in _BLOCK:
        yield from (">", "|") if node.style == ">" else ("|",)
    elif "\n" in text.rstrip("\n"):
        yield "|"
    else:
        yield node.style or ""
    yield '"'


def _lines(node: Node, raw: str, text: str, newline: str) -> Iterator[tuple[int, int, str]]:
    """Replace those lines of a literal block that differ."""
    header, *rows = raw.split(newline)
    old, new = node.text.rstrip("\n").split("\n"), text.rstrip("\n").split("\n")
    indent = next((row[: len(row) - len(line)] for row, line in zip(rows, old, strict=False) if line), "")
    begin = _alike(old, new)
    finish = _alike(old[begin:][::-1], new[begin:][::-1])
    middle = [indent + line if line else "" for line in new[begin : len(new) - finish]]
    kept = len(old) - finish
    yield node.start, node.end, newline.join([header, *rows[:begin], *middle, *rows[kept:]])


def _characters(node: Node, raw: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Replace those characters of a text on one line that differ."""
    characters = list(units(raw, node.style or ""))
    if "".join(character for character, _, _ in characters) != node.text:
        return  # it goes over several lines
    begin = _alike(node.text, text)
    finish = _alike(node.text[begin:][::-1], text[begin:][::-1])
    until = len(node.text) - finish
    after = characters[-1][2] if characters else len(raw) - bool(node.style)
    start = characters[begin][1] if begin < len(characters) else after
    end = characters[until][1] if until < len(characters) else after
    yield node.start + start, node.start + end, _escaped(text[begin : len(text) - finish], node.style or "")


def _alike(text: list[str] | str, other: list[str] | str) -> int:
    """How many items two sequences begin with alike."""
    pairs = zip(text, other, strict=False)
    return next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(text), len(other)))


def _escaped(text: str, style: str) -> str:
    if style == "'":
        return text.replace("'", "''")
    if style == '"':
        return _serialized(text, '"', 2, sys.maxsize)[1:-1]
    return text


def _emitted(text: str, style: str, node: Node, raw: str, newline: str) -> str:
    """The text as PyYAML writes it, indented as far as its key wants; a comment behind a block's sign is kept."""
    header, *rows = raw.splitlines() if node.style in _BLOCK else [""]
    width = max([_LEAST_WIDTH, *(len(row) for row in rows)]) if style == ">" else sys.maxsize
    column = node.key.column - 1 if node.key else 0
    first, *more = _serialized(text, style, _indent(rows, column), width).split("\n")
    sign, mark, comment = header.partition("#")
    first += f" {mark}{comment}" if mark and more and sign.strip() else ""
    return newline.join([first, *(" " * column + line if line else "" for line in more)])


def _indent(rows: list[str], column: int) -> int:
    """Columns that a block is indented from its key, as far as PyYAML can write it."""
    row = next((row for row in rows if row.strip()), "")
    indent = len(row) - len(row.lstrip(" ")) - column
    return indent if indent in _INDENTS else _INDENTS[0]


def _serialized(text: str, style: str, indent: int, width: int) -> str:
    """A text as a value of a mapping, without its key and the line end after it."""
    import yaml  # noqa: PLC0415 - PyYAML's emitter is needed for writing only

    tag = "tag:yaml.org,2002:"
    key = yaml.ScalarNode(tag + "str", "k")
    value = yaml.ScalarNode(tag + "str", text, style=style or None)
    written = yaml.serialize(
        yaml.MappingNode(tag + "map", [(key, value)]), allow_unicode=True, indent=indent, width=width
    )
    return str(written).removeprefix("k:").removeprefix(" ").removesuffix("\n")

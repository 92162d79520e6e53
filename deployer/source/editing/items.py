"""Items of a list of a file replaced, added and taken out: the others stay byte for byte, and comments stay as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.source.editing.mappings import node_of
from deployer.source.editing.values import flow
from deployer.source.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source.documents import Document
    from deployer.source.values import Pointer


class ItemsError(DeployerError):
    """A list that can't be rewritten by a program; the hint says what to do."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it should be: the number of the one that it was (``None``: it is new), and its ``value``.

    ``changed``: the value isn't what it was.
    """

    number: int | None
    value: Any
    changed: bool = True


def replace_items(document: Document, pointer: Pointer, items: Sequence[NewItem]) -> str:
    """Return the text of the document's file with other items in the list at ``pointer``.

    An item that stays is not touched; one that changes is written on a line, with the comments that it had above it.
    Raises ``ItemsError`` where the list isn't one item a line, or is anchored.
    """
    start, end = document.span
    text = document.file.text[start:end]
    node = _list(node_of(text), pointer)
    where = ".".join(map(str, pointer))
    if node is None or node.flow_style or not node.value:
        raise ItemsError(
            f"`{where}` isn't written as a list of lines", "write each item on a line that begins with `-`"
        )
    whole = document.file.text[:start] + _written(text, node, items) + document.file.text[end:]
    if not _reads_back(document, whole, pointer, [item.value for item in items]):
        raise ItemsError(f"`{where}` can't be written", "an alias or an anchor may be in the way: change it by hand")
    return whole


def _list(node: yaml.Node, pointer: Pointer) -> yaml.SequenceNode | None:
    for part in pointer:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == part), yaml.ScalarNode("", ""))
    return node if isinstance(node, yaml.SequenceNode) else None


def _written(text: str, node: yaml.SequenceNode, items: Sequence[NewItem]) -> str:
    """The document's text with the items; each old one begins at its comments, and ends where its last line does."""
    dashes = [text.rindex("-", 0, int(value.start_mark.index)) for value in node.value]
    starts = [_with_comments(text, _line_start(text, dash)) for dash in dashes]
    last = _line_end(text, _content_end(text, node.value[-1]))
    ends = [*starts[1:], last]
    indent = " " * (dashes[0] - _line_start(text, dashes[0]))
    newline = "\r\n" if "\r\n" in text else "\n"
    kept = {item.number for item in items}
    lines: list[str] = []
    done = 0
    for item in items:
        until = len(starts) if item.number is None else item.number + 1
        for gone in range(done, until if item.number is not None else done):
            if gone not in kept:
                lines += _comments(text[starts[gone] : ends[gone]], indent, newline)
        if item.number is not None and not item.changed:
            lines.append(_ended(text[starts[item.number] : ends[item.number]], newline))
        else:
            old = text[starts[item.number] : ends[item.number]] if item.number is not None else ""
            lines += [*_comments(old, indent, newline), f"{indent}- {flow(item.value)}{newline}"]
        done = until if item.number is not None else done
    for gone in range(done, len(starts)):
        if gone not in kept:
            lines += _comments(text[starts[gone] : ends[gone]], indent, newline)
    return text[: starts[0]] + "".join(lines) + text[last:]


def _ended(text: str, newline: str) -> str:
    return text if text.endswith("\n") else text + newline


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _with_comments(text: str, start: int) -> int:
    """Where the lines of comments right above a line begin."""
    while start:
        above = _line_start(text, start - 1)
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _content_end(text: str, node: yaml.Node) -> int:
    """The last character of a node: a block's end mark is where the next token begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _content_end(text, last[1] if isinstance(last, tuple) else last)
    return max(int(node.start_mark.index), len(text[: int(node.end_mark.index)].rstrip()) - 1)


def _comments(text: str, indent: str, newline: str) -> list[str]:
    """Every comment of a piece of YAML, each on a line: what is between its tokens."""
    comments, end = [], 0
    for token in yaml.scan(text):
        gap = text[end : int(token.start_mark.index)]
        comments += [f"{indent}{line.strip()}{newline}" for line in gap.split("\n") if line.strip().startswith("#")]
        end = int(token.end_mark.index)
    return comments


def _reads_back(document: Document, whole: str, pointer: Pointer, values: list[Any]) -> bool:
    """Whether the file says what it said, but for the one list."""
    from deployer.source.yaml_files import compose  # noqa: PLC0415 - parses YAML, as little else here does

    before, problems = compose(document.file)
    after, new_problems = compose(SourceFile(document.file.path, whole))
    expected = [_with(each.value, pointer, values) if each.index == document.index else each.value for each in before]
    return [each.value for each in after] == expected and len(problems) == len(new_problems)


def _with(value: Any, pointer: Pointer, items: list[Any]) -> Any:
    return {**value, pointer[0]: _with(value[pointer[0]], pointer[1:], items)} if pointer else items

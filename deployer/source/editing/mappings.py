"""Entries put into mappings of a file without touching any other byte of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from deployer.errors import InnerError
from deployer.source.disguise import disguise
from deployer.source.editing.values import flow

if TYPE_CHECKING:
    from collections.abc import Sequence


class CantAddError(InnerError):
    """A declaration that can't be added to by a program; the message says why."""


def node_of(text: str) -> yaml.Node:
    """Parse a document that is known to be sound, for the places of its values; lines end where YAML 1.2 ends them."""
    hidden = disguise(text)
    root = yaml.compose(text if hidden is None else hidden.text, Loader=yaml.SafeLoader)
    assert root is not None
    return root


class Additions:
    """A file's text, and what is put in where."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, str]] = []

    def add(self, root: yaml.MappingNode, path: tuple[str, ...], entries: Sequence[tuple[str, Any, str]]) -> None:
        """Add entries (key, value, remark) to the mapping at ``path``."""
        if not entries:
            return
        node, missing = _descend(root, path)
        if not isinstance(node, yaml.MappingNode):
            raise CantAddError(f"`{'.'.join(path)}` isn't written as a separate mapping")
        if missing and node.flow_style:
            raise CantAddError(f"the declaration is written in braces and has no `{missing[0]}`")
        if node.flow_style:
            self._in_braces(node, entries)
            return
        indent = " " * int(node.value[0][0].start_mark.column)
        lines = [f"{indent}{'  ' * depth}{name}:" for depth, name in enumerate(missing)]
        deeper = indent + "  " * len(missing)
        remarked = [(f"{deeper}{flow(key)}: {flow(value)}", remark) for key, value, remark in entries]
        self._lines(end_of(node), [*lines, *(f"{line}  # {remark}" if remark else line for line, remark in remarked)])

    def _in_braces(self, node: yaml.MappingNode, entries: Sequence[tuple[str, Any, str]]) -> None:
        at = self._start + int(node.end_mark.index) - 1
        before = self._text[:at].rstrip()
        comma = "" if before.endswith((",", "{")) else ","
        inside = ", ".join(f"{flow(key)}: {flow(value)}" for key, value, _ in entries)
        self._edits.append((len(before), f"{comma} {inside}"))

    def _lines(self, end: int, lines: Sequence[str]) -> None:
        at = self._start + end
        if not self._text[:at].endswith("\n"):
            line_end = self._text.find("\n", at)
            at = len(self._text) if line_end < 0 else line_end + 1
        first = "" if at == 0 or self._text[:at].endswith("\n") else self._newline
        self._edits.append((at, first + "".join(f"{line}{self._newline}" for line in lines)))

    def made(self) -> str:
        """The text with everything put in."""
        text = self._text
        for at, put in sorted(self._edits, key=lambda edit: edit[0], reverse=True):
            text = text[:at] + put + text[at:]
        return text


def _descend(node: yaml.Node, path: tuple[str, ...]) -> tuple[yaml.Node, tuple[str, ...]]:
    """The node at a path, or the last one above it with the steps that are missing."""
    for depth, name in enumerate(path):
        assert isinstance(node, yaml.MappingNode)
        child = next((value for key, value in node.value if key.value == name), None)
        empty = isinstance(child, yaml.ScalarNode) and not child.value
        if child is None or empty:
            return node, path[depth:]
        node = child
        if depth + 1 < len(path) and not isinstance(node, yaml.MappingNode):
            break
    return node, ()


def end_of(node: yaml.Node) -> int:
    """Where the last value in a node ends, within the document's text."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)

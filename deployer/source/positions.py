"""Say where the values of one document are: its events walked a second time, when a problem needs a place."""

from __future__ import annotations

from contextlib import closing
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

import yaml

from deployer.dataclass import dataclass
from deployer.source.events import events
from deployer.source.scalar_text import text_place

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from deployer.source.events import Event
    from deployer.source.source_file import SourceFile
    from deployer.source.values import Pointer

Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(slots=True)
class Node:
    """A value's place. ``start`` and ``end`` are characters of the file; children are by key or index.

    ``style`` is PyYAML's (``""`` plain, ``'``, ``"``, ``|``, ``>``) and None for a collection or an alias; ``alias`` is
    the node that an alias stands for, whose children are found through it.
    """

    line: int
    column: int
    start: int
    end: int
    pointer: Pointer
    style: str | None = None
    text: str = ""
    width: int = 1
    key: Node | None = None
    alias: Node | None = None
    children: dict[str | int, Node] = field(default_factory=dict)

    def descend(self, pointer: Pointer) -> Node:
        """Find the node at ``pointer``, or the nearest ancestor that exists."""
        node = self
        for part in pointer:
            child = (node.alias or node).children.get(part)
            if child is None:
                break
            node = child
        return node

    def exact(self, pointer: Pointer) -> bool:
        """Tell whether this is the node of ``pointer`` and not an ancestor (nor reached through an alias)."""
        return self.pointer == pointer and self.alias is None

    def place(self, *, key: bool) -> Place:
        """Say where the value begins, or its key if it has one."""
        shown = self.key if key and self.key else self
        return shown.line, shown.column

    def length(self, *, key: bool) -> int:
        """Count characters on the first line of the scalar or key; 1 for a block scalar or a collection."""
        return (self.key if key and self.key else self).width

    def text_place(self, source: str, offset: int) -> Place:
        """Say where character ``offset`` of this scalar's text is."""
        if self.style is None:
            return self.line, self.column
        raw = source[self.start : self.end]
        return text_place(raw, self.style, self.text, offset, (self.line, self.column))


class _Walker:
    """Builds nodes from the events of one document that is known to compose."""

    def __init__(self, stream: Iterator[Event], line: int, start: int) -> None:
        self.stream = stream
        self.first_line = line
        self.first_character = start
        self.anchors: dict[str, Node] = {}

    def node(self, event: Event, pointer: Pointer) -> Node:
        node = self.at(event, pointer)
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            target = self.anchors.get(str(anchor))
            node.alias = (target.alias or target) if target else None
            return node
        if anchor:
            self.anchors[anchor] = node
        if isinstance(event, yaml.MappingStartEvent):
            self._mapping(node)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(node)
        return node

    def at(self, event: Event, pointer: Pointer) -> Node:
        """The node of an event, without what is in it."""
        mark, end = event.start_mark, event.end_mark
        node = Node(
            line=self.first_line + mark.line,
            column=mark.column + 1,
            start=self.first_character + mark.index,
            end=self.first_character + end.index,
            pointer=pointer,
        )
        if isinstance(event, yaml.ScalarEvent):
            node.style, node.text = event.style or "", event.value
        if mark.line == end.line and not isinstance(event, yaml.CollectionStartEvent):
            node.width = max(1, end.column - mark.column)
        return node

    def _mapping(self, node: Node) -> None:
        while not isinstance(event := next(self.stream), yaml.MappingEndEvent):
            key = self.node(event, node.pointer)
            child = self.node(next(self.stream), (*node.pointer, key.text))
            child.key = key
            node.children.setdefault(key.text, child)

    def _sequence(self, node: Node) -> None:
        index = 0
        while not isinstance(event := next(self.stream), yaml.SequenceEndEvent):
            node.children[index] = self.node(event, (*node.pointer, index))
            index += 1


def nodes(file: SourceFile, span: tuple[int, int]) -> Node:
    """Find the places of the document that takes ``span`` of a file's text."""
    stream = _content(file, span)
    root = next(stream, None)
    return _walker(file, span, stream).node(root, ()) if root else _nothing(file, span)


def begin(file: SourceFile, span: tuple[int, int]) -> Place:
    """Find the place of the document's value itself, for which nothing in it is read."""
    with closing(_content(file, span)) as stream:
        root = next(stream, None)
        node = _walker(file, span, stream).at(root, ()) if root else _nothing(file, span)
        return node.place(key=False)


def _content(file: SourceFile, span: tuple[int, int]) -> Generator[Event]:
    """The events of the value that a document holds."""
    stream = events(file.text[span[0] : span[1]])
    for event in stream:
        if isinstance(event, yaml.DocumentStartEvent):
            yield from stream


def _walker(file: SourceFile, span: tuple[int, int], stream: Iterator[Event]) -> _Walker:
    line, _ = file.place(span[0])
    return _Walker(stream, line, span[0])


def _nothing(file: SourceFile, span: tuple[int, int]) -> Node:
    line, _ = file.place(span[0])
    return Node(line, 1, *span, ())

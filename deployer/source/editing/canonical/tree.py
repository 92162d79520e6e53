"""A file's YAML as it is written: entries in their order, with the style, the anchor and the place of each value."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

import yaml

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.source.events import dashes, events, is_a

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.events import Event


class CantWriteError(InnerError):
    """YAML that can't be written in the canonical form without losing something; ``line`` (from 1) is where."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a number or the like. ``style`` is empty where it is plain, else `'`, `"`, `|` or `>`.

    ``start`` and ``end`` are its characters in the file, ``raw`` what is written there.
    """

    start: int
    end: int
    value: str
    style: str
    raw: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A value that is written elsewhere, under its anchor's name."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Collection:
    """A mapping or a list; ``flow``: in braces or brackets. ``number`` names it among those of its file."""

    number: int
    start: int
    end: int
    mapping: bool
    flow: bool
    anchor: str
    entries: tuple[Entry, ...]


Node: TypeAlias = Scalar | Alias | Collection


@dataclass(frozen=True, slots=True)
class Entry:
    """A pair of a mapping, or an item of a list, which has no ``key``.

    ``start`` is where its key or its dash is, ``column`` counts from 0. ``number`` names it among those of its file.
    """

    number: int
    start: int
    column: int
    key: Scalar | None
    value: Node


@dataclass(frozen=True, slots=True)
class Page:
    """A document of the file: where it begins, whether `---` is written in front of it, and its value."""

    start: int
    marked: bool
    root: Node


@dataclass(slots=True)
class _Builder:
    """Builds the pages of one text from its events."""

    text: str
    stream: Iterator[Event]
    dashes: Iterator[int]
    _count: int = field(default=0, init=False)

    def pages(self) -> Iterator[Page]:
        for event in self.stream:
            if is_a(event, yaml.DocumentStartEvent):
                if event.version or event.tags:
                    raise CantWriteError("it holds a `%` directive", _line(event))
                start, marked = int(event.start_mark.index), bool(event.explicit)
                yield Page(start, marked, self._node(next(self.stream)))
            elif is_a(event, yaml.DocumentEndEvent) and event.explicit:
                raise CantWriteError("it ends a document with `...`", _line(event))

    def _node(self, event: Event) -> Node:
        start, end = int(event.start_mark.index), int(event.end_mark.index)
        if is_a(event, yaml.AliasEvent):
            return Alias(start, end, str(event.anchor))
        if event.tag and event.tag != "!":
            raise CantWriteError(f"it holds a tag (`{event.tag}`)", _line(event))
        anchor = str(event.anchor or "")
        if is_a(event, yaml.ScalarEvent):
            style = "" if event.style in (None, "") else str(event.style)
            return Scalar(start, end, str(event.value), style, self.text[start:end], anchor)
        number = self._next()
        mapping = is_a(event, yaml.MappingStartEvent)
        entries, end = self._pairs() if mapping else self._items(flow=bool(event.flow_style))
        return Collection(number, start, end, mapping, bool(event.flow_style), anchor, entries)

    def _pairs(self) -> tuple[tuple[Entry, ...], int]:
        entries = []
        while not is_a(event := next(self.stream), yaml.MappingEndEvent):
            number = self._next()
            if not is_a(event, yaml.ScalarEvent) or event.anchor:
                raise CantWriteError("a key of a mapping isn't a plain text", _line(event))
            key = self._node(event)
            assert isinstance(key, Scalar)
            column = int(event.start_mark.column)
            entries.append(Entry(number, key.start, column, key, self._node(next(self.stream))))
        return tuple(entries), int(event.end_mark.index)

    def _items(self, *, flow: bool) -> tuple[tuple[Entry, ...], int]:
        entries = []
        while not is_a(event := next(self.stream), yaml.SequenceEndEvent):
            number = self._next()
            start = int(event.start_mark.index) if flow else next(self.dashes)
            column = start - self.text.rfind("\n", 0, start) - 1
            entries.append(Entry(number, start, column, None, self._node(event)))
        return tuple(entries), int(event.end_mark.index)

    def _next(self) -> int:
        self._count += 1
        return self._count


def pages(text: str) -> tuple[Page, ...]:
    """Give the documents of a text that is known to be sound. Raises ``CantWriteError``."""
    return tuple(_Builder(text, events(text), dashes(text)).pages())


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def collections(node: Node) -> Iterator[Collection]:
    """Give every collection in a value, the outer ones first."""
    if isinstance(node, Collection):
        yield node
        for entry in node.entries:
            yield from collections(entry.value)


def has_alias(node: Node) -> bool:
    """Whether a value is, or holds, an alias."""
    if isinstance(node, Collection):
        return any(has_alias(entry.value) for entry in node.entries)
    return isinstance(node, Alias)

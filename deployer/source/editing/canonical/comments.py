"""The comments and blank lines of a file, each with the entry that it belongs to, so that it moves along with it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.editing.canonical.tree import Collection, Entry, Scalar, collections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.source.editing.canonical.tree import Node, Page

_COMMENT = re.compile(r"#[^\n\r]*")


@dataclass(slots=True)
class Comments:
    """The comments of one document; an empty text is a blank line.

    ``before``: those in front of its `---`, ``behind_mark`` the one behind that, ``head`` those above its first entry.
    By the number of an entry: ``above`` it and ``behind`` it; by that of a collection: ``below`` its last entry.
    """

    before: list[str] = field(default_factory=list)
    behind_mark: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    above: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    behind: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    below: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry with the collection that it is in and the entry that holds that one, if any."""

    entry: Entry
    within: Collection
    owner: _Placed | None

    def up(self) -> Iterator[_Placed]:
        """Itself and the entries that it is in, the inner ones first."""
        placed: _Placed | None = self
        while placed is not None:
            yield placed
            placed = placed.owner


@dataclass(frozen=True, slots=True)
class Written:
    """A comment: its text without spaces at the end, and where it begins; ``column`` counts from 0."""

    start: int
    column: int
    text: str
    alone: bool
    blank_above: bool


def written_comments(text: str, pages: Sequence[Page]) -> tuple[Written, ...]:
    """Find the comments of a text, in their order: whatever begins with `#` between its values."""
    spans = sorted(span for page in pages for span in _spans(text, page.root))
    comments, at = [], 0
    for start, end in (*spans, (len(text), len(text))):
        comments += [_written(text, match) for match in _COMMENT.finditer(text, at, start)]
        at = max(at, end)
    return tuple(comments)


def _spans(text: str, node: Node) -> Iterator[tuple[int, int]]:
    """The characters in which no comment can begin: those of texts, anchors and aliases."""
    if isinstance(node, Collection):
        for entry in node.entries:
            if entry.key is not None:
                yield entry.key.start, entry.key.end
            yield from _spans(text, entry.value)
    elif isinstance(node, Scalar) and node.style in ("|", ">"):
        yield _inner(text, node.start, node.end), node.end
    else:
        yield node.start, node.end


def _inner(text: str, start: int, end: int) -> int:
    """Where the lines of a block begin: a comment may be behind its sign."""
    return next((place for place in range(start, end) if text[place] in "\n\r"), end)


def _written(text: str, match: re.Match[str]) -> Written:
    start = match.start()
    line = text.rfind("\n", 0, start) + 1
    alone = not text[line:start].strip()
    return Written(start, start - line, match[0].rstrip(), alone, alone and blank_above(text, start))


def blank_above(text: str, start: int) -> bool:
    """Whether the line above the one of a character is blank."""
    line = text.rfind("\n", 0, start) + 1
    return line > 0 and not text[text.rfind("\n", 0, line - 1) + 1 : line].strip()


def comments_of(text: str, page: Page, written: Sequence[Written]) -> Comments:
    """Give each of a document's comments, and each blank line, to what it belongs to."""
    return _Attaching(text, page, tuple(_placed(page.root, None))).all(written)


def _placed(node: Node, owner: _Placed | None) -> Iterator[_Placed]:
    if isinstance(node, Collection):
        for entry in node.entries:
            here = _Placed(entry, node, owner)
            yield here
            yield from _placed(entry.value, here)


@dataclass(slots=True)
class _Attaching:
    text: str
    page: Page
    placed: tuple[_Placed, ...]
    found: Comments = field(default_factory=Comments)

    def all(self, written: Sequence[Written]) -> Comments:
        for comment in written:
            target = self._target_alone(comment) if comment.alone else self._target_behind(comment)
            if comment.blank_above and (target or target is not self.found.head):
                target.append("")
            target.append(comment.text)
        self._blank_lines()
        return self.found

    def _blank_lines(self) -> None:
        """Note the blank line right above an entry, but for the first of its collection."""
        firsts = {collection.entries[0].number for collection in collections(self.page.root) if collection.entries}
        for placed in self.placed:
            number, start = placed.entry.number, placed.entry.start
            alone = not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip()
            if not alone or placed.within.flow or not blank_above(self.text, start):
                continue
            if number not in firsts or self.found.above[number]:
                self.found.above[number].append("")
            elif placed.owner is None and self.found.head:
                self.found.head.append("")

    def _target_behind(self, comment: Written) -> list[str]:
        last = self._last(comment)
        if last is None:
            return self.found.behind_mark if self.page.marked else self.found.head
        for placed in last.up():
            if (
                not placed.within.flow
                or placed.within.start < comment.start < placed.within.end
                or placed.owner is None
            ):
                return self.found.behind[placed.entry.number]
        raise AssertionError(last)

    def _target_alone(self, comment: Written) -> list[str]:
        if comment.start < self.page.start and self.page.marked:
            return self.found.before
        last, following = self._last(comment), self._following(comment)
        if last is None:
            return self.found.head
        inside = self._braces(comment)
        if inside is not None:
            later = next((entry for entry in inside.entries if entry.start > comment.start), None)
            return self.found.above[later.number] if later else self.found.below[inside.number]
        deeper = self._deeper(comment, last, following)
        if deeper is not None:
            return self.found.below[deeper.number]
        return self.found.above[following.entry.number] if following else self._root_below()

    def _deeper(self, comment: Written, last: _Placed, following: _Placed | None) -> Collection | None:
        """The collection that ends with a comment: the innermost one whose entries begin no further right."""
        if following is not None and any(placed.entry is last.entry for placed in following.up()):
            return None  # between a key and the first entry below it
        around = {id(placed.within) for placed in following.up()} if following else set()
        for ancestor in last.up():
            if id(ancestor.within) in around:
                return None
            if not ancestor.within.flow and ancestor.within.entries[0].column <= comment.column:
                return ancestor.within
        return None

    def _root_below(self) -> list[str]:
        root = self.page.root
        return self.found.below[root.number] if isinstance(root, Collection) else self.found.head

    def _braces(self, comment: Written) -> Collection | None:
        inside = [
            collection
            for collection in collections(self.page.root)
            if collection.flow and collection.start < comment.start < collection.end
        ]
        return inside[-1] if inside else None

    def _last(self, comment: Written) -> _Placed | None:
        return next((placed for placed in reversed(self.placed) if placed.entry.start <= comment.start), None)

    def _following(self, comment: Written) -> _Placed | None:
        return next((placed for placed in self.placed if placed.entry.start > comment.start), None)

"""A document in the canonical form, as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.editing.canonical import styles
from deployer.source.editing.canonical.order import in_order
from deployer.source.editing.canonical.tree import Alias, Collection, Scalar, has_alias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.source.described import Described
    from deployer.source.editing.canonical.comments import Comments
    from deployer.source.editing.canonical.tree import Entry, Node, Page

_STEP = "  "
_MEANT = "deployer:"
"""What a comment holds that is about findings on its line: what it is behind stays on that line."""


@dataclass(frozen=True, slots=True)
class _Writer:
    comments: Comments
    sorts: bool

    def page(self, page: Page, place: Described, *, first: bool) -> list[str]:
        comments = self.comments
        written: list[str] = [*comments.before]
        if not first or comments.before or (page.marked and not isinstance(page.root, Collection)):
            written.append(" ".join(["---", *comments.behind_mark]))
        _add(written, comments.head)
        if isinstance(page.root, Collection) and page.root.entries:
            _add(written, self._block(page.root, 0, place))
        elif page.root.end > page.root.start:
            _add(written, [self._flow(page.root, place) or "", *_below(comments, page.root)])
        return written

    def _block(self, node: Collection, indent: int, place: Described) -> list[str]:
        """The entries of a collection, one below the other, and the comments that end it."""
        written: list[str] = []
        for entry in self._ordered(node, place):
            above = self.comments.above.get(entry.number, [])
            _add(written, _indented(above if written else _without_blank(above), indent))
            _add(written, self._entry(entry, indent, place.child(entry.key.value) if entry.key else place.item()))
        below = self.comments.below.get(node.number, [])
        _add(written, _indented(below, indent))
        return written

    def _ordered(self, node: Collection, place: Described) -> Sequence[Entry]:
        return in_order(node.entries, place) if node.mapping and self.sorts else node.entries

    def _entry(self, entry: Entry, indent: int, place: Described) -> list[str]:
        lead = f"{_STEP * indent}{styles.inline(entry.key) + ':' if entry.key else '-'}"
        *above, behind = self.comments.behind.get(entry.number, []) or [""]
        first, rest = self._value(entry, indent, place, len(lead), meant=self._is_meant(entry))
        if first is None:  # an item whose mapping begins behind its dash
            above += [behind] if behind else []
            lifted, opened = _split(rest)
            marked = [f"{lead} {opened[0].lstrip()}", *opened[1:]]
            return [*_indented(above, indent), *_indented([comment.strip() for comment in lifted], indent), *marked]
        head = " ".join(part for part in (lead, first, behind) if part)
        return [*_indented(above, indent), head, *rest]

    def _value(
        self, entry: Entry, indent: int, place: Described, used: int, *, meant: bool
    ) -> tuple[str | None, list[str]]:
        """What is written behind a key or a dash, and the lines below; None: the first line goes behind the dash."""
        node = entry.value
        anchor = "" if isinstance(node, Alias) or not node.anchor else f"&{node.anchor}"
        if isinstance(node, Scalar):
            block = styles.lines(node, entry.column, styles.WIDTH - used - 1)
            first, body = (block[0], block[1:]) if block else (styles.inline(node), ())
            return " ".join(filter(None, (anchor, first))), _indented(body, indent + 1)
        flow = self._flow(node, place, whole=meant)
        if flow is not None and (meant or self._stays(node, used + 1 + len(flow))):
            return flow, []
        assert isinstance(node, Collection)
        deeper = self._block(node, indent + 1, place)
        return (anchor if anchor or entry.key else None), deeper

    def _stays(self, node: Node, width: int) -> bool:
        """Whether a collection stays in its braces: it was written in them, and fits."""
        return not isinstance(node, Collection) or not node.entries or (node.flow and width <= styles.WIDTH)

    def _flow(self, node: Node, place: Described, *, whole: bool = False) -> str | None:
        """A value on one line; None where it was a block, or holds comments or a text of several lines."""
        if isinstance(node, Alias):
            return f"*{node.name}"
        anchor = f"&{node.anchor} " if node.anchor else ""
        if isinstance(node, Scalar):
            return None if "\n" in node.value and not whole else anchor + styles.inline(node)
        if not node.entries:
            return None if node.number in self.comments.below else anchor + ("{}" if node.mapping else "[]")
        if not node.flow or node.number in self.comments.below:
            return None
        parts = [self._pair(entry, place, whole=whole) for entry in self._ordered(node, place)]
        if None in parts:
            return None
        inside = ", ".join(part or "" for part in parts)
        return anchor + (f"{{ {inside} }}" if node.mapping else f"[{inside}]")

    def _pair(self, entry: Entry, place: Described, *, whole: bool) -> str | None:
        if self.comments.above.get(entry.number) or self.comments.behind.get(entry.number):
            return None
        if entry.key is None:
            return self._flow(entry.value, place.item(), whole=whole)
        value = self._flow(entry.value, place.child(entry.key.value), whole=whole)
        return None if value is None else f"{styles.inline(entry.key)}: {value}".rstrip(" ")

    def _is_meant(self, entry: Entry) -> bool:
        near = (*self.comments.above.get(entry.number, []), *self.comments.behind.get(entry.number, []))
        return any(_MEANT in comment for comment in near)


def _below(comments: Comments, node: Node) -> list[str]:
    return comments.below.get(node.number, []) if isinstance(node, Collection) else []


def _split(rows: list[str]) -> tuple[list[str], list[str]]:
    """The comments that a block begins with, and the rest of it."""
    number = next(number for number, row in enumerate(rows) if row and not row.lstrip().startswith("#"))
    return rows[:number], rows[number:]


def _add(written: list[str], rows: Iterable[str]) -> None:
    """Put lines below others; two blank ones become one."""
    for number, row in enumerate(rows):
        if row or number or not written or written[-1]:
            written.append(row)


def _without_blank(above: list[str]) -> list[str]:
    return above[next((number for number, line in enumerate(above) if line), len(above)) :]


def _indented(rows: Iterable[str], indent: int) -> list[str]:
    return [f"{_STEP * indent}{row}" if row else "" for row in rows]


def page_lines(page: Page, comments: Comments, place: Described, *, first: bool) -> list[str]:
    """Write one document; ``first``: it needs no `---` in front of it.

    One that repeats a value by its name keeps the order of its keys: the name has to come first.
    """
    return _Writer(comments, sorts=not has_alias(page.root)).page(page, place, first=first)

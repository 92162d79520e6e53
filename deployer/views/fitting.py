"""Sections of markdown that fit into the text that a forge takes: cut between two items, with a count of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 65_000
"""Characters that a comment or an issue of ours has at most; GitHub takes 65,536."""

_REST = 260
"""Characters that are kept for a section's line about what was left out, and for folding it."""
_GAP = 2
"""Characters between two items."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with items. ``noun`` is one item's, for the count of those that don't fit; ``where`` shows them all.

    ``shorts`` are the items in short, one each, for those that don't fit in full. ``lead`` is written right above the
    items: a table's head. ``folded``: the items are shown to who opens them, under ``summary``, else their count.
    """

    title: str
    items: tuple[str, ...]
    noun: str
    where: str
    folded: bool = False
    shorts: tuple[str, ...] = ()
    lead: str = ""
    summary: str = ""

    @property
    def cost(self) -> int:
        """The characters that the section takes without its items."""
        return len(self.title) + len(self.lead) + len(self.summary) + _REST


@dataclass(slots=True)
class _Taken:
    """How much of a section fits: its first items in full, those after them in short, and the characters in all."""

    section: Section
    full: int = 0
    shown: int = 0
    used: int = 0

    @property
    def grown(self) -> int:
        """The characters of one item more in full; it may be there in short."""
        short = self.full < self.shown
        return len(self.section.items[self.full]) - len(self.section.shorts[self.full]) if short else self.next_cost

    @property
    def next_cost(self) -> int:
        """The characters of one item more that isn't there at all."""
        return len(self.section.items[self.full]) + _GAP

    def may_grow(self) -> bool:
        """Whether one item more can be shown in full: it is there in short, or the section has no short ones."""
        return self.full < (self.shown if self.section.shorts else len(self.section.items))

    def grow(self) -> None:
        """Show one item more in full."""
        self.used += self.grown
        self.full += 1
        self.shown = max(self.shown, self.full)


def fit(head: str, sections: Sequence[Section], foot: str, limit: int = LIMIT) -> str:
    """Join a text that is at most ``limit`` characters long.

    What can be shown in short is shown in short first, within half of the room. Then every section gets an equal share
    for items in full, then what is left goes to the first sections first. Within a section items are left out, or are
    short, from the end only.
    """
    filled = [section for section in sections if section.items]
    room = limit - len(head) - len(foot) - 4 - sum(section.cost for section in filled)
    blocks = [_block(taken) for taken in _taken(filled, room)]
    return "\n\n".join(part for part in (head, *blocks, foot) if part)


def _taken(sections: Sequence[Section], room: int) -> list[_Taken]:
    """How many items of each section fit."""
    taken = [_Taken(section) for section in sections]
    for part in taken:
        _in_short(part, min(room // 2, room - sum(other.used for other in taken)))
    for share in (room // max(len(sections), 1), room):
        for part in taken:
            while part.may_grow():
                cost = part.grown
                if part.used + cost > share or sum(other.used for other in taken) + cost > room:
                    break
                part.grow()
    return taken


def _in_short(taken: _Taken, room: int) -> None:
    for short in taken.section.shorts:
        if taken.used + len(short) + _GAP > room:
            return
        taken.used += len(short) + _GAP
        taken.shown += 1


def _block(taken: _Taken) -> str:
    section = taken.section
    left = len(section.items) - taken.shown
    rest = f"_{counted(left, f'more {section.noun}')} left out here: {section.where}_" if left else ""
    items = _joined((*section.items[: taken.full], *section.shorts[taken.full : taken.shown]))
    if items and section.lead:
        items = f"{section.lead}\n{items}"
    if section.folded and items:
        summary = section.summary or counted(taken.shown, section.noun)
        items = f"<details><summary>{summary}</summary>\n\n{items}\n\n</details>"
    return "\n\n".join(part for part in (section.title, items, rest) if part)


def _joined(items: Sequence[str]) -> str:
    """Items of a list and rows of a table are close together, anything else apart."""
    close = all(item.startswith("- ") for item in items) or all(item.startswith("| ") for item in items)
    return ("\n" if close else "\n\n").join(items)

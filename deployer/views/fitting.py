"""Sections of markdown that fit into the text that a forge takes: cut between two items, with a count of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.views.outline import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 65_000
"""Characters that a comment or an issue of ours has at most; GitHub takes 65,536."""

_REST = 260
"""Characters that are kept for a section's line about what was left out, and for folding it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with items. ``noun`` is one item's, for the count of those that don't fit; ``where`` shows them all.

    ``folded``: the items are shown when somebody opens them.
    """

    title: str
    items: tuple[str, ...]
    noun: str
    where: str
    folded: bool = False

    @property
    def cost(self) -> int:
        """The characters that the section takes without its items."""
        return len(self.title) + _REST


def fit(head: str, sections: Sequence[Section], foot: str, limit: int = LIMIT) -> str:
    """Join a text that is at most ``limit`` characters long.

    Every section gets an equal share first, then what is left goes to the first sections first. Within a section items
    are left out from the end only.
    """
    filled = [section for section in sections if section.items]
    room = limit - len(head) - len(foot) - 4 - sum(section.cost for section in filled)
    taken = _taken(filled, room)
    blocks = [_block(section, count) for section, count in zip(filled, taken, strict=True)]
    return "\n\n".join(part for part in (head, *blocks, foot) if part)


def _taken(sections: Sequence[Section], room: int) -> list[int]:
    """How many items of each section fit."""
    taken, used = [0] * len(sections), [0] * len(sections)
    for share in (room // max(len(sections), 1), room):
        for number, section in enumerate(sections):
            for item in section.items[taken[number] :]:
                cost = len(item) + 2
                if used[number] + cost > share or sum(used) + cost > room:
                    break
                taken[number] += 1
                used[number] += cost
    return taken


def _block(section: Section, count: int) -> str:
    left = len(section.items) - count
    rest = f"_{counted(left, f'more {section.noun}')} left out here: {section.where}_" if left else ""
    items = _joined(section.items[:count])
    if section.folded and items:
        items = f"<details><summary>{counted(count, section.noun)}</summary>\n\n{items}\n\n</details>"
    return "\n\n".join(part for part in (section.title, items, rest) if part)


def _joined(items: Sequence[str]) -> str:
    """Items of a list stand close together, anything else apart."""
    close = all(item.startswith("- ") for item in items)
    return ("\n" if close else "\n\n").join(items)

"""What composer text reads of events and of people: the one reading that checks, guards and comparisons ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.macros import LiquidError
from deployer.messages.scanning import scan

if TYPE_CHECKING:
    from collections.abc import Iterable

PROPERTY = ("triggerEvent", "custom")
"""Where a macro finds the properties of the event that started a journey."""

ATTRIBUTE = ("subscriber", "custom")
"""Where a macro finds a person's custom attributes."""


@dataclass(frozen=True, slots=True)
class Read:
    """One mention of a value: ``path`` below ``root``; ``guarded`` by a default or a condition.

    ``whole``: whatever is below the path may be read too. ``within``: only what this text, which isn't valid Liquid,
    mentions by name.
    """

    root: tuple[str, ...]
    path: tuple[str, ...]
    guarded: bool = False
    whole: bool = False
    within: str = ""


EVERYTHING = (Read(PROPERTY, (), whole=True), Read(ATTRIBUTE, (), whole=True))
"""What a text counts as reading whose words aren't known."""


def reads_of(text: str) -> tuple[Read, ...]:
    """What composer text reads. Text that isn't valid Liquid may read whatever it mentions by name."""
    try:
        scanned = scan(text)
    except LiquidError:
        return tuple(Read(root, (), whole=True, within=text) for root in (PROPERTY, ATTRIBUTE))
    return tuple(
        Read(root, path, macro.guarded, macro.computed or not path)
        for macro in (*scanned.macros, *scanned.inner)
        for root in (PROPERTY, ATTRIBUTE)
        if macro.path[: len(root)] == root
        for path in [tuple("*" if isinstance(key, int) else key for key in macro.path[len(root) :])]
    )


def touched(reads: Iterable[Read], root: tuple[str, ...], path: tuple[str, ...]) -> tuple[Read, ...]:
    """The reads that a change at ``path`` below ``root`` meets."""
    own = [read for read in reads if read.root == root]
    inside = {read.path for read in own}
    return tuple(read for read in own if _meets(read, path, inside))


def _meets(read: Read, path: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> bool:
    """Whether a read is of what changed or of something in it, or of something around it that is used as a whole."""
    if read.within:
        return any(part in read.within for part in path[:1])
    if read.path[: len(path)] == path:
        return True
    if path[: len(read.path)] != read.path:
        return False
    deeper = any(len(other) > len(read.path) and other[: len(read.path)] == read.path for other in others)
    return read.whole or not deeper

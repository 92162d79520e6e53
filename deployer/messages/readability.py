"""What can be read of a text with mistakes: a macro that can't doesn't hide what is wrong elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.macros import LiquidError
from deployer.messages.mangling import mangled
from deployer.messages.partition import LIQUID, RAW, UNPARSED, masked, regions
from deployer.messages.scanning import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.messages.macros import Scan
    from deployer.messages.mangling import Mangled

_MOST = 50
"""Macros of one text that are taken out one after the other."""

_FRAME = ("{{'", "'}}")
_ELSE_WITH_MORE = re.compile(r"\{%-?\s{0,100}else\s{1,100}(?![\s%-])")


@dataclass(frozen=True, slots=True)
class Unread:
    """Why something can't be read; ``macro`` is the macro with its braces where it is one, else empty."""

    error: LiquidError
    macro: str = ""


@dataclass(frozen=True, slots=True)
class Readable:
    """A text as far as it can be read.

    ``text`` is as long as the one that was read: a macro that can't be is printed words in it. ``mangled`` and
    ``unread`` are what is wrong, ``found`` what the rest refers to; ``None`` where the rest can't be read either.
    """

    text: str
    mangled: tuple[Mangled, ...]
    unread: tuple[Unread, ...]
    found: Scan | None

    @property
    def whole(self) -> bool:
        """Whether everything could be read."""
        return not self.mangled and not self.unread


def readable(text: str) -> Readable:
    """Read a text, and go on behind each macro that can't be read.

    A tag that can't be read ends it: without knowing what a tag does nothing is known about what is inside.
    """
    changed = tuple(mangled(text))
    if any(not change.mend.startswith("{{") for change in changed):
        return Readable(text, changed, (), None)
    for each in changed:
        text = _stood_in(text, each.start, each.end)
    unread = [Unread(error) for error in _else_with_more(text)]
    while True:
        try:
            found = scan(text)
            stray = [Unread(error) for error in _outside_loops(found)]
            return Readable(text, changed, (*unread, *stray), found)
        except LiquidError as error:
            span = _output(text, error.offset)
            unread.append(Unread(error, text[span[0] : span[1]] if span else ""))
            if span is None or len(unread) == _MOST:
                return Readable(text, changed, tuple(unread), None)
            text = _stood_in(text, *span)


def _else_with_more(text: str) -> Iterator[LiquidError]:
    """Liquid passes over what is behind `else`: those words are shown whenever the others aren't."""
    kept = masked(text, UNPARSED, " ")
    for match in _ELSE_WITH_MORE.finditer(kept):
        yield LiquidError("`else` takes no condition, and Liquid passes over this one", match.end(), "write `elsif`")


def _outside_loops(found: Scan) -> Iterator[LiquidError]:
    """`break` and `continue` leave a loop; outside of one they leave the text, and nothing behind them is sent."""
    for tag in found.tags:
        if tag.stray:
            yield LiquidError(f"`{tag.name}` outside of a loop ends the text here", tag.start, "take it out")


def _output(text: str, offset: int) -> tuple[int, int] | None:
    """The macro around an offset."""
    for start, end in regions(text, (RAW, *LIQUID)):
        if start <= offset < end:
            more = text.startswith("{{{", start) and text.startswith("}", end)
            return (start, end + more) if text.startswith("{{", start) else None
    return None


def _stood_in(text: str, start: int, end: int) -> str:
    """The text with printed words where a macro was."""
    opening, closing = _FRAME
    words = "x" * (end - start - len(opening) - len(closing))
    macro = f"{opening}{words}{closing}" if words else "x" * (end - start)
    return text[:start] + macro + text[end:]

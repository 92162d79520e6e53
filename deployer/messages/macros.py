"""What composer text refers to: macros, tags, filters and old macros, each with its place."""

from __future__ import annotations

from typing import TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import TextError

Path: TypeAlias = tuple[str | int, ...]
"""A macro's path: ``("triggerEvent", "custom", "Order Id")``."""


class LiquidError(TextError):
    """Liquid that can't be parsed; ``offset`` is where in the composer text."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Macro:
    """One mention of a value that Attentive fills in.

    ``start`` up to ``end`` is the path itself in the composer text, without braces. ``filters`` are those applied to
    it. ``bare``: it is all that its ``{{ }}`` holds. ``guarded``: a ``default`` filter, or an ``if``, ``elsif`` or
    ``case`` around it that tests the same path, or it is in such a test itself. ``quotes`` is the quote around its
    names: ``'``, ``"`` or empty. ``computed``: a later segment is itself a variable; ``path`` ends before it.
    ``proven`` is how many segments of ``path``, from its start, the conditions around it prove to hold something.
    """

    path: Path
    start: int
    end: int
    filters: tuple[str, ...] = ()
    bare: bool = False
    guarded: bool = False
    quotes: str = ""
    computed: bool = False
    proven: int = 0


@dataclass(frozen=True, slots=True)
class TagUse:
    """A Liquid tag (``if``, ``for``, ``assign``); ``start`` is the offset of its name.

    ``stray``: it is a ``break`` or ``continue`` that no loop is around.
    """

    name: str
    start: int
    stray: bool = False


@dataclass(frozen=True, slots=True)
class FilterUse:
    """A Liquid filter (``default``, ``upcase``); ``start`` is the offset of its name."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Legacy:
    """An old macro with single braces (``{firstName}``) that Attentive no longer fills in.

    ``start`` is the offset of its brace; ``replacement`` is today's macro, empty where a property has to be chosen.
    """

    name: str
    start: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What composer text refers to, each in the order of the text.

    Names that the text itself makes (loop variables, ``assign``, ``capture``) aren't macros; their sources are.
    ``inner`` are uses of such names where they lead back to data: their paths begin where the data's do, as in
    ``("triggerEvent", "custom", "items", "*", "name")`` with ``ELEMENT`` for a loop's.
    """

    macros: tuple[Macro, ...] = ()
    tags: tuple[TagUse, ...] = ()
    filters: tuple[FilterUse, ...] = ()
    legacy: tuple[Legacy, ...] = ()
    inner: tuple[Macro, ...] = ()


ELEMENT = "*"
"""In the path of a loop's variable, means whichever element of the list it is."""


def quotes(path: str) -> str:
    """Return the quote that a path puts around names."""
    return '"' if '["' in path else "'" if "['" in path else ""

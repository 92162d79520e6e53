"""What rendering gives: a text with its holes, or in runs, or the error that there is none."""

from __future__ import annotations

from typing import Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import TextError

RunOrigin: TypeAlias = Literal["author", "data", "platform"]


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of a rendered text that came from one place.

    ``author``: written in the message. ``data``: filled in by Liquid; ``macro`` is then the path as it is between
    the braces (``triggerEvent.custom['Order Id']``), empty where Liquid made the text without one (a counter, a
    cycle). ``platform``: added by Attentive, such as the brand's name in front of a text. ``text`` is empty only for a
    macro that had nothing to print: a hole.
    """

    origin: RunOrigin
    text: str
    macro: str = ""


class RenderError(TextError):
    """Composer text that can't be rendered; ``offset`` is where in it."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message, hint)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Hole:
    """A macro that had nothing to print. ``expression`` is its path as written, ``start`` its offset."""

    expression: str
    start: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered text, and its holes in the order of the composer text. Attentive sends transactional holes as well."""

    text: str
    holes: tuple[Hole, ...] = ()

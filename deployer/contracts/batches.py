"""Many lines of JSON decoded at once, where it is certain that each would come out the same by itself.

To decode a line alone costs more for what is around the decoder than in it, and to look for keys that are twice in an
object costs as much again. So lines are made one list, with a number between them that is nowhere else: where the list
has the number in every second place, each line is one value. A key of a text has a quote and a colon behind it; where
there are no more of these than the objects have keys, no key was lost to another one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deployer.contracts.scanning import Captured
from deployer.contracts.strict_json import DEEPEST, ESCAPED, finite, no_constant
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source import JSON

BATCH = 16 * 1024
"""Bytes of lines that are decoded at once: more make the lines around one that is wrong costlier, and gain little."""

_BETWEEN = 2**53 + 1
"""Written between two lines; no float equals it, so that it can be written in one way only."""

_ODD = (str(_BETWEEN), " :", "\t", "\ufeff")
"""The number itself; white space that may be between a key and its colon; a byte order mark."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Payloads on lines that follow each other from ``line`` on: ``values`` are those of the lines of ``text``."""

    line: int
    values: list[JSON]
    text: str

    def __iter__(self) -> Iterator[Captured]:
        """Yield each by itself."""
        for number, (value, text) in enumerate(zip(self.values, self.text.split("\n"), strict=False), self.line):
            yield Captured(number, 1, value, text.rstrip("\r"))


def in_batches(data: bytes) -> Iterator[bytes]:
    """Cut the lines that have their ends in ``data``."""
    first, end = 0, data.rfind(b"\n") + 1
    while first < end:
        last = data.rfind(b"\n", first, first + BATCH) + 1 or data.find(b"\n", first + BATCH) + 1
        yield data[first:last]
        first = last


def decoded(text: str) -> list[JSON] | None:
    """The values of lines, of which each has its end; ``None`` where they have to be read one by one."""
    if _doubtful(text):
        return None
    sizes: list[int] = []

    def note(found: dict[str, JSON]) -> dict[str, JSON]:
        sizes.append(len(found))
        return found

    try:
        found = json.JSONDecoder(object_hook=note, parse_float=finite, parse_constant=no_constant).decode(_joined(text))
    except (ValueError, RecursionError):
        return None
    between = text.count("\n") - 1
    one_each = len(found) == 2 * between + 1 and found[1::2].count(_BETWEEN) == between
    return found[::2] if one_each and text.count('":') == sum(sizes) else None


def _joined(text: str) -> str:
    """The lines as one list, with the number between them."""
    lines = text[:-1].replace("\n", f",{_BETWEEN},")
    return f"[{lines}]"


def _doubtful(text: str) -> bool:
    """Whether lines hold what their values don't show: what readers differ in, or what would mislead us."""
    return (
        ("\\" in text and ESCAPED.search(text) is not None)
        or any(sign in text for sign in _ODD)
        or ("\r" in text and "\r:" in text)
        or (text.count("{") + text.count("[") > DEEPEST and any(_may_be_deep(line) for line in text.split("\n")))
    )


def _may_be_deep(line: str) -> bool:
    """Whether a line could be nested too deeply: each level has two brackets."""
    return len(line) > 2 * DEEPEST and line.count("{") + line.count("[") > DEEPEST

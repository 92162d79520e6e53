"""Many lines of JSON decoded at once, where it is certain that each would come out the same by itself.

msgspec decodes in a sixth of the time that ``json`` takes, but silently keeps the last of two equal keys. So its values
are encoded again: where that has as many colons as the lines, no key was lost.

Lines are made one list, with a number between them that is nowhere else: where the list has the number in every second
place, each line is one value. Lines that msgspec refuses, or that hold what it accepts and other JSON readers
don't, are read one by one; so are all lines where it isn't installed, as on PyPy.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from deployer.contracts.scanning import Captured
from deployer.contracts.strict_json import DEEPEST, ESCAPED
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.source import JSON

BATCH = 33 * 512
"""Bytes of lines that are decoded together, a little more than a quarter of a chunk: more don't save more time."""

_NUMBER = int("1" * 19)
"""Written between two lines: odd and larger than 2**53, so that no float equals it and it has one spelling.

It repeats one digit because a search for that is fast.
"""

_BETWEEN = b",%d," % _NUMBER
_ODD = re.compile(ESCAPED.pattern.encode() + rb"|\\u003[aA]")
"""Escapes that JSON readers treat differently, and those of a colon, which msgspec writes without an escape."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Payloads on consecutive lines, the first of which has the number ``line``; ``data`` holds the lines."""

    line: int
    values: list[JSON]
    data: bytes

    def __iter__(self) -> Iterator[Captured]:
        """Yield each by itself."""
        lines = self.data.decode("utf-8").split("\n")
        for number, (value, text) in enumerate(zip(self.values, lines, strict=False), self.line):
            yield Captured(number, 1, value, text.rstrip("\r"))

    def halves(self) -> tuple[Batch, Batch]:
        """The first half of the payloads and the rest."""
        lines, middle = self.data.split(b"\n"), len(self.values) // 2
        parts = b"\n".join(lines[:middle]), b"\n".join(lines[middle:])
        return Batch(self.line, self.values[:middle], parts[0]), Batch(
            self.line + middle, self.values[middle:], parts[1]
        )


def in_batches(data: bytes) -> Iterator[bytes]:
    """Cut the lines that have their ends in ``data``."""
    first, end = 0, data.rfind(b"\n") + 1
    while first < end:
        last = data.rfind(b"\n", first, first + BATCH) + 1 or data.find(b"\n", first + BATCH) + 1
        yield data[first:last]
        first = last


def decoded(lines: bytes) -> list[JSON] | None:
    """The values of lines, of which each has its end; ``None`` where they have to be read one by one."""
    codec = _codec()
    if codec is None or _doubtful(lines):
        return None
    decode, encode, errors = codec
    joined = b"[%b]" % lines[:-1].replace(b"\n", _BETWEEN)
    try:
        found = decode(joined)
        written = encode(found)
    except errors:
        return None
    between = (len(joined) - len(lines) - 1) // (len(_BETWEEN) - 1)
    one_each = len(found) == 2 * between + 1 and found[1::2].count(_NUMBER) == between
    nothing_lost = written == joined or written.count(b":") == joined.count(b":")
    return found[::2] if one_each and nothing_lost else None


_Codec: TypeAlias = "tuple[Callable[[bytes], list[JSON]], Callable[[object], bytes], tuple[type[Exception], ...]]"
"""A decoder, an encoder, and the exceptions that they raise."""


@cache
def _codec() -> _Codec | None:
    """The decoder and the encoder of msgspec, if it is installed."""
    try:
        import msgspec  # noqa: PLC0415 - only needed where many lines are read
    except ImportError:
        return None
    # not JSON; not UTF-8; nested too deeply; a number of more than 64 bits, which isn't written
    errors = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)
    return msgspec.json.Decoder().decode, msgspec.json.Encoder().encode, errors


def _doubtful(lines: bytes) -> bool:
    """Whether lines hold what their values don't show: what JSON readers treat differently, or would mislead us."""
    return (
        b"%d" % _NUMBER in lines
        or (b"\\" in lines and _ODD.search(lines) is not None)
        or (_brackets(lines) > DEEPEST and any(_brackets(line) > DEEPEST for line in _long(lines)))
    )


def _brackets(text: bytes) -> int:
    """How many objects and lists begin at most; most payloads have no list, and to search is faster than to count."""
    return text.count(b"{") + (text.count(b"[") if b"[" in text else 0)


def _long(lines: bytes) -> Iterator[bytes]:
    """The lines that are long enough to be nested too deeply: each level has two brackets."""
    return (line for line in lines.split(b"\n") if len(line) > 2 * DEEPEST)

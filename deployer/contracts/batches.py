"""Many lines of JSON decoded at once, where it is certain that each would come out the same by itself.

msgspec decodes in a sixth of the time that ``json`` takes, and keeps the last of two equal keys without a word. So what
it made is written again: where there are as many colons as in the lines, no key was lost to another one.

Lines are made one list, with a number between them that is nowhere else: where the list has the number in every second
place, each line is one value. What msgspec refuses, and lines that hold what it takes and readers differ in, are read
one by one; so are all lines where it isn't installed, as it can't be on PyPy.
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
"""Bytes of lines that are decoded at once, a little more than a quarter of what is read at once: more gain nothing."""

_NUMBER = int("1" * 19)
"""Written between two lines; it is odd and larger than 2**53, so that no float equals it and it is written in one way.

One digit only has it looked for quickly.
"""

_BETWEEN = b",%d," % _NUMBER
_ODD = re.compile(ESCAPED.pattern.encode() + rb"|\\u003[aA]")
"""Escapes that readers differ in, and those of a colon, which isn't escaped where it is written again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Payloads on lines that follow each other from ``line`` on: ``values`` are those of the lines of ``data``."""

    line: int
    values: list[JSON]
    data: bytes

    def __iter__(self) -> Iterator[Captured]:
        """Yield each by itself."""
        lines = self.data.decode("utf-8").split("\n")
        for number, (value, text) in enumerate(zip(self.values, lines, strict=False), self.line):
            yield Captured(number, 1, value, text.rstrip("\r"))

    def halves(self) -> tuple[Batch, Batch]:
        """The first of them and the others."""
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
"""What decodes, what writes, and what they raise."""


@cache
def _codec() -> _Codec | None:
    """Those of msgspec, if it is installed."""
    try:
        import msgspec  # noqa: PLC0415 - needed where many lines are read only
    except ImportError:
        return None
    # not JSON; not UTF-8; nested too deeply; a number of more than 64 bits, which isn't written
    errors = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)
    return msgspec.json.Decoder().decode, msgspec.json.Encoder().encode, errors


def _doubtful(lines: bytes) -> bool:
    """Whether lines hold what their values don't show: what readers differ in, or what would mislead us."""
    return (
        b"%d" % _NUMBER in lines
        or (b"\\" in lines and _ODD.search(lines) is not None)
        or (_brackets(lines) > DEEPEST and any(_brackets(line) > DEEPEST for line in _long(lines)))
    )


def _brackets(text: bytes) -> int:
    """How many objects and lists begin at most; most payloads have no list, which is seen sooner than counted."""
    return text.count(b"{") + (text.count(b"[") if b"[" in text else 0)


def _long(lines: bytes) -> Iterator[bytes]:
    """The lines that are long enough to be nested too deeply: each level has two brackets."""
    return (line for line in lines.split(b"\n") if len(line) > 2 * DEEPEST)

"""Captured payloads, read one after the other: however large a file is, one payload of it is held at a time.

A file holds one JSON value a line (NDJSON), or JSON values that go over several lines, or a list of them; which of the
two shows in its first lines. A value that isn't JSON is reported with its line, and reading goes on behind it. A byte
order mark counts as white space between values: files that begin with one are joined as they are.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.contracts.batches import Batch, decoded, in_batches
from deployer.contracts.scanning import MAX_PAYLOAD, Captured, Item, Scanner, not_utf8, too_large, unread
from deployer.contracts.strict_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

CHUNK = 64 * 1024
"""Bytes of a file that are read at a time."""

PAYS = 4 * 1024
"""The fewest bytes of lines that are decoded together: with fewer, loading msgspec takes longer than it saves."""

_GOES_ON = (b"[", b":", b",")
"""How a line ends that a value goes on behind."""

Form: TypeAlias = Literal["ndjson", "json", "empty"]
"""How a file holds its payloads: one a line; values over several lines, or a list of them; not at all."""


class Capture:
    """A file's payloads in its order; ``form`` is known once the first was read.

    ``after`` is for a stretch of a file of lines: the number of the line before it. In such a file ``last`` is the
    number of the last line that was read (from 1; 0: none).
    """

    def __init__(self, stream: BufferedReader, *, after: int | None = None) -> None:
        self.form: Form = "empty" if after is None else "ndjson"
        self._stream = stream
        self.last = after or 0
        self._is_stretch = after is not None

    def __iter__(self) -> Iterator[Item]:
        """Yield every payload, and what isn't one. Raises what reading the stream raises (``OSError``, ``zlib``'s)."""
        for part in self.parts():
            if isinstance(part, Batch):
                yield from part
            else:
                yield part

    def parts(self) -> Iterator[Item | Batch]:
        """Yield the same, with payloads on many lines at once where they could be decoded so."""
        if self._is_stretch:
            yield from self._lines([])
            return
        number, first = self._next_line(0, CHUNK)
        if not first:
            return
        if not first.endswith(b"\n"):
            if _begins_list(first):  # all of it may be on one line, of which a chunk is held at a time
                self.form = "json"
                yield from self._values(number, [first])
                return
            first += self._stream.readline(MAX_PAYLOAD + 1 - len(first))
        if _goes_over_lines(first):
            between, second = self._next_line(number)
            lines = [(number, first), (between, second)]
            self.form = "ndjson" if _begins_again(first, second) else "json"
        else:
            lines, self.form = [(number, first)], "ndjson"
        if self.form == "ndjson":
            yield from self._lines(lines)
        else:
            yield from self._values(number, [first, b"\n" * (between - number - 1), second])

    def _next_line(self, number: int, most: int = MAX_PAYLOAD + 1) -> tuple[int, bytes]:
        """At most so many bytes of the next line that isn't blank, with its number; without a byte order mark."""
        line, number = self._line(most), number + 1
        while line and not line.strip():
            line, number = self._line(most), number + 1
        return number, line

    def _line(self, most: int) -> bytes:
        return self._stream.readline(most).removeprefix(BOM_UTF8)

    def _lines(self, known: list[tuple[int, bytes]]) -> Iterator[Item | Batch]:
        for number, line in known:
            yield from self._on_line(number, line)
            self.last = number
        while block := self._block():
            for lines in in_batches(block):
                values = decoded(lines) if len(lines) >= PAYS else None
                first, self.last = self.last + 1, self.last + (lines.count(b"\n") if values is None else len(values))
                yield from [Batch(first, values, lines)] if values is not None else _one_by_one(first, lines)
            if rest := block[block.rfind(b"\n") + 1 :]:
                self.last += 1
                line = rest + self._stream.readline(MAX_PAYLOAD + 1 - len(rest))
                yield from self._on_line(self.last, line.removeprefix(BOM_UTF8))

    def _block(self) -> bytes:
        """The next bytes; the buffer is filled as it is for a line: in front of what can't be read all is read."""
        return self._stream.read1(CHUNK) if self._stream.peek(1) else b""

    def _on_line(self, number: int, line: bytes) -> Iterator[Item]:
        if len(line) > MAX_PAYLOAD and not line.endswith(b"\n"):
            yield too_large(number)
            self._skip_line()
        elif line.strip():
            yield _one(number, line)

    def _skip_line(self) -> None:
        while (rest := self._stream.readline(CHUNK)) and not rest.endswith(b"\n"):
            pass

    def _values(self, number: int, known: list[bytes]) -> Iterator[Item]:
        """Those from line ``number`` on, of which the first bytes are known."""
        decoder = getincrementaldecoder("utf-8")("surrogateescape")
        chunks = chain(known, iter(lambda: self._stream.read(CHUNK), b""))
        for item in Scanner((decoder.decode(chunk) for chunk in chunks), number):
            if isinstance(item, Captured) and not _is_utf8(item.text):
                yield not_utf8(item.line)
            else:
                yield item


def _one_by_one(number: int, lines: bytes) -> Iterator[Item]:
    """The payloads on lines that have their ends, of which the first has the number."""
    for each, line in enumerate(lines.split(b"\n"), number):
        if line.strip():
            yield _one(each, line.removeprefix(BOM_UTF8))


def _one(number: int, line: bytes) -> Item:
    """The payload on one line."""
    try:
        text = line.rstrip(b"\r\n").decode("utf-8")
    except UnicodeDecodeError as error:
        return not_utf8(number, error.start + 1, wide=line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)))
    try:
        return Captured(number, 1, loads(text), text)
    except ValueError as error:
        return unread(text, number, error)


def _goes_over_lines(first: bytes) -> bool:
    """Whether more lines could make a value of the first one, which none would where it is broken in itself."""
    if _begins_list(first):
        return True
    text = first.decode("utf-8", "replace")
    try:
        loads(text)
    except json.JSONDecodeError as error:
        return error.msg.startswith("Expecting") and error.pos >= len(text.rstrip())
    except ValueError:
        return False
    return False


def _begins_list(first: bytes) -> bool:
    return first.decode("utf-8", "replace").lstrip().startswith("[")


def _begins_again(first: bytes, second: bytes) -> bool:
    """Whether the second line begins a value of its own, so that the first one was cut off."""
    indent = len(first) - len(first.lstrip())
    if first.strip() == b"{" or not second.startswith(first[:indent] + b"{"):
        return False
    return not first.lstrip().startswith(b"[") and (not first.rstrip().endswith(_GOES_ON) or _is_whole(second))


def _is_whole(line: bytes) -> bool:
    try:
        loads(line.decode("utf-8"))
    except ValueError:
        return False
    return True


def _is_utf8(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode("utf-8"))
    except UnicodeEncodeError:
        return False

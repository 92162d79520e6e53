"""Captured payloads, read one after the other: however large a file is, one payload of it is held at a time.

A file holds one JSON value a line (NDJSON), or JSON values that go over several lines, or a list of them; which of the
two is told by its first line. A value that isn't JSON is reported with its line, and reading goes on behind it.
"""

from __future__ import annotations

import codecs
import json
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeAlias

from deployer.contracts.scanning import MAX_PAYLOAD, Captured, Item, Scanner, Unreadable, loads, too_large, unread

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 64 * 1024

Form: TypeAlias = Literal["ndjson", "json", "empty"]
"""How a file holds its payloads: one a line; values over several lines, or a list of them; not at all."""


class Capture:
    """A file's payloads in its order; ``form`` is known once the first was read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.form: Form = "empty"
        self._stream = stream

    def __iter__(self) -> Iterator[Item]:
        """Yield every payload, and what isn't one. Raises what reading the stream raises (``OSError``, ``zlib``'s)."""
        number, first = self._first_line()
        if not first:
            return
        self.form = _form(first)
        if self.form == "ndjson":
            yield from self._lines(number, first)
        else:
            yield from self._values(number, first)

    def _first_line(self) -> tuple[int, bytes]:
        """The first line that isn't blank, with its number; without a byte order mark."""
        line, number = self._line(), 1
        line = line.removeprefix(codecs.BOM_UTF8)
        while line and not line.strip():
            line, number = self._line(), number + 1
        return number, line

    def _line(self) -> bytes:
        return self._stream.readline(MAX_PAYLOAD + 1)

    def _lines(self, number: int, line: bytes) -> Iterator[Item]:
        while line:
            if len(line) > MAX_PAYLOAD and not line.endswith(b"\n"):
                yield too_large(number)
                self._skip_line()
            elif line.strip():
                yield _one(number, line)
            line, number = self._line(), number + 1

    def _skip_line(self) -> None:
        while (rest := self._stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
            pass

    def _values(self, number: int, first: bytes) -> Iterator[Item]:
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        chunks = chain([first], iter(lambda: self._stream.read(_CHUNK), b""))
        for item in Scanner((decoder.decode(chunk) for chunk in chunks), number):
            if isinstance(item, Captured) and not _is_utf8(item.text):
                yield _not_utf8(item.line, 0)
            else:
                yield item


def _one(number: int, line: bytes) -> Item:
    """The payload on one line."""
    try:
        text = line.decode("utf-8")
        return Captured(number, 1, loads(text), text)
    except UnicodeDecodeError as error:
        return _not_utf8(number, error.start + 1)
    except (ValueError, RecursionError) as error:
        return unread(number, getattr(error, "pos", -1) + 1, error)


def _not_utf8(line: int, column: int) -> Unreadable:
    return Unreadable(line, column, "not-json", "this isn't UTF-8", "save the file as UTF-8")


def _form(first: bytes) -> Form:
    """Whether lines stand for themselves: the first one does, or is broken in a way that more lines can't mend."""
    text = first.decode("utf-8", "replace")
    if text.lstrip().startswith("["):
        return "json"
    try:
        loads(text)
    except json.JSONDecodeError as error:
        return "json" if error.msg.startswith("Expecting") and error.pos >= len(text.rstrip()) else "ndjson"
    except (ValueError, RecursionError):
        return "ndjson"
    return "ndjson"


def _is_utf8(text: str) -> bool:
    try:
        return text.isascii() or bool(text.encode("utf-8"))
    except UnicodeEncodeError:
        return False

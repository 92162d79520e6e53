"""A large file of lines in stretches, each of which can be read and checked by itself: cut where lines end."""

from __future__ import annotations

from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING

from deployer.contracts.captured import CHUNK, Capture
from deployer.contracts.inputs import GZIP
from deployer.cores import cores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from _typeshed import WriteableBuffer

    from deployer.contracts.inputs import Input

STRETCH = 4 * 1024 * 1024
"""Bytes of a stretch, which a process is given at a time."""

PAYS = 8
"""The fewest stretches of a file that other cores check: with fewer, starting processes takes longer than they save."""

_NEW_LINE = ord("\n")


def number_of(source: Input) -> int:
    """In how many stretches a file is best read; 0 where it is best read as a whole. Raises ``OSError``.

    That is so where there is one core, for what is small, packed or no file, and where values go over several lines.
    """
    number = -(-source.size // STRETCH)
    if number < PAYS or source.path is None or cores() == 1:
        return 0
    with source.path.open("rb") as file:
        if file.peek(len(GZIP)).startswith(GZIP):
            return 0
        capture = Capture(file)
        next(iter(capture), None)
    return number if capture.form == "ndjson" else 0


def size_of(number: int, whole: int) -> int:
    """How many bytes a stretch has, numbered from 0, of a file of ``whole`` bytes."""
    return min(STRETCH, whole - number * STRETCH)


@contextmanager
def stretch(path: Path, number: int) -> Iterator[BufferedReader]:
    """Open the lines that begin in a stretch, numbered from 0.

    They are read a chunk at a time: memory for a whole stretch would be taken from the system and given back each time.
    """
    first, end = number * STRETCH, (number + 1) * STRETCH
    with path.open("rb", buffering=0) as file:
        begin = _line_from(file, first, end)
        file.seek(begin)
        yield BufferedReader(_Lines(file, end - begin), CHUNK)


def _line_from(file: FileIO, first: int, end: int) -> int:
    """The offset of the first line that begins at ``first`` or later; ``end`` where none begins before it."""
    if first == 0:
        return 0
    at = first - 1  # the line break in front of a line shows that it begins here
    file.seek(at)
    while at < end and (data := file.read(min(CHUNK, end - at))):
        if found := data.find(b"\n") + 1:
            return at + found
        at += len(data)
    return end


class _Lines(RawIOBase):
    """The next ``left`` bytes of a file, and the rest of the line that they end in."""

    def __init__(self, file: FileIO, left: int) -> None:
        super().__init__()
        self._file = file
        self._left = left
        self._ended = left <= 0

    def readable(self) -> bool:
        """True: this stream can only be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read at most what fits."""
        view = memoryview(buffer).cast("B")
        if self._ended:
            return 0
        size = self._file.readinto(view[: self._left] if self._left else view) or 0
        if self._left:
            self._left -= size
            self._ended = not size or (not self._left and view[size - 1] == _NEW_LINE)
        else:
            line = bytes(view[:size]).find(b"\n") + 1
            self._ended = bool(line) or not size
            size = line or size
        return size

"""A large file of lines in stretches, each of which can be read and checked by itself: cut where lines end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.captured import Capture
from deployer.contracts.inputs import GZIP
from deployer.contracts.scanning import MAX_PAYLOAD
from deployer.cores import cores

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.contracts.inputs import Input

STRETCH = 4 * 1024 * 1024
"""Bytes of a stretch: so many are in the memory of each process at a time, and those of one payload at most."""

PAYS = 8
"""From so many stretches on other cores save more time than it takes to start them."""


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


def stretch(path: Path, number: int) -> bytes:
    """The lines that begin in a stretch, numbered from 0; of one that is too large, as much as shows that it is."""
    first = number * STRETCH
    before = min(first, 1)  # the line break in front of a line shows that it begins here
    with path.open("rb") as file:
        file.seek(first - before)
        data = file.read(STRETCH + before)
        begin = data.find(b"\n") + 1 if before else 0
        if before and not begin:
            return b""
        rest = len(data) - max(begin, data.rfind(b"\n") + 1)
        return data[begin:] + (file.readline(MAX_PAYLOAD + 1 - rest) if rest else b"")

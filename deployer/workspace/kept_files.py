"""A file of a cache folder: read only as it was written, private, and never more of them than there is room for."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.atomic import PRIVATE, write_file
from deployer.dataclass import dataclass
from deployer.workspace.room import make_room

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a folder holds of one kind of file: so many, and so many bytes in all; the oldest make room.

    ``largest`` are the bytes of one, at most.
    """

    most: int
    room: int
    largest: int


USUAL = Bounds(most=64, room=64 * 1024 * 1024, largest=16 * 1024 * 1024)
"""A project with more to report is in the midst of a change."""


def kept_file(folder: Path, suffix: str, *names: str) -> Path:
    """The file in a cache folder for what goes by these names, such as a project's path: any characters may be in them.

    Files with one suffix (``.json``) share the room that ``keep`` gives them.
    """
    name = hashlib.sha256(os.fsencode("\0".join(names))).hexdigest()[:32]
    return folder / f"{name}{suffix}"


def read_kept(file: Path) -> bytes | None:
    """What was kept in a file; ``None`` where it is missing or damaged."""
    try:
        digest, _, body = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if digest == _digest(body) else None


def keep(file: Path, *pieces: bytes, bounds: Bounds | None = None) -> None:
    """Keep this in a file, one piece after the other; where that can't be written, or is too large, nothing is kept."""
    within = bounds or USUAL
    if sum(map(len, pieces)) <= within.largest:
        with suppress(OSError):
            write_file(file, b"".join((_digest(*pieces), b"\n", *pieces)), mode=PRIVATE)
            make_room(file.parent, file.suffix, within.most, within.room)


def _digest(*pieces: bytes) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest().encode()

"""A file of a cache folder: read only as it was written, private, and never more of them than there is room for."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.atomic import PRIVATE, write_file
from deployer.workspace.room import make_room

if TYPE_CHECKING:
    from pathlib import Path

MOST = 64
"""Files of one kind that a folder holds; the oldest make room."""

ROOM = 64 * 1024 * 1024
"""Bytes of all files of one kind that a folder holds; the oldest make room."""

LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is kept, at most: a project with more to report is in the midst of a change."""


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


def keep(file: Path, body: bytes) -> None:
    """Keep this in a file; where that can't be written, or is too large, nothing is kept."""
    if len(body) <= LARGEST:
        with suppress(OSError):
            write_file(file, _digest(body) + b"\n" + body, mode=PRIVATE)
            make_room(file.parent, file.suffix, MOST, ROOM)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()

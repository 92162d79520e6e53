"""Writing a file whole: a reader finds the old content or the new one, and a full disk leaves the old one."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC = 0o666
"""The mode of a new file, from which the user's umask takes."""
PRIVATE = 0o600
"""The mode of a file that only its owner may read."""


def write_file(path: Path, content: str | bytes, *, mode: int = PUBLIC) -> None:
    """Write a file at once: the folders above it are made, a file that is replaced keeps its permissions.

    A link is followed. What isn't a regular file (a pipe, ``/dev/stdout``) is written to as it is. Text is UTF-8, its
    line ends as they are. Raises ``OSError``; the file is then as it was.
    """
    data = content.encode() if isinstance(content, str) else content
    target = path.resolve() if path.is_symlink() else path
    before = _status(target)
    if before is not None and not stat.S_ISREG(before.st_mode):
        target.write_bytes(data)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    keep = stat.S_IMODE(before.st_mode) if before is not None and mode == PUBLIC else None
    _replace(target, data, mode, keep)


def create_file(path: Path, content: str | bytes, *, mode: int = PUBLIC) -> None:
    """Write a new file as ``write_file`` does. Raises ``FileExistsError`` where there is one, ``OSError``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
    try:
        write_file(path, content, mode=mode)
    except BaseException:  # the name was only taken for the content that didn't come
        path.unlink(missing_ok=True)
        raise


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _replace(target: Path, data: bytes, mode: int, keep: int | None) -> None:
    temporary = target.with_name(f".{target.name[:64]}.{os.urandom(4).hex()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except OSError as error:
        error.filename = str(target)  # what was asked for, not the name that it has until it is whole
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # a disk may say only here that it is full
        if keep is not None:
            temporary.chmod(keep)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise

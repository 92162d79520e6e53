"""A lock file that names its holder. The kernel frees it when the holder dies; POSIX only (``fcntl``)."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from deployer.state.errors import Holder, LockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL = 0.05
"""Seconds between two looks at a lock that somebody holds."""

_NAMING = 4
"""Looks at a held lock that names nobody: its holder writes its name right after it has the lock."""


@contextmanager
def hold(path: Path, operation: str, *, location: str, timeout: float = 0) -> Iterator[None]:
    """Hold the lock file ``path`` during the block; it is gone afterwards.

    Waits up to ``timeout`` seconds. Raises ``LockedError`` (about ``location``) while somebody else holds it, and
    ``OSError`` where the file can't be made.
    """
    descriptor = _acquire(path, location, timeout)
    try:
        _sign(descriptor, operation)
        yield
    finally:
        # Removed while it is still held: whoever opened it meanwhile sees that it isn't the file at `path` any more.
        # A file that can't be removed does no harm, for the lock is the kernel's.
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _acquire(path: Path, location: str, timeout: float) -> int:
    deadline = time.monotonic() + timeout
    while (descriptor := _try(path)) is None:
        if time.monotonic() >= deadline:
            raise LockedError(location, _holder(path))
        time.sleep(_POLL)
    return descriptor


def _try(path: Path) -> int | None:
    """Take the lock: its descriptor, or ``None`` while somebody holds it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError:
            os.close(descriptor)
            raise
        if _stands_at(path, descriptor):
            return descriptor
        os.close(descriptor)


def _stands_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is the one at ``path``: its last holder may have removed it between open and lock."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sign(descriptor: int, operation: str) -> None:
    since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    holder = Holder(_user(), os.uname().nodename, os.getpid(), operation, since)
    os.ftruncate(descriptor, 0)  # a holder that was killed left its name
    os.write(descriptor, json.dumps(holder.to_json()).encode() + b"\n")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"


def _holder(path: Path) -> Holder | None:
    for _ in range(_NAMING):
        try:
            return Holder.from_json(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError, KeyError):
            time.sleep(_POLL)
    return None

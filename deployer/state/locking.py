"""A lock file that names its holder. The kernel frees it when the holder dies; POSIX only (``fcntl``)."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from deployer.state.checks import wait_for
from deployer.state.errors import LockedError, LostLockError
from deployer.state.holder import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL = 0.05
"""Seconds between two looks at a lock that someone holds."""

_GRACE = 0.02
"""Seconds that taking a lock waits at least: ``holder_of`` takes it for a moment to see whether it is free."""

_NAMING = 4
"""Looks at a held lock that names no one: its holder writes its name right after it has the lock."""


class HeldLock:
    """A lock file that this process holds; ``holder`` is what it says of us."""

    def __init__(self, path: Path, descriptor: int, operation: str) -> None:
        self.holder = Holder.here(operation)
        self._path = path
        self._descriptor = descriptor
        os.ftruncate(descriptor, 0)  # a holder that was killed left its name
        os.write(descriptor, self.holder.encode())

    def check(self, location: str) -> None:
        """Raise ``LostLockError`` where the file was removed by hand, so that another may have taken the lock."""
        if not _stands_at(self._path, self._descriptor):
            raise LostLockError(location, holder_of(self._path), ours=self.holder)


@contextmanager
def hold(path: Path, operation: str, *, location: str, timeout: float = 0) -> Iterator[HeldLock]:
    """Hold the lock file ``path`` during the block; it is gone afterwards.

    Waits up to ``timeout`` seconds. Raises ``LockedError`` (about ``location``) while someone else holds it, and
    ``OSError`` where the file can't be made.
    """
    descriptor = wait_for(lambda: _try(path), timeout=max(timeout, _GRACE), poll=_POLL)
    if descriptor is None:
        raise LockedError(location, _name_at(path))
    try:
        yield HeldLock(path, descriptor, operation)
    finally:
        # Removed while it is still held: a process that opened it meanwhile sees that it isn't the file at `path` now.
        # A file that can't be removed does no harm, for the lock is the kernel's.
        with suppress(OSError):
            if _stands_at(path, descriptor):
                path.unlink()
        os.close(descriptor)


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock file ``path`` now, ``None`` where no one does (a killed holder's file may still be there).

    Raises ``OSError`` where the file can't be read.
    """
    return _name_at(path) if is_held(path) else None


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock file ``path``. Raises ``OSError`` where it can't be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        # Shared, so that two who look don't take each other for a holder.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _try(path: Path) -> int | None:
    """Take the lock: its descriptor, or ``None`` while someone holds it."""
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


def _name_at(path: Path) -> Holder:
    content = b""
    for _ in range(_NAMING):
        with suppress(FileNotFoundError):
            content = path.read_bytes()
        if not (named := Holder.decode(content)).unnamed:
            return named
        time.sleep(_POLL)
    return Holder.decode(content)

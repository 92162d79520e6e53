"""State in a local file. POSIX only: the lock needs ``fcntl``, so Windows isn't supported."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from deployer.state.checks import check_environment, check_lock_id, check_unmoved, stamp
from deployer.state.durable import sync_folder
from deployer.state.encoding import decode
from deployer.state.errors import StateError, UnreadableError
from deployer.state.locking import hold, holder_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.state.holder import Holder
    from deployer.state.locking import HeldLock
    from deployer.state.model import State

_WRITE_TIMEOUT = 5.0
"""Seconds that a write outside ``lock`` waits for its turn; a write itself takes milliseconds."""


class LocalBackend:
    """The state of one environment in one file (mode 0600), with a lock file beside it.

    A write is atomic: whoever reads gets the former state or the new one, also after a crash. The file and the lock are
    ``path`` and ``path`` + ``.lock``; ``location`` is how messages call the place.
    """

    def __init__(self, path: Path, *, environment: str, location: str = "") -> None:
        self.location = location or f"file:{path}"
        self._path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._environment = environment
        self._writing = threading.Lock()
        self._held: HeldLock | None = None

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing.

        Raises ``UnreadableError`` and ``OtherEnvironmentError``.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        state = decode(content, self.location)
        check_environment(state, self._environment, self.location)
        return state

    def write(self, state: State, *, expected_serial: int, new_lineage: bool = False) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        ``new_lineage`` lets a state that was begun elsewhere take the place of the stored one.
        Safe by itself: outside ``lock`` it takes the lock for the write. Raises ``ConflictError`` when something else
        is stored than expected, ``LockedError``, ``UnreadableError``, ``OtherEnvironmentError``, and ``StateError``
        when the file can't be written.
        """
        check_environment(state, self._environment, self.location)
        stamped, content = stamp(state, expected_serial, self.location)
        with self._writing, self._exclusive():
            check_unmoved(self.read(), state, expected_serial, self.location, new_lineage=new_lineage)
            self._replace(content)
        return stamped

    @contextmanager
    def lock(self, operation: str, *, timeout: float = 0) -> Iterator[None]:
        """Keep others from changing the state during the block; reading stays free. Not re-entrant.

        Waits up to ``timeout`` seconds. Raises ``LockedError`` while somebody else holds it, ``StateError`` where the
        lock file can't be made.
        """
        with self._locked(operation, timeout) as held:
            self._held = held
            try:
                yield
            finally:
                self._held = None

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where nobody does. Raises ``UnreadableError``."""
        try:
            return holder_of(self._lock_path)
        except OSError as error:
            raise self._unreadable(error) from error

    def unlock(self, lock_id: str) -> NoReturn:
        """Refuse, with the reason: the lock of a local file is held by a living process, or it is free already.

        Raises ``StateError`` always.
        """
        holder = check_lock_id(self.holder(), lock_id, self.location)
        raise StateError(
            f"state `{self.location}` is held by a process that lives: {holder}",
            "wait until it has finished, or end that process: its lock goes free with it",
        )

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self._held:
            self._held.check(self.location)
            yield
        else:
            with self._locked("write", _WRITE_TIMEOUT):
                yield

    @contextmanager
    def _locked(self, operation: str, timeout: float) -> Iterator[HeldLock]:
        with ExitStack() as stack:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                held = stack.enter_context(hold(self._lock_path, operation, location=self.location, timeout=timeout))
            except OSError as error:
                raise self._unwritable(error) from error
            yield held  # outside the `try`: an OSError of the block isn't about the lock

    def _replace(self, content: bytes) -> None:
        # One name for the temporary file is enough under the lock, and what a killed writer left is used up again.
        temporary = self._path.with_name(f".{self._path.name}.tmp")
        try:
            _write_through(temporary, content)
            os.replace(temporary, self._path)  # noqa: PTH105 - the call that makes the write atomic, by its own name
            sync_folder(self._path.parent)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise self._unwritable(error) from error

    def _unreadable(self, error: OSError) -> UnreadableError:
        message = f"state `{self.location}` can't be read: {error.strerror}"
        return UnreadableError(message, "check the path and the file's permissions")

    def _unwritable(self, error: OSError) -> StateError:
        reason = error.strerror or str(error)
        return StateError(
            f"state `{self.location}` can't be written: {reason}",
            "check the path, the permissions of its folder and the free space",
        )


def _write_through(path: Path, content: bytes) -> None:
    """Write a file, readable by its owner only, down to the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor, which Path.open doesn't take
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

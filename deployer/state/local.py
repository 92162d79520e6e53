"""State in a local file. POSIX only: the lock needs ``fcntl``, so Windows isn't supported."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from deployer.state.checks import check_lock_id
from deployer.state.durable import sync_folder
from deployer.state.encoding import RESTORE
from deployer.state.errors import StateError, UnreadableError
from deployer.state.locking import hold, holder_of
from deployer.state.medium import File, StoredFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.state.holder import Holder
    from deployer.state.locking import HeldLock
    from deployer.state.medium import Reason


class FileMedium:
    """The state of one environment in one file (mode 0600); its lock is a ``FileLock``, so only the state is written.

    A write is atomic: a reader gets the former state or the new one, also after a crash. It is compared with what
    was seen right before, which is enough under the lock.
    """

    restore = RESTORE
    poll = 0.05

    def __init__(self, path: Path, location: str) -> None:
        self.location = location
        self._path = path

    def get(self) -> StoredFiles:
        """The file as it is now. Raises ``UnreadableError``."""
        try:
            return StoredFiles(self._path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return StoredFiles(None)
        except OSError as error:
            raise _unreadable(self.location, error) from error

    def put(self, file: File, content: bytes | None, over: StoredFiles, reason: Reason) -> StoredFiles | None:
        """Replace the file if it is as in ``over``. Raises ``StateError`` where it can't be written."""
        del reason
        assert file is File.STATE
        assert content is not None
        if self.get().state != over.state:
            return None
        self._replace(content)
        return StoredFiles(content)

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
            raise _unwritable(self.location, error) from error


class FileLock:
    """The kernel's lock of a file, which goes free with its process; ``location`` is the state's, for messages."""

    frees_itself = True

    def __init__(self, path: Path, location: str) -> None:
        self._path = path
        self._location = location
        self._held: HeldLock | None = None

    @contextmanager
    def hold(self, operation: str, timeout: float) -> Iterator[Holder]:
        """Hold it during the block, after up to ``timeout`` seconds of waiting.

        Raises ``LockedError``, and ``StateError`` where the lock file can't be made.
        """
        with ExitStack() as stack:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                held = stack.enter_context(hold(self._path, operation, location=self._location, timeout=timeout))
            except OSError as error:
                raise _unwritable(self._location, error) from error
            self._held = held
            stack.callback(self._forget)
            yield held.holder  # outside the `try`: an OSError of the block isn't about the lock

    def check(self, ours: Holder, seen: StoredFiles) -> None:
        """Raise ``LostLockError`` where the lock file was taken away by hand."""
        del ours, seen
        if self._held:
            self._held.check(self._location)

    def holder(self) -> Holder | None:
        """Who holds it now. Raises ``UnreadableError``."""
        try:
            return holder_of(self._path)
        except OSError as error:
            raise _unreadable(self._location, error) from error

    def unlock(self, lock_id: str) -> NoReturn:
        """Refuse, with the reason: it is held by a living process, or it is free already. Raises ``StateError``."""
        holder = check_lock_id(self.holder(), lock_id, self._location)
        raise StateError(
            f"state `{self._location}` is held by a process that lives: {holder}",
            "wait until it has finished, or end that process: its lock goes free with it",
        )

    def _forget(self) -> None:
        self._held = None


def _unreadable(location: str, error: OSError) -> UnreadableError:
    message = f"state `{location}` can't be read: {error.strerror}"
    return UnreadableError(message, "check the path and the file's permissions")


def _unwritable(location: str, error: OSError) -> StateError:
    reason = error.strerror or str(error)
    return StateError(
        f"state `{location}` can't be written: {reason}",
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

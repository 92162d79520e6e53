"""State in a local file. POSIX only: the lock needs ``fcntl``, so Windows isn't supported."""

from __future__ import annotations

import os
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.state.encoding import decode, encode
from deployer.state.errors import ConflictError, OtherEnvironmentError, StateError, UnreadableError
from deployer.state.locking import hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
        self._held = False

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing.

        Raises ``UnreadableError`` and ``OtherEnvironmentError``.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"state `{self.location}` can't be read: {error.strerror}"
            raise UnreadableError(message, "check the path and the file's permissions") from error
        state = decode(content, self.location)
        self._check_environment(state)
        return state

    def write(self, state: State, *, expected_serial: int) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        Safe by itself: outside ``lock`` it takes the lock for the write. Raises ``ConflictError`` when something else
        is stored than expected, ``LockedError``, ``UnreadableError``, ``OtherEnvironmentError``, and ``StateError``
        when the file can't be written.
        """
        self._check_environment(state)
        stamped = replace(state, serial=expected_serial + 1)
        content = self._encode(stamped)
        with self._writing, self._exclusive():
            self._check_unmoved(state, expected_serial)
            self._replace(content)
        return stamped

    @contextmanager
    def lock(self, operation: str, *, timeout: float = 0) -> Iterator[None]:
        """Keep others from changing the state during the block; reading stays free. Not re-entrant.

        Waits up to ``timeout`` seconds. Raises ``LockedError`` while somebody else holds it, ``StateError`` where the
        lock file can't be made.
        """
        with self._locked(operation, timeout):
            self._held = True
            try:
                yield
            finally:
                self._held = False

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self._held:
            yield
        else:
            with self._locked("write", _WRITE_TIMEOUT):
                yield

    @contextmanager
    def _locked(self, operation: str, timeout: float) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(hold(self._lock_path, operation, location=self.location, timeout=timeout))
            except OSError as error:
                raise self._unwritable(error) from error
            yield  # outside the `try`: an OSError of the block isn't about the lock

    def _check_environment(self, state: State) -> None:
        if state.environment != self._environment:
            raise OtherEnvironmentError(
                f"state `{self.location}` is asked for environment `{self._environment}`, but the state is that of "
                f"`{state.environment}`",
                "give each environment a `state` of its own",
            )

    def _check_unmoved(self, state: State, expected_serial: int) -> None:
        stored = self.read()
        hint = "run the command again: it starts from what is stored now"
        serial = stored.serial if stored else 0
        if serial != expected_serial:
            found = f"serial {serial}" if stored else "nothing"
            message = f"state `{self.location}` has moved: serial {expected_serial} was expected, {found} is stored"
            raise ConflictError(message, hint)
        if stored and stored.lineage != state.lineage:
            message = (
                f"state `{self.location}` was begun anew: its lineage is `{stored.lineage}`, not `{state.lineage}`"
            )
            raise ConflictError(message, hint)

    def _encode(self, state: State) -> bytes:
        try:
            return encode(state)
        except (TypeError, ValueError) as error:
            raise StateError(f"state `{self.location}` can't be stored: {error}") from error

    def _replace(self, content: bytes) -> None:
        # One name for the temporary file is enough under the lock, and what a killed writer left is used up again.
        temporary = self._path.with_name(f".{self._path.name}.tmp")
        try:
            _write_through(temporary, content)
            os.replace(temporary, self._path)  # noqa: PTH105 - the call that makes the write atomic, by its own name
            _sync_folder(self._path.parent)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise self._unwritable(error) from error

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


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

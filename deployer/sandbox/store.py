"""The SQLite file that holds one sandbox account: its tables, and transactions that threads and processes may share."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from deployer.sandbox.model import SandboxFileError, SandboxUnwritableError
from deployer.sandbox.tables import bring_up, is_current, unusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 30.0
"""How long a transaction waits for another process's."""


class Store:
    """One connection behind a lock: threads take turns, processes wait for each other's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._sealed: SandboxUnwritableError | None = None

    @classmethod
    def open(cls, path: Path | None) -> Store:
        """Open or create the file (``None``: in memory), with its folder.

        An account of an earlier version is brought up to this one. Raises ``SandboxFileError`` where the file isn't a
        sandbox's, its ``SandboxUnwritableError`` where the machine doesn't let it be made or written.
        """
        where = str(path) if path is not None else ":memory:"
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            return cls._opened(where)
        except OSError as problem:
            raise SandboxUnwritableError(where, problem.strerror or str(problem)) from problem
        except sqlite3.DatabaseError as problem:
            raise _named(problem, where) from problem

    @classmethod
    def of_copy(cls, path: Path) -> Store:
        """Open a copy of the account in a file, in memory: for looking at it where the file can't be written.

        Where there is no file, it is an empty account. Raises ``SandboxFileError``.
        """
        store = cls(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
        try:
            if (image := _image_of(path)) is not None:
                store._connection.deserialize(image)
            store._prepare(str(path))
        except sqlite3.DatabaseError as problem:
            store.close()
            raise _named(problem, str(path)) from problem
        return store

    def seal(self, error: SandboxUnwritableError) -> None:
        """Let every write from now on raise this error."""
        self._sealed = error

    @classmethod
    def _opened(cls, where: str) -> Store:
        connection = sqlite3.connect(where, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        store = cls(connection)
        try:
            store._prepare(where)
        except BaseException:
            connection.close()
            raise
        return store

    def _prepare(self, where: str) -> None:
        """Look before anything is changed, since the file may be someone else's; then make what is missing."""
        self._connection.row_factory = sqlite3.Row
        with self.transaction(write=False) as db:
            is_current(db, where)
        _use_wal(self._connection)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        with self.transaction() as db:
            if not is_current(db, where):
                bring_up(db)

    @classmethod
    def of_image(cls, image: bytes) -> Store:
        """Open an image of an account, in memory."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.deserialize(_without_wal(image))
        return cls(connection)

    def image(self) -> bytes:
        """Copy the account as it is."""
        with self._lock:
            return self._connection.serialize()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing; without ``write`` SQLite itself refuses any change, so a GET can't have an effect.

        Raises ``SandboxUnwritableError`` where the machine doesn't let it be written, as a full disk.
        """
        if write and self._sealed:
            raise self._sealed
        with self._lock:
            try:
                self._connection.execute(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
                self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:  # SQLite itself takes it back where the disk is full
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and _is_the_machines(error):
                    raise SandboxUnwritableError(self._where(), str(error)) from error
                raise

    def _where(self) -> str:
        return str(self._connection.execute("PRAGMA database_list").fetchone()["file"]) or "the account in memory"

    def close(self) -> None:
        """Close the connection; the account stays in the file."""
        with self._lock:
            self._connection.close()


def _without_wal(image: bytes) -> bytes:
    """Mark an image as one without a write-ahead log: SQLite opens none in memory that has one (file format, 1.3.3)."""
    versions = slice(18, 20)
    return image[: versions.start] + b"\x01\x01" + image[versions.stop :]


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite doesn't wait when another process switches at the same time, so we do."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


_MACHINE = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_AUTH,
    }
)
"""What SQLite answers where the file is fine and the machine isn't."""


def _is_the_machines(problem: sqlite3.Error) -> bool:
    return (getattr(problem, "sqlite_errorcode", 0) & 0xFF) in _MACHINE  # the upper bits only say more about it


def _named(problem: sqlite3.DatabaseError, where: str) -> SandboxFileError:
    """Say what is wrong with a file: no one is sent to remove an account because a disk is full."""
    if _is_the_machines(problem):
        return SandboxUnwritableError(where, str(problem))
    if (getattr(problem, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY:
        return SandboxFileError(f"{where} is in use by another process that doesn't end: {problem}")
    return SandboxFileError(unusable(where, str(problem)))


def _image_of(path: Path) -> bytes | None:
    """The account in a file that can only be read, ``None`` where there is none."""
    try:
        if not path.stat().st_size:
            return None
    except OSError:
        return None
    place = path.absolute().as_uri()
    for how in ("mode=ro", "immutable=1"):  # the latter where not even a lock can be made
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"{place}?{how}", uri=True)) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return _without_wal(db.serialize())
    return None

"""The SQLite file that holds one sandbox account: its tables, and transactions that threads and processes may share."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.sandbox.model import SandboxFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 1
"""The version of the tables, kept in SQLite's ``user_version``."""

BUSY_SECONDS = 30.0
"""How long a transaction waits for another process's."""

TABLES = """
CREATE TABLE account(one INTEGER PRIMARY KEY CHECK (one = 1), company_id TEXT NOT NULL, company_name TEXT NOT NULL);
CREATE TABLE app(id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE api_key(
    digest TEXT PRIMARY KEY, app_id TEXT NOT NULL REFERENCES app, revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE sign_up_unit(
    id TEXT PRIMARY KEY, type TEXT NOT NULL, channels TEXT NOT NULL, language TEXT NOT NULL, country TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE TABLE person(id INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE identifier(
    kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (kind, name, value)
);
CREATE TABLE event_type(name TEXT PRIMARY KEY, app_id TEXT NOT NULL REFERENCES app);
CREATE TABLE event_key(
    event_type TEXT NOT NULL REFERENCES event_type, key TEXT NOT NULL, position INTEGER NOT NULL,
    PRIMARY KEY (event_type, key)
);
CREATE TABLE event(
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_type TEXT NOT NULL REFERENCES event_type,
    person_id INTEGER NOT NULL REFERENCES person, external_event_id TEXT UNIQUE, properties TEXT NOT NULL,
    occurred_at TEXT NOT NULL, received_at TEXT NOT NULL, starts_journeys INTEGER NOT NULL
);
CREATE TABLE attribute(name TEXT PRIMARY KEY, type TEXT NOT NULL);
CREATE TABLE attribute_value(
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE, attribute TEXT NOT NULL REFERENCES attribute,
    value TEXT NOT NULL, PRIMARY KEY (person_id, attribute)
);
CREATE TABLE subscription(
    person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE, type TEXT NOT NULL, channel TEXT NOT NULL,
    eligible INTEGER NOT NULL, PRIMARY KEY (person_id, type, channel)
);
CREATE TABLE text_sent(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person, reason TEXT NOT NULL
);
CREATE TABLE webhook(
    id INTEGER PRIMARY KEY AUTOINCREMENT, app_id TEXT NOT NULL REFERENCES app, url TEXT NOT NULL, events TEXT NOT NULL,
    disabled_at TEXT
);
CREATE TABLE segment(
    id INTEGER PRIMARY KEY AUTOINCREMENT, external_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    description TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, archived INTEGER NOT NULL DEFAULT 0
);
"""


class Store:
    """One connection behind a lock: threads take turns, processes wait for each other's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path | None) -> Store:
        """Open or create the file (``None``: in memory), with its folder.

        Raises ``SandboxFileError`` where the file isn't a sandbox of this version, ``OSError`` where it can't be made.
        """
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        where = str(path) if path is not None else ":memory:"
        try:
            return cls._opened(where)
        except sqlite3.DatabaseError as problem:
            raise SandboxFileError(_unusable(where, str(problem))) from problem

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
        """Look before anything is changed, since the file may be somebody else's; then make what is missing."""
        self._connection.row_factory = sqlite3.Row
        with self.transaction(write=False) as db:
            _is_made(db, where)
        _use_wal(self._connection)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        with self.transaction() as db:
            if not _is_made(db, where):
                _create_tables(db)

    @classmethod
    def of_image(cls, image: bytes) -> Store:
        """Open an image of an account, in memory."""
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.deserialize(_without_wal(image))
        return cls(connection)

    def image(self) -> bytes:
        """Copy the account as it stands."""
        with self._lock:
            return self._connection.serialize()

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing; without ``write`` SQLite itself refuses any change, so a GET can't have an effect."""
        with self._lock:
            self._connection.execute(f"PRAGMA query_only = {'OFF' if write else 'ON'}")
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection; the account stays in the file."""
        with self._lock:
            self._connection.close()


def _without_wal(image: bytes) -> bytes:
    """Mark an image as one without a write-ahead log: SQLite opens none in memory that has one (file format, 1.3.3)."""
    versions = slice(18, 20)
    return image[: versions.start] + b"\x01\x01" + image[versions.stop :]


def _is_made(db: sqlite3.Connection, where: str) -> bool:
    """Whether the file holds an account already; raises ``SandboxFileError`` where it holds something else."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return True
    if version != 0:
        raise SandboxFileError(_unusable(where, f"it has version {version}, this deployer knows {VERSION}"))
    if db.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise SandboxFileError(_unusable(where, "it is another program's database"))
    return False


def _create_tables(db: sqlite3.Connection) -> None:
    for statement in TABLES.split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {VERSION}")


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


def _unusable(where: str, why: str) -> str:
    return f"{where} can't be used as the sandbox's account: {why}. Remove the file to begin with an empty account."

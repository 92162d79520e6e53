"""A medium as a newcomer would write it: state in a table of an SQLite file. It passes the suite of every backend."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

from deployer.state import Backend, File, StateError, StoredFiles, UnreadableError
from deployer.state.places import MEDIA


class SqliteMedium:
    """The files of one environment as rows; each write is a transaction that looks at both rows first."""

    restore = "restore the database from a backup"
    poll = 0.05

    def __init__(self, path, environment):
        self.location = f"sqlite:{path.name}#{environment}"
        self._path, self._environment = path, environment

    def get(self):
        """Read both rows."""
        try:
            with self._transaction() as db:
                return self._seen(db)
        except sqlite3.Error as error:
            raise UnreadableError(f"state `{self.location}` can't be read: {error}", "check the file") from error

    def put(self, file, content, over, reason):
        """Write a row if both are still as they were."""
        del reason
        try:
            with self._transaction() as db:
                if self._seen(db) != over:
                    return None
                db.execute("DELETE FROM files WHERE name = ?", (self._name(file),))
                if content is not None:
                    db.execute("INSERT INTO files VALUES (?, ?)", (self._name(file), content))
                return self._seen(db)
        except sqlite3.Error as error:
            raise StateError(f"state `{self.location}` can't be written: {error}", "check the file") from error

    def _seen(self, db):
        rows = dict(db.execute("SELECT name, content FROM files").fetchall())
        return StoredFiles(*(rows.get(self._name(file)) for file in (File.STATE, File.LOCK)))

    def _name(self, file):
        return f"{self._environment}.{file.value}"

    @contextmanager
    def _transaction(self):
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as db:
            db.execute("CREATE TABLE IF NOT EXISTS files(name TEXT PRIMARY KEY, content BLOB NOT NULL)")
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")


def opened(url, root, environment):
    """Open `sqlite:PATH`."""
    return Backend(SqliteMedium(root / url.removeprefix("sqlite:"), environment), environment)


MEDIA["sqlite"] = opened

"""The tables of an account, as steps: each takes a file from one version to the next, so that no account is ever lost.

The version is kept in SQLite's ``user_version``. A step that was released is never edited: a change of tables is a new
step at the end, and an account of the version before it in ``tests/sandbox/accounts``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.sandbox.model import SandboxFileError

if TYPE_CHECKING:
    import sqlite3

_FIRST = """
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

_PHONES = """
CREATE TABLE message(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person, channel TEXT NOT NULL,
    address TEXT NOT NULL, reason TEXT NOT NULL, sent_at TEXT NOT NULL, parts TEXT NOT NULL, details TEXT NOT NULL,
    event_id INTEGER REFERENCES event, journey TEXT, step TEXT, UNIQUE (event_id, journey, step)
);
INSERT INTO message(person_id, channel, address, reason, sent_at, parts, details)
    SELECT person_id, 'TEXT', '', reason, '', '{}', '{}' FROM text_sent ORDER BY id;
DROP TABLE text_sent;
CREATE TABLE reply(
    id INTEGER PRIMARY KEY AUTOINCREMENT, person_id INTEGER NOT NULL REFERENCES person, sent_at TEXT NOT NULL,
    text TEXT NOT NULL, after INTEGER NOT NULL
);
CREATE TABLE played(
    event_id INTEGER PRIMARY KEY REFERENCES event, at TEXT NOT NULL, subscriptions TEXT NOT NULL
);
CREATE TABLE trace(
    event_id INTEGER NOT NULL REFERENCES event, number INTEGER NOT NULL, at TEXT NOT NULL, journey TEXT NOT NULL,
    what TEXT NOT NULL, step TEXT NOT NULL, words TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (event_id, number)
);
CREATE VIEW inside(event_id, journey) AS SELECT event_id, journey FROM trace GROUP BY event_id, journey
    HAVING sum(what = 'entered') > sum(what = 'ended');
CREATE TABLE post(
    id INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id INTEGER NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event TEXT NOT NULL, body TEXT NOT NULL, made_at TEXT NOT NULL, due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT 'waiting'
);
ALTER TABLE webhook ADD COLUMN signing_key TEXT NOT NULL DEFAULT '';
UPDATE webhook SET signing_key = lower(hex(randomblob(32)));
ALTER TABLE subscription ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN double_opt_in INTEGER NOT NULL DEFAULT 0;
"""
"""Messages with their words, replies, journeys that are played, and what is posted to webhooks."""

_MEMBERS = """
CREATE TABLE member(
    segment_id INTEGER NOT NULL REFERENCES segment, person_id INTEGER NOT NULL REFERENCES person ON DELETE CASCADE,
    PRIMARY KEY (segment_id, person_id)
)
"""
"""Who is in which segment."""

STEPS: list[str] = [_FIRST, _PHONES, _MEMBERS]
"""What is done to the tables of version 0 (an empty file), 1, 2, …: statements that end in semicolons."""


def is_current(db: sqlite3.Connection, where: str) -> bool:
    """Whether a file has every step; raises ``SandboxFileError`` where it isn't ours or a later version made it."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        why = f"a later version of deployer made it (tables {version}, this one knows {len(STEPS)})"
        raise SandboxFileError(f"{where} can't be used as the sandbox's account: {why}. Use that version of deployer.")
    if version == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise SandboxFileError(unusable(where, "it is another program's database"))
    return bool(version == len(STEPS))


def bring_up(db: sqlite3.Connection) -> None:
    """Take the steps that a file lacks, within the caller's transaction."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for step in STEPS[version:]:
        for statement in step.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(STEPS)}")


def unusable(where: str, why: str) -> str:
    """What to say of a file that holds no account."""
    return f"{where} can't be used as the sandbox's account: {why}. Remove the file to begin with an empty account."

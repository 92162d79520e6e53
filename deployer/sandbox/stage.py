"""What the account shows to a player of its journeys, and takes from it: events in, what followed, messages out.

The sandbox knows no journey. A player asks here for events that weren't played yet, says step by step what follows from
each, and hands over the messages.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.sandbox import messages
from deployer.sandbox.calls import timestamp
from deployer.sandbox.members import segments_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from deployer.sandbox.messages import Sending
    from deployer.sandbox.pace import Pace
    from deployer.sandbox.store import Store

ENTERED, ENDED = "entered", "ended"
"""The traces between which a person is inside a journey; the view ``inside`` of the tables counts them."""


Subscriptions: TypeAlias = frozenset[tuple[str, str]]
"""What a person is eligible for: pairs of type and channel in Attentive's words."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event of the account.

    ``age`` is how old it was when it came. ``at`` is when it was played, and ``subscriptions`` are what its person was
    eligible for then; ``None`` where it wasn't played yet.
    """

    number: int
    person: int
    type: str
    properties: Mapping[str, Any]
    age: timedelta
    at: datetime | None = None
    subscriptions: Subscriptions | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the account knows of a person. ``segments`` are names."""

    phone: str
    email: str
    subscriptions: Subscriptions
    attributes: Mapping[str, str]
    segments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing that followed from an event. ``what`` is its kind; ``until`` an account's stamp, empty for none."""

    number: int
    at: str
    journey: str
    what: str
    step: str = ""
    words: str = ""
    until: str = ""


class Stage:
    """The account as a stage; safe for threads and processes, as the account is."""

    def __init__(self, store: Store, pace: Pace) -> None:
        self._store = store
        self.pace = pace

    def latest(self) -> datetime | None:
        """The last moment that was played: the journeys' clock goes on from there."""
        with self._store.transaction(write=False) as db:
            row = db.execute("SELECT max(at) AS last FROM (SELECT at FROM played UNION ALL SELECT at FROM trace)")
            last = row.fetchone()["last"]
        return datetime.fromisoformat(last) if last else None

    def unplayed(self) -> list[Arrived]:
        """The events that weren't played yet, as they came."""
        with self._store.transaction(write=False) as db:
            rows = db.execute(
                "SELECT event.*, NULL AS at, NULL AS subscriptions FROM event LEFT JOIN played ON event_id = event.id"
                " WHERE event_id IS NULL ORDER BY event.id"
            ).fetchall()
        return [_arrived(row) for row in rows]

    def under_way(self) -> list[Arrived]:
        """Every event that was played for a person who is still in a journey."""
        with self._store.transaction(write=False) as db:
            rows = db.execute(
                "SELECT event.*, played.at, played.subscriptions FROM event JOIN played ON event_id = event.id"
                " WHERE person_id IN (SELECT person_id FROM event JOIN inside ON inside.event_id = event.id)"
                " ORDER BY played.at, event.id"
            ).fetchall()
        return [_arrived(row) for row in rows]

    def known(self, event: int) -> Known:
        """What is known now of the person whom an event is about."""
        with self._store.transaction(write=False) as db:
            (person,) = db.execute("SELECT person_id FROM event WHERE id = ?", (event,)).fetchone()
            return _known(db, person)

    def played(self, event: int, at: datetime, subscriptions: Subscriptions) -> bool:
        """Take an event to play it at a moment; false where another process took it."""
        with self._store.transaction() as db:
            row = (event, timestamp(at), json.dumps(sorted(subscriptions)))
            return bool(db.execute("INSERT OR IGNORE INTO played VALUES (?, ?, ?)", row).rowcount)

    def record(self, event: int, traces: Sequence[Trace], sendings: Sequence[Sending]) -> None:
        """Keep what followed from an event, in order; what is kept already stays as it is."""
        with self._store.transaction() as db:
            db.executemany(
                "INSERT OR IGNORE INTO trace VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (event, trace.number, trace.at, trace.journey, trace.what, trace.step, trace.words, trace.until)
                    for trace in traces
                ],
            )
            for sending in sendings:
                messages.send(db, sending)


def _arrived(row: sqlite3.Row) -> Arrived:
    age = datetime.fromisoformat(row["received_at"]) - datetime.fromisoformat(row["occurred_at"])
    at = datetime.fromisoformat(row["at"]) if row["at"] else None
    kept = row["subscriptions"]
    subscriptions = None if kept is None else frozenset((kind, channel) for kind, channel in json.loads(kept))
    return Arrived(
        row["id"], row["person_id"], row["event_type"], json.loads(row["properties"]), age, at, subscriptions
    )


def _known(db: sqlite3.Connection, person: int) -> Known:
    contacts: dict[str, str] = {}
    rows = db.execute("SELECT kind, value FROM identifier WHERE person_id = ? ORDER BY kind, value", (person,))
    for row in rows:
        contacts.setdefault(row["kind"], row["value"])
    subscriptions = db.execute("SELECT type, channel FROM subscription WHERE person_id = ? AND eligible", (person,))
    attributes = db.execute("SELECT attribute, value FROM attribute_value WHERE person_id = ?", (person,))
    return Known(
        contacts.get("phone", ""),
        contacts.get("email", ""),
        frozenset((row["type"], row["channel"]) for row in subscriptions),
        {row["attribute"]: row["value"] for row in attributes},
        frozenset(segments_of(db, person)),
    )

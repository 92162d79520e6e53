"""The reads that come before a plan: what the API lists of each kind, once a run. Nothing is written."""

from __future__ import annotations

import time
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from deployer.attentive import MissingScope, NotFound
from deployer.dataclass import dataclass
from deployer.engine.desired import kind_of
from deployer.engine.guards import MAX_SKEW
from deployer.kinds.base import GuardError, LiveObject, Session, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from deployer.engine.desired import Desired
    from deployer.kinds.kind import Kind
    from deployer.state.model import State


@dataclass(frozen=True, slots=True)
class LiveObjects:
    """What the API reports now, by kind; a kind that couldn't be read is in ``unreadable`` with the reason.

    ``late`` are the addresses of which something was written in the last minutes that their kind's list doesn't show.
    ``held`` are those of which a create was sent lately and its answer lost, with the time until which a list that
    doesn't show it proves nothing.
    """

    listed: Mapping[str, tuple[LiveObject, ...]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    held: Mapping[str, datetime] = field(default_factory=dict)
    _by_id: dict[tuple[str, str], LiveObject] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Index the objects, so that finding one is no search through the list."""
        for kind, objects in self.listed.items():
            for live in objects:
                self._by_id.setdefault((kind, live.id), live)

    def of(self, kind: str) -> tuple[LiveObject, ...] | None:
        """The live objects of a kind; ``None`` where they aren't known."""
        return self.listed.get(kind)

    def find(self, kind: str, id: str) -> LiveObject | None:  # noqa: A002 - Attentive's word for it
        """The live object of a kind with Attentive's id; ``None``: not listed, or the list isn't known."""
        return self._by_id.get((kind, id))

    def to_json(self) -> dict[str, Any]:
        """What was read, in whatever order Attentive lists it."""
        return {
            "listed": {
                kind: {live_object.id: dict(live_object.fields) for live_object in live_objects}
                for kind, live_objects in self.listed.items()
            },
            "unreadable": dict(self.unreadable),
            "late": sorted(self.late),
            "held": sorted(self.held),
        }


FRESH = timedelta(minutes=10)
"""How long after a write Attentive's lists are given a second chance to show it. Attentive promises no time."""

HOLD = FRESH + 2 * MAX_SKEW
"""How long after a create whose answer was lost another one isn't sent because a list lacks it. The clocks of the
machine that sent it and of this one may each be off, so that at least ``FRESH`` has passed at Attentive."""

PAUSES = (1.0, 2.0, 4.0)
"""Seconds between looks at a list that doesn't show what was written lately."""


def refresh(
    session: Session, everything: Sequence[Desired], state: State, pause: Callable[[float], None] = time.sleep
) -> LiveObjects:
    """List each readable kind that is declared or recorded.

    A kind that the key may not read, or whose app has no key here, is unknown, not empty. A list that doesn't show what
    was written in the last minutes is asked for again after a ``pause`` before that is believed to be gone: taking a
    late list for the truth would make a second object. Any other ``AttentiveError`` is raised: a plan on half of the
    truth would promise what it can't know.
    """
    listed: dict[str, tuple[LiveObject, ...]] = {}
    unreadable: dict[str, str] = {}
    late: set[str] = set()
    for kind, wanted in _listable(everything, state).items():
        assert kind.api is not None
        if kind.api.read is None:
            continue
        try:
            live_objects = listed[kind.name] = _listed(kind, kind.api.read, session, wanted, state, pause)
            late.update(_late(kind, live_objects, session, state))
        except (MissingScope, NotFound) as error:
            unreadable[kind.name] = f"{error}; {error.hint}"
        except GuardError as error:
            if error.code != "no-key":
                raise
            unreadable[kind.name] = f"{error}; {error.hint}"
    return LiveObjects(listed, unreadable, frozenset(late), _held(session, state))


def _held(session: Session, state: State) -> dict[str, datetime]:
    """The creates without an answer that may still come to be listed, each with the end of its hold."""
    sent = {address: entry.changed_at for address, entry in state.entries.items() if entry.intent is not None}
    ends = {address: datetime.fromisoformat(at) + HOLD for address, at in sent.items() if at}
    return {address: end for address, end in ends.items() if session.now() < end} if ends else {}


def _listed(
    kind: Kind,
    read: Callable[[Session, Sequence[Wanted]], Iterable[LiveObject]],
    session: Session,
    wanted: Sequence[Wanted],
    state: State,
    pause: Callable[[float], None],
) -> tuple[LiveObject, ...]:
    """What a kind's list shows, once it shows what was written lately or has had its chances."""
    live_objects = tuple(read(session, wanted))
    for seconds in PAUSES:
        if not any(_late(kind, live_objects, session, state)):
            break
        pause(seconds)
        live_objects = tuple(read(session, wanted))
    return live_objects


def _late(kind: Kind, live_objects: Sequence[LiveObject], session: Session, state: State) -> Iterator[str]:
    """The addresses of which something written lately isn't in the list: a recorded object, or a lost answer's."""
    shown = {live.id for live in live_objects}
    recorded = {entry.id for entry in state.entries.values() if entry.kind == kind.name}
    for address, entry in state.entries.items():
        if entry.kind != kind.name or not entry.changed_at or entry.by != "api":
            continue
        missing = (entry.id and entry.id not in shown) or (entry.intent is not None and shown <= recorded)
        if missing and session.now() - datetime.fromisoformat(entry.changed_at) < FRESH:
            yield address


def _listable(everything: Sequence[Desired], state: State) -> dict[Kind, list[Wanted]]:
    """What is read, by kind: the declared resources, and recorded ones that aren't declared or had another app."""
    by_kind: dict[Kind, list[Wanted]] = {}
    for desired in everything:
        if desired.wanted.by == "api":
            by_kind.setdefault(desired.kind, []).append(desired.wanted)
    declared = {(desired.address, desired.wanted.app) for desired in everything}
    for address, entry in state.entries.items():
        kind = kind_of(address)
        if kind and kind.api and entry.by == "api" and (address, entry.app) not in declared:
            by_kind.setdefault(kind, []).append(Wanted(address, kind.name, "api", entry.app))
    return by_kind

"""The record during an apply: in memory, in the local journal after each write, in the backend now and then."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.engine.moving import mentioned
from deployer.state.model import Archived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.state import Backend, Journal
    from deployer.state.model import Applied, Entry, State


class Ledger:
    """The state under change; safe for threads. ``stamp`` finishes a state before it is stored.

    The caller that made it holds the backend's lock, and stores from one thread; the others record meanwhile.
    """

    def __init__(self, backend: Backend, journal: Journal, state: State, stamp: Callable[[State], State]) -> None:
        self._backend = backend
        self._journal = journal
        self._stamp = stamp
        self._lock = threading.RLock()
        self._unsaved = not state.lineage  # a new record proves that it can be stored before anything is done
        self._pending = 0
        self._versions: dict[str, int] = {}  # the last one of each address that this run recorded
        self._failed = False
        self._leaving: State | None = None  # what is being stored, or may have been when that failed
        self._meanwhile: dict[str, Entry | None] = {}  # what was written at Attentive while that is stored
        self._mentions: dict[str, set[str]] = {}
        self._stored = replace(state, lineage=state.lineage or uuid.uuid4().hex)
        self._entries = dict(self._stored.entries)  # changed in place: a copy for each change would be quadratic
        self._working = replace(self._stored, entries=self._entries)
        for address, entry in self._entries.items():
            self._index(address, None, entry)

    @property
    def state(self) -> State:
        """The state with everything that was recorded so far."""
        with self._lock:
            return replace(self._working, entries=dict(self._entries))

    @property
    def lineage(self) -> str:
        """The lineage of the state, which a new record has from the beginning."""
        return self._stored.lineage

    @property
    def unsaved(self) -> bool:
        """Whether something was recorded that the backend doesn't have."""
        return self._unsaved

    @property
    def pending(self) -> int:
        """How often something was recorded since the record was stored last."""
        return self._pending

    @contextmanager
    def as_one(self) -> Iterator[None]:
        """Record several things that are stored together or not at all."""
        with self._lock:
            yield

    @property
    def changed(self) -> bool:
        """Whether an entry isn't as it was stored last."""
        return self._entries != self._stored.entries

    def entry(self, address: str) -> Entry | None:
        """What is recorded of an address so far, if anything."""
        return self._entries.get(address)

    def mentioning(self, address: str) -> tuple[str, ...]:
        """The other addresses whose entries speak of this one, sorted."""
        with self._lock:
            return tuple(sorted(self._mentions.get(address, set()) - {address}))

    def open(self, *, recovered: bool) -> None:
        """Begin. What was recovered from an interrupted run is stored before its journal makes room for this one's."""
        self._unsaved = self._unsaved or recovered
        if self._unsaved:
            self.save()
        else:
            self._journal.begin(self._stored)

    def amend(self, address: str, change: Callable[[Entry | None], Entry | None], *, written: bool = False) -> None:
        """Record what ``change`` makes of an address's entry; ``None`` removes the address from the record.

        Nothing else is recorded meanwhile, so that no change is lost. ``written``: something was done at Attentive, so
        the journal must know before anything else happens.
        """
        with self._lock:
            before = self._entries.get(address)
            after = change(before)
            if after is None:
                self._entries.pop(address, None)
            else:
                after = self._entries[address] = self._stamped(address, after)
            self._index(address, before, after)
            self._unsaved = True
            self._pending += 1
            if written:
                self._note(address, after)

    def _stamped(self, address: str, after: Entry) -> Entry:
        """An entry under a version that its address never had, also where it was removed meanwhile."""
        stamped = self._working.stamped(address, after)
        self._versions[address] = max(stamped.version, self._versions.get(address, 0) + 1)
        return replace(stamped, version=self._versions[address])

    def _note(self, address: str, after: Entry | None) -> None:
        """Let the journal know, whether or not the state is stored that is on its way."""
        stored = self._stored.version(address)
        self._journal.record(address, after, version=stored)
        if self._leaving is not None:
            self._meanwhile[address] = after
            if (version := self._leaving.version(address)) != stored:
                self._journal.record(address, after, version=version)

    def archive(self, kind: str, id: str, at: str) -> None:  # noqa: A002 - Attentive's word for it
        """Record that an object was removed whose id stays taken at Attentive."""
        with self._lock:
            kept = (archived for archived in self._working.archived if (archived.kind, archived.id) != (kind, id))
            self._working = replace(self._working, archived=(*kept, Archived(kind, id, at)))
            self._unsaved = True

    def applied(self, what: Applied) -> None:
        """Record what was applied, and what became of it."""
        with self._lock:
            self._working = replace(self._working, applied=what)
            self._unsaved = True

    def save(self) -> None:
        """Store what was recorded since the last time, while other threads go on recording; raises ``StateError``.

        Where that fails no one knows what is stored: nothing is stored after it, and the journal goes on for both.
        """
        with self._lock:
            if not self._unsaved:
                return
            assert not self._failed
            self._leaving = self._stamp(self.state)
            self._unsaved, self._pending = False, 0
        try:
            stored = self._backend.write(self._leaving, expected_serial=self._stored.serial)
        except BaseException:
            self._unsaved = self._failed = True
            raise
        with self._lock:
            self._arrived(stored)

    def _arrived(self, stored: State) -> None:
        """Go on from the state that is stored, with what was recorded meanwhile."""
        meanwhile, self._meanwhile, self._leaving = self._meanwhile, {}, None
        self._stored = stored
        working = self._working
        self._working = replace(stored, entries=self._entries, archived=working.archived, applied=working.applied)
        self._journal.begin(stored, meanwhile)

    def close(self) -> None:
        """End a run whose record is stored."""
        if not self._unsaved:
            self._journal.clear()

    def _index(self, address: str, before: Entry | None, after: Entry | None) -> None:
        """Keep in mind which addresses an entry speaks of."""
        old, new = mentioned(before), mentioned(after)
        for gone in old - new:
            self._mentions[gone].discard(address)
        for come in new - old:
            self._mentions.setdefault(come, set()).add(address)

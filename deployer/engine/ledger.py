"""The record during an apply: in memory, in the local journal after each write, in the backend around each batch."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.state import Backend, Journal
    from deployer.state.model import Entry, State


class Ledger:
    """The state under change; safe for threads. ``stamp`` finishes a state before it is stored.

    Whoever made it holds the backend's lock.
    """

    def __init__(self, backend: Backend, journal: Journal, state: State, stamp: Callable[[State], State]) -> None:
        self._backend = backend
        self._journal = journal
        self._state = replace(state, lineage=state.lineage or uuid.uuid4().hex)
        self._began = self._state
        self._stamp = stamp
        self._lock = threading.Lock()
        self._unsaved = not state.lineage  # a new record proves that it can be stored before anything is done

    @property
    def state(self) -> State:
        """The state with everything that was recorded so far."""
        return self._state

    @property
    def unsaved(self) -> bool:
        """Whether something was recorded that the backend doesn't have."""
        return self._unsaved

    @property
    def changed(self) -> bool:
        """Whether an entry isn't as it was stored last."""
        return self._state.entries != self._began.entries

    def open(self, *, recovered: bool) -> None:
        """Begin. What was recovered from an interrupted run is stored before its journal makes room for this one's."""
        self._unsaved = self._unsaved or recovered
        if self._unsaved:
            self.save()
        else:
            self._journal.begin(self._state)

    def put(self, address: str, entry: Entry | None, *, written: bool) -> None:
        """Record an entry, or let go of its address (``None``).

        ``written``: something was done at Attentive, so the journal must know before anything else happens.
        """
        with self._lock:
            state = self._state.without(address) if entry is None else self._state.with_entry(address, entry)
            self._state, self._unsaved = state, True
            if written:
                self._journal.record(address, state.entry(address), version=self._began.version(address))

    def save(self) -> None:
        """Store what was recorded since the last time; raises ``StateError``."""
        with self._lock:
            if self._unsaved:
                stamped = self._stamp(self._state)
                self._state = self._began = self._backend.write(stamped, expected_serial=self._state.serial)
                self._unsaved = False
                self._journal.begin(self._state)

    def close(self) -> None:
        """End a run whose record is stored."""
        if not self._unsaved:
            self._journal.clear()

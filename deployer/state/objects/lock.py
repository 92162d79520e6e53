"""A lock that is an object: whoever writes his name into it first holds it.

Taking and freeing are conditional writes, so that of any number of processes exactly one wins. Freeing writes an empty
object and deletes nothing: a delete can't be made conditional here, and an unconditional one could hit the lock of
whoever came next. The lock outlives its process; ``unlock`` frees it by its id.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.state.checks import check_lock_id, wait_for
from deployer.state.errors import LockedError, LostLockError, StateError
from deployer.state.holder import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.state.objects.store import Store, Stored

_FREE = b"{}\n"
_POLL = 0.5
"""Seconds between two looks at a lock that somebody holds."""

_LOGGER = logging.getLogger("deployer.state")


class ObjectLock:
    """The lock of one environment's state in an object store, under ``key``."""

    def __init__(self, store: Store, key: str, *, environment: str) -> None:
        self._store = store
        self._key = key
        self._environment = environment
        self._location = str(store.place)
        self._asked: Holder | None = None

    @contextmanager
    def held(self, operation: str, *, timeout: float) -> Iterator[Holder]:
        """Hold the lock during the block; waits up to ``timeout`` seconds.

        Raises ``LockedError`` while somebody else holds it, ``StateError`` where the store can't be used.
        """
        ours = Holder.here(operation)
        try:
            if wait_for(lambda: self._take(ours), timeout=timeout, poll=_POLL) is None:
                raise LockedError(self._location, self.holder(), environment=self._environment)
            yield ours
        finally:
            # Also where taking it failed or was interrupted after it was asked: the write may have arrived.
            self._let_go(ours)

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where nobody does."""
        return self._name(self._store.get(self._key))

    def check(self, ours: Holder) -> None:
        """Raise ``LostLockError`` where the lock isn't ours any more: somebody freed it."""
        now = self.holder()
        if now != ours:
            raise LostLockError(self._location, now, ours=ours, environment=self._environment)

    def unlock(self, lock_id: str) -> Holder:
        """Free the lock of that id and return whom it was taken from; raises ``StateError`` where it isn't held."""
        while True:
            stored = self._store.get(self._key)
            holder = check_lock_id(self._name(stored), lock_id, self._location)
            if self._store.put(self._key, _FREE, over=stored, doing="locked"):
                return holder

    def _take(self, ours: Holder) -> Holder | None:
        stored = self._store.get(self._key, doing="locked")
        if self._name(stored) is not None:
            return None
        self._asked = ours
        written = self._store.put(self._key, ours.encode(), over=stored, doing="locked")
        # A write that was sent twice, as its first answer was lost, finds itself there already.
        if not written and self.holder() != ours:
            return None
        self._store.check_conditions(self._key, ours.encode())
        return ours

    def _let_go(self, ours: Holder) -> None:
        """Free the lock if it is still ours. What was done under it is done: failing now is told, not raised."""
        if self._asked != ours:
            return
        try:
            stored = self._store.get(self._key, doing="locked")
            if self._name(stored) == ours:
                self._store.put(self._key, _FREE, over=stored, doing="locked")
        except StateError as error:
            hint = f"`deployer state unlock {ours.id} --env {self._environment}` frees it"
            _LOGGER.warning("the lock %s may not be freed: %s; if so, %s", ours.id, error.message, hint)

    def _name(self, stored: Stored | None) -> Holder | None:
        return None if stored is None or stored.content == _FREE else Holder.decode(stored.content)

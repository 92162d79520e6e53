"""State in an object store: Amazon S3 (and what speaks its API) and Azure Blob Storage, by conditional writes."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.state.checks import check_environment, check_unmoved, stamp
from deployer.state.encoding import decode
from deployer.state.errors import ConflictError, StateError
from deployer.state.objects.lock import ObjectLock
from deployer.state.objects.place import check_environment_name, parse
from deployer.state.objects.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.state.holder import Holder
    from deployer.state.model import State
    from deployer.state.objects.store import Stored

_WRITE_TIMEOUT = 5.0
"""Seconds that a write outside ``lock`` waits for its turn."""


class ObjectBackend:
    """The state of one environment as the object ``PREFIX/ENV.json``, its lock as ``PREFIX/ENV.lock`` beside it.

    ``url`` is ``s3://BUCKET/PREFIX`` or ``az://CONTAINER/PREFIX``. Credentials and another endpoint come from the
    variables that each cloud's own tools read (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``,
    ``AZURE_STORAGE_ACCOUNT_KEY``, …). A state is written only over the one that was read: no write is ever lost,
    whatever becomes of the lock. Nothing is asked of the store yet; raises ``UnsupportedBackendError`` on another URL.
    """

    def __init__(self, url: str, *, environment: str) -> None:
        place = parse(url)
        check_environment_name(environment)
        self.location = str(place)
        self._environment = environment
        self._store = Store(place)
        self._key = place.key(f"{environment}.json")
        self._lock = ObjectLock(self._store, place.key(f"{environment}.lock"), environment=environment)
        self._writing = threading.Lock()
        self._held: Holder | None = None

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing.

        Raises ``UnreadableError`` (also where the store can't be reached) and ``OtherEnvironmentError``.
        """
        return self._decoded(self._store.get(self._key))

    def write(self, state: State, *, expected_serial: int, new_lineage: bool = False) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        ``new_lineage`` lets a state that was begun elsewhere take the place of the stored one.
        Safe by itself: outside ``lock`` it takes the lock for the write. Raises ``ConflictError`` when something else
        is stored than expected, ``LostLockError`` when our lock was taken away, ``LockedError``, ``UnreadableError``,
        ``OtherEnvironmentError``, and ``StateError`` when the store doesn't take it.
        """
        check_environment(state, self._environment, self.location)
        stamped, content = stamp(state, expected_serial, self.location)
        with self._writing, self._exclusive() as ours:
            self._lock.check(ours)
            stored = self._store.get(self._key)
            before = self._decoded(stored)
            check_unmoved(before, state, expected_serial, self.location, new_lineage=new_lineage)
            self._put(content, stored)
        return stamped

    @contextmanager
    def lock(self, operation: str, *, timeout: float = 0) -> Iterator[None]:
        """Keep others from changing the state during the block; reading stays free. Not re-entrant.

        Waits up to ``timeout`` seconds. Raises ``LockedError`` while somebody else holds it, ``StateError`` where the
        store can't be used. The lock of a process that was killed stays, until ``unlock`` frees it.
        """
        with self._lock.held(operation, timeout=timeout) as ours:
            self._held = ours
            try:
                yield
            finally:
                self._held = None

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where nobody does. Writes nothing; raises ``UnreadableError``."""
        return self._lock.holder()

    def unlock(self, lock_id: str) -> Holder:
        """Free the lock of that id and return whom it was taken from.

        Raises ``StateError`` where nothing is locked, or the lock is another's, whom the message names.
        """
        return self._lock.unlock(lock_id)

    @contextmanager
    def _exclusive(self) -> Iterator[Holder]:
        if self._held:
            yield self._held
        else:
            with self._lock.held("write", timeout=_WRITE_TIMEOUT) as ours:
                yield ours

    def _put(self, content: bytes, over: Stored | None) -> None:
        try:
            written = self._store.put(self._key, content, over=over)
        except StateError as error:
            if self._stands(content, error):
                return
            raise
        # A write that was sent twice, as its first answer was lost, finds itself there already.
        if not written and not self._stands(content):
            hint = "run the command again: it starts from what is stored now"
            raise ConflictError(f"state `{self.location}` was written by another while this write was sent", hint)

    def _stands(self, content: bytes, broken: StateError | None = None) -> bool:
        """Whether our write arrived, whatever its answer; ``broken`` is raised where that can't be seen."""
        try:
            stored = self._store.get(self._key)
        except StateError as error:
            raise broken or error from error
        return stored is not None and stored.content == content

    def _decoded(self, stored: Stored | None) -> State | None:
        if stored is None:
            return None
        state = decode(stored.content, self.location)
        check_environment(state, self._environment, self.location)
        return state

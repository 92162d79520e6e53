"""The state of an environment wherever it is kept: one place that decodes, checks, locks and stamps for all media."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from deployer.state.checks import check_environment, check_unmoved, stamp
from deployer.state.encoding import Encoder, changed_entries, decode, decode_sound, encode, unchecked
from deployer.state.errors import ConflictError, StateError
from deployer.state.lock import StoredLock, holder_in, seems_dead
from deployer.state.medium import File, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.state.holder import Holder
    from deployer.state.lock import Lock
    from deployer.state.medium import Medium, StoredFiles
    from deployer.state.model import State

_LOGGER = logging.getLogger(__name__)

_WRITE_TIMEOUT = 5.0
"""Seconds that a write outside ``lock`` waits for its turn."""

_FEW = 100
"""Entries that may be new in a text that is remembered as sound: more of them are looked at when it is read."""

_TRIES = 100
"""How often a write is tried again because something else in its place changed; each time someone else succeeded."""


class SoundTexts(Protocol):
    """Remembers, by their SHA-256, texts that this version of deployer wrote and that can be read."""

    def has(self, digest: bytes) -> bool:
        """Whether a text was remembered."""

    def add(self, digest: bytes) -> None:
        """Remember a text."""


class Backend:
    """The state of one environment in a ``Medium``; every failure is a ``StateError``.

    A state is written only over the one that was read, so that no write is lost, whatever becomes of the lock.
    ``check`` is held against each state that is read; it raises ``ShapeError`` on what it knows and the state doesn't.
    ``location`` is the place as messages name it, such as ``file:state/production.json``; ``mark`` is what ``look``
    would have given at the last ``read``.
    """

    def __init__(self, medium: Medium, environment: str, lock: Lock | None = None) -> None:
        self.location = medium.location
        self.check: Callable[[State], None] = unchecked
        self.sound: SoundTexts | None = None
        self._medium = medium
        self._environment = environment
        self._lock = lock or StoredLock(medium, environment)
        self._writing = threading.Lock()
        self._held: Holder | None = None
        self._seen: StoredFiles | None = None
        self._mentioned = ""
        self._encoder = Encoder()
        self._written: tuple[bytes, State | None] = b"", None
        self._read: tuple[bytes, State | None] = b"", None
        self._proven: State | None = None
        self.mark: bytes | None = None

    @property
    def lock_frees_itself(self) -> bool:
        """Whether the lock goes free with its process, as a local file's does."""
        return self._lock.frees_itself

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing.

        A lock that seems to be dead is mentioned. Raises ``UnreadableError`` and ``OtherEnvironmentError``.
        """
        seen = self._medium.get()
        self._mention(holder_in(seen))
        if self._held:
            self._seen = seen
        self.mark = _mark_of(seen)
        return self._decoded(seen)

    def look(self) -> bytes | None:
        """A digest of what is stored, without decoding it; ``None`` while someone holds a lock that is stored there.

        Two looks are the same where two reads are. Raises ``StateError``.
        """
        return _mark_of(self._medium.get())

    def write(self, state: State, *, expected_serial: int, new_lineage: bool = False) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        A state whose own serial is higher goes on from that one; one that is stored already, but for its serial, is
        returned as it is stored. With ``new_lineage`` it may have another lineage than what is stored. Raises
        ``ConflictError`` when something else is stored than expected, ``LockedError`` while someone else holds the
        lock, and its ``LostLockError`` where ours was taken away: nothing is ever overwritten.
        """
        check_environment(state, self._environment, self.location)
        stamped, content = stamp(state, expected_serial, self.location, self._encoder.encode)
        with self._writing, self._turn() as ours:
            for _ in range(_TRIES):
                seen = self._seen or self._medium.get()
                self._lock.check(ours, seen)
                stored = self._stored(seen)
                check_unmoved(stored, state, expected_serial, self.location, new_lineage=new_lineage)
                if not (stored and self._encoder.encode(replace(state, serial=stored.serial)) == seen.state):
                    if self._put(content, seen, ours, f"serial {stamped.serial}"):
                        self._written = content, stamped
                        self._learn(content, stamped, stored)
                        return stamped
                elif self._seen is None:
                    return stored
                self._seen = None  # looked at long ago: look again
        message = f"state `{self.location}` keeps changing while this write is tried"
        raise ConflictError(message, "find out what else writes there; then run the command again")

    @contextmanager
    def lock(self, operation: str, *, timeout: float = 0) -> Iterator[None]:
        """Keep others from changing the state during the block; reading stays free. Not re-entrant.

        Waits up to ``timeout`` seconds. Raises ``LockedError`` while someone else holds it.
        """
        with self._lock.hold(operation, timeout) as held:
            self._held = held
            try:
                yield
            finally:
                self._held = self._seen = None

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where no one does. Reads only."""
        return self._lock.holder()

    def unlock(self, lock_id: str) -> Holder:
        """Free the lock with this id, whose process is gone, and return whom it was taken from.

        Raises ``StateError`` where nothing is locked, where another lock is held (it names the present holder), and
        where the lock frees itself.
        """
        return self._lock.unlock(lock_id)

    @contextmanager
    def _turn(self) -> Iterator[Holder]:
        if self._held:
            yield self._held
        else:
            with self._lock.hold("write", _WRITE_TIMEOUT) as ours:
                yield ours

    def _put(self, content: bytes, over: StoredFiles, ours: Holder, subject: str) -> bool:
        after = self._medium.put(File.STATE, content, over, Reason(f"{subject} by {ours.operation}", ours))
        self._seen = after if self._held else None
        return after is not None

    def _learn(self, content: bytes, state: State, stored: State | None) -> None:
        """Keep in mind that a text that was written is sound: the entries that were read are, others are tried."""
        if self.sound is None:
            return
        proven = stored if stored is self._proven or stored is self._read[1] else None
        new = changed_entries(state, proven)
        if len(new) > _FEW:
            return
        with suppress(StateError):  # it is said when it is read
            decode(encode(replace(state, entries=new)), self.location, check=self.check)
            self.sound.add(sha256(content).digest())
            self._proven = state

    def _stored(self, seen: StoredFiles) -> State | None:
        """What is stored; what we wrote ourselves is known, and decoding it would take longer than the write."""
        content, state = self._written
        return state if state is not None and seen.state == content else self._decoded(seen)

    def _decoded(self, seen: StoredFiles) -> State | None:
        if seen.state is None:
            return None
        digest = sha256(seen.state).digest()
        known, state = self._read
        if state is None or digest != known:  # a write looks again at what was just read: mostly it is the same
            sound = self.sound is not None and self.sound.has(digest)
            state = decode_sound(seen.state, self.location) if sound else None
            if state is None:
                state = decode(seen.state, self.location, restore=self._medium.restore, check=self.check)
            check_environment(state, self._environment, self.location)
            self._read = digest, state
        return state

    def _mention(self, holder: Holder | None) -> None:
        """Say once that the next command which writes will wait for nothing."""
        if holder is None or self._held or holder.id == self._mentioned or not seems_dead(holder):
            return
        self._mentioned = holder.id
        unlock = f"if its process is gone, `deployer state unlock {holder.id} --env {self._environment}` frees it"
        _LOGGER.warning("state `%s` is locked: %s; %s", self.location, holder, unlock)


def _mark_of(seen: StoredFiles) -> bytes | None:
    if seen.lock is not None:
        return None
    return b"absent" if seen.state is None else sha256(seen.state).digest()

"""The lock of a state: who may change it now. A stored lock is a file of the medium, beside the state."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from deployer.state.checks import check_lock_id, wait_for
from deployer.state.errors import LockedError, LostLockError, StateError
from deployer.state.holder import Holder
from deployer.state.medium import File, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from deployer.state.medium import Medium, StoredFiles

_LOGGER = logging.getLogger(__name__)

_LONG = timedelta(minutes=15)
"""A lock that was taken longer ago may be dead: an apply within Attentive's limits is over by then."""


class Lock(Protocol):
    """Keeps others from changing a state. ``frees_itself``: when its process ends, also by a crash."""

    frees_itself: bool

    def hold(self, operation: str, timeout: float) -> AbstractContextManager[Holder]:
        """Hold it during the block, after up to ``timeout`` seconds of waiting. Raises ``LockedError``."""

    def check(self, ours: Holder, seen: StoredFiles) -> None:
        """Raise ``LostLockError`` where it is no longer ours."""

    def holder(self) -> Holder | None:
        """Who holds it now."""

    def unlock(self, lock_id: str) -> Holder:
        """Free it where it has this id. Raises ``StateError``."""


class StoredLock:
    """A lock that is a file of a medium: the first to write a name into it holds it. It outlives its process."""

    frees_itself = False

    def __init__(self, medium: Medium, environment: str) -> None:
        self._medium = medium
        self._environment = environment
        self._sent = ""

    @contextmanager
    def hold(self, operation: str, timeout: float) -> Iterator[Holder]:
        """Hold it during the block, after up to ``timeout`` seconds of waiting. Raises ``LockedError``."""
        first = Holder.here(operation)
        try:
            taken = wait_for(
                lambda: self._take(replace(Holder.here(operation), id=first.id)),
                timeout=timeout,
                poll=self._medium.poll,
            )
            if taken is None:
                raise LockedError(self._medium.location, self.holder(), environment=self._environment)
            yield taken
        finally:
            # Also where taking it failed or was interrupted after it was asked for: the write may have arrived.
            if self._sent == first.id:
                self._release(first)

    def check(self, ours: Holder, seen: StoredFiles) -> None:
        """Raise ``LostLockError`` where it is no longer ours."""
        now = holder_in(seen)
        if now is None or now.id != ours.id:
            raise LostLockError(self._medium.location, now, ours=ours, environment=self._environment)

    def holder(self) -> Holder | None:
        """Who holds it now."""
        return holder_in(self._medium.get())

    def unlock(self, lock_id: str) -> Holder:
        """Free it where it has this id, and return whom it was taken from. Raises ``StateError``."""
        while True:
            seen = self._medium.get()
            holder = check_lock_id(holder_in(seen), lock_id, self._medium.location)
            reason = Reason(f"free the lock {lock_id} of {holder.operation}", Holder.here("unlock"))
            if self._medium.put(File.LOCK, None, seen, reason):
                return holder

    def _take(self, ours: Holder) -> Holder | None:
        seen = self._medium.get()
        if seen.lock is not None:
            return None
        self._sent = ours.id
        taken = self._medium.put(File.LOCK, ours.encode(), seen, Reason(f"lock for {ours.operation}", ours))
        return ours if taken else None

    def _release(self, ours: Holder) -> None:
        """Free the lock if it is still ours. What was done under it is done: a failure is logged, not raised."""
        self._sent = ""
        try:
            while (now := holder_in(seen := self._medium.get())) is not None and now.id == ours.id:
                if self._medium.put(File.LOCK, None, seen, Reason(f"end of {ours.operation}", ours)):
                    return
        except StateError as error:
            hint = f"`deployer state unlock {ours.id} --env {self._environment}` frees it"
            _LOGGER.warning("the lock %s may still be there: %s; %s, then %s", ours.id, error.message, error.hint, hint)


def holder_in(seen: StoredFiles) -> Holder | None:
    """Who holds the lock among the files of an environment."""
    return None if seen.lock is None else Holder.decode(seen.lock)


def seems_dead(holder: Holder) -> bool:
    """Whether the process that holds a lock is gone, or has held it for longer than any operation takes."""
    if holder.host == os.uname().nodename and holder.pid > 0:
        try:
            os.kill(holder.pid, 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
        return False
    with suppress(ValueError, TypeError, OverflowError):
        return datetime.now(UTC) - datetime.fromisoformat(holder.since) > _LONG
    return True  # it names no one, or no time

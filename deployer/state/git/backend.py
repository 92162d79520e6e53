"""State on a branch of a git repository, by plumbing only: nobody's work tree, index or branches are touched.

The branch is the record and its log the audit trail. A push that isn't the next step from what was read is refused by
git, which is the compare-and-swap. A lock is a file in the branch like the state itself, so it outlives its process.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.state.checks import check_environment, check_lock_id, check_unmoved, stamp, wait_for
from deployer.state.errors import ConflictError, LockedError, LostLockError, StateError
from deployer.state.git.failures import unreadable, unwritable
from deployer.state.git.place import check_environment_name, parse
from deployer.state.git.plumbing import GitError
from deployer.state.git.record import Record
from deployer.state.git.repository import open_repository
from deployer.state.holder import Holder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from deployer.state.git.branch import Branch, Edit, Tip
    from deployer.state.model import State

_LOGGER = logging.getLogger(__name__)

_POLL = 1.0
"""Seconds between two looks at a lock that somebody holds; each asks the remote."""


class GitBackend:
    """The state of one environment as ``ENV.json`` on a branch, with ``ENV.lock`` beside it while it is locked.

    ``url`` is ``git``, ``git:REMOTE`` or ``git+URL`` (``git_place``); ``root`` is the project's folder. A project that
    isn't at the top of its repository has its files in the same folder of the branch. Nothing is run yet. Raises
    ``UnsupportedBackendError`` on another URL.
    """

    def __init__(self, url: str, *, root: Path, environment: str) -> None:
        self._place = parse(url)
        check_environment_name(environment)
        self.location = f"{url.partition('#')[0]}#{self._place.branch}:{environment}.json"
        self._root = root
        self._environment = environment
        self._writing = threading.Lock()
        self._held: Holder | None = None
        self._tip: Tip | None = None

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing to the branch.

        Raises ``UnreadableError`` (also where the remote can't be reached, the branch isn't deployer's, or it was
        rewritten to an earlier record) and ``OtherEnvironmentError``.
        """
        with self._reading():
            tip = self._branch.tip()
            state = self._record.state(tip)
            self._record.check_not_set_back(tip, state)
            if tip.commit:
                self._branch.remember(tip.commit)
        return state

    def write(self, state: State, *, expected_serial: int, new_lineage: bool = False) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        Others may write other environments at once; ``new_lineage`` lets a state that was begun elsewhere take the
        place of the stored one. Raises ``ConflictError`` when something else is stored than
        expected or the branch was rewritten, ``LockedError`` while somebody else holds the lock, ``LostLockError``
        when ours was taken away, ``UnreadableError``, ``OtherEnvironmentError``, and ``StateError`` when the branch
        can't be pushed.
        """
        check_environment(state, self._environment, self.location)
        stamped, content = stamp(state, expected_serial, self.location)
        holder = self._held or Holder.here("write")

        def edit(tip: Tip) -> Edit:
            self._check_may_write(tip)
            stored = self._record.state(tip)
            check_unmoved(stored, state, expected_serial, self.location, new_lineage=new_lineage)
            subject = f"serial {stamped.serial} by {holder.operation}"
            return self._record.edit(self._record.state_path, content, subject, holder)

        with self._writing:
            self._change(edit)
        return stamped

    @contextmanager
    def lock(self, operation: str, *, timeout: float = 0) -> Iterator[None]:
        """Keep others from changing the state during the block; reading stays free. Not re-entrant.

        Waits up to ``timeout`` seconds. Raises ``LockedError`` while somebody else holds it, ``UnreadableError`` and
        ``StateError`` where the branch can't be read or pushed.
        """
        held = self._acquire(operation, timeout)
        self._held = held
        try:
            yield
        finally:
            self._release(held)

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where nobody does. Raises ``UnreadableError``."""
        with self._reading():
            return self._record.holder(self._branch.tip())

    def unlock(self, lock_id: str) -> Holder:
        """Free the lock with this id, whose process is gone, and return whom it was taken from.

        Raises ``StateError`` where nothing or another lock is held, or the branch can't be pushed.
        """
        freed: list[Holder] = []

        def edit(tip: Tip) -> Edit:
            freed[:] = [check_lock_id(self._record.holder(tip), lock_id, self.location)]
            subject = f"free the lock {lock_id} of {freed[0].operation}"
            return self._record.edit(self._record.lock_path, None, subject, Holder.here("unlock"))

        self._change(edit)
        return freed[0]

    @cached_property
    def _record(self) -> Record:
        repository = open_repository(self._place, self._root, f"{self._environment}.json")
        return Record(repository, self._place, self._environment, self.location)

    @property
    def _branch(self) -> Branch:
        return self._record.repository.branch

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except GitError as error:
            raise unreadable(error, self.location) from error

    def _change(self, edit: Callable[[Tip], Edit | None]) -> None:
        """Put a commit on the branch, from the tip that we left it at, if any; it tells when that isn't the tip."""
        with self._reading():
            branch = self._branch
            begin = (self._tip if self._held else None) or branch.tip()
        try:
            self._tip = branch.change(lambda tip: self._followed(edit, tip), begin) or self._tip
        except GitError as error:
            raise unwritable(error, self.location, self._place) from error

    def _followed(self, edit: Callable[[Tip], Edit | None], tip: Tip) -> Edit | None:
        """Make the edit, where the tip comes after the one that we left the branch at."""
        known = self._tip.commit if self._held and self._tip else ""
        if known not in ("", tip.commit) and not (tip.commit and self._branch.follows(tip.commit, known)):
            message = f"state `{self.location}`: the branch was rewritten while `{self._held}` worked on it"
            raise ConflictError(message, "find out who pushed it by force; then run the command again")
        return edit(tip)

    def _acquire(self, operation: str, timeout: float) -> Holder:
        first = Holder.here(operation)
        try:
            taken = wait_for(
                lambda: self._take(replace(Holder.here(operation), id=first.id)), timeout=timeout, poll=_POLL
            )
        except KeyboardInterrupt:  # the push may have arrived all the same
            self._release(first)
            raise
        if taken is None:
            raise LockedError(self.location, self.holder(), environment=self._environment)
        return taken

    def _take(self, holder: Holder) -> Holder | None:
        """Lock, unless somebody holds the lock."""

        def edit(tip: Tip) -> Edit | None:
            if self._record.holder(tip):
                return None
            return self._record.edit(self._record.lock_path, holder.encode(), f"lock for {holder.operation}", holder)

        self._tip = None
        self._change(edit)
        return holder if self._tip else None

    def _release(self, held: Holder) -> None:
        """Free the lock if it is still ours. What was done under it is done: failing now is told, not raised."""

        def edit(tip: Tip) -> Edit | None:
            now = self._record.holder(tip)
            if now is None or now.id != held.id:
                return None  # freed by somebody: whatever lock stands there isn't ours
            return self._record.edit(self._record.lock_path, None, f"end of {held.operation}", held)

        try:
            self._change(edit)
        except StateError as error:
            hint = f"`deployer state unlock {held.id} --env {self._environment}` frees it"
            _LOGGER.warning("the lock %s stays: %s; %s, then %s", held.id, error.message, error.hint, hint)
        finally:
            self._held = self._tip = None

    def _check_may_write(self, tip: Tip) -> None:
        now = self._record.holder(tip)
        if self._held is None and now is not None:
            raise LockedError(self.location, now, environment=self._environment)
        if self._held is not None and (now is None or now.id != self._held.id):
            raise LostLockError(self.location, now, ours=self._held, environment=self._environment)

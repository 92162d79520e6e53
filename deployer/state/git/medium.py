"""State on a branch of a git repository, by plumbing only: no one's work tree, index or branches are touched.

The branch is the record and its log the audit trail. A push that isn't the next step from what was read is refused by
git, which is the compare-and-swap. A lock is a file in the branch like the state itself, so it outlives its process.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.state.errors import ConflictError, UnsupportedBackendError
from deployer.state.git.failures import unreadable, unwritable
from deployer.state.git.guard import check_not_set_back
from deployer.state.git.place import place_of
from deployer.state.git.plumbing import GitError
from deployer.state.git.record import BranchRecord, apart
from deployer.state.git.repository import open_repository
from deployer.state.medium import File, StoredFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.state.git.branch import Edit, Tip
    from deployer.state.medium import Reason

_LOGGER = logging.getLogger(__name__)


class GitMedium:
    """The state of one environment as ``ENV.json`` on a branch, with ``ENV.lock`` beside it while it is locked.

    ``url`` is ``git``, ``git:REMOTE`` or ``git+URL`` (``place``); ``root`` is the project's folder. A project that
    isn't at the top of its repository has its files in the same folder of the branch. Nothing is run yet. Raises
    ``UnsupportedBackendError`` on another URL; a ``protected`` environment is refused where there is no remote.
    """

    poll = 1.0

    def __init__(self, url: str, *, root: Path, environment: str, protected: bool = False) -> None:
        self._place = place_of(url, environment)
        self.location = f"{url.partition('#')[0]}#{self._place.branch}:{environment}.json"
        self.restore = (
            f"take the file from an earlier commit of the branch `{self._place.branch}` (`git log` shows them) and "
            "push that as a new commit; don't delete it, or what was done is forgotten"
        )
        self._root = root
        self._environment = environment
        self._protected = protected

    def get(self) -> StoredFiles:
        """The files as they are now, and the tip remembered as the one seen last.

        Raises ``UnreadableError``, also where the remote can't be reached, the branch isn't deployer's, or it no longer
        has a record that was seen here.
        """
        with self._reading():
            branch = self._record.repository.branch
            before, tip = branch.seen(), branch.tip()
            check_not_set_back(self._record, tip, before)
            seen = self._record.seen(tip)
            if tip.commit:
                branch.remember(tip.commit, before)
            self._warn_of_another(tip, before)
        return seen

    def _warn_of_another(self, tip: Tip, before: str) -> None:
        """Say that the repository's own branch has another record; looked at where the remote's is new here."""
        if before != tip.commit and apart(self._record, tip):
            name = self._place.branch
            way = f"compare them (`git log {name}`), then remove it: `git branch -D {name}`"
            _LOGGER.warning("state `%s`: the local branch `%s` has another one; %s", self.location, name, way)

    def put(self, file: File, content: bytes | None, over: StoredFiles, reason: Reason) -> StoredFiles | None:
        """Push a commit that writes the file, on top of whatever else was pushed since.

        Raises ``ConflictError`` where the branch was rewritten since, ``StateError`` where it can't be pushed.
        """
        begin: Tip = over.mark

        def edit(tip: Tip) -> Edit | None:
            self._check_follows(tip, begin, reason)
            return self._record.edit(file, content, reason) if self._record.same(tip, begin) else None

        try:
            after = self._record.repository.branch.change(edit, begin)
        except GitError as error:
            raise unwritable(error, self.location, self._place) from error
        if after is None:
            return None
        return StoredFiles(content, over.lock, after) if file is File.STATE else StoredFiles(over.state, content, after)

    @cached_property
    def _record(self) -> BranchRecord:
        repository = open_repository(self._place, self._root, f"{self._environment}.json")
        if not repository.is_shared and self._place.remote != ".":
            self._warn_of_one_machine()
        return BranchRecord(repository, self._place, self._environment, self.location)

    def _warn_of_one_machine(self) -> None:
        message = f"state `{self.location}`: the repository has no remote, so the state is kept on this machine only"
        if self._protected:
            hint = "add a remote that everyone who deploys can reach: `git remote add origin URL`"
            raise UnsupportedBackendError(f"{message}, and `{self._environment}` is protected", hint)
        _LOGGER.warning("%s; add a remote, or write `state: git:.` if that is meant", message)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except GitError as error:
            raise unreadable(error, self.location) from error

    def _check_follows(self, tip: Tip, begin: Tip, reason: Reason) -> None:
        """Refuse a tip that doesn't come after the one that was seen: nothing is built on a rewritten branch."""
        if begin.commit in ("", tip.commit):
            return
        if not tip.commit or not self._record.repository.branch.follows(tip.commit, begin.commit):
            message = f"state `{self.location}`: the branch was rewritten while `{reason.holder}` worked on it"
            raise ConflictError(message, "find out who pushed it by force; then run the command again")

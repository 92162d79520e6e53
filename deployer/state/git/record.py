"""What stands on the branch about one environment, and whether it may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.state.checks import check_environment
from deployer.state.encoding import decode
from deployer.state.errors import UnreadableError
from deployer.state.git.branch import Edit
from deployer.state.holder import Holder

if TYPE_CHECKING:
    from deployer.state.git.branch import Tip
    from deployer.state.git.place import GitPlace
    from deployer.state.git.repository import Repository
    from deployer.state.model import State

_MARK = "DEPLOYER-STATE.md"
_EXPLAINED = b"""\
# What deployer knows

This branch is the record that `deployer` keeps of what it did and of what people confirmed, one JSON file for each
environment; its log tells who changed it, and when. It is written by deployer only: don't edit, merge or delete it.
While somebody is at work on an environment, a `.lock` file stands beside its record.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """The files of one environment on the branch: ``ENV.json``, and ``ENV.lock`` while it is locked.

    ``location`` is how messages call the place.
    """

    repository: Repository
    place: GitPlace
    environment: str
    location: str

    @property
    def state_path(self) -> str:
        """Where the state stands on the branch."""
        return self.repository.path(f"{self.environment}.json")

    @property
    def lock_path(self) -> str:
        """Where the lock stands on the branch while it is held."""
        return self.repository.path(f"{self.environment}.lock")

    def state(self, tip: Tip) -> State | None:
        """The state at a tip. Raises ``UnreadableError``, ``OtherEnvironmentError``, ``GitError``."""
        self._check_ours(tip)
        content = self.repository.branch.content(tip, self.state_path)
        if content is None:
            self._check_not_moved(tip)
            return None
        state = decode(content, self.location)
        check_environment(state, self.environment, self.location)
        return state

    def holder(self, tip: Tip) -> Holder | None:
        """Who holds the lock at a tip. Raises ``UnreadableError``, ``GitError``."""
        self._check_ours(tip)
        content = self.repository.branch.content(tip, self.lock_path)
        return None if content is None else Holder.decode(content)

    def edit(self, path: str, content: bytes | None, subject: str, holder: Holder) -> Edit:
        """A commit that puts ``content`` into a file, or takes the file away, and tells who did it."""
        # `[skip ci]`, which the forges know: nothing is to be built of this branch.
        who = f"by {holder.user} on {holder.host} (process {holder.pid})\nlock {holder.id}"
        message = f"{self.environment}: {subject}\n\n{who}\n[skip ci]\n"
        return Edit({_MARK: _EXPLAINED, path: content}, message, holder.user)

    def check_not_set_back(self, tip: Tip, state: State | None) -> None:
        """Refuse an earlier state than was seen here before, which only a rewritten branch has.

        A history that was cut short, or rewritten in front of an equal or later state, is fine. Raises
        ``UnreadableError``, ``GitError``.
        """
        branch = self.repository.branch
        seen = branch.seen()
        if seen in ("", tip.commit) or (tip.commit and branch.follows(tip.commit, seen)):
            return
        former = self.state(branch.at(seen))
        if former is None or (state is not None and state.lineage == former.lineage and state.serial >= former.serial):
            return
        now = f"serial {state.serial} of lineage `{state.lineage}`" if state else "nothing"
        was = f"serial {former.serial} was seen here before, {now} stands there"
        hint = f"restore it: `{branch.restore_hint(seen)}`; or accept what stands there: `{branch.forget_hint()}`"
        raise UnreadableError(f"state `{self.location}` was rewritten: {was}", hint)

    def _check_ours(self, tip: Tip) -> None:
        if tip.commit and _MARK not in tip.files:
            message = f"state `{self.location}`: the branch holds something else: {', '.join(sorted(tip.files)[:3])}"
            hint = f"rename that branch, or name another one for the state: `{self.place.spelled('BRANCH')}`"
            raise UnreadableError(message, hint)

    def _check_not_moved(self, tip: Tip) -> None:
        """A project that moved within its repository has its record under its former folder: don't begin anew."""
        name = f"{self.environment}.json"
        former = [path.rpartition("/")[0] for path in tip.files if path.rpartition("/")[2] == name]
        gone = next((folder for folder in former if not self.repository.is_project(folder)), None)
        if gone is not None:
            here, there = self.repository.folder or "the top", gone or "the top"
            where = f"it is recorded for a project in {there}; none stands there, but in {here}"
            hint = f"move the project back, or move `{name}` on the branch to the project's folder by a commit"
            raise UnreadableError(f"state `{self.location}`: {where}", hint)

"""What the branch holds of one environment, and whether the branch is ours at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.state.errors import UnreadableError
from deployer.state.git.branch import Edit
from deployer.state.medium import File, StoredFiles

if TYPE_CHECKING:
    from deployer.state.git.branch import Tip
    from deployer.state.git.place import GitPlace
    from deployer.state.git.repository import Repository
    from deployer.state.medium import Reason

_MARK = "DEPLOYER-STATE.md"
_EXPLAINED = b"""\
# What deployer knows

This branch is the record that `deployer` keeps of what it did and of what people confirmed, one JSON file for each
environment; its log shows who changed it, and when. It is written by deployer only: don't edit, merge or delete it.
While someone is at work on an environment, there is a `.lock` file beside its record.
"""


@dataclass(frozen=True, slots=True)
class BranchRecord:
    """The files of one environment on the branch: ``ENV.json``, and ``ENV.lock`` while it is locked.

    ``location`` is how messages call the place.
    """

    repository: Repository
    place: GitPlace
    environment: str
    location: str

    @property
    def state_path(self) -> str:
        """Where the state is on the branch."""
        return self.repository.path(f"{self.environment}.json")

    @property
    def lock_path(self) -> str:
        """Where the lock is on the branch while it is held."""
        return self.repository.path(f"{self.environment}.lock")

    def seen(self, tip: Tip) -> StoredFiles:
        """The files at a tip. Raises ``UnreadableError`` where the branch isn't ours, ``GitError``."""
        self._check_ours(tip)
        branch = self.repository.branch
        if self.state_path not in tip.files:
            self._check_not_moved(tip)
            _check_no_other(self, tip)
            _check_not_left(self)
        return StoredFiles(branch.content(tip, self.state_path), branch.content(tip, self.lock_path), tip)

    def same(self, tip: Tip, other: Tip) -> bool:
        """Whether the files of the environment are the same at two tips."""
        return all(tip.files.get(path) == other.files.get(path) for path in (self.state_path, self.lock_path))

    def edit(self, file: File, content: bytes | None, reason: Reason) -> Edit:
        """A commit that puts ``content`` into a file, or takes the file away, and says who did it."""
        holder, path = reason.holder, self.state_path if file is File.STATE else self.lock_path
        # `[skip ci]`, which the forges know: nothing is to be built of this branch.
        who = f"by {holder.user} on {holder.host} (process {holder.pid})\nlock {holder.id}"
        message = f"{self.environment}: {reason.subject}\n\n{who}\n[skip ci]\n"
        return Edit({_MARK: _EXPLAINED, path: content}, message, holder.user)

    def _check_ours(self, tip: Tip) -> None:
        if tip.commit and _MARK not in tip.files:
            message = f"state `{self.location}`: the branch holds something else: {', '.join(sorted(tip.files)[:3])}"
            hint = f"rename that branch, or name another one for the state: `{self.place.spelled('BRANCH')}`"
            raise UnreadableError(message, hint)

    def _check_not_moved(self, tip: Tip) -> None:
        """A project that moved within its repository has its record under its former folder: don't begin again."""
        name = f"{self.environment}.json"
        former = [path.rpartition("/")[0] for path in tip.files if path.rpartition("/")[2] == name]
        gone = next((folder for folder in former if not self.repository.is_project(folder)), None)
        if gone is not None:
            here, there = self.repository.folder or "the top", gone or "the top"
            where = f"it is recorded for a project in {there}; that folder has no project now, but {here} has"
            hint = f"move the project back, or move `{name}` on the branch to the project's folder by a commit"
            raise UnreadableError(f"state `{self.location}`: {where}", hint)


def _check_not_left(record: BranchRecord) -> None:
    """Refuse to begin a record in a repository whose remote had one and is gone. Raises ``UnreadableError``."""
    left, branch = record.repository.left, record.place.branch
    if left:
        remote = left.removeprefix("refs/deployer/remotes/").partition("/")[0]
        message = (
            f"state `{record.location}`: the state was in the remote `{remote}`, which the repository no longer has"
        )
        hint = (
            f"add it again: `git remote add {remote} URL`; or go on here from what was seen last: `git branch {branch} "
        )
        raise UnreadableError(message, f"{hint}{left}`")


def apart(record: BranchRecord, tip: Tip) -> bool:
    """Whether the repository's own branch has a record that the remote's never had: one of them isn't read.

    Raises ``GitError``.
    """
    local, branch, path = record.repository.local, record.repository.branch, record.state_path
    if local is None or path not in tip.files:
        return False
    own = local.tip()
    if path not in own.files or own.files[path] == tip.files[path] or branch.follows(tip.commit, own.commit):
        return False
    return not branch.ever_had(tip, path, own)


def _check_no_other(record: BranchRecord, tip: Tip) -> None:
    """Refuse to begin a record in a remote while the repository's own branch has one: the remote came later.

    Raises ``UnreadableError``, ``GitError``.
    """
    local = record.repository.local
    if local is None or record.state_path not in local.tip().files:
        return
    branch, environment = record.place.branch, record.environment
    message = f"state `{record.location}`: nothing is recorded there, but the local branch `{branch}` has a record"
    if not tip.commit:
        raise UnreadableError(message, f"push it, so that it goes on: `{record.repository.push_hint(branch)}`")
    copy = f"`deployer state pull --state git:.#local-state --env {environment} --out FILE`"
    hint = (
        f"bring it there: `git branch -m {branch} local-state`, {copy}, `deployer state push FILE --env {environment}`"
    )
    raise UnreadableError(message, hint)

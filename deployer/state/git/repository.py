"""The repository that state is kept in: the project's own, or, without a checkout, a passing one for a URL."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.state.errors import UnsupportedBackendError
from deployer.state.git.branch import Branch
from deployer.state.git.place import HINT
from deployer.state.git.plumbing import Git

if TYPE_CHECKING:
    from deployer.state.git.place import GitPlace

_SETTINGS = ("deployer.yaml", "deployer.yml")
"""The names of a project's settings file: those of ``source.root``, which this room can't import."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a state is on a branch: ``folder`` is the project's in the repository, empty at its top.

    ``top`` is the checkout, ``None`` where there is none; ``remote`` the remote's name, empty: the repository itself;
    ``local`` the repository's own branch of the name, where the state is in a remote. ``left`` is the reference of what
    was seen last in a remote that the repository no longer has; empty: there was none.
    """

    branch: Branch
    folder: str
    top: Path | None
    remote: str = ""
    local: Branch | None = None
    left: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether others can reach the state: it is in a remote, or in a repository that a URL names."""
        return self.top is None or bool(self.remote)

    def push_hint(self, branch: str) -> str:
        """The command that puts the repository's own branch into the remote."""
        return f"git push {self.remote} {branch}"

    def path(self, name: str) -> str:
        """The path of a file of this project in the branch."""
        return _joined(self.folder, name)

    def is_project(self, folder: str) -> bool:
        """Whether a project is in a folder of the checkout; true where there is no checkout to look at."""
        return self.top is None or any((self.top / folder / name).exists() for name in _SETTINGS)


def open_repository(place: GitPlace, root: Path, file: str) -> Repository:
    """Open the repository of a place for the project in ``root``, to keep ``file`` there.

    Raises ``GitError`` where there is none, ``UnsupportedBackendError`` where it isn't clear which remote is meant.
    """
    if place.url:
        return _passing(place, file)
    top = Path(Git(root).line("rev-parse", "--show-toplevel"))
    folder = Git(root).line("rev-parse", "--show-prefix").rstrip("/")
    git = Git(top)
    remote = _remote(git, place.remote)
    _check_not_checked_out(git, remote, place)
    # A folder may be called what no reference may; its digest can't.
    own = _joined(hashlib.sha256(os.fsencode(folder)).hexdigest()[:12] if folder else "", file)
    seen = f"refs/deployer/{f'remotes/{remote}' if remote else 'heads'}/{place.branch}/{own}"
    local = Branch(git, "", place.reference, seen=seen) if remote else None
    left = "" if remote or place.remote else _left(git, f"{place.branch}/{own}")
    return Repository(Branch(git, remote, place.reference, seen=seen), folder, top, remote, local, left)


def _left(git: Git, seen: str) -> str:
    """What was seen last in a remote, of a repository that has none now."""
    refs = git.line("for-each-ref", "--format=%(refname)", "refs/deployer/remotes").splitlines()
    return next((name for name in refs if name.endswith(f"/{seen}")), "")


def _passing(place: GitPlace, file: str) -> Repository:
    folder = Path(tempfile.mkdtemp(prefix="deployer-"))
    git = Git(folder)
    git("init", "--quiet", "--bare", "--template=")
    weakref.finalize(git, shutil.rmtree, folder, ignore_errors=True)
    branch = Branch(git, place.url, place.reference, seen=f"refs/deployer/url/{file}")
    return Repository(branch, place.folder, None)


def _remote(git: Git, wanted: str) -> str:
    """The remote that is meant; empty: the repository itself."""
    if wanted == ".":
        return ""
    remotes = git.line("remote").splitlines()
    if wanted and wanted not in remotes:
        known = ", ".join(f"`{name}`" for name in remotes) or "none"
        raise UnsupportedBackendError(f"this repository has no remote `{wanted}`; it has {known}", HINT)
    if wanted or not remotes:
        return wanted
    if "origin" in remotes or len(remotes) == 1:
        return "origin" if "origin" in remotes else remotes[0]
    message = f"this repository has several remotes ({', '.join(remotes)}) and none is called origin"
    raise UnsupportedBackendError(message, f"name the one that holds the state, such as `git:{remotes[0]}`")


def _check_not_checked_out(git: Git, remote: str, place: GitPlace) -> None:
    """A branch that someone works on can't be moved under them; only the repository's own branches are."""
    if remote:
        return
    checkouts = git.line("worktree", "list", "--porcelain").splitlines()
    if f"branch {place.reference}" in checkouts:
        message = f"the branch `{place.branch}`, which holds the state, is checked out here"
        raise UnsupportedBackendError(message, "check out another branch; `git show` shows its files too")


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name

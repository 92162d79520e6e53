"""A branch that holds files and no checkout: read at its tip, written by a commit that only its present tip allows.

Nothing but objects and one private reference (``refs/deployer/…``, what was seen last) is put into the repository: work
tree, index, HEAD and the user's branches stay as they are.
"""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.state.git.plumbing import GitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deployer.state.git.plumbing import Git

_TRIES = 100
"""How often a commit is made again because others pushed first; each of those pushes was someone's success."""


@dataclass(slots=True)
class _Turn:
    """Who of this process may push to a branch now, and the commit that was pushed last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    commit: str = ""


_TURNS: dict[tuple[str, str, str], _Turn] = {}
"""The turns by repository, remote and branch: many environments at once would only keep refusing each other."""

_PAUSE = 0.2
"""Seconds, at most, by which those who lost a race are spread before the next try."""

_CONTENDED = ("cannot lock ref", "failed to update ref", "Unable to create")
"""What a repository answers while another push to the branch is on its way in."""

_NONE = "0" * 40

Files = dict[str, tuple[str, str]]
"""Paths in the branch, each with its mode and its object's id."""


@dataclass(frozen=True, slots=True)
class Tip:
    """A commit of the branch and its files; ``commit`` is empty where there is no branch yet."""

    commit: str
    files: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a commit should do: the new content of paths (``None``: removed), and the message that says so."""

    files: Mapping[str, bytes | None]
    message: str
    author: str


class Branch:
    """The branch with the full name ``reference`` in ``remote``: a remote's name, a URL, or empty for the repository.

    ``seen`` is the private reference that keeps the tip that was seen last.
    """

    def __init__(self, git: Git, remote: str, reference: str, *, seen: str) -> None:
        self._git = git
        self._remote = remote
        self._reference = reference
        self._seen = seen

    def tip(self) -> Tip:
        """The branch as it is now, its objects fetched. Raises ``GitError``."""
        commit = self._commit()
        return self.at(commit) if commit else Tip("", {})

    def at(self, commit: str) -> Tip:
        """The branch as it was at a commit that the repository has. Raises ``GitError``."""
        listing = self._git("ls-tree", "-r", "-z", "--full-tree", commit).decode(errors="surrogateescape")
        rows = (row.partition("\t") for row in listing.split("\0") if row)
        return Tip(commit, {path: (about.split()[0], about.split()[2]) for about, _, path in rows})

    def content(self, tip: Tip, path: str) -> bytes | None:
        """The content of a file, ``None`` where there is none. Raises ``GitError``."""
        return self._git("cat-file", "blob", tip.files[path][1]) if path in tip.files else None

    def seen(self) -> str:
        """The tip that this repository saw last, empty where it never saw one. Raises ``GitError``."""
        return self._git.line("for-each-ref", "--format=%(objectname)", self._seen)

    def remember(self, commit: str, before: str) -> None:
        """Keep a tip as the one seen last, where ``before`` still is; this also keeps its objects from being collected.

        Nothing where another process remembered a tip meanwhile: that one was checked, too, and may be later.
        """
        if commit != before:
            with suppress(GitError):
                self._git("update-ref", self._seen, commit, before or _NONE)

    def ever_had(self, tip: Tip, path: str, former: Tip) -> bool:
        """Whether a file had, at a tip or before it, the content that it had at another tip. Raises ``GitError``."""
        words = ("log", "-1", "--format=%H", f"--find-object={former.files[path][1]}", tip.commit, "--", path)
        return bool(tip.commit) and bool(self._git.line(*words))

    def forget_hint(self) -> str:
        """The command that makes a rewritten branch acceptable."""
        return f"git update-ref -d {self._seen}"

    def restore_hint(self, commit: str) -> str:
        """The command that puts the branch back to a commit that the repository still has."""
        if not self._remote:
            return f"git update-ref {self._reference} {commit[:12]}"
        return f"git push --force {self._remote} {commit[:12]}:{self._reference}"

    def follows(self, commit: str, former: str) -> bool:
        """Whether ``former`` is in the history of ``commit``."""
        try:
            self._git("merge-base", "--is-ancestor", former, commit)
        except GitError:
            return False
        return True

    def change(self, edit: Callable[[Tip], Edit | None], begin: Tip) -> Tip | None:
        """Put a commit on the branch, and give the new tip; ``None`` where ``edit`` finds nothing to do.

        ``edit`` is asked for each tip that is tried: ``begin``, which was the present one a moment ago, and again the
        present one after another push came first. It raises what makes the change impossible. Raises ``GitError`` too.
        """
        turn = _TURNS.setdefault((str(self._git.folder), self._remote, self._reference), _Turn())
        with turn.lock:
            if turn.commit and turn.commit != begin.commit:
                begin = self.tip()
            new = self._change(edit, begin)
            turn.commit = new.commit if new else turn.commit
        return new

    def _change(self, edit: Callable[[Tip], Edit | None], begin: Tip) -> Tip | None:
        tip = begin
        for attempt in range(_TRIES):
            wanted = edit(tip)
            if wanted is None:
                return None
            new = self._commit_of(tip, wanted)
            refused = self._push(new.commit, tip.commit)
            if refused is None:
                self.remember(new.commit, self.seen())
                return new
            now = self.tip()
            if now.commit and (now.commit == new.commit or self.follows(now.commit, new.commit)):
                return new  # it had arrived: only the answer was lost
            if attempt == _TRIES - 1 or (now.commit == tip.commit and not _contended(refused)):
                raise refused
            tip = now
            time.sleep(random.uniform(0, _PAUSE))  # noqa: S311 - spreads those who race, keeps no secret
        raise AssertionError("the last try returns or raises")

    def _commit(self) -> str:
        if not self._remote:
            return self._of("for-each-ref", "--format=%(objectname)%09%(refname)", self._reference)
        commit = ""
        for _ in range(_TRIES):
            commit = self._of("ls-remote", self._remote, self._reference)
            if not commit or self._has(commit):
                break
            self._fetch()  # a branch that is rewritten just now may hide the commit again
        return commit

    def _of(self, *words: str) -> str:
        """The commit of our branch in a listing, which git gives by the end or the beginning of a name."""
        rows = (row.partition("\t") for row in self._git.line(*words).splitlines())
        return next((commit for commit, _, name in rows if name == self._reference), "")

    def _has(self, commit: str) -> bool:
        try:
            self._git("cat-file", "-e", f"{commit}^{{tree}}")
        except GitError:
            return False
        return True

    def _fetch(self) -> None:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", "--no-recurse-submodules")
        self._git("fetch", *options, self._remote, self._reference)

    def _push(self, new: str, old: str) -> GitError | None:
        """Move the branch from ``old`` to ``new``, or say why not."""
        try:
            if self._remote:
                lease = f"--force-with-lease={self._reference}:{old}"
                self._git("push", "--porcelain", "--no-verify", lease, self._remote, f"{new}:{self._reference}")
            else:
                self._git("update-ref", self._reference, new, old or _NONE)
        except GitError as error:
            return error
        return None

    def _commit_of(self, tip: Tip, edit: Edit) -> Tip:
        files: Files = {path: known for path, known in tip.files.items() if path not in edit.files}
        for path, content in edit.files.items():
            if content is not None:
                blob = self._git("hash-object", "-w", "--stdin", stdin=content).decode().strip()
                files[path] = ("100644", blob)
        parents = ("-p", tip.commit) if tip.commit else ()
        words = ("commit-tree", self._tree(files), *parents, "-F", "-")
        commit = self._git(*words, stdin=edit.message.encode(), environ=self._identity(edit.author))
        return Tip(commit.decode().strip(), files)

    def _tree(self, files: Mapping[str, tuple[str, str]]) -> str:
        """Store the tree of these files; nothing is read from an index, so none is needed."""
        rows, folders = [], dict[str, Files]()
        for path, (mode, identity) in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(first, {})[rest] = (mode, identity)
            else:
                rows.append(f"{mode} {'commit' if mode == '160000' else 'blob'} {identity}\t{first}\0")
        rows += [f"040000 tree {self._tree(inner)}\t{name}\0" for name, inner in folders.items()]
        packed = "".join(rows).encode(errors="surrogateescape")
        return self._git("mktree", "-z", "--missing", stdin=packed).decode().strip()

    def _identity(self, author: str) -> dict[str, str]:
        """Who commits where git doesn't know the user, as on a runner in CI: the handle."""
        known = {"NAME": author, "EMAIL": f"{author.replace(' ', '-')}@deployer.invalid"}
        unknown = {part: value for part, value in known.items() if not self._configured(f"user.{part.lower()}")}
        names = {f"GIT_{role}_{part}": value for part, value in unknown.items() for role in ("AUTHOR", "COMMITTER")}
        return {name: value for name, value in names.items() if name not in os.environ}

    def _configured(self, key: str) -> bool:
        try:
            return bool(self._git.line("config", "--get", key))
        except GitError:
            return False


def _contended(refused: GitError) -> bool:
    # A name in the way (`deployer-state/x`) is refused in like words, but doesn't go away.
    return any(sign in refused.output for sign in _CONTENDED) and "cannot create" not in refused.output

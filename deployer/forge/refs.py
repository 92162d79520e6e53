"""A folder as it was at a commit, written out elsewhere: the work tree and the index aren't touched."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.git import Done, GitTimeoutError, NoGitError, run_git

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINK = "120000"


class RefError(DeployerError):
    """A commit that can't be read; ``hint`` says what to do."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that a name stands for now. ``id`` is its full hash; ``ref`` the name as it was given."""

    ref: str
    id: str


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    blob: str
    path: str


def find_commit(folder: Path, ref: str) -> Commit:
    """Find the commit that a branch, tag or hash names in the repository around ``folder``.

    Raises ``RefError`` where git isn't installed, ``folder`` is in no repository, or nothing has that name.
    """
    if not folder.is_dir() or _git(folder, "rev-parse", "--git-dir").code:
        raise RefError(f"`{folder}` isn't in a git repository", "run it in a clone, or leave the comparison out")
    done = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if done.code:
        remote, _, branch = ref.partition("/")
        fetch = f"`git fetch {remote} {branch}`" if branch else "`git fetch`"
        raise RefError(f"there is no commit `{ref}` here", f"check the name; {fetch} first if this clone hasn't got it")
    return Commit(ref, done.line)


def checked_out(folder: Path) -> str:
    """The commit that holds the folder's tracked files as they are; empty where none does, or there is no git."""
    try:
        head = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if head.code or _git(folder, "diff", "--quiet", "--no-ext-diff", head.line, "--", ".").code:
            return ""
    except RefError:
        return ""
    return head.line


def prefix_of(folder: Path) -> str:
    """The path of a folder in its repository, with a slash at its end; empty for the repository's own."""
    return _git(folder, "rev-parse", "--show-prefix").line


def top_of(folder: Path) -> Path | None:
    """The top folder of a folder's repository; ``None`` where it is in none."""
    done = _git(folder, "rev-parse", "--show-toplevel")
    return None if done.code or not done.line else Path(done.line)


def upstream(folder: Path) -> tuple[str, str]:
    """The branch that the one that is checked out follows, and its remote's address; empty where it follows none."""
    followed = _git(folder, "rev-parse", "--symbolic-full-name", "@{upstream}").line
    remote, _, branch = followed.removeprefix("refs/remotes/").partition("/")
    if not followed.startswith("refs/remotes/") or not branch:
        return "", ""
    return branch, _git(folder, "remote", "get-url", remote).line


def file_at(folder: Path, commit: Commit, path: str) -> bytes | None:
    """What a file held at a commit, by its path in the repository; ``None`` where there was none."""
    done = _git(folder, "cat-file", "blob", f"{commit.id}:{path}")
    return None if done.code else done.out


def files_named(folder: Path, commit: Commit, *names: str) -> tuple[str, ...]:
    """The paths, in the repository, of all files of these names at a commit."""
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", "--name-only", commit.id)
    paths = (os.fsdecode(data) for data in listed.out.split(b"\0") if data)
    return tuple(path for path in paths if PurePosixPath(path).name in names)


def write_tree(folder: Path, commit: Commit, into: Path, prefix: str | None = None) -> int:
    """Write the files that ``folder`` held at a commit into an empty folder; return how many there were.

    ``prefix`` names another folder of the repository instead, by its path with a slash at its end.

    What a ``.gitattributes`` leaves out of archives is written too; submodules aren't. None where the folder didn't
    exist yet. Raises ``RefError`` where git can't read them.
    """
    prefix = prefix_of(folder) if prefix is None else prefix
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", f"{commit.id}:{prefix}")
    if listed.code:  # the folder is younger than the commit
        return 0
    entries = [entry for entry in _entries(listed.out) if _is_inside(entry.path)]
    for entry, content in zip(entries, _contents(folder, entries), strict=True):
        _write(into / entry.path, content, link=entry.mode == _LINK)
    return len(entries)


def _entries(listing: bytes) -> Iterator[_Entry]:
    for line in listing.split(b"\0"):
        head, _, path = line.partition(b"\t")
        if path:
            mode, kind, blob = head.decode().split()
            if kind == "blob":
                yield _Entry(mode, blob, os.fsdecode(path))


def _is_inside(path: str) -> bool:
    """Whether a path stays in the folder. Git refuses others, but a tree that was made by hand may hold them."""
    parts = PurePosixPath(path).parts
    return not path.startswith("/") and ".." not in parts and ".git" not in parts


def _contents(folder: Path, entries: Sequence[_Entry]) -> Iterator[bytes]:
    """Read many blobs with one process: each answer is a line with its size, the bytes, and a line feed."""
    blobs = "".join(f"{entry.blob}\n" for entry in entries).encode()
    done = _git(folder, "cat-file", "--batch", stdin=blobs)
    answer, place = done.out, 0
    for entry in entries:
        end = answer.find(b"\n", place)
        head = answer[place:end].split()
        if end < 0 or len(head) != 3:  # noqa: PLR2004 - hash, type, size; else "… missing"
            hint = "the clone isn't complete: `git fetch --refetch` brings what is missing"
            raise RefError(f"git can't read `{entry.path}` of that commit", hint)
        size = int(head[2])
        yield answer[end + 1 : end + 1 + size]
        place = end + size + 2


def _write(path: Path, content: bytes, *, link: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if link:
        path.symlink_to(os.fsdecode(content))
    else:
        path.write_bytes(content)


def _git(folder: Path, *words: str, stdin: bytes = b"") -> Done:
    try:
        return run_git(folder, *words, stdin=stdin)
    except NoGitError:
        raise RefError("git isn't installed", "install git, or leave the comparison out") from None
    except GitTimeoutError as error:
        raise RefError(f"git {words[0]}: {error}", "look at the repository, or leave the comparison out") from None
    except OSError as error:
        message = f"git can't be started in `{folder}`: {error.strerror}"
        raise RefError(message, "check the folder's permissions") from None

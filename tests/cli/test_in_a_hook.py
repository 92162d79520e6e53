"""Commands that compare with a commit, run by git itself: in a hook of a linked worktree."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def linked(tea: Path) -> Path:
    """A linked worktree of another repository, in which commits run a hook; `tea` is a repository too."""
    for folder in (tea, other := tea.parent / "other"):
        folder.mkdir(exist_ok=True)
        (folder / "here.txt").write_text(folder.name)
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", "first")
    worktree = tea.parent / "linked"
    git(other, "worktree", "add", "-q", "-b", "work", str(worktree))
    return worktree


@pytest.mark.parametrize(
    "args",
    [
        ("validate", "--new-since", "{commit}"),
        ("compat", "--against", "{commit}"),
        ("preview", "--against", "{commit}", "--out", "{tea}/page.html"),
    ],
    ids=lambda args: args[0],
)
def test_the_projects_own_repository_is_read(
    args: tuple[str, ...], tea: Path, linked: Path, words: Callable[..., list[str]]
) -> None:
    """If git runs a command in a hook, the commit is looked for where the project is, not where the hook runs."""
    commit = git(tea, "rev-parse", "HEAD")
    line = words("--project", tea, *[arg.format(commit=commit, tea=tea) for arg in args])
    hook = linked.parent / "other" / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\ntest -n "$GIT_DIR" || exit 9\n{shlex.join(line)} >&2\n')
    hook.chmod(0o755)
    (linked / "more.txt").write_text("more")
    git(linked, "add", ".")
    git(linked, "commit", "-q", "-m", "with a hook")
    assert git(linked, "log", "-1", "--format=%s") == "with a hook"

"""Where people edit a project's files in the browser: known in a workflow, or from the branch that is followed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from deployer.forge.edit_pages import edit_page_of_run, find_edit_page
from tests.commands import git

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "shop/texts"}
GITLAB = {"CI_PROJECT_ID": "7", "CI_PROJECT_URL": "https://gitlab.example/shop/texts"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project below the top of a repository whose branch follows one of its remote."""
    folder = tmp_path / "checkout"
    (folder / "my shop").mkdir(parents=True)
    (folder / "my shop" / "deployer.yaml").write_text("version: 1\n", encoding="utf-8")
    git(folder, "init", "-q", "-b", "work")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "remote", "add", "origin", "https://forge.example/shop/texts.git")
    git(folder, "update-ref", "refs/remotes/origin/fix/words", "HEAD")
    git(folder, "config", "branch.work.remote", "origin")
    git(folder, "config", "branch.work.merge", "refs/heads/fix/words")
    return folder / "my shop"


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://github.com/shop/texts.git", "https://github.com/shop/texts/edit/fix/words/my%20shop/"),
        ("https://user:secret@github.com/shop/texts", "https://github.com/shop/texts/edit/fix/words/my%20shop/"),
        ("git@github.com:shop/texts.git", "https://github.com/shop/texts/edit/fix/words/my%20shop/"),
        (
            "ssh://git@gitlab.example:2222/a/b/texts.git",
            "https://gitlab.example/a/b/texts/-/edit/fix/words/my%20shop/",
        ),
    ],
)
def test_the_branch_that_is_followed(checkout: Path, remote: str, url: str) -> None:
    """From whatever address git knows of a forge: the page of the branch that is followed, without what is secret."""
    git(checkout, "remote", "set-url", "origin", remote)
    found = find_edit_page(checkout, {})
    assert found is not None
    assert (found.url, found.line) == (url, "#L")


@pytest.mark.parametrize("remote", ["https://forge.example/shop/texts.git", "/srv/git/texts.git", "file:///srv/texts"])
def test_another_remote_is_not_guessed(checkout: Path, remote: str) -> None:
    """A forge that we don't know has no page."""
    git(checkout, "remote", "set-url", "origin", remote)
    assert find_edit_page(checkout, {}) is None


def test_a_branch_that_follows_none_has_no_page(checkout: Path, tmp_path: Path) -> None:
    """Neither has a branch that was never pushed, or a folder outside of git."""
    git(checkout, "checkout", "-qb", "alone")
    assert find_edit_page(checkout, {}) is None
    assert find_edit_page(tmp_path, {}) is None


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        (
            {**GITHUB, "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"},
            "https://github.example/shop/texts/edit/main/my%20shop/",
        ),
        ({**GITLAB, "CI_COMMIT_BRANCH": "main"}, "https://gitlab.example/shop/texts/-/edit/main/my%20shop/"),
    ],
)
def test_a_run_knows_its_branch(checkout: Path, environ: dict[str, str], url: str) -> None:
    """In a workflow or a pipeline the forge's own variables say it."""
    found = find_edit_page(checkout, environ)
    assert found is not None
    assert found.url == url
    assert edit_page_of_run(checkout, environ) == found


def test_a_pull_request_is_edited_where_its_branch_is(checkout: Path, tmp_path: Path) -> None:
    """For a pull request of a fork the page is the fork's."""
    event = tmp_path / "event.json"
    head = {"ref": "fix/words", "repo": {"full_name": "ana/texts"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}), encoding="utf-8")
    found = find_edit_page(checkout, {**GITHUB, "GITHUB_HEAD_REF": "fix/words", "GITHUB_EVENT_PATH": str(event)})
    assert found is not None
    assert found.url == "https://github.example/ana/texts/edit/fix/words/my%20shop/"


def test_a_run_alone_does_not_look_at_the_remote(checkout: Path, tmp_path: Path) -> None:
    """Outside of a workflow, and for a folder outside of its repository, a run has no page."""
    git(checkout, "remote", "set-url", "origin", "https://github.com/shop/texts.git")
    assert find_edit_page(checkout, {}) is not None
    assert edit_page_of_run(checkout, {}) is None
    environ = {**GITHUB, "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"}
    assert edit_page_of_run(tmp_path, environ) is None

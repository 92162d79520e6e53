"""Reading a folder as it was at a commit, in real git repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer.forge.refs import RefError, find_commit, write_tree
from tests.commands import git

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one commit on `main`, whose project stands in the folder `shop`."""
    root = tmp_path / "repository"
    shop = root / "shop"
    (shop / "macros").mkdir(parents=True)
    (shop / "deployer.yaml").write_text("version: 1\n")
    (shop / "macros" / "café links.jinja").write_text("old\n", encoding="utf-8")
    (shop / "photo.bin").write_bytes(bytes(range(256)) * 500)
    (shop / "empty.txt").write_text("")
    (root / ".gitattributes").write_text("shop/** export-ignore\n*.yaml text eol=crlf\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return root


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_written_as_it_was(repository: Path, tmp_path: Path) -> None:
    """Every file of the project's folder comes out byte by byte, whatever changed since and attributes say."""
    shop, into = repository / "shop", tmp_path / "then"
    before = files(shop)
    (shop / "macros" / "café links.jinja").write_text("new\n", encoding="utf-8")
    (shop / "later.txt").write_text("not committed")
    into.mkdir()
    assert write_tree(shop, find_commit(shop, "main"), into) == len(before)
    assert files(into) == before


def test_the_work_tree_and_the_index_stay(repository: Path, tmp_path: Path) -> None:
    """Reading a commit changes neither what is staged nor what is edited."""
    shop, into = repository / "shop", tmp_path / "then"
    (shop / "deployer.yaml").write_text("version: 2\n")
    (shop / "staged.txt").write_text("staged")
    git(repository, "add", "shop/staged.txt")
    before = git(repository, "status", "--porcelain")
    into.mkdir()
    write_tree(shop, find_commit(shop, "HEAD"), into)
    assert git(repository, "status", "--porcelain") == before
    assert (shop / "deployer.yaml").read_text() == "version: 2\n"


def test_a_folder_younger_than_the_commit_is_empty(repository: Path, tmp_path: Path) -> None:
    """A project that didn't exist yet at the commit has no file there."""
    young, into = repository / "young", tmp_path / "then"
    young.mkdir()
    into.mkdir()
    assert write_tree(young, find_commit(young, "main"), into) == 0


def test_links_stay_links(repository: Path, tmp_path: Path) -> None:
    """A symbolic link is written as one, so that what refuses to follow it out of the project still does."""
    shop, into = repository / "shop", tmp_path / "then"
    (shop / "out").symlink_to("/etc/hostname")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "link")
    into.mkdir()
    write_tree(shop, find_commit(shop, "main"), into)
    assert (into / "out").is_symlink()
    assert str((into / "out").readlink()) == "/etc/hostname"


@pytest.mark.parametrize("ref", ["origin/main", "nothing", "--help", "", "main:shop"])
def test_a_name_that_is_no_commit_is_refused(repository: Path, ref: str) -> None:
    """A ref that isn't there, is no commit or looks like an option is an error that says what to do."""
    with pytest.raises(RefError, match="there is no commit") as caught:
        find_commit(repository, ref)
    assert "git fetch" in caught.value.hint


def test_the_hint_names_the_branch_to_fetch(repository: Path) -> None:
    """A remote's branch that this clone hasn't got is named in the command that gets it."""
    with pytest.raises(RefError) as caught:
        find_commit(repository, "origin/release/two")
    assert "git fetch origin release/two" in caught.value.hint


def test_no_repository_is_said(tmp_path: Path) -> None:
    """Outside of any repository there is nothing to compare with."""
    with pytest.raises(RefError, match="isn't in a git repository"):
        find_commit(tmp_path, "main")


def test_no_git_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git on the path the error says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RefError, match="git isn't installed"):
        find_commit(tmp_path, "main")


def test_a_missing_object_is_said(repository: Path, tmp_path: Path) -> None:
    """A clone without one of the commit's files says which one can't be read, rather than leaving it out."""
    shop, into = repository / "shop", tmp_path / "then"
    blob = git(repository, "rev-parse", "main:shop/photo.bin")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    into.mkdir()
    with pytest.raises(RefError, match=r"photo\.bin"):
        write_tree(shop, find_commit(shop, "main"), into)

"""``deployer preview`` as one file, and what it says where it can't."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from deployer.cli import exits
from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_one_file_is_written(deployer: Callable[..., Any], tea: Path, tmp_path: Path) -> None:
    """The file holds the messages, and says how many."""
    out = tmp_path / "preview.html"
    done = deployer("preview", "--project", tea, "--out", out)
    assert (done.code, done.out) == (exits.DONE, "")
    assert done.err == f"1 message and 1 journey in {out}\n"
    assert "Tea order 17 is on its way" not in out.read_text(encoding="utf-8")  # data, filled in by the page's script
    assert '"text":"Tea order "' in out.read_text(encoding="utf-8")


def test_the_same_project_gives_the_same_bytes(deployer: Callable[..., Any], tea: Path, tmp_path: Path) -> None:
    """A page can be compared and cached: nothing in it tells when or where it was made."""
    for name in ("one.html", "two.html"):
        deployer("preview", "--project", tea, "--out", tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert str(tea).encode() not in (tmp_path / "one.html").read_bytes()


def test_a_file_does_not_name_the_repository(
    deployer: Callable[..., Any], tea: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is sent around names no forge; in a workflow it leads its reviewers to the branch at hand."""
    for variable in ("GITHUB_REPOSITORY", "CI_PROJECT_ID"):
        monkeypatch.delenv(variable, raising=False)
    git(tea, "init", "-q", "-b", "main")
    git(tea, "add", ".")
    git(tea, "commit", "-q", "-m", "first")
    git(tea, "remote", "add", "origin", "git@github.com:tea/shop.git")
    git(tea, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(tea, "branch", "-q", "--set-upstream-to", "origin/main")
    out = tmp_path / "preview.html"
    assert deployer("preview", "--project", tea, "--out", out).code == exits.DONE
    assert "github.com" not in out.read_text(encoding="utf-8")
    run = {"GITHUB_REPOSITORY": "tea/shop", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_HEAD_REF": "words"}
    for variable, value in run.items():
        monkeypatch.setenv(variable, value)
    assert deployer("preview", "--project", tea, "--out", out).code == exits.DONE
    assert "https://github.com/tea/shop/edit/words/" in out.read_text(encoding="utf-8")


def test_a_project_in_error_is_shown_and_fails(
    deployer: Callable[..., Any], tea: Path, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """The page is written with the errors in it, they are told on stderr, and the exit code says so."""
    edit(tea / "resources.yaml", "{{triggerEvent.custom['order_id']}}", "[[ prop('order_ix') ]]")
    out = tmp_path / "preview.html"
    done = deployer("preview", "--project", tea, "--out", out)
    assert done.code == exits.FAILED
    assert "'order_ix'" in done.err
    assert "order_ix" in out.read_text(encoding="utf-8")


def test_a_text_without_words_yet_is_shown(
    deployer: Callable[..., Any], tea: Path, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A journey that sends a text which has no body yet is played, and the missing key is an error like others."""
    edit(tea / "resources.yaml", "\nbody:", "\nx-body:")
    out = tmp_path / "preview.html"
    done = deployer("preview", "--project", tea, "--out", out)
    assert done.code == exits.FAILED
    assert "[schema/missing-key]" in done.err
    assert "journey.shipped" in out.read_text(encoding="utf-8")


def test_against_a_commit(
    deployer: Callable[..., Any], tea: Path, tmp_path: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """The words are compared with those of the commit."""
    git(tea, "init", "-q", "-b", "main")
    git(tea, "add", ".")
    git(tea, "commit", "-q", "-m", "first")
    edit(tea / "resources.yaml", "is on its way", "left today")
    out = tmp_path / "preview.html"
    assert deployer("preview", "--project", tea, "--out", out, "--against", "main").code == exits.DONE
    assert '"op":"gone","text":"is on its way"' in out.read_text(encoding="utf-8")


def test_what_cannot_be_compared_is_said(deployer: Callable[..., Any], tea: Path, tmp_path: Path) -> None:
    """No repository, and a commit that isn't there, are errors; no page without its comparison is written."""
    out = tmp_path / "preview.html"
    done = deployer("preview", "--project", tea, "--out", out, "--against", "main")
    assert (done.code, "isn't in a git repository" in done.err) == (exits.FAILED, True)
    git(tea, "init", "-q", "-b", "main")
    done = deployer("preview", "--project", tea, "--out", out, "--against", "origin/main")
    assert done.code == exits.FAILED
    assert "there is no commit `origin/main` here" in done.err
    assert "git fetch origin main" in done.err
    assert not out.exists()


def test_wrong_usage_is_said(deployer: Callable[..., Any], tea: Path, tmp_path: Path) -> None:
    """An unknown environment, a folder that isn't there and a port in use are said with what to do."""
    done = deployer("preview", "--project", tea, "--env", "acount", "--out", tmp_path / "x.html")
    assert (done.code, "did you mean `account`?" in done.err) == (exits.USAGE, True)
    done = deployer("preview", "--project", tea, "--out", tmp_path / "nowhere" / "x.html")
    assert (done.code, "pass another --out" in done.err) == (exits.USAGE, True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = deployer("preview", "--project", tea, "--port", taken.getsockname()[1])
    assert (done.code, "pass another --port" in done.err) == (exits.USAGE, True)


def test_no_project_is_said(deployer: Callable[..., Any], tmp_path: Path) -> None:
    """A folder without a project has nothing to show, which is an error."""
    done = deployer("preview", "--project", tmp_path, "--out", tmp_path / "x.html")
    assert done.code == exits.FAILED
    assert "deployer.yaml" in done.err
    assert not (tmp_path / "x.html").exists()

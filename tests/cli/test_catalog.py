"""``deployer catalog``: whose folder it fills, what it leaves there, and what it takes away again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits
from deployer.cli.own_folder import OwnFolder
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Deployer = Callable[..., Any]


def files(folder: Path) -> dict[str, str]:
    """Every file in a folder by its path, with its text."""
    return {
        one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8")
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_a_folder_is_filled(tea: Path, tmp_path: Path, deployer: Deployer) -> None:
    """The site begins with `index.html`, and stderr says what is in it."""
    done = deployer("catalog", "--project", tea, "--out", tmp_path / "site")
    assert (done.code, done.out) == (exits.DONE, "")
    assert done.err == f"1 journey, 1 event and 1 message in {tmp_path / 'site' / 'index.html'}\n"
    made = files(tmp_path / "site")
    assert {"index.html", "journeys/shipped.html", "messages/shipped_text.html", "catalog.json"} <= made.keys()
    assert set(json.loads(made["catalog.json"])["files"]) == made.keys() - {"catalog.json"}


def test_again_it_is_the_same(tea: Path, tmp_path: Path, deployer: Deployer) -> None:
    """A second run over the first changes no byte."""
    deployer("catalog", "--project", tea, "--out", tmp_path / "site")
    before = files(tmp_path / "site")
    assert deployer("catalog", "--project", tea, "--out", tmp_path / "site").code == exits.DONE
    assert files(tmp_path / "site") == before


def test_what_is_no_longer_declared_goes(tea: Path, tmp_path: Path, deployer: Deployer) -> None:
    """The page of what was renamed is removed; what others put into the folder stays."""
    deployer("catalog", "--project", tea, "--out", tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("catalog.tea.example\n", encoding="utf-8")
    for path in tea.rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("shipped_text", "sent_text"), encoding="utf-8")
    assert deployer("catalog", "--project", tea, "--out", tmp_path / "site").code == exits.DONE
    made = files(tmp_path / "site")
    assert "messages/sent_text.html" in made
    assert "messages/shipped_text.html" not in made
    assert made["CNAME"] == "catalog.tea.example\n"


@pytest.mark.parametrize("mark", [None, "{}", '{"made_by": "another tool", "files": []}', "not JSON"])
def test_a_stranger_s_folder_is_left_alone(tea: Path, tmp_path: Path, deployer: Deployer, mark: str | None) -> None:
    """A folder with files that aren't a catalog's is refused, and nothing in it changes."""
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "index.html").write_text("my thesis", encoding="utf-8")
    if mark is not None:
        (folder / "catalog.json").write_text(mark, encoding="utf-8")
    before = files(folder)
    done = deployer("catalog", "--project", tea, "--out", folder)
    assert done.code == exits.USAGE
    assert f"`{folder}` holds files that `deployer catalog` didn't write" in done.err.replace("\n", " ")
    assert files(folder) == before


def test_a_project_in_error_has_no_catalog(
    tea: Path, tmp_path: Path, deployer: Deployer, edit: Callable[[Path, str, str], None]
) -> None:
    """If the project has errors they are shown, and an earlier catalog stays as it is."""
    deployer("catalog", "--project", tea, "--out", tmp_path / "site")
    before = files(tmp_path / "site")
    edit(tea / "resources.yaml", "{{triggerEvent.custom['order_id']}}", "{{triggerEvent.custom['order_ix']}}")
    done = deployer("catalog", "--project", tea, "--out", tmp_path / "site")
    assert done.code == exits.FAILED
    assert "order_ix" in done.err
    assert files(tmp_path / "site") == before


def test_what_is_live_in_several_environments(tea: Path, tmp_path: Path, deployer: Deployer) -> None:
    """Each environment that is named is compared; the first is the one whose declarations are shown."""
    done = deployer("catalog", "--project", tea, "--out", tmp_path / "site", "--env", "account", "--env", "sandbox")
    assert done.code == exits.DONE, done.err
    page = files(tmp_path / "site")["live.html"]
    assert '"environment":"account","environments":["account","sandbox"]' in page


def own(folder: Path) -> OwnFolder:
    """A folder of a command that makes pages."""
    return OwnFolder(folder, "make pages", "pages.json", "--out")


def test_the_branch_of_pages_counts_as_empty(tmp_path: Path) -> None:
    """A checkout of an empty branch, with nothing but git's own file in it, is filled."""
    (tmp_path / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    own(tmp_path).fill({"index.html": "one"}, last="index.html")
    assert files(tmp_path).keys() == {".git", "index.html", "pages.json"}


def test_a_file_that_others_put_in_the_way_is_kept(tmp_path: Path) -> None:
    """If a new page would replace a file that isn't ours, it is refused before anything changes."""
    own(tmp_path).fill({"index.html": "one"}, last="index.html")
    (tmp_path / "about.html").write_text("written by hand", encoding="utf-8")
    before = files(tmp_path)
    with pytest.raises(UsageError, match=r"about\.html` is there"):
        own(tmp_path).fill({"index.html": "two", "about.html": "made"}, last="index.html")
    assert files(tmp_path) == before


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/passwd", "a/../../outside.txt"])
def test_a_mark_that_leads_outside_is_not_believed(tmp_path: Path, name: str) -> None:
    """A list of files that was edited to name something outside the folder removes nothing there."""
    folder = tmp_path / "site"
    own(folder).fill({"index.html": "one"}, last="index.html")
    (tmp_path / "outside.txt").write_text("mine", encoding="utf-8")
    (folder / "pages.json").write_text(json.dumps({"made_by": "make pages", "files": [name]}), encoding="utf-8")
    with pytest.raises(UsageError, match="didn't write"):
        own(folder).fill({"index.html": "two"}, last="index.html")
    assert (tmp_path / "outside.txt").read_text(encoding="utf-8") == "mine"


def test_a_run_that_was_killed_is_repeated(tmp_path: Path) -> None:
    """What a killed run left half done, staged or moved, is replaced by the next one."""
    (tmp_path / ".new").mkdir()
    (tmp_path / ".new" / "index.html").write_text("half", encoding="utf-8")
    own(tmp_path).fill({"index.html": "one", "a/b.html": "b"}, last="index.html")
    assert files(tmp_path).keys() == {"index.html", "a/b.html", "pages.json"}


def test_a_full_disk_leaves_the_earlier_pages(tmp_path: Path) -> None:
    """If a new page can't be written, no page has changed, and what was staged is gone."""
    own(tmp_path).fill({"index.html": "one", "a.html": "a"}, last="index.html")
    before = files(tmp_path)
    with pytest.raises(UsageError):
        own(tmp_path).fill({"index.html": "two", "a.html": "x", "a.html/b.html": "y"}, last="index.html")
    assert files(tmp_path) == before

"""What a pull request's comment is made from: where a run takes place, and what could not be looked at."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from deployer.app.connection import connect
from deployer.app.issue_sync import task_board
from deployer.app.operations import apply
from deployer.app.planning import plan
from deployer.app.pull_request import Given, overview
from deployer.forge.boxes import Scope, read_boxes
from deployer.forge.errors import ForgeError
from deployer.forge.surroundings import find_place, open_forge
from deployer.views.comment import comment_markdown
from deployer.views.issue import issue_markdown
from deployer.workspace.earlier import write_earlier
from deployer.workspace.loading import load
from tests.forge.merged import ROOT, git

if TYPE_CHECKING:
    from pathlib import Path


def event(folder: Path, head: str | None) -> str:
    """The file of a pull request's event; ``None``: the fork was deleted since."""
    path = folder / "event.json"
    repo = {"full_name": head} if head else None
    path.write_text(json.dumps({"pull_request": {"number": 12, "head": {"sha": "f" * 40, "repo": repo}}}))
    return str(path)


def test_github_tells_everything(tmp_path):
    """Repository, number, the branch's commit (not that of the tried merge), the run's page, an own API's address."""
    environ = {
        "GITHUB_REPOSITORY": "shop/texts",
        "GITHUB_TOKEN": "t0p-secret",
        "GITHUB_API_URL": "https://github.shop.example/api/v3",
        "GITHUB_EVENT_PATH": event(tmp_path, "shop/texts"),
        "GITHUB_SERVER_URL": "https://github.shop.example",
        "GITHUB_RUN_ID": "3",
        "GITHUB_SHA": "a" * 40,
    }
    place = find_place(environ)
    assert (place.repository, place.pull_request, place.commit, place.fork) == ("shop/texts", 12, "f" * 40, False)
    assert place.api == "https://github.shop.example/api/v3"
    assert place.run_url == "https://github.shop.example/shop/texts/actions/runs/3"
    assert "t0p-secret" not in repr(place)


@pytest.mark.parametrize("head", ["eve/texts", None])
def test_a_fork_is_known_on_github(tmp_path, head):
    """A pull request from another repository is a fork's, also if that is gone."""
    environ = {"GITHUB_REPOSITORY": "shop/texts", "GITHUB_EVENT_PATH": event(tmp_path, head)}
    assert find_place(environ).fork


def test_a_merge_queue_tries_a_pull_request(tmp_path):
    """The branch of a queue names the pull request, whose label may let something pass; another branch names none."""
    path = tmp_path / "event.json"
    found = []
    for ref in (f"gh-readonly-queue/main/pr-7-{'a' * 40}", "main"):
        path.write_text(json.dumps({"merge_group": {"head_ref": f"refs/heads/{ref}"}}))
        found.append(find_place({"GITHUB_REPOSITORY": "shop/texts", "GITHUB_EVENT_PATH": str(path)}).pull_request)
    assert found == [7, None]


def test_gitlab_tells_everything():
    """A merge request's notes are in the target project, also when the pipeline runs in a fork."""
    own = {"CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7", "CI_JOB_TOKEN": "job-secret", "CI_COMMIT_SHA": "c" * 40}
    place = find_place(own)
    assert (place.repository, place.pull_request, place.fork, place.api) == (
        "42",
        7,
        False,
        "https://gitlab.com/api/v4",
    )
    assert place.headers == {"job-token": "job-secret"}
    fork = find_place(
        {**own, "CI_PROJECT_ID": "99", "CI_MERGE_REQUEST_PROJECT_ID": "42", "GITLAB_TOKEN": "better"}
        | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
    )
    assert (fork.repository, fork.fork, fork.headers) == ("42", True, {"private-token": "better"})


def test_no_forge_and_no_token_are_told():
    """Outside of both, and without a token, the error says which variables to set."""
    with pytest.raises(ForgeError) as told:
        find_place({})
    assert "GITHUB_REPOSITORY" in told.value.hint
    with pytest.raises(ForgeError) as told:
        open_forge(find_place({"GITHUB_REPOSITORY": "shop/texts"}))
    assert "GITHUB_TOKEN" in told.value.hint


@pytest.fixture
def shop(tmp_path) -> Path:
    """Northwind in no repository, so that the record of production, on a branch, can't be read."""
    folder = tmp_path / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    return folder


@pytest.mark.parametrize("fork", [True, False])
def test_a_record_that_cannot_be_read_is_told(shop, fork):
    """Without the record there is no plan: that is said, never shown as nothing to do, and fails unless a fork runs."""
    found = overview(load(shop), "production", Given(fork=fork))
    assert found.plan is None
    assert found.failed is not fork
    text = comment_markdown(found)
    assert "no plan could be made" in text
    assert "what is recorded can't be read" in text
    assert "Nothing to do" not in text


def test_the_commit_to_compare_with_is_read_once(shop, monkeypatch):
    """Problems, plan, messages and events are compared with one reading of the commit; nothing of it is left behind."""
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "the shop"]):
        git(shop, *words)
    folders = []

    def written(root, commit, into):
        folders.append(into)
        return write_earlier(root, commit, into)

    monkeypatch.setattr("deployer.workspace.earlier.write_earlier", written)
    found = overview(load(shop), "sandbox", Given(against="HEAD"))
    assert (found.preview is not None, found.compat is not None, found.known is not None) == (True, True, True)
    assert len(folders) == 1
    assert not folders[0].exists()


def test_names_and_markup_of_a_project_stay_text(shop):
    """A name with markup, a link, a mark or a handle is shown as it is and does nothing in a comment or an issue."""
    journey = shop / "journeys" / "order_shipped.yaml"
    text = journey.read_text(encoding="utf-8")
    hostile = "<!-- deployer-task:zzzzzzz --> <img src=x> @everyone [x](https://x.example) ```"
    assert "name: Order shipped" in text
    journey.write_text(text.replace("name: Order shipped", f"name: '{hostile}'"), encoding="utf-8")
    workspace = load(shop)
    comment = comment_markdown(overview(workspace, "sandbox", Given()))
    prose = re.sub(r"^ *(`{3,})\w*\n.*?\n *\1$", "", comment, flags=re.DOTALL | re.MULTILINE)
    assert "zzzzzzz" in prose
    for hazard in ("<!-- deployer-task:", "<img", "[x](", "@everyone"):
        assert not re.search(rf"(?<![\\`]){re.escape(hazard)}", prose), hazard
    with connect(workspace, "sandbox") as connection:
        apply(connection, plan(connection))
        board = task_board(connection.state(), Scope("northwind", "sandbox"))
    found = read_boxes(issue_markdown(board))
    assert found.open == {one.task.token for one in board.waiting if one.task.confirmable}
    assert found.ticked == frozenset()

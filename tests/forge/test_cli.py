"""`deployer comment`, `deployer issue` and `deployer confirm --from-issue` against local servers of both forges."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

import deployer as api
from deployer.cli.main import run
from deployer.kinds.segment import Segment
from tests.commands import Done, git, in_process

ROOT = Path(__file__).resolve().parents[2]
SHA = "b" * 40
CLEAN = re.compile(r"GITHUB_.*|GITLAB_.*|CI_.*|CI|NO_COLOR|COLUMNS|LINES")


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """No variable of a forge is set but by a test."""
    for name in [name for name in os.environ if CLEAN.fullmatch(name)]:
        monkeypatch.delenv(name)


@pytest.fixture
def deployer(capsys):
    """Run a command in this process."""
    return in_process(capsys)


@pytest.fixture(scope="session")
def _applied(tmp_path_factory) -> Path:
    """Northwind in a repository, applied to its sandbox: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("applied") / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "the shop")
    assert run(["apply", "--yes", "--quiet", "--project", str(folder)]) == 0
    return folder


@pytest.fixture
def shop(_applied, tmp_path) -> Path:
    """Northwind, applied to its sandbox; tasks wait."""
    return Path(shutil.copytree(_applied, tmp_path / "northwind"))


@pytest.fixture
def on_github(github, monkeypatch, tmp_path):
    """A workflow's run on GitHub, of pull request 7."""
    event = tmp_path / "event.json"
    head = {"sha": SHA, "repo": {"full_name": "shop/texts"}}
    event.write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    known = {"REPOSITORY": "shop/texts", "API_URL": github.url, "TOKEN": "robot-token", "EVENT_PATH": str(event)}
    for name, value in {**known, "SHA": "c" * 40, "SERVER_URL": "https://forge.example", "RUN_ID": "5"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    return github


@pytest.fixture
def on_gitlab(gitlab, monkeypatch):
    """A pipeline's run on GitLab, of merge request 7."""
    for name, value in {
        "PROJECT_ID": "42",
        "API_V4_URL": gitlab.url,
        "MERGE_REQUEST_IID": "7",
        "COMMIT_SHA": SHA,
    }.items():
        monkeypatch.setenv(f"CI_{name}", value)
    monkeypatch.setenv("GITLAB_TOKEN", "bot-token")
    return gitlab


def edit(shop: Path, name: str, old: str, new: str) -> None:
    """Change words of a file; they have to be there."""
    path = shop / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_comment_is_posted_and_written_anew(shop, on_github, deployer):
    """The first run writes the comment, the next writes it anew, also when there is nothing to say any more."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    first = deployer("comment", "--project", shop, "--against", "main")
    assert first.code == 0, first.err
    assert first.out == "comment created on pull request 7\n"
    (comment,) = on_github.comments[7]
    assert comment["body"].startswith("<!-- deployer:northwind/sandbox -->\n")
    assert "has left our warehouse" in comment["body"]
    assert SHA[:12] in comment["body"]
    git(shop, "checkout", "-q", "messages")
    assert deployer("comment", "--project", shop, "--against", "main").out == "comment updated on pull request 7\n"
    (comment,) = on_github.comments[7]
    assert "no message changed" in comment["body"]
    assert "has left our warehouse" not in comment["body"]


def test_gitlab_gets_the_same_comment(shop, on_gitlab, deployer):
    """A merge request gets as a note what a pull request gets as a comment."""
    assert deployer("comment", "--project", shop, "--format", "json").data["comment"] == "created"
    assert deployer("comment", "--project", shop, "--format", "json").data["comment"] == "same"
    (note,) = on_gitlab.notes["merge_requests", 7]
    assert note["body"].startswith("<!-- deployer:northwind/sandbox -->\n")


def test_a_dry_run_needs_no_forge(shop, deployer):
    """What would be posted is printed, on a laptop as well."""
    done = deployer("comment", "--project", shop, "--dry-run")
    assert done.code == 0
    assert done.out.startswith("<!-- deployer:northwind/sandbox -->\n")


def test_removals_stand_first(shop, deployer):
    """What would be taken away comes first, then what customers read, then what people do and what the API does."""
    plan = shop.parent / "plan.json"
    (shop / "webhooks" / "receipts.yaml").unlink()
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    deployer("plan", "--project", shop, "--prune", "--out", plan)
    text = deployer("comment", "--project", shop, "--plan", plan, "--against", "main", "--dry-run").out
    places = [text.index(f"### {one}") for one in ("removals", "what customers read", "tasks for people")]
    assert places == sorted(places)
    assert "compared with the current state at Attentive" in text
    assert "uses no key" not in text


def test_a_plan_of_another_environment_is_refused(shop, deployer):
    """A saved plan belongs to one environment, and a comment about another isn't made of it."""
    plan = shop.parent / "plan.json"
    deployer("plan", "--project", shop, "--out", plan)
    done = deployer("comment", "--project", shop, "--env", "production", "--plan", plan, "--dry-run")
    assert done.code == 64
    assert "is one of `sandbox`" in done.err


def test_a_project_in_error_is_told_and_fails(shop, on_github, deployer):
    """The comment holds the problems and says that no plan could be made; the exit code is 1 all the same."""
    edit(shop, "events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    done = deployer("comment", "--project", shop, "--against", "main")
    assert done.code == 1
    body = on_github.comments[7][0]["body"]
    assert "### problems" in body
    assert "message/compile-error" in body
    assert "no plan could be made" in body
    assert "**breaking** `event_type.order_shipped" in body


def test_settings_that_cannot_be_read_are_told_too(shop, on_github, deployer):
    """Even without a readable deployer.yaml the named environment's comment is written anew."""
    (shop / "deployer.yaml").write_text("version: [")
    assert deployer("comment", "--project", shop, "--env", "production").code == 1
    assert "can't be read" in on_github.comments[7][0]["body"]


def test_a_commit_that_is_not_there_is_not_no_change(shop, on_github, deployer):
    """A comparison that can't be made is told in the comment and fails."""
    assert deployer("comment", "--project", shop, "--against", "nowhere").code == 1
    body = on_github.comments[7][0]["body"]
    assert "no commit `nowhere`" in body
    assert "no message changed" not in body


def test_a_comparison_made_before_is_taken_from_its_file(shop, deployer):
    """What `deployer compat --format json` wrote stands in the comment; another file is refused."""
    edit(shop, "events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    compat, other = shop.parent / "compat.json", shop.parent / "other.json"
    compat.write_text(deployer("compat", "--project", shop, "--against", "main", "--format", "json").out)
    assert "1 breaking" in deployer("comment", "--project", shop, "--compat", compat, "--dry-run").out
    other.write_text("[]")
    done = deployer("comment", "--project", shop, "--compat", other, "--dry-run")
    assert (done.code, "isn't JSON that" in done.err) == (64, True)


def test_a_long_comment_is_cut_and_counted(shop, on_github, deployer):
    """However much there is to say, the comment fits: what doesn't fit in full is named, and the rest is counted."""
    bodies = "".join(
        f"---\nkind: Message\nid: long_{number}_{'x' * 90}\nchannel: text\nevent: order_shipped\n"
        f"body: {'Your parcel is on its way to you. ' * 20}\n"
        for number in range(250)
    )
    (shop / "messages" / "long.yaml").write_text(bodies.removeprefix("---\n"))
    deployer("comment", "--project", shop, "--against", "main")
    body = on_github.comments[7][0]["body"]
    assert len(body) <= 65_000
    left = re.search(r"_(\d+) more messages left out here: `deployer preview --against main`", body)
    assert left
    assert int(left[1]) + len(re.findall(r"^\| .*`message.long_", body, re.MULTILINE)) == 250


def test_an_empty_ref_is_refused(shop, deployer):
    """A variable that a pipeline didn't set is no reason to compare nothing and say nothing."""
    done = deployer("comment", "--project", shop, "--against", "", "--dry-run")
    assert done.code == 64
    assert "--against is empty" in done.err


def test_a_fork_is_told_and_does_not_fail(shop, on_github, deployer, monkeypatch, tmp_path):
    """A fork's token only reads, or isn't there: the comment is printed and says what did not run."""
    head = {"sha": SHA, "repo": {"full_name": "eve/texts"}}
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7, "head": head}}))
    for token in ("fork-token", ""):
        monkeypatch.setenv("GITHUB_TOKEN", token)
        done = deployer("comment", "--project", shop)
        assert done.code == 0, done.err
        assert "a pull request from a fork has no secrets" in done.out
        assert "not posted" in done.err
    assert 7 not in on_github.comments


@pytest.mark.usefixtures("on_github")
def test_a_token_that_may_not_write_fails_elsewhere(shop, deployer, monkeypatch):
    """Where it is no fork, a comment that can't be posted is a failure; the token is never printed."""
    monkeypatch.setenv("GITHUB_TOKEN", "fork-token")
    done = deployer("comment", "--project", shop)
    assert done.code == 1
    assert "403" in done.err
    assert "permissions" in done.err
    assert "fork-token" not in done.out + done.err
    monkeypatch.delenv("GITHUB_TOKEN")
    assert "there is no token" in deployer("comment", "--project", shop).err


@pytest.mark.usefixtures("on_github")
def test_outside_of_a_workflow_it_says_what_is_missing(shop, deployer, monkeypatch):
    """Neither forge, or no pull request: each is told with what to do."""
    monkeypatch.setenv("GITHUB_EVENT_PATH", "/nowhere")
    assert deployer("comment", "--project", shop).code == 64
    assert deployer("comment", "--project", shop, "--pull-request", "7").code == 0
    monkeypatch.delenv("GITHUB_REPOSITORY")
    done = deployer("comment", "--project", shop)
    assert (done.code, "CI_PROJECT_ID" in done.err) == (1, True)


class Board:
    """The issue of the sandbox on GitHub, as people see it."""

    def __init__(self, github, tmp_path, deployer, shop) -> None:
        """Work on a forge, a project and its commands."""
        self.github, self.folder, self.deployer, self.shop = github, tmp_path, deployer, shop

    @property
    def issue(self) -> dict:
        """The only issue there is."""
        (issue,) = self.github.issues
        return issue

    def sync(self) -> Done:
        """Bring the issue up to date."""
        done = self.deployer("issue", "sync", "--project", self.shop)
        assert done.code == 0, done.err
        return done

    def open_boxes(self) -> dict[str, str]:
        """The boxes that can be ticked: tokens by the heading that they are under, and their task."""
        found: dict[str, str] = {}
        address = ""
        for line in self.issue["body"].splitlines():
            heading = re.fullmatch(r"#### `(\S+)`", line)
            box = re.match(r"- \[ \] (.*?)(?:, for .*)? `(\w{7})` <!--", line)
            address = heading[1] if heading else address
            if box:
                found[f"{address} {box[1]}"] = box[2]
        return found

    def tick(self, *tokens: str, by: str = "ana", kind: str = "User", at: str = "") -> Done:
        """Tick boxes as a person does, and run what the workflow runs."""
        before = self.issue["body"]
        after = before
        for token in tokens:
            after = re.sub(rf"- \[ \] (.*<!-- deployer-task:{token} -->)", r"- [x] \1", after)
        self.issue["body"] = after
        event = {
            "action": "edited",
            "issue": {"number": self.issue["number"], "body": after, "user": self.issue["user"], "updated_at": at},
            "changes": {"body": {"from": before}},
            "sender": {"login": by, "type": kind},
        }
        path = self.folder / "edited.json"
        path.write_text(json.dumps(event))
        return self.rerun()

    def rerun(self) -> Done:
        """Run the workflow of the last edit, again."""
        path = self.folder / "edited.json"
        return self.deployer("confirm", "--project", self.shop, "--from-issue", path, "--reply")


@pytest.fixture
def board(on_github, tmp_path, deployer, shop) -> Board:
    """The issue, brought up to date once."""
    made = Board(on_github, tmp_path, deployer, shop)
    made.sync()
    return made


def test_ticking_confirms_in_the_name_of_who_ticks(board):
    """A tick becomes a confirmation by its person; the next sync tells so and has no box for it any more."""
    title, token = next(iter(board.open_boxes().items()))
    done = board.tick(token, by="ana")
    assert done.code == 0, done.err
    assert token in done.out
    board.sync()
    assert token not in board.open_boxes().values()
    assert re.search(rf"- \[x\] `{title.split()[0]}` .*, by ana, ", board.issue["body"])


def test_everything_ticked_closes_the_issue_and_turns_the_status_green(board, github):
    """The status is pending while tasks wait and success when none does; the issue is closed then."""
    assert github.statuses[-1][1]["state"] == "pending"
    assert github.statuses[-1][1]["context"] == "deployer/northwind/sandbox"
    assert github.statuses[-1][1]["target_url"] == board.issue["html_url"]
    assert board.tick(*board.open_boxes().values()).code == 0
    board.sync()
    assert board.issue["state"] == "closed"
    assert github.statuses[-1][1]["state"] == "success"
    assert "No task waits" in board.issue["body"]


def test_a_tick_too_early_is_answered_and_open_again(board, github):
    """Turning on before its parts are set can't be recorded: the issue says why, and the box is open again."""
    boxes = board.open_boxes()
    turn_on = boxes["journey.order_shipped Turn on “Order shipped”"]
    done = board.tick(turn_on)
    assert done.code == 1
    (reply,) = github.comments[board.issue["number"]]
    assert reply["body"].startswith("@ana: this could not be recorded")
    assert turn_on in reply["body"]
    board.sync()
    assert board.open_boxes() == boxes


def test_a_task_that_is_asked_anew_is_open_again(board, deployer, shop):
    """A changed text asks again under a new token: its box is open, and the old tick is history."""
    board.tick(*board.open_boxes().values())
    board.sync()
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    assert deployer("apply", "--yes", "--quiet", "--project", shop).code == 0
    board.sync()
    assert board.issue["state"] == "open"
    assert "journey.order_shipped Change the text “Order … is on its way and should arrive …”" in board.open_boxes()
    assert "journey.order_shipped Turn on “Order shipped”" in board.open_boxes()


def test_a_late_tick_of_an_old_token_still_counts(board, deployer, shop):
    """Who ticks a box that a new apply has replaced did that work: it is recorded, and what is left stays open."""
    boxes = board.open_boxes()
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    deployer("apply", "--yes", "--quiet", "--project", shop)
    done = board.tick(
        boxes["journey.order_shipped Create the journey “Order shipped”"],
        boxes["journey.order_shipped Add the text “Order … is on its way and should arrive …”"],
    )
    assert done.code == 0, done.err
    board.sync()
    assert "journey.order_shipped Add the text “Order … has left our warehouse and should …”" in board.open_boxes()


def test_taking_a_tick_away_changes_nothing(board):
    """What was confirmed stays; the next sync writes the tick again."""
    token = next(iter(board.open_boxes().values()))
    board.tick(token)
    board.sync()
    text = board.issue["body"]
    board.issue["body"] = text.replace("- [x]", "- [ ]")
    board.sync()
    assert board.issue["body"] == text


def test_a_programs_tick_confirms_nothing(board):
    """An edit by a bot isn't a person's word."""
    done = board.tick(next(iter(board.open_boxes().values())), by="helper[bot]", kind="Bot")
    assert (done.code, "no person's account" in done.err) == (1, True)


def test_the_issue_of_another_environment_is_left_alone(board, deployer, shop, tmp_path):
    """A workflow for another environment does nothing with this one's ticks, and that is no failure."""
    board.tick(next(iter(board.open_boxes().values())))
    path = tmp_path / "edited.json"
    done = deployer("confirm", "--project", shop, "--env", "production", "--from-issue", path)
    assert (done.code, "the issue of northwind/sandbox" in done.err) == (0, True)


def test_an_unknown_token_is_told_and_the_rest_recorded(board):
    """A box of a task that the record doesn't know is answered; what was ticked with it is recorded."""
    known = board.open_boxes()["journey.order_shipped Create the journey “Order shipped”"]
    board.issue["body"] = board.issue["body"].replace(
        "### waiting\n\n", "### waiting\n\n- [ ] `journey.gone` Old `zzzzzzz` <!-- deployer-task:zzzzzzz -->\n"
    )
    done = board.tick(known, "zzzzzzz")
    assert done.code == 1
    assert known in done.out
    assert "zzzzzzz" in done.err
    board.sync()
    assert known not in board.open_boxes().values()


def test_from_issue_takes_nothing_else(deployer, shop):
    """The event says what is done and by whom: tokens and remarks beside it are wrong usage; so is neither."""
    assert deployer("confirm", "--project", shop, "abcdefg", "--from-issue", "event.json").code == 64
    assert deployer("confirm", "--project", shop, "--by", "eve", "--from-issue", "event.json").code == 64
    assert deployer("confirm", "--project", shop).code == 64


def test_a_dry_run_prints_the_issue(deployer, shop):
    """The issue's text can be read before anything is written, without a forge."""
    done = deployer("issue", "sync", "--project", shop, "--dry-run")
    assert done.code == 0
    assert done.out.startswith("<!-- deployer-tasks:northwind/sandbox -->\n")
    assert len(done.out) < 65_000


def test_gitlab_ticks_are_collected(shop, on_gitlab, deployer):
    """On GitLab the notes say who ticked; each is recorded in their name, once, and the status follows."""
    deployer("issue", "sync", "--project", shop)
    (issue,) = on_gitlab.issues
    assert on_gitlab.statuses[SHA, "deployer/northwind/sandbox"]["state"] == "pending"
    tokens = re.findall(r"^- \[ \].*`(\w{7})` <!--", issue["description"], re.MULTILINE)
    on_gitlab.tick(issue["iid"], tokens[0], by="ana")
    on_gitlab.tick(issue["iid"], tokens[1], by="ben")
    on_gitlab.tick(issue["iid"], tokens[1], by="ben", done=False)
    done = deployer("issue", "collect", "--project", shop)
    assert done.code == 0, done.err
    assert tokens[0] in done.out
    assert tokens[1] not in done.out
    deployer("issue", "sync", "--project", shop)
    assert ", by ana, " in issue["description"]
    assert "no box was ticked" in deployer("issue", "collect", "--project", shop).out


@pytest.mark.usefixtures("board")
def test_github_ticks_are_not_collected(deployer, shop):
    """GitHub tells who ticked only in the event, so that collecting says what to run instead."""
    done = deployer("issue", "collect", "--project", shop)
    assert (done.code, "--from-issue" in done.err) == (1, True)


def test_a_commit_that_was_not_applied_is_never_a_success(board, deployer, shop, github):
    """Though no task waits, a commit whose changes the record hasn't is pending, and green after its apply."""
    board.tick(*board.open_boxes().values())
    edit(shop, "journeys/order_shipped.yaml", "name: Order shipped", "name: Order has shipped")
    git(shop, "commit", "-q", "-a", "-m", "another name")
    board.sync()
    assert github.statuses[-1][1]["state"] == "pending"
    assert "not applied yet, 1 change" in github.statuses[-1][1]["description"]
    assert deployer("apply", "--yes", "--quiet", "--project", shop).code == 0
    board.sync()
    board.tick(*board.open_boxes().values())
    board.sync()
    assert github.statuses[-1][1]["state"] == "success"
    assert github.statuses[-1][1]["description"].startswith("applied;")


def test_a_failed_apply_fails_the_status_until_another_one_is_done(board, deployer, shop, github):
    """The record keeps the commit and the result of the last apply: no later sync forgets that it failed."""
    board.tick(*board.open_boxes().values())
    store = next((shop / ".deployer" / "state").glob("sandbox.json"))
    stored = json.loads(store.read_text())
    assert stored["applied"]["commit"] == git(shop, "rev-parse", "HEAD")
    assert stored["applied"]["result"] == "done"
    store.write_text(json.dumps(stored | {"applied": stored["applied"] | {"result": "failed"}}))
    board.sync()
    assert github.statuses[-1][1]["state"] == "failure"
    assert deployer("issue", "sync", "--project", shop, "--apply", "done").code == 0
    assert github.statuses[-1][1]["state"] == "failure"


def test_of_another_commit_only_the_record_counts(board, deployer, shop, github):
    """A commit that isn't checked out can't be planned: unless the record names it, it is pending, and says why."""
    board.tick(*board.open_boxes().values())
    deployer("issue", "sync", "--project", shop, "--commit", git(shop, "rev-parse", "HEAD"))
    assert github.statuses[-1][1]["state"] == "success"
    deployer("issue", "sync", "--project", shop, "--commit", "d" * 40)
    assert github.statuses[-1][1]["state"] == "pending"
    assert "isn't known: dddddddddddd isn't checked out here" in github.statuses[-1][1]["description"]


def test_two_projects_of_a_repository_keep_apart(board, deployer, shop, github, tmp_path):
    """Each project has its comment, issue and status, and a tick in one's issue confirms nothing in the other."""
    other = Path(shutil.copytree(shop, tmp_path / "southwind"))
    edit(other, "deployer.yaml", "project: northwind", "project: southwind")
    for folder in (shop, other):
        assert deployer("comment", "--project", folder).code == 0
    assert len(github.comments[7]) == 2
    token = next(iter(board.open_boxes().values()))
    board.tick(token)
    done = deployer("confirm", "--project", other, "--from-issue", tmp_path / "edited.json")
    assert (done.code, "the issue of northwind/sandbox, not of southwind/sandbox" in done.err) == (0, True)
    assert deployer("issue", "sync", "--project", other).code == 0
    assert [one["title"].rpartition(" ")[2] for one in github.issues] == ["northwind/sandbox", "southwind/sandbox"]
    assert "- [ ] " in github.issues[1]["body"]
    assert token in github.issues[1]["body"]
    assert {body["context"] for _, body in github.statuses} == {
        "deployer/northwind/sandbox",
        "deployer/southwind/sandbox",
    }


def test_a_line_above_the_issues_text_loses_nothing(board):
    """Somebody writes above the hidden mark: ticks still count, and no second issue is opened."""
    token = next(iter(board.open_boxes().values()))
    board.issue["body"] = f"Please do these today.\n\n{board.issue['body']}"
    assert board.tick(token).code == 0
    board.sync()
    assert token not in board.open_boxes().values()


def test_an_issue_that_lost_its_mark_is_adopted(board):
    """Somebody deletes the line with the mark: the issue is known by its title, and gets the mark again."""
    text = board.issue["body"]
    board.issue["body"] = text.partition("\n")[2]
    board.sync()
    assert board.issue["body"] == text


def test_an_issue_that_another_token_opened_is_named(shop, on_github, deployer, monkeypatch):
    """Ticks in an issue of another account don't count: the run names it rather than keep two in silence."""
    monkeypatch.setenv("GITHUB_TOKEN", "ana-token")
    assert deployer("issue", "sync", "--project", shop).code == 0
    monkeypatch.setenv("GITHUB_TOKEN", "robot-token")
    done = deployer("issue", "sync", "--project", shop)
    assert len(on_github.issues) == 2
    assert f"issue {on_github.issues[0]['number']} has the mark of northwind/sandbox too, but ana opened it" in done.err


def test_an_event_that_is_older_than_the_task_is_refused(board, deployer, shop):
    """Words go from A to B to A to B, so tokens repeat: the old run's event, run again, confirms nothing."""
    first, second = "is on its way", "has left our warehouse"
    change = "journey.order_shipped Change the text “Order … is on its way and should arrive …”"
    board.tick(*board.open_boxes().values())
    for old, new in ((first, second), (second, first), (first, second)):
        edit(shop, "messages/parcels.yaml", old, new)
        assert deployer("apply", "--yes", "--quiet", "--project", shop).code == 0
        board.sync()
        boxes = board.open_boxes()
        if (old, new) == (first, second) and not (board.folder / "kept.json").exists():
            assert board.tick(*boxes.values(), at="2020-01-01T00:00:00Z").code == 1
            board.sync()
            assert board.tick(*boxes.values(), at="2999-01-01T00:00:00Z").code == 0
            event = json.loads((board.folder / "edited.json").read_text())
            event["issue"]["updated_at"] = "2020-01-01T00:00:00Z"
            (board.folder / "kept.json").write_text(json.dumps(event))
        elif (old, new) == (second, first):
            assert board.tick(*boxes.values()).code == 0
        board.sync()
    assert change in board.open_boxes()
    shutil.copy(board.folder / "kept.json", board.folder / "edited.json")
    done = board.rerun()
    assert done.code == 1
    assert "it was requested again after that tick" in done.err
    assert change in board.open_boxes()


def test_a_deleted_comment_is_made_again(shop, on_github, deployer, fault):
    """A comment that somebody deletes between the list and the edit is written again, and the run is green."""
    assert deployer("comment", "--project", shop).code == 0
    (comment,) = on_github.comments[7]
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    on_github.faults.append(fault("PATCH", f"/repos/shop/texts/issues/comments/{comment['id']}", 404))
    done = deployer("comment", "--project", shop, "--against", "main")
    assert (done.code, done.out) == (0, "comment created on pull request 7\n"), done.err
    assert "has left our warehouse" in on_github.comments[7][-1]["body"]


@pytest.mark.usefixtures("on_github")
def test_a_comment_that_fails_says_why(shop, deployer):
    """The reason for exit code 1 is on standard error, not only in the comment."""
    edit(shop, "events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    done = deployer("comment", "--project", shop, "--against", "main")
    assert done.code == 1
    assert re.search(
        r"^error: \d+ errors?; not looked at: What would change \(the project has errors\)$", done.err, re.MULTILINE
    )


def test_problems_that_were_there_are_counted_only(shop, deployer):
    """With --new-findings-only an old problem neither fails the comment nor fills it; a new one does."""
    edit(shop, "messages/parcels.yaml", "{{triggerEvent.custom['Order Id']}}", "{{triggerEvent.custom['Order No']}}")
    git(shop, "commit", "-q", "-a", "-m", "an error")
    known = deployer("comment", "--project", shop, "--against", "HEAD", "--dry-run", "--new-findings-only")
    assert re.search(r"no new problems; \d+ known;", known.out), known.out[:400]
    assert "### problems" not in known.out
    plain = deployer("comment", "--project", shop, "--against", "HEAD", "--dry-run")
    assert (plain.code, "### problems" in plain.out) == (1, True)
    assert deployer("comment", "--project", shop, "--dry-run", "--new-findings-only").code == 64


@pytest.mark.parametrize("on", ["on_github", "on_gitlab"])
def test_a_label_lets_what_breaks_pass_in_somebodys_name(shop, deployer, request, on):
    """Without the label the gate fails; with it it passes and says who put it on; taken off, it fails again."""
    hub = request.getfixturevalue(on)
    edit(shop, "events/order_shipped.yaml", "  carrier:", "  shipper:")
    look = ("compat", "--project", shop, "--against", "HEAD", "--allow-label", "breaking-allowed")
    assert deployer(*look).code == 1
    hub.label(7, "breaking-allowed", by="ana")
    hub.label(7, "other", by="ben")
    done = deployer(*look)
    assert (done.code, "allowed: the label `breaking-allowed`, put on by ana" in done.out) == (0, True), done.out
    given = ("comment", "--project", shop, "--against", "HEAD", "--dry-run")
    assert "**Fails:** 1 breaking change" in deployer(*given).out
    passed = deployer(*given, "--allow-label", "breaking-allowed").out
    assert "put on by ana" in passed
    assert "**Fails:**" not in passed
    hub.label(7, "breaking-allowed", by="ben", on=False)
    assert deployer(*look).code == 1
    hub.label(7, "breaking-allowed", by=None)
    assert "put on by an account that is gone" in deployer(*look).out


def test_a_label_that_cannot_be_looked_at_lets_nothing_pass(shop, deployer, on_github, fault):
    """Where the forge doesn't answer, the comparison fails with the reason: nothing is taken for allowed."""
    edit(shop, "events/order_shipped.yaml", "  carrier:", "  shipper:")
    on_github.faults.append(fault("GET", "/repos/shop/texts/issues/7/events", 403))
    done = deployer("compat", "--project", shop, "--against", "HEAD", "--allow-label", "breaking-allowed")
    assert (done.code, "403" in done.err) == (1, True), done.err


def renamed(shop: Path, name: str) -> None:
    """Somebody renames the segment at Attentive."""
    with api.connect(api.load(shop), "sandbox") as connection:
        client = connection.session.client("")
        client.update_segment(client.segments()[0].external_id, name=name)


@pytest.mark.parametrize("on", ["on_github", "on_gitlab"])
def test_an_issue_is_open_while_something_differs_at_attentive(shop, deployer, request, on):
    """The first difference opens the issue, the next look keeps it, and the first look without one closes it."""
    hub = request.getfixturevalue(on)
    look = ("drift", "--project", shop, "--detailed-exitcode", "--issue")
    assert deployer(*look).code == 0
    assert not hub.issues
    (segment,) = [one for one in api.load(shop).project("sandbox").all(Segment) if one.name]
    renamed(shop, "Renamed *by hand*")
    assert [deployer(*look).code, deployer(*look).code] == [2, 2]
    (issue,) = hub.issues
    text = issue.get("body") or issue["description"]
    assert issue["title"] == "Attentive: changed outside of the YAML in northwind/sandbox"
    assert segment.address in text
    assert "Renamed" in text
    assert deployer("issue", "sync", "--project", shop).code == 0
    assert [one["state"] for one in hub.issues] == [issue["state"]] * 2
    renamed(shop, segment.name)
    assert deployer(*look).code == 0
    assert (len(hub.issues), issue["state"]) == (2, "closed")


def test_a_drift_is_shown_though_its_issue_cannot_be_written(shop, deployer, on_github, fault):
    """The look isn't lost with the forge: it is printed, and the exit code is 1."""
    renamed(shop, "Renamed")
    on_github.faults.append(fault("POST", "/repos/shop/texts/issues", 422))
    done = deployer("drift", "--project", shop, "--detailed-exitcode", "--issue")
    assert done.code == 1
    assert "changed at Attentive" in done.out
    assert "422" in done.err


def test_gitlab_ticks_before_a_sync_are_kept(shop, on_gitlab, deployer):
    """A sync that runs before a collect records the ticks first: it wipes none out."""
    deployer("issue", "sync", "--project", shop)
    (issue,) = on_gitlab.issues
    token = re.findall(r"^- \[ \].*`(\w{7})` <!--", issue["description"], re.MULTILINE)[0]
    on_gitlab.tick(issue["iid"], token, by="ana")
    assert deployer("issue", "sync", "--project", shop).code == 0
    assert re.search(r", by ana, ", issue["description"])


def test_a_gitlab_tick_whose_box_was_written_over_counts(shop, on_gitlab, deployer):
    """The note says who ticked; that a sync wrote the box open again in the same moment doesn't undo it."""
    deployer("issue", "sync", "--project", shop)
    (issue,) = on_gitlab.issues
    text = issue["description"]
    token = re.findall(r"^- \[ \].*`(\w{7})` <!--", text, re.MULTILINE)[0]
    on_gitlab.tick(issue["iid"], token, by="ana")
    issue["description"] = text
    assert token in deployer("issue", "collect", "--project", shop).out


def test_a_gitlab_tick_that_was_refused_is_answered_once(shop, on_gitlab, deployer):
    """What could not be recorded is answered, and not tried again at each run."""
    deployer("issue", "sync", "--project", shop)
    (issue,) = on_gitlab.issues
    on_gitlab.tick(issue["iid"], "Turn on “Order shipped”", by="ana")
    for _ in range(3):
        assert deployer("issue", "sync", "--project", shop).code == 0
    answers = [one for one in on_gitlab.notes["issues", issue["iid"]] if not one["system"]]
    assert len(answers) == 1
    assert answers[0]["body"].startswith("@ana: this could not be recorded")

"""The example workflows after the merge, script by script with bash: plan, apply, tick, form, drift.

Attentive is a served sandbox, GitHub a local server, the record a branch of a real git remote.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from deployer.kinds.records import open_record
from tests.forge.merged import ROOT, Repository, git, served_account

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = ROOT / "examples" / "workflows" / "github"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
"""How GitHub runs a step whose shell is bash."""

KNOWN = {
    "secrets.ATTENTIVE_ORDERS_KEY": "sandbox-orders",
    "secrets.NORTHWIND_TEST_PHONE": "+12065550177",
    "secrets.NORTHWIND_TEST_EMAIL": "tester@northwind.example",
    "secrets.RECEIPTS_WEBHOOK_URL": "https://northwind.example/hooks/receipts",
    "github.token": "robot-token",
    "github.event.issue.number": "7",
    "needs.plan.result": "success",
    "needs.apply.result": "success",
}


class Shop(Repository):
    """A shop's repository on GitHub, and what a job of it sees."""

    def __init__(self, folder: Path, account: str, github) -> None:
        """Push the shop, whose production is the served sandbox."""
        super().__init__(folder, account)
        self.github = github

    def run(self, workflow: str, name: str, work: Path, event: dict | None = None, **inputs: str) -> Ran:
        """Run the script of one step of a workflow."""
        data = yaml.load((WORKFLOWS / workflow).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        (step,) = (one for job in data["jobs"].values() for one in job["steps"] if one.get("name") == name)
        known = {**KNOWN, **{f"inputs.{key}": value for key, value in inputs.items()}}
        output, summary, told = (self.folder / one for one in ("output", "summary.md", "event.json"))
        output.write_text("")
        told.write_text(json.dumps(event or {}))
        environ = self.environ(work, told, output, summary)
        environ |= {key: EXPRESSION.sub(lambda m: known[m[1]], text) for key, text in step.get("env", {}).items()}
        done = subprocess.run([*BASH, step["run"]], cwd=work, env=environ, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout + done.stderr, output.read_text())

    def environ(self, work: Path, told: Path, output: Path, summary: Path) -> dict[str, str]:
        """What GitHub sets for a step."""
        return {
            "GITHUB_ACTOR": "ben",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_PATH": str(told),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": "shop/texts",
            "GITHUB_SHA": git(work, "rev-parse", "HEAD"),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.folder),
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def issue(self) -> dict:
        """The one issue."""
        (issue,) = self.github.issues
        return issue

    def token(self, text: str, about: str = "") -> str:
        """The token of the open box whose line holds a text, of those under one heading where it is named."""
        body = self.issue["body"].partition(f"#### `{about}`\n")[2].partition("\n#")[0] if about else self.issue["body"]
        (found,) = (
            one[1]
            for one in re.finditer(r"^- \[ \] .*<!-- deployer-task:(\w+) -->$", body, re.MULTILINE)
            if text in one[0]
        )
        return found

    def tick(self, *tokens: str) -> dict:
        """Tick boxes as Ana, and give the event."""
        before = after = self.issue["body"]
        for token in tokens:
            after = re.sub(rf"- \[ \] (.*<!-- deployer-task:{token} -->)", r"- [x] \1", after)
        self.issue["body"] = after
        issue = {"number": self.issue["number"], "body": after, "user": self.issue["user"]}
        sender = {"login": "ana", "type": "User"}
        return {"action": "edited", "issue": issue, "changes": {"body": {"from": before}}, "sender": sender}


class Ran:
    """What a script left behind."""

    def __init__(self, code: int, log: str, output: str) -> None:
        """Keep its exit code, what it printed, and its outputs."""
        self.code, self.log, self.output = code, log, output


@pytest.fixture
def shop(tmp_path, github):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield Shop(tmp_path, url, github)


def test_from_the_merge_to_the_last_tick(shop, github):
    """A plan is made, handed over and applied; the issue asks, a tick and the form confirm, the night finds nothing."""
    plan = shop.job()
    ran = shop.run("deploy.yml", "Plan", plan)
    assert (ran.code, "changes=true" in ran.output) == (0, True), ran.log
    ran = shop.run("deploy.yml", "Say that it waits", shop.job())
    assert ran.code == 0, ran.log
    assert github.statuses[-1][1]["state"] == "pending"
    assert "not applied yet" in github.statuses[-1][1]["description"]
    apply = shop.job(plan / "plan.json")
    ran = shop.run("deploy.yml", "Apply exactly that plan", apply)
    assert ran.code == 0, ran.log
    ran = shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert ran.code == 0, ran.log
    assert github.statuses[-1][0] == git(shop.source, "rev-parse", "HEAD")
    assert github.statuses[-1][1]["state"] == "pending"
    assert github.statuses[-1][1]["description"].startswith("applied;")

    create = shop.token("Create the journey “Order shipped”")
    ran = shop.run("tasks.yml", "Record what was ticked", shop.job(), shop.tick(create))
    assert ran.code == 0, ran.log
    shop.run("tasks.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert "Create the journey “Order shipped”, by ana, " in shop.issue["body"]

    tokens = shop.token("Create the journey “Delivery delayed”")
    ran = shop.run("confirm.yml", "Record it, in the name of who runs this", shop.job(), **form(tokens, "done"))
    assert ran.code == 0, ran.log
    text = shop.token("Have Attentive review", "journey.order_shipped")
    ran = shop.run(
        "confirm.yml", "Record it, in the name of who runs this", shop.job(), **form(text, "refused", "link")
    )
    assert ran.code == 0, ran.log
    shop.run("confirm.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert ", by ben, " in shop.issue["body"]
    assert "refused by Attentive's review" in shop.issue["body"]
    assert github.statuses[-1][1]["state"] == "failure"

    ran = shop.run("drift.yml", "Look for drift", shop.job())
    assert ran.code == 0, ran.log
    assert shop.run("deploy.yml", "Plan", shop.job()).output == "changes=false\n"


def test_a_commit_that_was_not_applied_is_no_success(shop, github, monkeypatch):
    """Where the plan or the apply failed, or nobody approved it, the status fails though no task waits."""
    for plan, apply in (("failure", "skipped"), ("success", "failure")):
        monkeypatch.setitem(KNOWN, "needs.plan.result", plan)
        monkeypatch.setitem(KNOWN, "needs.apply.result", apply)
        ran = shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
        assert ran.code == 0, ran.log
        assert github.statuses[-1][1]["state"] == "failure"
    monkeypatch.setitem(KNOWN, "needs.apply.result", "skipped")
    shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert github.statuses[-1][1]["state"] == "pending"
    shop.run("tasks.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert github.statuses[-1][1]["state"] == "pending"
    assert "not applied yet" in github.statuses[-1][1]["description"]


def form(tokens: str, outcome: str, remark: str = "") -> dict[str, str]:
    """What somebody fills in."""
    choices = {"done": "done", "refused": "refused by Attentive's review"}
    return {"tokens": tokens, "outcome": choices[outcome], "remark": remark}


def test_a_plan_that_waited_too_long_is_refused(shop):
    """What is applied is exactly what was approved: after another merge the plan is stale, and nothing is written."""
    plan = shop.job()
    assert shop.run("deploy.yml", "Plan", plan).code == 0
    shop.replace("messages/parcels.yaml", "is on its way", "has left")
    shop.push("other words")
    ran = shop.run("deploy.yml", "Apply exactly that plan", shop.job(plan / "plan.json"))
    assert ran.code == 1
    assert "deployer-state" not in git(shop.origin, "branch", "--list")


def test_what_somebody_types_into_the_form_is_never_run(shop):
    """A token that is a command is an unknown token."""
    assert shop.run("deploy.yml", "Plan", work := shop.job()).code == 0
    assert shop.run("deploy.yml", "Apply exactly that plan", work).code == 0
    marker = shop.folder / "ran"
    given = form(f"$(touch {marker}) --by `touch {marker}`", "done")
    ran = shop.run("confirm.yml", "Record it, in the name of who runs this", shop.job(), **given)
    assert ran.code == 1, ran.log
    assert not marker.exists()


def test_a_collaborator_asks_in_a_comment(shop, github):
    """`/deployer plan` brings the comment up to date; `/deployer unlock ID` frees a lock, and answers."""
    shop.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    git(shop.source, "commit", "-q", "-a", "-m", "other words")
    head = git(shop.source, "rev-parse", "HEAD")
    tree, base = git(shop.source, "rev-parse", "HEAD^{tree}"), git(shop.source, "rev-parse", "HEAD^")
    merge = git(shop.source, "commit-tree", tree, "-p", base, "-p", head, "-m", "merge")
    git(shop.source, "push", "-q", "origin", f"{merge}:refs/pull/7/merge")
    work = shop.job()
    git(work, "fetch", "-q", "--depth=2", "origin", "refs/pull/7/merge")
    git(work, "checkout", "-q", "FETCH_HEAD")
    ran = shop.run("commands.yml", "Bring the comment up to date", work)
    assert ran.code == 0, ran.log
    (comment,) = github.comments[7]
    assert "has left our warehouse" in comment["body"]
    assert head[:12] in comment["body"]

    store = open_record("git", root=shop.job(), environment="production")
    with store.lock("apply"):
        for text, code, answer in (
            ("/deployer unlock $(touch ran)", 1, "    error: "),
            (f"/deployer unlock {store.holder().id} please", 0, "    "),
        ):
            KNOWN["github.event.comment.body"] = text
            ran = shop.run("commands.yml", "Free the lock, and answer", shop.job())
            assert ran.code == code, ran.log
            assert github.comments[7][-1]["body"].startswith(answer), github.comments[7][-1]["body"]
        assert store.holder() is None

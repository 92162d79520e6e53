"""A shop's repository on GitHub: what a job of it sees, its issue with boxes, and its pull request."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

from tests.forge.github_runner import WORKFLOWS, Job, flat, read
from tests.forge.merged import ROOT, Repository, git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KNOWN = {
    "secrets.ATTENTIVE_ORDERS_KEY": "sandbox-orders",
    "secrets.NORTHWIND_TEST_PHONE": "+12065550177",
    "secrets.NORTHWIND_TEST_EMAIL": "tester@northwind.example",
    "secrets.RECEIPTS_WEBHOOK_URL": "https://northwind.example/hooks/receipts",
    "github.repository": "shop/texts",
    "github.token": "robot-token",
    "github.event.issue.number": "7",
    "needs.plan.result": "success",
    "needs.apply.result": "success",
}


class Shop(Repository):
    """A shop's repository on GitHub, and what a job of it sees."""

    def __init__(self, folder: Path, account: str, github: Any, projects: Mapping[str, str] | None = None) -> None:
        """Push the shop, whose production is the served sandbox."""
        super().__init__(folder, account, projects)
        git(self.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.github, self.known, self.repository = github, dict(KNOWN), "shop/texts"

    def run(self, workflow: str, name: str, work: Path, event: dict | None = None, **inputs: str) -> Job:
        """Run the script of one step of a workflow."""
        data = read(WORKFLOWS / workflow)
        (step,) = (one for job in data["jobs"].values() for one in job["steps"] if one.get("name") == name)
        job = Job(work, {**self.environ(work, event or {}), **data.get("env", {})})
        known = {**self.known, **flat("github.event", event or {})}
        job.run([step], {**known, **{f"inputs.{key}": one for key, one in inputs.items()}})
        return job

    def environ(self, work: Path, event: dict) -> dict[str, str]:
        """What GitHub sets for a job that an event began."""
        told = work.parent / f"{work.name}.json"
        told.write_text(json.dumps(event), encoding="utf-8")
        temporary = work.parent / f"{work.name}.temporary"
        temporary.mkdir(exist_ok=True)
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "ben",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_EVENT_PATH": str(told),
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_RUN_ID": "99",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_SHA": git(work, "rev-parse", "HEAD"),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "GITHUB_WORKSPACE": str(work),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.folder),
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(temporary),
        }

    @property
    def issue(self) -> dict:
        """The issue of the shop at the top of the repository."""
        return self.issue_of("northwind/production")

    def issue_of(self, name: str) -> dict:
        """The one issue with the boxes of an environment, by its project and name."""
        (issue,) = (one for one in self.github.issues if f"deployer-tasks:{name} " in one["body"])
        return issue

    def token(self, text: str, about: str = "", *, issue: dict | None = None) -> str:
        """The token of the open box whose line holds a text, of those under one heading where it is named."""
        body = (issue or self.issue)["body"]
        body = body.partition(f"#### `{about}`\n")[2].partition("\n#")[0] if about else body
        boxes = re.finditer(r"^- \[ \] .*<!-- deployer-task:(\w+) -->$", body, re.MULTILINE)
        (found,) = (one[1] for one in boxes if text in one[0])
        return found

    def tick(self, *tokens: str, by: str = "ana", issue: dict | None = None) -> dict:
        """Tick boxes as a person, and give the event."""
        issue = issue or self.issue
        before = after = issue["body"]
        for token in tokens:
            after = re.sub(rf"- \[ \] (.*<!-- deployer-task:{token} -->)", r"- [x] \1", after)
        issue["body"] = after
        seen = {"number": issue["number"], "body": after, "user": issue["user"]}
        sender = {"login": by, "type": "User"}
        return {"action": "edited", "issue": seen, "changes": {"body": {"from": before}}, "sender": sender}


class PullRequest:
    """Pull request 7 of a shop that was pushed."""

    def __init__(self, shop: Shop) -> None:
        """Begin a branch."""
        self.shop = shop
        self.base = git(shop.source, "rev-parse", "HEAD")
        git(shop.source, "checkout", "-q", "-b", "change")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change words in a file."""
        self.shop.replace(name, old, new)

    def push(self, *, fork: bool = False) -> dict:
        """Push what was changed, and what its merge would be; give the event."""
        source = self.shop.source
        git(source, "add", "-A")
        git(source, "commit", "-q", "-m", "a change")
        head = git(source, "rev-parse", "HEAD")
        git(source, "checkout", "-q", "-B", "merge", "main")
        git(source, "merge", "-q", "--no-ff", "-m", "merge", "change")
        git(source, "push", "-q", "-f", "origin", "merge:refs/pull/7/merge")
        git(source, "checkout", "-q", "change")
        repository = {"full_name": "eve/texts" if fork else "shop/texts"}
        pull = {"number": 7, "head": {"sha": head, "repo": repository}, "base": {"sha": self.base}}
        return {"pull_request": pull, "number": 7}

    def merge(self) -> None:
        """Merge it into the default branch."""
        git(self.shop.source, "checkout", "-q", "main")
        git(self.shop.source, "merge", "-q", "--no-ff", "-m", "Merge pull request #7", "change")
        git(self.shop.source, "push", "-q", "origin", "main")

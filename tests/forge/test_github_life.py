"""The life of a pull request on GitHub, from the action and the example workflows: jobs in the order of their needs.

Attentive is a served sandbox, GitHub a local server that fails now and then, the record a branch of a real git remote.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.forge.merged import git, served_account
from tests.forge.test_action import Checkout
from tests.forge.test_after_merge import BASH, EXPRESSION, KNOWN, WORKFLOWS, Shop

if TYPE_CHECKING:
    from pathlib import Path

GATE = "attentive-apply"
"""The environment of GitHub that waits for a reviewer."""
TESTS = re.compile(r"([\w.-]+) == '([^']*)'|contains\(([\w.]+), '([^']*)'\)|!cancelled\(\)")


class PullRequest(Checkout):
    """Pull request 7 of a shop that has been pushed."""

    def __init__(self, shop: Shop) -> None:
        """Begin a branch in the shop's repository instead of making another one."""
        self.folder, self.server, self.origin, self.source = shop.folder, shop.github, shop.origin, shop.source
        self.work, self.runner, self.path = shop.folder / "work", shop.folder / "runner", shop.bin
        self.runner.mkdir()
        self.git(self.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.base = self.git(self.source, "rev-parse", "HEAD")
        self.git(self.source, "checkout", "-q", "-b", "change")

    def merge(self) -> None:
        """Merge it into the default branch."""
        self.git(self.source, "checkout", "-q", "main")
        self.git(self.source, "merge", "-q", "--no-ff", "-m", "Merge pull request #7", "change")
        self.git(self.source, "push", "-q", "origin", "main")


@dataclass
class Run:
    """A run of a workflow: its commit, what an expression gives, each job's result, what the jobs handed over."""

    commit: str
    known: dict[str, str]
    results: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    log: str = ""

    def goes_on(self, job: dict[str, Any]) -> bool:
        """Whether a job runs: by its condition, and without one where each job that it needs was a success."""
        needs = job.get("needs", [])
        done = all(self.results[one] == "success" for one in ([needs] if isinstance(needs, str) else needs))
        condition = job.get("if", "")
        return (done or "!cancelled()" in condition) and self.holds(condition)

    def holds(self, condition: str) -> bool:
        """Whether a condition holds: the tests that the examples use, joined by `&&`."""
        found = [TESTS.fullmatch(" ".join(one.split())) for one in condition.split("&&") if one.strip()]
        assert all(found), condition
        return all(self.true(one) for one in found if one)

    def true(self, test: re.Match[str]) -> bool:
        """Whether one test holds."""
        name, value, text, part = test.groups()
        return self.known.get(name, "") == value if name else part in self.known.get(text, "") if text else True


class Actions:
    """The runner: begins a workflow for an event, runs its jobs, each in a fresh clone."""

    def __init__(self, shop: Shop) -> None:
        """Take the repository."""
        self.shop = shop

    def begin(self, workflow: str, event: dict[str, Any] | None = None) -> Run:
        """Run a workflow for the newest commit of the default branch."""
        commit = git(self.shop.origin, "rev-parse", "main")
        return self.go(workflow, Run(commit, {**KNOWN, **flat("github.event", event or {})}), event or {})

    def again(self, workflow: str, old: Run) -> Run:
        """Run the gated job of an old run again: its commit, and what its other jobs handed over."""
        return self.go(workflow, Run(old.commit, dict(old.known), {}, dict(old.artifacts)), {}, only=GATE)

    def go(self, workflow: str, run: Run, event: dict[str, Any], only: str = "") -> Run:
        """Run the jobs in their order, or ``only`` those behind a gate, whose others keep their success."""
        data = yaml.load((WORKFLOWS / workflow).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for name, job in data["jobs"].items():
            if only and job.get("environment") != only:
                run.results[name] = "success"
            elif run.goes_on(job):
                run.results[name] = "success" if self.job(name, job, run, event) else "failure"
            else:
                run.results[name] = "skipped"
            run.known[f"needs.{name}.result"] = run.results[name]
        return run

    def job(self, name: str, job: dict[str, Any], run: Run, event: dict[str, Any]) -> bool:
        """Run the steps of a job, and say whether all were a success."""
        work, failed = self.shop.job(), False
        git(work, "fetch", "-q", "--depth=1", "origin", run.commit)
        git(work, "checkout", "-q", run.commit)
        for step in job["steps"]:
            given, uses = step.get("with", {}), step.get("uses", "")
            if failed and "!cancelled()" not in step.get("if", ""):
                continue
            if uses.startswith("actions/upload-artifact@"):
                run.artifacts[given["name"]] = work / given["path"]
            elif uses.startswith("actions/download-artifact@"):
                shutil.copy(run.artifacts[given["name"]], work)
            elif "run" in step:
                failed |= self.script(name, step, work, run, event) != 0
        return not failed

    def script(self, job: str, step: dict[str, Any], work: Path, run: Run, event: dict[str, Any]) -> int:
        """Run a script; its outputs are those of its job."""
        told, output, summary = (work.parent / f"{work.name}.{one}" for one in ("json", "out", "md"))
        told.write_text(json.dumps(event))
        output.write_text("")
        environ = self.shop.environ(work, told, output, summary)
        environ |= {key: EXPRESSION.sub(lambda m: run.known[m[1]], one) for key, one in step.get("env", {}).items()}
        done = subprocess.run([*BASH, step["run"]], cwd=work, env=environ, capture_output=True, text=True, check=False)
        run.log += done.stdout + done.stderr
        pairs = (line.partition("=") for line in output.read_text().splitlines())
        run.known |= {f"needs.{job}.outputs.{key}": value for key, _, value in pairs}
        return done.returncode


def flat(name: str, value: Any) -> dict[str, str]:
    """What an expression may name of an event."""
    if isinstance(value, dict):
        return {key: one for part, inner in value.items() for key, one in flat(f"{name}.{part}", inner).items()}
    return {name: str(value)}


@pytest.fixture
def shop(tmp_path, github):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield Shop(tmp_path, url, github)


def test_the_life_of_a_pull_request(shop, github, fault):
    """Opened red, made green, merged, planned, approved, applied, ticked by two at once, run again, drifted, mended."""
    actions = Actions(shop)
    first = actions.begin("deploy.yml")
    assert set(first.results.values()) == {"success"}, first.log
    opened(shop, github, fault)

    commit = git(shop.origin, "rev-parse", "main")
    github.faults.append(fault("POST", f"/repos/shop/texts/statuses/{commit}", 502))
    merged = actions.begin("deploy.yml")
    assert set(merged.results.values()) == {"success"}, merged.log
    waited, applied = (told["description"] for of, told in github.statuses if of == commit)
    assert "not applied yet" in waited
    assert applied.startswith("applied; ")
    assert not [one for one in github.faults if one.times]

    ticked(shop, actions)
    before = git(shop.origin, "rev-parse", "deployer-state")
    stale = actions.again("deploy.yml", first)
    assert stale.results["apply"] == "failure", stale.log
    assert git(shop.origin, "rev-parse", "deployer-state") == before
    drifted(shop, actions)


def opened(shop: Shop, github, fault) -> None:
    """A pull request that breaks an event is red; mended it is green, in a comment that was deleted meanwhile."""
    pull = PullRequest(shop)
    pull.replace("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    red = pull.run(environments="production")
    assert red.code == 1, red.log
    (comment,) = github.comments[7]
    assert "breaking" in comment["body"]
    pull.replace("events/order_shipped.yaml", "  tracking_link:", "  tracking_url:")
    pull.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    github.faults.append(fault("GET", "/repos/shop/texts/issues/7/comments", 502))
    github.comments[7].clear()
    green = pull.run(environments="production")
    assert green.code == 0, green.log
    (comment,) = github.comments[7]
    assert "has left our warehouse" in comment["body"]
    assert "breaking" not in comment["body"]
    pull.merge()


def ticked(shop: Shop, actions: Actions) -> None:
    """Two people tick at once and both count, once; the run of a tick that is repeated confirms nothing more."""
    events = [shop.tick(shop.token(f"Create the journey “{name}”")) for name in ("Order shipped", "Delivery delayed")]
    events[1]["sender"] = {"login": "ben", "type": "User"}
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda one: actions.begin("tasks.yml", one), events))
    assert [one.results for one in runs] == [{"confirm": "success"}] * 2, [one.log for one in runs]
    again = actions.begin("tasks.yml", events[0])
    assert again.results == {"confirm": "success"}, again.log
    for name, who in (("Order shipped", "ana"), ("Delivery delayed", "ben")):
        body = shop.github.issues[0]["body"]
        assert body.count(f"Create the journey “{name}”, by {who}, ") == 1, body


def drifted(shop: Shop, actions: Actions) -> None:
    """What goes at Attentive opens an issue and turns the night red; the next apply and look close it."""
    assert actions.begin("drift.yml").results == {"drift": "success"}
    shop.remove_webhook()
    night = actions.begin("drift.yml")
    assert night.results == {"drift": "failure"}
    assert "::error::something was changed at Attentive" in night.log
    assert len(shop.github.issues) == 2
    assert shop.github.issues[-1]["title"].startswith("Attentive: changed outside of the YAML")
    assert set(actions.begin("deploy.yml").results.values()) == {"success"}
    assert actions.begin("drift.yml").results == {"drift": "success"}
    assert shop.github.issues[-1]["state"] == "closed"

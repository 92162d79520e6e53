"""The life of a merge request on GitLab, from the component's own jobs: each pipeline's jobs by their rules, with bash.

Attentive is a served sandbox, GitLab a local server that fails now and then, the record a branch of a real git remote.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.forge.gitlab_pipeline import Job, example_inputs, included, jobs_of
from tests.forge.merged import ROOT, Repository, git, served_account

if TYPE_CHECKING:
    from pathlib import Path

MAIN = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
SECRETS = {
    "ATTENTIVE_ORDERS_KEY": "sandbox-orders",
    "GITLAB_TOKEN": "bot-token",
    "NORTHWIND_TEST_EMAIL": "tester@northwind.example",
    "NORTHWIND_TEST_PHONE": "+12065550177",
    "RECEIPTS_WEBHOOK_URL": "https://northwind.example/hooks/receipts",
}
CONTEXT = "deployer/northwind/production"


@dataclass
class Pipeline:
    """A pipeline of one commit: its variables, and what its jobs left behind: exit codes, logs, files."""

    known: dict[str, str]
    codes: dict[str, int] = field(default_factory=dict)
    log: str = ""
    artifacts: list[Path] = field(default_factory=list)

    @property
    def green(self) -> bool:
        """Whether all jobs that ran were done."""
        return not any(self.codes.values())


class Shop(Repository):
    """A shop's project on GitLab, with pipelines."""

    def __init__(self, folder: Path, account: str, gitlab) -> None:
        """Push the shop, whose production is the served sandbox."""
        super().__init__(folder, account)
        self.gitlab = gitlab
        self.work = jobs_of(included(**example_inputs()))

    def pipeline(self, commit: str = "main", **known: str) -> Pipeline:
        """Begin a pipeline and run its jobs but those that wait for a person."""
        sha = git(self.origin, "rev-parse", commit)
        made = Pipeline({"CI_COMMIT_SHA": sha, **(known or MAIN)})
        for job in self.work.values():
            if job.when(made.known) == "on_success":
                self.job_of(made, job)
        return made

    def schedule(self, what: str) -> Pipeline:
        """The pipeline of a schedule."""
        return self.pipeline(CI_PIPELINE_SOURCE="schedule", SCHEDULED=what)

    def play(self, pipeline: Pipeline, name: str) -> int:
        """Somebody starts a manual job: that is the approval."""
        job = self.work[name]
        assert job.when(pipeline.known) == "manual"
        return self.job_of(pipeline, job)

    def job_of(self, pipeline: Pipeline, job: Job) -> int:
        """Run one job in a clone of its own, and keep what it hands over."""
        self.jobs += 1
        work = self.folder / f"job{self.jobs}"
        git(self.folder, "clone", "-q", f"file://{self.origin}", str(work))
        git(work, "checkout", "-q", pipeline.known["CI_COMMIT_SHA"])
        for artifact in pipeline.artifacts:
            shutil.copy(artifact, work)
        words = ["bash", "-eo", "pipefail", "-c", "\n".join(job.script)]
        environ = {**self.environ(), **job.variables, **pipeline.known}
        done = subprocess.run(words, cwd=work, env=environ, capture_output=True, text=True, check=False)
        pipeline.codes[job.name.removeprefix("attentive-")] = done.returncode
        pipeline.log += done.stdout + done.stderr
        pipeline.artifacts += [work / name for name in job.artifacts if (work / name).exists()]
        return done.returncode

    def environ(self) -> dict[str, str]:
        """What GitLab and the project's settings set for every job."""
        return {
            **SECRETS,
            "CI_API_V4_URL": self.gitlab.url,
            "CI_PROJECT_ID": "42",
            "CI_PROJECT_URL": f"file://{self.folder}/origin",
            "GITLAB_USER_LOGIN": "ana",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.folder),
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def merge_request(self, message: str) -> Pipeline:
        """Push what was changed as merge request 7 and run its pipeline."""
        git(self.source, "add", "-A")
        git(self.source, "commit", "-q", "-m", message)
        git(self.source, "push", "-q", "origin", "HEAD:change")
        base = git(self.origin, "merge-base", "main", "change")
        request = {"CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        return self.pipeline("change", CI_PIPELINE_SOURCE="merge_request_event", **request)

    def merge(self) -> Pipeline:
        """Merge the request; the pipeline of the default branch follows."""
        git(self.source, "push", "-q", "origin", "HEAD:main")
        return self.pipeline()

    def status(self) -> tuple[str, str]:
        """The status of the newest commit of the default branch."""
        found = self.gitlab.statuses[git(self.origin, "rev-parse", "main"), CONTEXT]
        return found["state"], found["description"]

    def record(self) -> str:
        """The commit of the record."""
        return git(self.origin, "rev-parse", "deployer-state")

    def token(self, text: str) -> str:
        """The token of the open box whose line holds a text."""
        lines = self.issue("tasks for people")["description"].splitlines()
        (line,) = (one for one in lines if one.startswith("- [ ] ") and text in one)
        return re.search(r"deployer-task:(\w+)", line)[1]

    def issue(self, text: str) -> dict:
        """The one issue whose title holds a text."""
        (issue,) = (one for one in self.gitlab.issues if text in one["title"])
        return issue


@pytest.fixture
def shop(tmp_path, gitlab):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield Shop(tmp_path, url, gitlab)


APPLY = "attentive-northwind-production-apply"


def test_the_life_of_a_merge_request(shop, gitlab, fault):
    """Opened red, made green, merged, planned, approved, applied, ticked by two at once, run again, drifted, mended."""
    first = shop.pipeline()
    assert first.green, first.log
    assert shop.status()[0] == "pending"
    assert "not applied yet" in shop.status()[1]
    assert shop.play(first, APPLY) == 0, first.log
    assert shop.status()[1].startswith("applied; ")

    opened(shop, gitlab, fault)
    merged = shop.merge()
    assert merged.green, merged.log
    gitlab.faults.append(fault("POST", f"/projects/42/statuses/{merged.known['CI_COMMIT_SHA']}", 502))
    assert shop.play(merged, APPLY) == 0, merged.log
    assert shop.status()[1].startswith("applied; ")

    ticked(shop, gitlab)
    before = shop.record()
    stale = shop.play(first, APPLY)
    assert (stale, shop.record()) == (1, before), first.log
    assert gitlab.statuses[first.known["CI_COMMIT_SHA"], CONTEXT]["state"] == "failed"
    assert shop.status()[0] == "pending"

    drifted(shop)


def opened(shop: Shop, gitlab, fault) -> None:
    """A merge request that breaks an event is red; mended it is green, with one note that says both in turn."""
    shop.replace("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    red = shop.merge_request("a change that breaks")
    assert {name for name, code in red.codes.items() if code} == {
        f"northwind-{name}" for name in ("validate", "test", "compat", "production-comment", "production-preview")
    }, red.log
    assert "breaking" in gitlab.notes["merge_requests", 7][0]["body"]
    shop.replace("events/order_shipped.yaml", "  tracking_link:", "  tracking_url:")
    shop.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    notes = "/projects/42/merge_requests/7/notes"
    gitlab.faults += [fault("GET", notes, 429, {"retry-after": "1"}), fault("GET", notes, 502)]
    green = shop.merge_request("other words")
    assert green.green, green.log
    (note,) = gitlab.notes["merge_requests", 7]
    assert "has left our warehouse" in note["body"]
    assert "breaking" not in note["body"]


def ticked(shop: Shop, gitlab) -> None:
    """Two people tick while two schedules run at once: both count, once, and a run more changes nothing."""
    shipped, delayed = (shop.token(f"Create the journey “{name}”") for name in ("Order shipped", "Delivery delayed"))
    number = shop.issue("tasks for people")["iid"]
    gitlab.tick(number, shipped, by="ana")
    gitlab.tick(number, delayed, by="ben")
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(shop.schedule, ("tasks", "tasks")))
    assert all(one.green for one in runs), [one.log for one in runs]
    for name, who in (("Order shipped", "ana"), ("Delivery delayed", "ben")):
        text = shop.issue("tasks for people")["description"]
        assert text.count(f"Create the journey “{name}”, by {who}, ") == 1, text
    before = shop.record()
    again = shop.schedule("tasks")
    assert (again.green, shop.record()) == (True, before), again.log


def drifted(shop: Shop) -> None:
    """What goes at Attentive opens an issue and turns the night red; the next apply and look close it."""
    assert shop.schedule("drift").green
    shop.remove_webhook()
    night = shop.schedule("drift")
    assert night.codes == {"northwind-production-drift": 2}, night.log
    assert "webhook.receipts" in shop.issue("changed outside")["description"]
    mended = shop.pipeline()
    assert shop.play(mended, APPLY) == 0, mended.log
    assert shop.schedule("drift").green
    assert shop.issue("changed outside")["state"] == "closed"


def test_a_plan_that_fails_is_no_success(shop, gitlab):
    """Without its key the plan can't be made: the pipeline is red and so is the commit, though only the app waits."""
    shop.environ = lambda: {**Shop.environ(shop), "ATTENTIVE_ORDERS_KEY": ""}
    failed = shop.pipeline()
    assert failed.codes == {"northwind-production-plan": 1}, failed.log
    assert shop.status()[0] == "failed"
    (issue,) = gitlab.issues
    assert "**1 task for people in `northwind/production`.**" in issue["description"]
    assert "`app.orders` Create the app “Orders”" in issue["description"]

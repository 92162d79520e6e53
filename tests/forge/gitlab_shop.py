"""A shop's project on GitLab with pipelines: the component's jobs by their rules, each with bash in a clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.forge.gitlab_pipeline import Job, example_inputs, included, jobs_of
from tests.forge.merged import ROOT, Repository, git

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    handed: dict[str, dict[str, str]] = field(default_factory=dict)
    """The variables that a job handed over to those that wait for it, by its name."""

    @property
    def green(self) -> bool:
        """Whether all jobs that ran were done."""
        return not any(self.codes.values())


class GitLabShop(Repository):
    """A shop's project on GitLab, with pipelines."""

    def __init__(
        self,
        folder: Path,
        account: str,
        gitlab: Any,
        projects: Mapping[str, str] | None = None,
        work: Mapping[str, Job] | None = None,
    ) -> None:
        """Push the shop, whose production is the served sandbox; ``work`` are other jobs than the example's."""
        super().__init__(folder, account, projects)
        self.gitlab = gitlab
        self.work = work or jobs_of(included(**example_inputs()))

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
        handed = {key: one for need in job.needs for key, one in pipeline.handed.get(need, {}).items()}
        environ = {**self.environ(), **job.variables, **pipeline.known, **handed, "CI_JOB_ID": str(self.jobs)}
        done = subprocess.run(words, cwd=work, env=environ, capture_output=True, text=True, check=False)
        pipeline.codes[job.name.removeprefix("attentive-")] = done.returncode
        pipeline.log += done.stdout + done.stderr
        if job.dotenv and (work / job.dotenv).exists():
            lines = (work / job.dotenv).read_text(encoding="utf-8").splitlines()
            pipeline.handed[job.name] = dict(line.split("=", 1) for line in lines)
        pipeline.artifacts += [work / name for name in job.artifacts if (work / name).exists()]
        return done.returncode

    def environ(self) -> dict[str, str]:
        """What GitLab and the project's settings set for every job."""
        return {
            **SECRETS,
            "CI_API_V4_URL": self.gitlab.url,
            "CI_PAGES_DOMAIN": "pages.example",
            "CI_PROJECT_ID": "42",
            "CI_PROJECT_PATH": "shop/brand/texts",
            "CI_PROJECT_ROOT_NAMESPACE": "shop",
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

    def token(self, text: str, issue: dict | None = None) -> str:
        """The token of the open box whose line holds a text."""
        lines = (issue or self.issue("tasks for people"))["description"].splitlines()
        (line,) = (one for one in lines if one.startswith("- [ ] ") and text in one)
        return re.search(r"deployer-task:(\w+)", line)[1]

    def issue(self, text: str) -> dict:
        """The one issue whose title holds a text."""
        (issue,) = (one for one in self.gitlab.issues if text in one["title"])
        return issue

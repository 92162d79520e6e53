"""The jobs of the GitLab pipeline, run for real with bash on a clone, against a local GitLab and a real git remote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "examples" / "workflows" / "gitlab" / ".gitlab-ci.yml"
JOBS = yaml.safe_load(PIPELINE.read_text(encoding="utf-8"))


def lines(job: str) -> list[str]:
    """The lines of a job's script; an alias in it is a list of its own."""
    script = JOBS[job]["script"] if isinstance(JOBS[job], dict) else JOBS[job]
    return [line for one in script for line in (one if isinstance(one, list) else [one])]


class Project:
    """A shop's project on GitLab, whose jobs are run in fresh clones."""

    def __init__(self, folder: Path, gitlab) -> None:
        """Push the shop to its remote."""
        self.folder, self.gitlab, self.number = folder, gitlab, 0
        self.origin, source = folder / "shop.git", folder / "source"
        shutil.copytree(ROOT / "examples" / "northwind", source, ignore=shutil.ignore_patterns(".deployer"))
        (folder / "bin").mkdir()
        words = f'exec {sys.executable} -c "from deployer.cli import main; main()" "$@"'
        (folder / "bin" / "deployer").write_text(f"#!/bin/sh\n{words}\n")
        (folder / "bin" / "deployer").chmod(0o755)
        self.git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))
        self.git(source, "init", "-q", "-b", "main")
        self.git(source, "add", "-A")
        self.git(source, "commit", "-q", "-m", "the shop")
        self.git(source, "push", "-q", str(self.origin), "main")
        self.base = self.git(source, "rev-parse", "HEAD")

    def git(self, folder: Path, *args: str) -> str:
        """Run git as somebody, without anybody's settings."""
        who = {f"GIT_{role}_{part}": "ana@x.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        environ = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        words = ["git", "-C", str(folder), *args]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout.strip()

    def clone(self) -> Path:
        """A job's clone; its remote's address holds the job's token, as GitLab's does."""
        self.number += 1
        work = self.folder / f"job{self.number}"
        self.git(self.folder, "clone", "-q", str(self.origin), str(work))
        return work

    def run(self, script: list[str], work: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script as a runner does: all lines in one shell that stops at the first failure."""
        known = {
            "CI_API_V4_URL": self.gitlab.url,
            "CI_COMMIT_SHA": self.git(work, "rev-parse", "HEAD"),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
            "CI_MERGE_REQUEST_IID": "7",
            "CI_PROJECT_ID": "42",
            "CI_PROJECT_URL": f"file://{self.folder}/shop",
            "GITLAB_TOKEN": "bot-token",
            "GITLAB_USER_LOGIN": "ana",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.folder),
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        words = ["bash", "-eo", "pipefail", "-c", "\n".join(script)]
        environ = {**known, **more}
        return subprocess.run(words, cwd=work, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path, gitlab) -> Project:
    """A project on GitLab."""
    return Project(tmp_path, gitlab)


def test_a_merge_request_is_checked(project, gitlab):
    """The three checks are green for changed words, leave their reports behind, and write the note."""
    work = project.clone()
    parcels = work / "messages" / "parcels.yaml"
    parcels.write_text(parcels.read_text(encoding="utf-8").replace("is on its way", "has left"), encoding="utf-8")
    for job in ("validate", "compat", "comment"):
        done = project.run(lines(job), work)
        assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((work / "gl-code-quality-report.json").read_text()) == []
    assert "<testsuites" in (work / "junit.xml").read_text()
    (note,) = gitlab.notes["merge_requests", 7]
    assert "has left" in note["body"]


def test_a_fork_has_its_comment_in_the_log(project, gitlab):
    """A fork's pipeline has a job token only: the comment is printed and the job is green."""
    fork = {"CI_PROJECT_ID": "99", "CI_MERGE_REQUEST_PROJECT_ID": "42", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
    done = project.run(lines("comment"), project.clone(), **fork, GITLAB_TOKEN="", CI_JOB_TOKEN="job-token")
    assert done.returncode == 0, done.stderr
    assert "a pull request from a fork has no secrets" in done.stdout
    assert not gitlab.notes


def test_ticks_are_collected_and_recorded_on_the_branch(project, gitlab):
    """The schedule writes the issue, finds who ticked, and pushes the confirmation to the branch of the record."""
    work = project.clone()
    plan = project.run(["deployer plan --env production --offline --format json"], work)
    tasks = [task for change in json.loads(plan.stdout)["changes"] for task in change["tasks"]]
    review = next(task for task in tasks if task.get("review"))
    early = f"deployer confirm {review['token']} --submitted --env production"
    assert project.run([*lines(".push"), early], work).returncode == 0
    assert project.run(lines("tasks"), project.clone()).returncode == 0
    (issue,) = gitlab.issues
    gitlab.tick(issue["iid"], review["token"], by="ben")
    done = project.run(lines("tasks"), project.clone())
    assert done.returncode == 0, done.stdout + done.stderr
    record = project.git(project.origin, "show", "deployer-state:production.json")
    task = next(entry["tasks"][review["token"]] for entry in json.loads(record)["entries"].values() if "tasks" in entry)
    assert (task["status"], task["by"]) == ("done", "ben")
    assert issue["state"] == "closed"


def test_git_gets_the_token_and_no_file_holds_it(project):
    """The helper answers git with the token from the environment; neither the settings nor the address hold it."""
    work = project.clone()
    asked = "printf 'protocol=https\\nhost=gitlab.example\\n\\n' | git credential fill"
    done = project.run([*lines(".push"), asked], work, CI_PROJECT_URL="https://gitlab.example/shop")
    assert "password=bot-token" in done.stdout
    settings = (work / ".git" / "config").read_text()
    assert "https://gitlab.example/shop.git" in settings
    assert "bot-token" not in settings


def test_hooks_of_pre_commit_are_commands():
    """Each hook calls a command and options that exist."""
    from deployer.cli.main import cli  # noqa: PLC0415 - used here only

    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        _, name, *options = hook["entry"].split()
        known = {opt for param in cli.commands.get(name, cli.get_command(None, name)).params for opt in param.opts}
        assert set(options) <= known
        assert hook["always_run"], "pre-commit matches no file of a commit that only deletes some"
        assert "files" not in hook

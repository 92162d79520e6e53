"""The jobs of the GitLab pipeline, run for real with bash on a clone, against a local GitLab and a real git remote."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.commands import git
from tests.forge.gitlab_pipeline import COMPONENT, EXAMPLE, example_inputs, included, jobs_of
from tests.forge.merged import ROOT
from tests.processes import log_calls, write_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PIPELINE = included(**example_inputs())
JOBS = jobs_of(PIPELINE)


def lines(job: str) -> list[str]:
    """The lines of a job's script, or of what several jobs begin with."""
    name = f"attentive-northwind-{job}"
    return list(JOBS[name].script) if name in JOBS else PIPELINE[f".{name}"]


class Project:
    """A shop's project on GitLab, whose jobs are run in fresh clones."""

    def __init__(self, folder: Path, gitlab) -> None:
        """Push the shop to its remote."""
        self.folder, self.gitlab, self.number = folder, gitlab, 0
        self.origin, source = folder / "shop.git", folder / "source"
        shutil.copytree(ROOT / "examples" / "northwind", source, ignore=shutil.ignore_patterns(".deployer"))
        write_command(folder / "bin")
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))
        git(source, "init", "-q", "-b", "main")
        git(source, "add", "-A")
        git(source, "commit", "-q", "-m", "the shop")
        git(source, "push", "-q", str(self.origin), "main")
        self.base = git(source, "rev-parse", "HEAD")

    def clone(self) -> Path:
        """A job's clone; its remote's address holds the job's token, as GitLab's does."""
        self.number += 1
        work = self.folder / f"job{self.number}"
        git(self.folder, "clone", "-q", str(self.origin), str(work))
        return work

    def run(self, script: list[str], work: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script as a runner does: all lines in one shell that stops at the first failure."""
        known = {
            **JOBS["attentive-northwind-validate"].variables,
            "CI_API_V4_URL": self.gitlab.url,
            "CI_COMMIT_SHA": git(work, "rev-parse", "HEAD"),
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
    """The checks are green for changed words, leave their reports and a page behind, and write the note."""
    work = project.clone()
    log = log_calls(project.folder / "bin")
    parcels = work / "messages" / "parcels.yaml"
    parcels.write_text(parcels.read_text(encoding="utf-8").replace("is on its way", "has left"), encoding="utf-8")
    for job in ("validate", "compat", "production-comment", "production-preview"):
        done = project.run(lines(job), work)
        assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((work / "gl-code-quality-report.json").read_text()) == []
    assert "<testsuites" in (work / "junit.xml").read_text()
    assert log.read_text().split() == ["validate", "compat", "comment", "preview"]
    (note,) = gitlab.notes["merge_requests", 7]
    assert "has left" in note["body"]
    assert "has left" in (work / "preview-northwind-production.html").read_text(encoding="utf-8")


def test_a_label_lets_what_breaks_pass(project, gitlab):
    """With the input for it, a label lets a breaking change pass, in its author's name, but in no fork."""
    work = project.clone()
    event = work / "events" / "order_shipped.yaml"
    event.write_text(event.read_text(encoding="utf-8").replace("  carrier:", "  shipper:"), encoding="utf-8")
    gitlab.label(7, "breaking-allowed", by="ana")
    for more, code in (({"ATTENTIVE_LABEL": ""}, 1), ({}, 0), ({"GITLAB_TOKEN": ""}, 1)):
        done = project.run(lines("compat"), work, **more)
        assert done.returncode == code, done.stdout + done.stderr
    project.run(lines("production-comment"), work)
    assert "put on by ana" in gitlab.notes["merge_requests", 7][0]["body"]


def test_switches_reach_the_checks(project):
    """Warnings fail with `strict`; what the target branch had already doesn't count with `new-findings-only`."""
    work = project.clone()
    event = work / "events" / "order_shipped.yaml"
    event.write_text(event.read_text(encoding="utf-8").replace("owner: fulfilment\n", "", 1), encoding="utf-8")
    settings = work / "deployer.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "rules: {project/no-owner: warning}\n", encoding="utf-8")
    plain, strict = (project.run(lines("validate"), work, ATTENTIVE_STRICT=one) for one in ("false", "true"))
    assert (plain.returncode, strict.returncode) == (0, 1), plain.stdout + strict.stdout
    git(work, "commit", "-q", "-a", "-m", "no owner")
    known = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": git(work, "rev-parse", "HEAD"), "ATTENTIVE_STRICT": "true"}
    done = project.run(lines("validate"), work, **known, ATTENTIVE_NEW_FINDINGS_ONLY="true")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_fork_has_its_comment_in_the_log(project, gitlab):
    """A fork's pipeline has a job token only: the comment is printed and the job is green."""
    fork = {"CI_PROJECT_ID": "99", "CI_MERGE_REQUEST_PROJECT_ID": "42", "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}
    done = project.run(lines("production-comment"), project.clone(), **fork, GITLAB_TOKEN="", CI_JOB_TOKEN="job-token")
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
    assert project.run([*lines("push"), early], work).returncode == 0
    assert project.run(lines("production-tasks"), project.clone()).returncode == 0
    (issue,) = gitlab.issues
    gitlab.tick(issue["iid"], review["token"], by="ben")
    done = project.run(lines("production-tasks"), project.clone())
    assert done.returncode == 0, done.stdout + done.stderr
    record = git(project.origin, "show", "deployer-state:production.json")
    task = next(entry["tasks"][review["token"]] for entry in json.loads(record)["entries"].values() if "tasks" in entry)
    assert (task["status"], task["by"]) == ("done", "ben")
    assert f"[ ] {review['title']}" not in issue["description"]
    assert ", by ben, " in issue["description"]


def test_git_gets_the_token_and_no_file_holds_it(project):
    """The helper answers git with the token from the environment; neither the settings nor the address hold it."""
    work = project.clone()
    asked = "printf 'protocol=https\\nhost=gitlab.example\\n\\n' | git credential fill"
    done = project.run([*lines("push"), asked], work, CI_PROJECT_URL="https://gitlab.example/shop")
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


def test_the_documented_hooks_work_for_a_project_in_a_folder(project):
    """What the guide writes for pre-commit are hooks that exist, and what they call works on such a repository."""
    guide = (ROOT / "docs" / "guides" / "ci.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- hooks -->\n```yaml\n(.*?)```", guide, re.DOTALL)
    offered = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    (repository,) = yaml.safe_load(block)["repos"]
    work = project.clone()
    (work / "shop").mkdir()
    for path in git(work, "ls-files").splitlines():
        (work / "shop" / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).rename(work / "shop" / path)
    for hook in repository["hooks"]:
        line = " ".join([offered[hook["id"]]["entry"], *hook["args"]])
        done = project.run([line], work)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_project_that_is_new_has_nothing_to_compare_with(project, gitlab):
    """With the input `new-project` the merge request that adds a project is green, and its comment compares nothing."""
    work = project.clone()
    moved = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": empty_commit(project), "ATTENTIVE_NEW_PROJECT": "true"}
    for job in ("compat", "production-comment"):
        done = project.run(lines(job), work, **moved)
        assert done.returncode == 0, done.stdout + done.stderr
    assert len(gitlab.notes["merge_requests", 7]) == 1
    done = project.run(lines("compat"), work, **{**moved, "ATTENTIVE_NEW_PROJECT": "false"})
    assert (done.returncode, "no project of this name elsewhere" in done.stderr) == (1, True), done.stderr


def empty_commit(project: Project) -> str:
    """A commit without any file, in each clone."""
    source = project.folder / "source"
    tree = git(source, "hash-object", "-w", "-t", "tree", os.devnull)
    commit = git(source, "commit-tree", "-m", "nothing", tree)
    git(source, "push", "-q", str(project.origin), f"{commit}:refs/heads/nothing")
    for clone in project.folder.glob("job*"):
        git(clone, "fetch", "-q", "origin")
    return commit


@pytest.fixture
def local(tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `gitlab-ci-local` in a repository with two projects, each of which includes the component."""
    program = os.environ.get("DEPLOYER_GITLAB_CI_LOCAL") or shutil.which("gitlab-ci-local")
    if not program:
        pytest.skip("`npm install gitlab-ci-local`, and name its program in DEPLOYER_GITLAB_CI_LOCAL")
    shop, programs = tmp_path / "shop", tmp_path / "bin"
    for name in ("northwind", "southwind"):
        shutil.copytree(ROOT / "examples" / "northwind", shop / name, ignore=shutil.ignore_patterns(".deployer"))
    shutil.copy(COMPONENT, shop)
    both = [{"local": COMPONENT.name, "inputs": {"name": name, "folder": name}} for name in ("northwind", "southwind")]
    (shop / ".gitlab-ci.yml").write_text(yaml.safe_dump({"include": both}))
    write_command(programs)
    for name in ("apt-get", "pip"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    git(shop, "init", "-q", "-b", "main")
    git(shop, "remote", "add", "origin", "https://gitlab.example/shop/texts.git")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "two projects")
    environ = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}

    def call(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *args], cwd=shop, env=environ, capture_output=True, text=True, check=False)

    return call


def test_an_emulator_of_gitlab_makes_the_same_jobs(local):
    """`gitlab-ci-local` accepts the pipeline by GitLab's schema and makes of two projects what the tests here run."""
    done = local("--preview")
    assert done.returncode == 0, done.stderr
    seen = yaml.safe_load(done.stdout.rpartition("\n---\n")[2])
    jobs = {name: one for name, one in seen.items() if isinstance(one, dict) and "script" in one}
    ours = {
        name: job
        for project in ("northwind", "southwind")
        for name, job in jobs_of(included(name=project, folder=project)).items()
    }
    assert {name: tuple(one["script"]) for name, one in jobs.items()} == {n: job.script for n, job in ours.items()}
    assert {name: one["variables"] for name, one in jobs.items()} == {n: job.variables for n, job in ours.items()}


@pytest.mark.skipif(not shutil.which("rsync"), reason="gitlab-ci-local runs jobs with rsync")
def test_an_emulator_of_gitlab_runs_the_checks_of_two_projects(local):
    """The checks of both projects are green in an emulator of a runner."""
    names = [f"attentive-{project}-{job}" for project in ("northwind", "southwind") for job in ("validate", "test")]
    done = local("--force-shell-executor", "--variable", "CI_PIPELINE_SOURCE=merge_request_event", *names)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("20 tests passed") == 2


def test_the_example_includes_the_component():
    """The example gives the component inputs that it knows, at a commit that somebody has to fill in."""
    (include,) = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["include"]
    assert include["component"].rpartition("@")[0].endswith(f"/{COMPONENT.stem}")
    assert include["inputs"]["package"].endswith("@" + include["component"].rpartition("@")[2])

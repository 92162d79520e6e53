"""The steps of the action, run for real with bash on a pull request's checkout, with what GitHub sets."""

from __future__ import annotations

import json
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.commands import git
from tests.forge.github_runner import EXPRESSION, Job
from tests.processes import log_calls, write_command

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""Git's name of a folder without files."""


class Checkout:
    """A pull request's checkout as GitHub makes it, and the action's steps run on it with what GitHub sets."""

    def __init__(self, folder: Path, server: Any) -> None:
        """Make the repository of a shop, whose pull request is to come."""
        self.folder, self.server = folder, server
        self.origin, self.work, self.runner = folder / "origin.git", folder / "work", folder / "runner"
        self.path = folder / "bin"
        self.runner.mkdir()
        write_command(self.path)
        source = folder / "source"
        shutil.copytree(ROOT / "examples" / "northwind", source, ignore=shutil.ignore_patterns(".deployer"))
        self.source = source
        git(source, "init", "-q", "-b", "main")
        git(folder, "init", "-q", "--bare", str(self.origin))
        git(self.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
        git(source, "remote", "add", "origin", str(self.origin))
        self.base = self.commit("the shop")
        git(source, "push", "-q", "origin", "main")
        git(source, "checkout", "-q", "-b", "change")

    def commit(self, message: str) -> str:
        """Commit everything in the source."""
        git(self.source, "add", "-A")
        git(self.source, "commit", "-q", "-m", message)
        return git(self.source, "rev-parse", "HEAD")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change words in a file of the shop."""
        path = self.source / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def open(self, *, fork: bool = False) -> dict[str, str]:
        """Commit what was changed as pull request 7, check out what its merge would be, and give what GitHub sets."""
        head = self.commit("a change")
        git(self.source, "checkout", "-q", "-B", "merge", "main")
        git(self.source, "merge", "-q", "--no-ff", "-m", "merge", "change")
        git(self.source, "push", "-q", "-f", "origin", "merge:refs/pull/7/merge", "main")
        merge = git(self.source, "rev-parse", "HEAD")
        git(self.source, "checkout", "-q", "change")
        shutil.rmtree(self.work, ignore_errors=True)
        git(self.folder, "init", "-q", str(self.work))
        git(self.work, "remote", "add", "origin", f"file://{self.origin}")
        git(self.work, "fetch", "-q", "--depth=1", "origin", f"+{merge}:refs/remotes/pull/7/merge")
        git(self.work, "checkout", "-q", "--detach", merge)
        repository = {"full_name": "eve/texts" if fork else "shop/texts"}
        pull = {"number": 7, "head": {"sha": head, "repo": repository}, "base": {"sha": self.base}}
        event = self.runner / "event.json"
        event.write_text(json.dumps({"pull_request": pull, "number": 7}))
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.server.url,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "shop/texts",
            "GITHUB_RUN_ID": "99",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_SHA": merge,
            "GITHUB_STEP_SUMMARY": str(self.runner / "summary.md"),
            "GITHUB_WORKSPACE": str(self.work),
            "RUNNER_TEMP": str(self.runner),
            "HOME": str(self.runner),
            "PATH": f"{self.path}:{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *, fork: bool = False, event: dict[str, str] | None = None, **inputs: str) -> Ran:
        """Run the action's steps after the installation, as its runner would.

        ``event`` is another event's fields, by their expression, than those of a pull request.
        """
        given = self.given = self.open(fork=fork)
        known = {"github.token": "fork-token" if fork else "robot-token"}
        pull = {"github.event.pull_request.number": "7", "github.event.pull_request.base.sha": self.base}
        known |= pull if event is None else event
        if event is not None:
            (self.runner / "event.json").write_text("{}")
        job = Job(self.work, given)
        job.action({name.replace("_", "-"): one for name, one in inputs.items()}, known)
        summary = Path(given["GITHUB_STEP_SUMMARY"])
        return Ran(job, summary.read_text(encoding="utf-8") if summary.exists() else "")


class Ran:
    """What a run of the action left behind."""

    def __init__(self, job: Job, summary: str) -> None:
        """Keep the exit code, everything that was printed, the outputs of the steps, and the summary."""
        self.code, self.log, self.outputs, self.summary = int(job.failed), job.log, job.outputs, summary


@pytest.fixture
def checkout(tmp_path, github) -> Checkout:
    """A shop on GitHub with a pull request."""
    return Checkout(tmp_path, github)


def test_a_pull_request_that_changes_words_is_green_and_says_them(checkout):
    """Every step runs on a shallow checkout without a key; the comment holds the words before and after."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production")
    assert ran.code == 0, ran.log
    assert ran.outputs["base.commit"] == checkout.base
    (comment,) = checkout.server.comments[7]
    assert "has left our warehouse" in comment["body"]
    assert "is on its way" in comment["body"]
    assert "this run uses no key" in comment["body"]
    assert comment["body"] == ran.summary.rstrip("\n")
    assert json.loads(Path(ran.outputs["validate.sarif"]).read_text())["version"] == "2.1.0"
    assert ran.outputs["comment.urls"] == comment["html_url"]
    assert (ran.outputs["validate.errors"], ran.outputs["validate.warnings"]) == ("0", "0")
    plan = json.loads((Path(ran.outputs["comment.plans"]) / "production.json").read_text())
    assert (plan["environment"], plan["mode"]) == ("production", "offline")


def test_the_action_runs_each_command_once(checkout):
    """What a forge reads in two formats, and a comment that is posted and summed up, is made by one process."""
    log = log_calls(checkout.path)
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production", preview="true")
    assert ran.code == 0, ran.log
    assert log.read_text().split() == ["validate", "test", "compat", "plan", "comment", "preview"]


def test_a_pull_request_that_breaks_is_red_and_then_green(checkout):
    """A property that a text reads and that goes turns every check red; put back, the same comment says so."""
    checkout.replace("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    red = checkout.run(environments="production", fail_on="breaking")
    assert red.code == 1
    assert red.log.count("::error::deployer:") == 3, red.log
    assert red.outputs["validate.errors"] == "1"
    assert "::error file=events/order_shipped.yaml" in red.log
    assert "breaking" in checkout.server.comments[7][0]["body"]
    checkout.replace("events/order_shipped.yaml", "  tracking_link:", "  tracking_url:")
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    green = checkout.run(environments="production")
    assert green.code == 0, green.log
    (comment,) = checkout.server.comments[7]
    assert "breaking" not in comment["body"]


def test_a_label_lets_what_breaks_pass(checkout, github):
    """A label of the pull request lets a breaking change pass, in the comment and the check, with its author named."""
    checkout.replace("events/order_shipped.yaml", "  carrier:", "  shipper:")
    github.label(7, "breaking-allowed", by="ana")
    ran = checkout.run(environments="production", allow_breaking_label="breaking-allowed")
    assert ran.outputs["compat.code"] == "0", ran.log
    assert "put on by ana" in ran.log
    assert "put on by ana" in github.comments[7][0]["body"]


@pytest.mark.parametrize("field", ["before", "merge_group.base_sha"])
def test_a_push_and_a_merge_queue_are_compared_with_what_they_change(checkout, field):
    """Without a pull request the base is what the branch held before, or what the queue merges into; no comment."""
    checkout.replace("events/order_shipped.yaml", "  carrier:", "  shipper:")
    ran = checkout.run(environments="production", event={f"github.event.{field}": checkout.base})
    assert ran.outputs["base.commit"] == checkout.base, ran.log
    assert ran.code == 1
    assert "::error::deployer: compat failed" in ran.log
    assert "1 breaking change" in ran.summary
    assert not checkout.server.comments


def test_the_first_push_of_a_branch_has_nothing_before(checkout):
    """GitHub writes zeros for a branch that is new: nothing is compared, and the run says so."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(event={"github.event.before": "0" * 40})
    assert ran.code == 0, ran.log
    assert "nothing is compared" in ran.log


def test_a_base_that_is_gone_is_an_error(checkout):
    """After a force push the former commit may be gone: the comparison fails and says what to do."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(event={"github.event.before": "a" * 40})
    assert ran.code == 1
    assert "name another one with the input `against`" in ran.log


def test_a_page_for_each_environment_and_the_exit_codes(checkout):
    """With `preview` each environment has a page with the words before and after; outputs say what each check gave."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    site = "https://shop.example/previews/7"
    ran = checkout.run(environments="production staging", preview="true", comment="false", preview_url=f"{site}/")
    assert ran.code == 0, ran.log
    for name in ("production", "staging"):
        assert f"[preview]({site}/{name}.html#at=message.order_shipped_text)" in ran.summary
    pages = sorted(Path(ran.outputs["preview.folder"]).iterdir())
    assert [one.name for one in pages] == ["production.html", "staging.html"]
    assert all("has left our warehouse" in one.read_text(encoding="utf-8") for one in pages)
    action = yaml.load(ACTION.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    values = {name: EXPRESSION.search(one["value"])[1] for name, one in action["outputs"].items()}
    given = {
        name: ran.outputs[value.removeprefix("steps.").replace(".outputs.", ".")] for name, value in values.items()
    }
    assert {one for name, one in given.items() if name.endswith("exit-code")} == {"0"}


def test_the_recipe_for_pages_publishes_what_the_comment_links_to(checkout):
    """The documented step pushes the pages to where `preview-url` leads, also where another run pushed meanwhile."""
    text = (ROOT / "examples" / "workflows" / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- recipe: pages -->\n```yaml\n(.*?)```", text, re.DOTALL)
    (step,) = yaml.load(block, Loader=yaml.BaseLoader)
    pages = git(checkout.source, "commit-tree", EMPTY, "-m", "Pages")
    git(checkout.source, "push", "-q", "origin", f"{pages}:refs/heads/gh-pages")
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    site = "https://shop.example/texts/pull/7"
    ran = checkout.run(environments="production", preview="true", preview_url=site)
    (link,) = re.findall(r"\[preview\]\(([^)#]*)", checkout.server.comments[7][0]["body"])
    first = checkout.origin / "hooks" / "pre-receive"
    first.write_text("#!/bin/sh\ntest -e refused || { touch refused; exit 1; }\n")
    first.chmod(0o755)
    job = Job(checkout.work, checkout.given)
    known = {"steps.deployer.outputs.preview-folder": ran.outputs["preview.folder"], "github.repository": "shop/texts"}
    known |= {"github.event.pull_request.number": "7", "github.event.pull_request.head.repo.full_name": "shop/texts"}
    job.run([step], known)
    assert not job.failed, job.log
    assert (checkout.origin / "refused").exists()
    page = link.removeprefix("https://shop.example/texts/")
    assert "has left our warehouse" in git(checkout.origin, "show", f"gh-pages:{page}")


def test_the_action_runs_the_journey_tests(checkout):
    """Journey tests are run and covered; one whose words changed is an annotation and turns the check red."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    green = checkout.run(min_coverage="100")
    assert green.code == 0, green.log
    assert "20 tests passed; coverage 100 %" in green.log
    assert "<testsuites" in Path(green.outputs["test.junit"]).read_text()
    checkout.replace("messages/pickup_ready_text.yaml", "is ready at", "waits at")
    red = checkout.run(min_coverage="100")
    assert red.code == 1
    assert "::error file=tests/others.yaml,line=" in red.log
    assert "::error::deployer: test failed (exit code 1)" in red.log


def test_a_project_without_journey_tests_is_green(checkout):
    """Where no journey test is declared there is nothing to run, and the action says so."""
    shutil.rmtree(checkout.source / "tests")
    ran = checkout.run()
    assert ran.code == 0, ran.log
    assert "declares no journey test" in ran.log


def test_a_fork_runs_green_without_writing(checkout):
    """A fork's token only reads: nothing is posted, the summary holds the comment and says what did not run."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production", fork=True)
    assert ran.code == 0, ran.log
    assert 7 not in checkout.server.comments
    assert "a pull request from a fork has no secrets" in ran.summary
    assert "not posted" in ran.log


def test_a_fork_that_cannot_read_the_record_is_green_and_says_so(checkout):
    """State in a bucket needs a secret that a fork hasn't; without a fork that is a failure."""
    checkout.replace("deployer.yaml", "state: git #", "state: s3://northwind-states/shop #")
    git(checkout.source, "checkout", "-q", "main")
    checkout.base = checkout.commit("a bucket")
    git(checkout.source, "checkout", "-q", "-B", "change")
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production", fork=True)
    assert ran.code == 0, ran.log
    assert "no plan could be made" in ran.summary
    assert "this run has no secrets" in ran.summary
    checkout.replace("messages/parcels.yaml", "has left our warehouse", "was handed over")
    assert checkout.run(environments="production").code == 1


def test_two_environments_get_a_comment_each(checkout):
    """Each environment that is named has its own comment."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production staging")
    assert ran.code == 0, ran.log
    assert len(checkout.server.comments[7]) == 2
    assert ran.outputs["comment.urls"].splitlines() == [one["html_url"] for one in checkout.server.comments[7]]


def test_line_breaks_separate_environments(checkout):
    """Environments may stand on a line each, as people write lists in YAML; none is lost."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production\nstaging\n")
    assert ran.code == 0, ran.log
    assert len(checkout.server.comments[7]) == 2


@pytest.mark.parametrize("name", ["strict", "new_findings_only", "comment", "install_only", "new_project", "preview"])
@pytest.mark.parametrize("value", ["yes", "True", "1", ""])
def test_a_switch_that_is_neither_true_nor_false_is_refused(checkout, name, value):
    """`strict: yes` is a mistake, not off: the run says which input, and nothing else happens."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(**{name: value})
    assert ran.code == 1
    assert f"::error::the input `{name.replace('_', '-')}` takes true or false" in ran.log
    assert not ran.outputs


def test_old_findings_are_counted_only(checkout):
    """With `new-findings-only` the comment agrees with the check: no new problems, and how many were there."""
    git(checkout.source, "checkout", "-q", "main")
    checkout.replace("messages/parcels.yaml", "['Order Id']", "['Order No']")
    checkout.base = checkout.commit("an error")
    git(checkout.source, "checkout", "-q", "-B", "change")
    checkout.replace("deployer.yaml", "project: northwind\n", "project: northwind # a shop\n")
    ran = checkout.run(environments="production", new_findings_only="true")
    assert re.search(r"no new problems; \d+ known", ran.summary), ran.log
    assert "### problems" not in ran.summary


def test_a_moved_project_is_still_compared(checkout):
    """A pull request that moves the project's folder and breaks an event is red: the project is known by its name."""
    checkout.replace("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    moved = checkout.source / "attentive"
    moved.mkdir()
    for one in list(checkout.source.iterdir()):
        if one.name not in {".git", "attentive"}:
            one.rename(moved / one.name)
    red = checkout.run(project="attentive")
    assert red.code == 1
    assert "::error::deployer: compat failed" in red.log
    assert "breaking" in red.log


def test_a_project_without_an_earlier_version_says_so_or_fails(checkout):
    """Where the base holds no project of this name, the gate fails unless an input says that the project is new."""
    checkout.replace("deployer.yaml", "project: northwind", "project: southwind")
    (checkout.source / "southwind").mkdir()
    for one in list(checkout.source.iterdir()):
        if one.name not in {".git", "southwind"}:
            one.rename(checkout.source / "southwind" / one.name)
    red = checkout.run(project="southwind")
    assert (red.code, "no project of this name elsewhere" in red.log) == (1, True), red.log
    checkout.replace("southwind/messages/parcels.yaml", "is on its way", "has left our warehouse")
    green = checkout.run(project="southwind", new_project="true")
    assert (green.code, "the project is new" in green.log) == (0, True), green.log


def test_a_folder_outside_of_a_checkout_is_named(checkout):
    """After `actions/checkout` with `path:` the project's folder is within it: the run says so instead of git."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(project="..")
    assert ran.code == 1
    assert "::error::the folder `..` (input `project`) isn't in a checkout" in ran.log
    assert "fatal:" not in ran.log


def test_what_a_forks_author_writes_is_no_command(checkout):
    """A text that begins with `::` stands in the log between a fence whose word nobody can know."""
    checkout.replace("messages/parcels.yaml", "is on its way", "is on its way\n  ::error::pwned\n  and")
    ran = checkout.run(environments="production", fork=True)
    assert "::error::pwned" in ran.log
    assert "::error::pwned" in unfenced(ran.log.replace("::stop-commands::", "")), "the fence is what this is about"
    assert "::error::pwned" not in unfenced(ran.log), ran.log


def test_all_that_is_printed_for_people_is_fenced(checkout):
    """Whatever line plan, comment and preview print, a runner obeys none of them."""
    program = checkout.path / "deployer"
    first, rest = program.read_text(encoding="utf-8").split("\n", 1)
    says = 'case "$1" in plan | comment | preview) echo "::error::pwned by $1" ;; esac'
    program.write_text(f"{first}\n{says}\n{rest}", encoding="utf-8")
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    ran = checkout.run(environments="production", preview="true")
    assert len(set(re.findall(r"pwned by (\w+)", ran.log))) == 3
    assert "pwned" not in unfenced(ran.log), ran.log


def test_what_goes_wrong_in_a_forks_project_is_no_command(checkout):
    """A project that fails, with a name of a variable or file that looks like a command, runs none either."""
    checkout.replace("messages/parcels.yaml", "is on its way", '[% include "x\\n::error::pwned" %]')
    ran = checkout.run(environments="production", fork=True)
    assert ran.code == 1
    assert not [one for one in unfenced(ran.log).splitlines() if one.lstrip().startswith("::error::pwned")], ran.log


def unfenced(log: str) -> str:
    """The lines of a log whose commands a runner obeys."""
    fenced, word, kept = False, "", []
    for line in log.splitlines():
        opened = re.fullmatch(r"::stop-commands::(\w{32})", line)
        if opened:
            fenced, word = True, opened[1]
        elif fenced and line == f"::{word}::":
            fenced = False
        elif not fenced:
            kept.append(line.strip())
    assert not fenced
    return "\n".join(kept)


def test_what_somebody_types_is_never_run(checkout):
    """An input that holds a command is an unknown environment and nothing else."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    marker = checkout.folder / "ran"
    ran = checkout.run(environments=f"$(touch${{IFS}}{marker}) `touch${{IFS}}{marker}`;touch${{IFS}}{marker}")
    assert ran.code == 1
    assert not marker.exists()


def test_what_a_commit_installs_is_pinned():
    """Everything that the action fetches has its hash in the lock, which holds what pyproject.toml asks for."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    hashes = r"(?:    --hash=sha256:[0-9a-f]{64}.*\n)+"
    entries = re.findall(rf"^([a-z0-9-]+)==(\S+)(?: ; [^\\]*)? \\\n{hashes}", lock, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", lock, re.MULTILINE))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = settings["project"]["optional-dependencies"]
    wanted_ones = [*settings["build-system"]["requires"], *settings["project"]["dependencies"], *extras["s3"]]
    locked = {name: Version(version) for name, version in entries}
    for one in map(Requirement, wanted_ones):
        assert locked[canonicalize_name(one.name)] in one.specifier, one
    (install,) = [one["run"] for one in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if "pip" in one["run"]]
    fetching = [line for line in install.splitlines() if '"${install[@]}"' in line]
    pinned = [line for line in fetching if "--require-hashes" in line or "--no-index" in line]
    assert len(pinned) == 2
    assert [line.strip() for line in fetching if line not in pinned] == [
        '"${install[@]}" "journey-deployer[s3,serve]==$VERSION"'  # only where the input `version` names another one
    ]


def test_only_installing_runs_nothing_else(checkout):
    """With `install-only` every other step is left out."""
    checkout.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    assert checkout.run(install_only="true").log == ""

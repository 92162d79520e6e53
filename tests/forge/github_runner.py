"""GitHub's runner, as far as the action and the example workflows use it: conditions, jobs, steps, outputs, artifacts.

Scripts are run with bash in a real clone. Of the actions of others it does what counts here: artifacts are handed over,
findings are uploaded.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.forge.merged import ROOT, git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.forge.merged import Repository

WORKFLOWS = ROOT / "examples" / "workflows" / "github"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
"""How GitHub runs a step whose shell is bash."""
GATE = "attentive-apply"
"""The environment of GitHub that waits for a reviewer."""
_NAME = r"[\w.-]+"
_TEST = re.compile(
    rf"(?P<left>{_NAME}) (?P<how>==|!=) (?P<right>'[^']*'|{_NAME})"
    rf"|(?P<no>!)?contains\(fromJSON\('(?P<choices>\[[^']*\])'\), (?P<chosen>{_NAME})\)"
    rf"|(?P<call>contains|startsWith)\((?P<text>{_NAME}), '(?P<part>[^']*)'\)"
    rf"|(?P<there>{_NAME})|!cancelled\(\)"
)
_MAY_LACK = ("github.event.", "inputs.", "steps.")
"""What an expression may name though it isn't there; GitHub reads it as empty. Any other such name is a mistake."""


def value(name: str, known: dict[str, str]) -> str:
    """What a name or a quoted text means."""
    if name.startswith("'"):
        return name.strip("'")
    assert name in known or name.startswith(_MAY_LACK), name
    return known.get(name, "")


def filled(text: str, known: dict[str, str]) -> str:
    """A text with its expressions filled in."""
    return EXPRESSION.sub(lambda found: value(found[1], known), text)


def holds(condition: str, known: dict[str, str]) -> bool:
    """Whether a condition holds: the tests that our files use, joined by `&&`."""
    found = [_TEST.fullmatch(" ".join(one.split())) for one in condition.split("&&") if one.strip()]
    assert all(found), condition
    return all(_true(one, known) for one in found if one)


def _true(test: re.Match[str], known: dict[str, str]) -> bool:
    match test.groupdict():
        case {"left": str(left), "how": how, "right": right}:
            return (value(left, known) == value(right, known)) is (how == "==")
        case {"choices": str(choices), "chosen": chosen}:
            return (value(chosen, known) in json.loads(choices)) is (test["no"] is None)
        case {"call": "contains", "text": text, "part": part}:
            return part in value(text, known)
        case {"call": "startsWith", "text": text, "part": part}:
            return value(text, known).startswith(part)
        case {"there": str(name)}:
            return bool(value(name, known)) or any(one.startswith(f"{name}.") for one in known)
    return True


def written(text: str) -> Iterator[tuple[str, str]]:
    """The outputs that a step wrote, as GitHub reads them: `NAME=VALUE`, or lines between two words."""
    lines = iter(text.splitlines())
    for line in lines:
        name, between, word = line.partition("<<")
        if between and "=" not in name:
            yield name, "\n".join(takewhile(lambda one, end=word: one != end, lines))
        else:
            yield line.partition("=")[0], line.partition("=")[2]


def read(path: Path) -> dict[str, Any]:
    """A YAML file as GitHub reads it: texts only."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def flat(name: str, data: Any) -> dict[str, str]:
    """What an expression may name of an event."""
    if isinstance(data, dict):
        return {key: one for part, inner in data.items() for key, one in flat(f"{name}.{part}", inner).items()}
    return {name: str(data)}


@dataclass
class Job:
    """A job on its machine: the checkout, what GitHub sets, what jobs hand over; then what it left behind."""

    work: Path
    environ: dict[str, str]
    artifacts: dict[str, Path] = field(default_factory=dict)
    failed: bool = False
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    """Every step's outputs, those within the action too: ``STEP.NAME``."""
    findings: dict[str, Any] = field(default_factory=dict)
    """What was uploaded to code scanning, by category."""

    def run(self, steps: Iterable[dict[str, Any]], known: dict[str, str]) -> None:
        """Run steps one after the other; what one gives is known to those behind it."""
        for step in steps:
            condition = step.get("if", "")
            if (self.failed and "!cancelled()" not in condition) or not holds(condition, known):
                continue
            for name, one in self._step(step, known).items():
                known[f"steps.{step['id']}.outputs.{name}"] = one
                self.outputs[f"{step['id']}.{name}"] = one

    def _step(self, step: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
        if "run" in step:
            return self._script(step, known)
        uses = step["uses"].partition("@")[0]
        given = {name: filled(text, known) for name, text in step.get("with", {}).items()}
        if uses.endswith("/deployer"):
            return self.action(given, known) if given.get("install-only") != "true" else {}
        if uses == "actions/upload-artifact":
            self.artifacts[given["name"]] = self.work / given["path"]
        elif uses == "actions/download-artifact":
            shutil.copy(self.artifacts[given["name"]], self.work)
        elif uses == "github/codeql-action/upload-sarif":
            self.findings[given["category"]] = json.loads(Path(given["sarif_file"]).read_text(encoding="utf-8"))
        elif uses == "actions/checkout" and "ref" in given:
            git(self.work, "fetch", "-q", f"--depth={given.get('fetch-depth', '1')}", "origin", given["ref"])
            git(self.work, "checkout", "-q", "FETCH_HEAD")
        else:
            assert uses in {"actions/checkout", "actions/cache"}, uses
        return {}

    def action(self, given: dict[str, str], known: dict[str, str]) -> dict[str, str]:
        """Run the action's steps, but not its installation, and return its outputs."""
        action = read(ROOT / "action.yml")
        assert set(given) <= set(action["inputs"])
        defaults = {name: filled(one.get("default", ""), known) for name, one in action["inputs"].items()}
        inner = {name: one for name, one in known.items() if name.startswith("github.")}
        inner |= {f"inputs.{name}": one for name, one in {**defaults, **given}.items()}
        self.run((one for one in action["runs"]["steps"] if one["name"] != "Install deployer"), inner)
        return {name: filled(one["value"], inner) for name, one in action["outputs"].items()}

    def _script(self, step: dict[str, Any], known: dict[str, str]) -> dict[str, str]:
        own = {name: filled(text, known) for name, text in step.get("env", {}).items()}
        output = self.work.parent / f"{self.work.name}.output"
        output.write_text("")
        environ = {**self.environ, **own, "GITHUB_OUTPUT": str(output)}
        words = [*BASH, step["run"]]
        done = subprocess.run(words, cwd=self.work, env=environ, capture_output=True, text=True, check=False)
        self.log += done.stdout + done.stderr
        self.failed |= done.returncode != 0
        return dict(written(output.read_text(encoding="utf-8")))


@dataclass
class Run:
    """A run of a workflow: its commit, what an expression gives, each job's result, what the jobs handed over."""

    commit: str
    known: dict[str, str]
    event: dict[str, Any] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    log: str = ""

    @property
    def green(self) -> bool:
        """Whether no job failed."""
        return "failure" not in self.results.values()

    def goes_on(self, job: dict[str, Any]) -> bool:
        """Whether a job runs: by its condition, and without one where each job that it needs was a success."""
        needs = job.get("needs", [])
        done = all(self.results[one] == "success" for one in ([needs] if isinstance(needs, str) else needs))
        condition = job.get("if", "")
        return (done or "!cancelled()" in condition) and holds(condition, self.known)


class Actions:
    """Begins a workflow for an event and runs its jobs, each in a fresh clone."""

    def __init__(self, shop: Repository, edited: Callable[[str], str] = str) -> None:
        """Take the repository; ``edited`` is how its team changed the text of the example workflows."""
        self.shop, self.edited = shop, edited

    def begin(self, workflow: str, event: dict[str, Any] | None = None, commit: str = "main") -> Run:
        """Run a workflow for the newest commit of a branch, by default the default branch."""
        told = event or {}
        found = git(self.shop.origin, "rev-parse", commit)
        return self._go(workflow, Run(found, {**self.shop.known, **flat("github.event", told)}, told))

    def again(self, workflow: str, old: Run) -> Run:
        """Run the gated job of an old run again: its commit, and what its other jobs handed over."""
        return self._go(workflow, Run(old.commit, dict(old.known), {}, {}, dict(old.artifacts)), only=GATE)

    def _go(self, workflow: str, run: Run, only: str = "") -> Run:
        """Run the jobs in their order, or ``only`` those behind a gate, whose others keep their success."""
        data = yaml.load(self.edited((WORKFLOWS / workflow).read_text(encoding="utf-8")), Loader=yaml.BaseLoader)
        env = data.get("env", {})
        run.known |= {f"env.{name}": one for name, one in env.items()}
        for name, job in data["jobs"].items():
            if only and job.get("environment") != only:
                run.results[name] = "success"
            elif run.goes_on(job):
                run.results[name] = "failure" if self._job(name, job, run, env) else "success"
            else:
                run.results[name] = "skipped"
            run.known[f"needs.{name}.result"] = run.results[name]
        return run

    def _job(self, name: str, job: dict[str, Any], run: Run, env: dict[str, str]) -> bool:
        """Run the steps of a job, and say whether one failed."""
        work = self.shop.job()
        git(work, "fetch", "-q", "--depth=1", "origin", run.commit)
        git(work, "checkout", "-q", run.commit)
        one = Job(work, {**self.shop.environ(work, run.event), **env}, run.artifacts, findings=run.findings)
        known = dict(run.known)
        one.run(job["steps"], known)
        run.log += one.log
        run.known |= {
            f"needs.{name}.outputs.{key}": filled(text, known) for key, text in job.get("outputs", {}).items()
        }
        return one.failed

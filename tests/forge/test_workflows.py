"""The action and the example workflows: by the schemas that editors use, and by the rules of safe workflows."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.forge.gitlab_pipeline import COMPONENT, example_inputs, included

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BEGUN = ROOT / "deployer" / "authoring" / "template_files" / "ci"
"""What `deployer init` writes."""
GITHUB = [BEGUN / "github.yml", *sorted((ROOT / "examples" / "workflows" / "github").glob("*.yml")), *OWN]
GITLAB = ROOT / "examples" / "workflows" / "gitlab" / ".gitlab-ci.yml"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def read(path: Path) -> Any:
    """A YAML file as a forge reads it (`on` is a word, not a truth value)."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def steps(path: Path) -> Iterator[dict]:
    """Every step of an action or a workflow."""
    data = read(path)
    yield from data["runs"]["steps"] if "runs" in data else (s for job in data["jobs"].values() for s in job["steps"])


@pytest.mark.parametrize(
    ("schema", "path", "more"),
    [
        ("vendor.github-actions", ACTION, ()),
        *(("vendor.github-workflows", path, ()) for path in GITHUB),
        *(("vendor.gitlab-ci", path, ("--data-transform", "gitlab-ci")) for path in (GITLAB, BEGUN / "gitlab.yml")),
        ("vendor.gitlab-ci", COMPONENT, ("--data-transform", "gitlab-ci")),
        ("vendor.dependabot", ROOT / ".github" / "dependabot.yml", ()),
    ],
)
def test_each_file_is_what_its_forge_reads(schema, path, more, tmp_path):
    """The action, the workflows and the pipeline are valid by the schemas that editors use for them."""
    if importlib.util.find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema isn't installed")
    if path == COMPONENT:  # as GitLab includes it: its inputs are filled in
        path = tmp_path / "included.yml"
        path.write_text(yaml.safe_dump(included(**example_inputs())))
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", [ACTION, *GITHUB], ids=lambda path: path.name)
def test_nothing_is_interpolated_into_a_script(path):
    """An expression stands in `env` only: what somebody types into an input or a title is never run."""
    assert not [step for step in steps(path) if EXPRESSION.search(step.get("run", ""))]


@pytest.mark.parametrize("path", [ACTION, *GITHUB], ids=lambda path: path.name)
def test_other_actions_are_pinned(path):
    """What is used of others is named by a whole commit hash."""
    used = [step["uses"] for step in steps(path) if step.get("uses", "./") != "./"]
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one)] == []


def test_an_auditor_of_workflows_finds_nothing():
    """An auditor (zizmor) sees no injection, no leak and no unpinned action; what it accepts has its reason there."""
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("zizmor isn't installed")
    done = subprocess.run(
        [zizmor, "--offline", "--quiet", "--no-progress", ACTION, *GITHUB], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_githubs_own_parser_finds_no_mistake(tmp_path):
    """GitHub's parser of workflows reads each of ours without an error, and finds those of a workflow that has some."""
    modules = os.environ.get("DEPLOYER_WORKFLOW_PARSER")
    if not modules or not shutil.which("node"):
        pytest.skip(
            "`npm install @actions/workflow-parser`, and name the node_modules folder in DEPLOYER_WORKFLOW_PARSER"
        )
    broken = tmp_path / "broken.yml"
    broken.write_text("on: push\njobs: {a: {runs-on: x, stepz: [], steps: [{run: '${{ gthub.actor }}'}]}}\n")
    words = ["node", ROOT / ".ci" / "parse_workflows.mjs", modules, *GITHUB, broken]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found.pop(str(broken))) == 2
    assert found == {str(path): [] for path in GITHUB}


def test_the_action_uses_no_other():
    """The action itself runs nothing but its own steps."""
    assert not [step for step in steps(ACTION) if "uses" in step]


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_each_workflow_begins_without_permissions(path):
    """A workflow has no permission by itself, each job names its own, and a fork's code gets no secrets."""
    data = read(path)
    assert data["permissions"] == {}
    assert all("permissions" in job for job in data["jobs"].values())
    assert "pull_request_target" not in data["on"]


def test_a_comment_pushes_out_no_command_that_waits():
    """Of the runs that wait in a group the newest is kept: of a group of the workflow any comment would be one."""
    data = read(ROOT / "examples" / "workflows" / "github" / "commands.yml")
    assert "concurrency" not in data
    groups = {name: job["concurrency"]["group"] for name, job in data["jobs"].items()}
    assert "github.event.issue.number" in groups["plan"], "of two plans the newer one is enough"
    assert "github.event.comment.id" in groups["answer"], "each answer counts"


@pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.name)
def test_each_step_of_a_workflow_is_bash_that_parses(path):
    """Every script parses, and uses only options that its command has."""
    for step in steps(path):
        if "run" in step:
            done = subprocess.run(["bash", "-n"], input=step["run"], text=True, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr


def commands(path: Path) -> set[tuple[str, ...]]:
    """Every call of the command line in a file: its words that are options or subcommands."""
    text = path.read_text(encoding="utf-8")
    names = "validate|compat|comment|plan|apply|issue|confirm|drift|state"
    found = re.findall(rf"(?<!/)deployer ((?:{names})\b[^\n|>]*)", text)
    return {tuple(word for word in one.split() if re.fullmatch(r"--[a-z-]+|[a-z]+", word)) for one in found}


@pytest.mark.parametrize("path", [ACTION, *GITHUB, COMPONENT], ids=lambda path: path.name)
def test_each_option_exists(path):
    """What the files call is what the command line has."""
    import click  # noqa: PLC0415 - used here only

    from deployer.cli.main import cli  # noqa: PLC0415 - as above

    root = click.Context(cli)
    for words in commands(path):
        command = cli.get_command(root, words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            command = command.get_command(root, words[1])
        assert command is not None
        known = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= known, words

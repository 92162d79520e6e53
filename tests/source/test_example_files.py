"""The example files, as far as this room sees them: a new case is a new folder.

A folder in ``valid`` is a project without problems. One in ``invalid`` holds a file ``EXPECT`` with a line for each
problem in the order of a report: ``path:line:column rule``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from deployer.source import parse_settings, read
from deployer.workspace.loading import kinds_by_name

EXAMPLES = Path(__file__).resolve().parents[1] / "example-files"
OURS = ("yaml/", "file/", "project/", "settings/")
LATER = (
    "project/unseen-in-name",
    "project/duplicate-",
    "project/no-owner",
    *(f"settings/{name}" for name in ("adopt-", "forget-", "moved-", "unknown-kind", "unknown-rule")),
)
"""Problems of these families that are found only once a project is linked and checked."""


def expected(folder):
    """Read the problems that a case expects."""
    return (folder / "EXPECT").read_text("utf-8").split("\n")[:-1]


def found(folder):
    """Read a case's project and list its problems as ``EXPECT`` does."""
    sources = read(folder, kinds=kinds_by_name())
    _, problems = parse_settings(sources)
    listed = sorted((*sources.problems, *problems), key=lambda problem: problem.sort_key)
    return [f"{one.position.path}:{one.position.line}:{one.position.column} {one.rule}" for one in listed]


def tail(line):
    """Whether a problem is about a resource's text that lost its tail, which its kind's schema has to tell."""
    lost = line.endswith(("yaml/comment-in-text", "yaml/anchor-in-text"))
    return lost and not line.startswith("deployer.yaml")


def cases(kind):
    """List the folders of one kind, by name."""
    return sorted((path for path in (EXAMPLES / kind).iterdir() if path.is_dir()), key=lambda path: path.name)


@pytest.mark.parametrize("folder", cases("valid"), ids=lambda folder: folder.name)
def test_valid_projects_are_read_without_a_problem(folder):
    """Each valid project is read, and its settings hold."""
    assert found(folder) == []


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_invalid_projects_have_the_expected_problems(folder):
    """Each invalid project has exactly the problems of this room that it expects; others belong to later rooms."""
    rules = [(line, line.partition(" ")[2]) for line in expected(folder)]
    ours = [line for line, rule in rules if rule.startswith(OURS) and not rule.startswith(LATER) and not tail(line)]
    assert found(folder) == ours

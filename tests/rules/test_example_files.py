"""The example files under the full check: read, settings, every environment linked, every rule. A new case is a folder.

A folder in ``valid`` has no error and no warning. One in ``invalid`` holds a file ``EXPECT`` with a line
for each problem in the order of a report: ``path:line:column rule``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from deployer import load
from deployer.rules import RULES
from deployer.source import Severity

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "tests" / "example-files"


def problems(folder):
    """Find everything that is wrong with a project, in any of its environments, each problem once."""
    return load(folder).check()


def cases(kind):
    """List the folders of one kind, by name."""
    return sorted((path for path in (EXAMPLES / kind).iterdir() if path.is_dir()), key=lambda path: path.name)


def expected(folder):
    """Read the problems that a case expects."""
    return (folder / "EXPECT").read_text("utf-8").split("\n")[:-1]


@pytest.mark.parametrize("folder", [*cases("valid"), ROOT / "examples" / "northwind"], ids=lambda folder: folder.name)
def test_valid_projects_have_nothing_to_mend(folder):
    """Each valid project, and Northwind, comes out without an error and without a warning."""
    assert [one for one in problems(folder) if one.severity is not Severity.INFO] == []


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_invalid_projects_have_the_expected_problems(folder):
    """Each invalid project has exactly the problems that it expects, at exactly these places."""
    found = [f"{one.position.path}:{one.position.line}:{one.position.column} {one.rule}" for one in problems(folder)]
    assert found == expected(folder)


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_every_problem_says_what_it_is_about(folder):
    """Each problem has a message, and one of a rule also says what to do and quotes the line that it points to."""
    for problem in problems(folder):
        assert problem.message
        if problem.rule in RULES:
            assert problem.hint
            assert problem.position.column <= len(problem.excerpt) + 1
            assert problem.position.line >= 1


def test_every_rule_has_an_example():
    """Each rule's id stands in at least one EXPECT file."""
    shown = {line.partition(" ")[2] for folder in cases("invalid") for line in expected(folder)}
    assert sorted(set(RULES) - shown) == []

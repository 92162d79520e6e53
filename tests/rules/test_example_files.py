"""The example files under the full check: read, settings, every environment linked, every rule. A new case is a folder.

``tests/cases.py`` says what each folder pins.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from deployer import load
from deployer.rules import RULES
from deployer.source import Severity
from tests.cases import cases, expected, pins

ROOT = Path(__file__).resolve().parents[2]


def problems(folder):
    """Find everything that is wrong with a project, in any of its environments, each problem once."""
    return load(folder).check()


@pytest.mark.parametrize("folder", cases("valid"), ids=lambda folder: folder.name)
def test_valid_projects_have_nothing_to_mend(folder):
    """Each valid project is read without an error and a warning, and none of its own subject's rules finds one."""
    assert [one for one in problems(folder) if one.severity is not Severity.INFO and pins(folder, one.rule)] == []


def test_northwind_has_nothing_to_mend():
    """The example that everybody copies from has no error and no warning under any rule."""
    assert [one for one in problems(ROOT / "examples" / "northwind") if one.severity is not Severity.INFO] == []


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_invalid_projects_have_the_expected_problems(folder):
    """Each invalid project has exactly the problems that it expects of its rules, at exactly these places."""
    found = [one for one in problems(folder) if pins(folder, one.rule)]
    places = [f"{one.position.path}:{one.position.line}:{one.position.column} {one.rule}" for one in found]
    assert places == expected(folder)


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

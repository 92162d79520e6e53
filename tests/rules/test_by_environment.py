"""What rules find in one environment holds in another one with the same declarations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from deployer.rules import RULES, Subject, check
from deployer.workspace.loading import load
from tests.workspace.test_answers import PROJECTS

if TYPE_CHECKING:
    from pathlib import Path


class _Hidden:
    """An environment that fails the test when a rule looks at it."""

    def __getattr__(self, name: str) -> Any:
        pytest.fail(f"its {name} was looked at")


def test_rules_that_look_at_the_environment_are_known():
    """The rules that look at the environment itself are these; all others run once for several."""
    ids = {rule.id for rule in RULES.values() if rule.by_environment}
    assert ids == {
        "settings/adopt-impossible",
        "settings/adopt-undeclared",
        "settings/unknown-kind",
        "webhook/not-https",
    }


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_no_other_rule_looks_at_the_environment(folder: Path):
    """In every example a rule that doesn't say so finds what it finds without knowing where it is."""
    workspace = load(folder)
    for name in workspace.environments() if workspace.settings else ():
        project = workspace.linked(name).project
        hidden = replace(project, environment=cast("Any", _Hidden()))
        about = workspace.sources.settings, workspace.sources.documents
        shown, blind = Subject(project, *about), Subject(hidden, *about)
        for rule in RULES.values():
            if not rule.by_environment:
                assert tuple(rule.problems(blind)) == tuple(rule.problems(shown))


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_an_environment_like_another_adds_what_only_it_can(folder: Path):
    """Where two environments have the same declarations, the rules that look at the second find all that is new there.

    Each is linked on its own for comparison.
    """
    workspace = load(folder)
    first = None
    for name in workspace.environments() if workspace.settings else ():
        linked, alone = workspace.linked(name), load(folder).linked(name)
        assert linked.problems == alone.problems
        assert linked.absences == alone.absences
        assert list(linked.project.resources) == list(alone.project.resources)
        about = workspace.sources.settings, workspace.sources.documents
        found = set(check(alone.project, about[0], documents=about[1]))
        if first and linked.project.resources is first[0].project.resources:
            here = set(check(linked.project, about[0], documents=about[1], only_here=True))
            assert first[1] | here == first[1] | found
        first = first or (linked, found)

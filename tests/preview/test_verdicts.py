"""The page's verdicts are the validator's: on every example, problem by problem."""

from __future__ import annotations

from pathlib import Path

import pytest

import deployer
from deployer.errors import UsageError
from deployer.preview.previewer import preview
from deployer.source import ProblemsError

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [
    ROOT / "examples" / "northwind",
    *sorted(path for kind in ("valid", "invalid") for path in (ROOT / "tests" / "example-files" / kind).iterdir()),
]


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_the_same_verdicts(folder: Path) -> None:
    """What `validate` finds in an environment is on its page, once and with the same words, weight and place."""
    workspace = deployer.load(folder)
    try:
        shown = preview(workspace)
    except (UsageError, ProblemsError):
        pytest.skip("there is no environment to show")
    views = (shown, *shown.messages, *shown.journeys)
    on_page = [(one.rule, one.severity, one.message, one.file, one.line) for view in views for one in view.faults]
    found = [
        (one.rule, one.severity.value, one.message, one.position.path, one.position.line)
        for one in workspace.check(shown.environment)
    ]
    rules = [one for one in on_page if one[0]]
    assert set(rules) == set(found)

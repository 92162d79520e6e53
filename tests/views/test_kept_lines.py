"""Lines that an earlier run kept of a plan's changes: never those of a change that is shown otherwise."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

import deployer
from deployer.engine.changes import PersonChange
from deployer.engine.plan import Mode
from deployer.project import KnownWords
from deployer.project.digests import WordDigests
from deployer.project.model import Kept
from deployer.state.model import Effect, TaskRecord, TaskStatus
from deployer.views.plan import plan_text

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"
OTHER = {
    "id": "journey.order_shipped/another",
    "value": {"status": "another"},
    "before": {"status": "another"},
    "effect": Effect.RETIRE,
    "review": True,
    "confirmable": False,
    "needs": ("another",),
    "snapshot": {"another": 1},
    "context": {"another": 1},
    "status": TaskStatus.REJECTED,
    "superseded": True,
    "proof": True,
    "segments": 3,
}
"""Another value for each field of a task; of those that aren't here it is another text."""


@pytest.fixture
def project():
    """A project of which nothing is kept, and the same one with what earlier plans kept."""
    workspace = deployer.load(NORTHWIND)
    plain, settings = replace(workspace.project("production"), kept=None), workspace.sources.settings
    return plain, replace(plain, kept=Kept(KnownWords(), lambda project: WordDigests(project, settings)))


@pytest.mark.parametrize("verbose", [False, True])
def test_kept_lines_are_those_of_each_task(plan, project, verbose):
    """Whatever differs in a task, a plan reads as it does where nothing is kept."""
    plain, kept = project
    offline = replace(plan, mode=Mode.OFFLINE)
    at, asks = next((n, one) for n, one in enumerate(plan.changes) if isinstance(one, PersonChange) and one.fields)
    key = asks.fields[0].path.partition(".")[0]
    first, *others = sorted(asks.tasks, key=lambda task: not task.id.partition("/")[2].startswith(key))
    texts = [plan_text(offline, kept, verbose=verbose)]
    for field in fields(TaskRecord):
        other = replace(first, **{field.name: OTHER.get(field.name, "another")})
        changed = replace(asks, tasks=(other, *others))
        edited = replace(offline, changes=(*plan.changes[:at], changed, *plan.changes[at + 1 :]))
        texts.append(plan_text(edited, kept, verbose=verbose))
        assert texts[-1] == plan_text(edited, plain, verbose=verbose)
    assert len(set(texts)) == 5, "id, token, title and status are shown"

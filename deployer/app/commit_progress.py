"""How far a commit is in an environment: computed from the record and an offline plan of it, never from silence."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import PropertyHold
from deployer.engine.desired import desired
from deployer.engine.planner import make_plan
from deployer.errors import UsageError
from deployer.forge.refs import checked_out
from deployer.kinds.base import GuardError
from deployer.source import ProblemsError
from deployer.state import ApplyResult, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.plan import Plan
    from deployer.workspace.workspace import Workspace


class Progress(StrEnum):
    """How far a commit is."""

    APPLIED = "applied"
    """The record has all that the commit wants: it was done, or people were asked for it."""
    NOT_APPLIED = "not applied"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """No plan of the commit can be made here."""


class Reported(StrEnum):
    """What a pipeline knows of its own apply, beyond the record."""

    DONE = "done"
    WAITING = "waiting"
    """The plan waits for its approval."""
    FAILED = "failed"
    """The plan or the apply failed, or was refused."""


@dataclass(frozen=True, slots=True)
class CommitProgress:
    """How far a commit is; ``changes`` is how many wait to be applied, ``why`` the reason where that isn't known."""

    progress: Progress
    changes: int = 0
    why: str = ""


def commit_progress(
    workspace: Workspace,
    environment: str,
    state: State,
    commit: str = "",
    reported: Reported | None = None,
    environ: Mapping[str, str] = os.environ,
) -> CommitProgress:
    """Say how far a commit is in an environment.

    ``commit`` is empty for what is checked out; of another one no plan can be made, so that only the record counts.
    What was ``reported`` can make the answer worse, never better.
    """
    here = checked_out(workspace.root)
    known = commit or here
    applied = state.applied if state.applied and known and state.applied.commit == known else None
    if reported is Reported.FAILED or (applied is not None and applied.result is ApplyResult.FAILED):
        return CommitProgress(Progress.FAILED)
    if commit and commit != here:
        progress = CommitProgress(Progress.APPLIED) if applied else _elsewhere(commit)
    else:
        progress = _planned(workspace, environment, state, environ)
    if reported is Reported.WAITING and progress.progress is Progress.APPLIED:
        return CommitProgress(Progress.NOT_APPLIED)
    return progress


def _elsewhere(commit: str) -> CommitProgress:
    return CommitProgress(Progress.UNKNOWN, why=f"{commit[:12]} isn't checked out here, and the state doesn't name it")


def _planned(workspace: Workspace, environment: str, state: State, environ: Mapping[str, str]) -> CommitProgress:
    """What an offline plan of the checked-out commit says."""
    try:
        project = workspace.project(environment)
        plan = make_plan(project, state, None, environ, everything=desired(project))
    except ProblemsError:
        return CommitProgress(Progress.UNKNOWN, why="the project has errors")
    except (GuardError, UsageError) as error:
        return CommitProgress(Progress.UNKNOWN, why=error.message)
    number = _to_apply(plan)
    return CommitProgress(Progress.NOT_APPLIED if number else Progress.APPLIED, number)


def _to_apply(plan: Plan) -> int:
    """How many changes an apply would begin; those that wait for people are counted as tasks."""
    held = {
        property_hold.address
        for property_hold in plan.changes
        if isinstance(property_hold, PropertyHold) and property_hold.waits_for
    }
    number = 0
    for change in plan.changes:
        if change.address in held or held.intersection(change.depends_on):
            held.add(change.address)
        else:
            number += 1
    return number

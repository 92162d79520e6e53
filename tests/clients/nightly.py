"""A client's script, as strict type checkers read it: a team's nightly check, from loading to what is live."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import deployer

if TYPE_CHECKING:
    from pathlib import Path


def report(folder: Path, environment: str) -> dict[str, object]:
    """What a team wants to know of its project every night."""
    workspace: deployer.Workspace = deployer.load(folder)
    problems: deployer.Problems = workspace.check(environment)
    if not problems.ok:
        return {"errors": [f"{one.position.path}:{one.position.line}: {one.message}" for one in problems.errors]}
    project: deployer.Project = workspace.project(environment)
    with deployer.connect(workspace, environment) as connection:
        plan: deployer.Plan = deployer.plan(connection, offline=True)
        checklist: deployer.Checklist = deployer.launch(connection)
        waiting: tuple[deployer.OpenTask, ...] = deployer.tasks(connection.state())
        drifted: list[deployer.Drift] = [one for one in deployer.drift(connection) if one.outcome == "changed"]
        keys: tuple[deployer.AppCheck, ...] = deployer.whoami(connection)
    return {
        "segments": {text: found.segments for text, found in counts(project).items()},
        "changes": [change.address for change in plan.changes],
        "steps": {step.number: step.outcome for step in checklist.steps},
        "tasks": [one.task.id for one in waiting],
        "drift": [one.address for one in drifted],
        "keys": [one.app for one in keys if one.me is None],
        "live": live(workspace, environment),
    }


def counts(project: deployer.Project) -> dict[str, deployer.Count]:
    """The length of each text as a customer reads it."""
    texts = (one for one in deployer.render_messages(project) if "body" in one.rendered)
    return {one.address: deployer.count(one.reads("body")) for one in texts}


def live(workspace: deployer.Workspace, environment: str) -> dict[str, str]:
    """What is live, and since when."""
    shown: deployer.Catalog = deployer.catalog(workspace, [environment])
    return {address: one.since for address, places in shown.live.items() for one in places if one.presence == "live"}


def apply_reviewed(folder: Path, environment: str, plan_file: Path) -> deployer.ApplyReport:
    """Apply a plan that was reviewed, removals among it."""
    plan = deployer.Plan.from_json(json.loads(plan_file.read_text(encoding="utf-8")))
    overrides = deployer.Overrides(allow_removals=True)
    options = deployer.ApplyOptions(saved=True, overrides=overrides, by="ana")
    with deployer.connect(deployer.load(folder), environment) as connection:
        return deployer.apply(connection, plan, options)


def faulty(folder: Path, captured: Path) -> int:
    """How many captured payloads aren't what is declared."""
    project = deployer.load(folder).project()
    found: deployer.CheckReport = deployer.check_payloads(project, None, deployer.payload_files([str(captured)]))
    return found.faulty


def evening(folder: Path, event: str) -> list[str]:
    """What a customer gets of an event in the evening, by the step that sends it."""
    scene = deployer.Scene(datetime(2026, 5, 10, 21, 30, tzinfo=UTC))
    simulated: deployer.Simulated = deployer.simulate_event(deployer.load(folder).project(), event, scene)
    return [f"{one.at:%H:%M}" for one in simulated.timeline.sent]


def explained(work: Path) -> str:
    """Why it failed, in a sentence for each family of errors."""
    try:
        report(work, "production")
    except deployer.ProblemsError as error:
        return f"{len(error.problems)} problems"
    except (deployer.GuardError, deployer.ConfirmError) as error:
        return f"refused: {error.message}; {error.hint}"
    except (deployer.StateError, deployer.AttentiveError, deployer.TextError) as error:
        return error.message
    except deployer.DeployerError as error:
        return f"{error.message} ({error.exit_code})"
    return "fine"

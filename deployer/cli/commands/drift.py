"""``deployer drift``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import Formats, Run
    from deployer.cli.several import Shown
    from deployer.engine.drift import Drift
    from deployer.workspace.workspace import Workspace


FORMATS: Formats[[Sequence[Drift], str]] = {
    "text": lambda run, drifts, environment: views.drift.drift_text(drifts, environment=environment, **run.look),
    "json": lambda _, drifts, environment: views.drift.drift_json(drifts, environment=environment),
}


@make_command(*FORMATS, name="drift", several=True)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if anything was changed at Attentive.")
def command(run: Run, *, detailed_exitcode: bool) -> int:
    """Show what was changed at Attentive since it was recorded. Nothing is written.

    What Attentive's API can't show is listed as unknown, never as unchanged.

    \b
    Example:
      deployer drift --env production --detailed-exitcode
    """
    from deployer.cli.several import each

    return each(run, lambda workspace, name: _one(run, workspace, name, detailed=detailed_exitcode))


def _one(run: Run, workspace: Workspace, name: str | None, *, detailed: bool) -> Shown:
    from deployer.cli.several import Shown

    with deployer.connect(workspace, name) as connection:
        found = deployer.drift(connection)
        environment = connection.environment.name
    changed = any(one.outcome in {"changed", "gone"} for one in found)
    code = exits.of(failed=any(one.unreadable for one in found), changes=changed, detailed=detailed)
    return Shown(code, views.drift.drift_summary(found), run.formatted(FORMATS, found, environment))

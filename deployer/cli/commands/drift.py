"""``deployer drift``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run
    from deployer.cli.several import Shown
    from deployer.workspace.workspace import Workspace


@make_command("text", "json", name="drift", several=True)
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
    from deployer.views.drift import drift_json, drift_summary, drift_text

    with deployer.connect(workspace, name) as connection:
        found = deployer.drift(connection)
        environment = connection.environment.name
    changed = any(one.outcome in {"changed", "gone"} for one in found)
    code = exits.of(failed=any(one.unreadable for one in found), changes=changed, detailed=detailed)
    formats = {
        "text": lambda: drift_text(found, environment=environment, color=run.color, width=run.width),
        "json": lambda: drift_json(found, environment=environment),
    }
    return Shown(code, drift_summary(found), formats)

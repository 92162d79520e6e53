"""``deployer drift``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="drift")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if anything was changed at Attentive.")
def command(run: Run, *, detailed_exitcode: bool) -> int:
    """Show what somebody changed at Attentive since it was recorded. Nothing is written.

    What Attentive's API can't show is listed as unknown, never as unchanged.

    \b
    Example:
      deployer drift --env production --detailed-exitcode
    """
    from deployer import library
    from deployer.views.drift import drift_json, drift_text

    with library.connect(run.workspace(), run.env) as connection:
        found = library.drift(connection)
        environment = connection.environment.name
    show = {
        "text": lambda: drift_text(found, environment=environment, color=run.color, width=run.width),
        "json": lambda: drift_json(found, environment=environment),
    }
    run.out(show[run.format]())
    changed = any(one.outcome in {"changed", "gone"} for one in found)
    return exits.of(failed=any(one.unreadable for one in found), changes=changed, detailed=detailed_exitcode)

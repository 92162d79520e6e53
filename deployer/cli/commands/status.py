"""``deployer status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run
    from deployer.cli.several import Shown
    from deployer.workspace.workspace import Workspace


@make_command("text", "json", "markdown", name="status", several=True)
def command(run: Run) -> int:
    """Show Attentive's launch checklist for an environment: six steps, ticked or with the reasons why not.

    Nothing is written; an open step doesn't fail.

    \b
    Example:
      deployer status --env production
    """
    from deployer.cli.several import each

    return each(run, lambda workspace, name: _one(run, workspace, name))


def _one(run: Run, workspace: Workspace, name: str | None) -> Shown:
    from deployer.cli.several import Shown
    from deployer.views.status import status_json, status_markdown, status_summary, status_text

    with deployer.connect(workspace, name) as connection:
        found = deployer.launch(connection)
    formats = {
        "text": lambda: status_text(found, color=run.color, width=run.width),
        "json": lambda: status_json(found),
        "markdown": lambda: status_markdown(found),
    }
    return Shown(exits.DONE, status_summary(found), formats)

"""``deployer status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.cli.several import Shown
    from deployer.engine.checklist import Checklist
    from deployer.workspace.workspace import Workspace


FORMATS: Formats[[Checklist]] = {
    "text": lambda run, checklist: views.status.status_text(checklist, **run.look),
    "json": lambda _, checklist: views.status.status_json(checklist),
    "markdown": lambda _, checklist: views.status.status_markdown(checklist),
}


@make_command(*FORMATS, name="status", several=True)
def command(run: CommandRun) -> int:
    """Show Attentive's launch checklist for an environment: six steps, ticked or with the reasons why not.

    Nothing is written; an open step doesn't fail.

    \b
    Example:
      deployer status --env production
    """
    from deployer.cli.kept import kept
    from deployer.cli.several import each

    return kept(run, "status", None, lambda run: each(run, lambda workspace, name: _one(run, workspace, name)))


def _one(run: CommandRun, workspace: Workspace, name: str | None) -> Shown:
    from deployer.cli.several import Shown

    with deployer.connect(workspace, name) as connection:
        checklist = deployer.launch(connection)
    return Shown(exits.DONE, views.status.status_summary(checklist), run.formatted(FORMATS, checklist))

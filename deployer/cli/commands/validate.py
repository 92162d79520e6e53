"""``deployer validate``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.views.problems import FORMATS

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command(*FORMATS, name="validate")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--new-since", metavar="REF", help="Only findings that a commit, such as origin/main, doesn't have yet.")
def command(run: Run, *, strict: bool, new_since: str | None) -> int:
    """Check the project's files, in every environment or in the one that --env names.

    Nothing is read but the project, and nothing is written. Warnings don't fail without --strict. With --new-since the
    project as it was at that commit is checked too, and what was found there already is left out. `deployer explain
    RULE` says why a rule matters and shows a bad and a good example.

    \b
    Example:
      deployer validate
      deployer validate --strict --new-since origin/main --format github
    """
    from deployer.views.problems import Report, prefix, render
    from deployer.workspace.since import new_since as only_new

    workspace = run.workspace()
    if run.env:
        workspace.environment(run.env)
    checked = workspace.checked(run.env)
    if new_since is not None:  # an empty one, from a variable that isn't set, has to fail
        checked = only_new(workspace, checked, new_since, run.env)
    name = workspace.settings.project if workspace.settings else ""
    place = prefix(run.project, os.environ)
    report = Report(checked.problems, workspace.files, checked.suppressed, place, strict, name)
    run.out(render(run.format, report, **run.look, wrap=run.on_terminal))
    return exits.of(failed=report.failed)

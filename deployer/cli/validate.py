"""``deployer validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="validate")
def command(run: Run) -> int:
    """Check the project's files, in every environment or in the one that --env names.

    Nothing is read but the project, and nothing is written. Warnings don't fail.

    \b
    Example:
      deployer validate
      deployer validate --project shop --env production --format json
    """
    from deployer.findings import FORMATS
    from deployer.source import Severity

    workspace = run.workspace()
    if run.env:
        workspace.environment(run.env)
    problems = workspace.check(run.env)
    run.out(FORMATS[run.format](problems, files=workspace.files, color=run.color, width=run.width))
    return exits.of(failed=any(problem.severity is Severity.ERROR for problem in problems))

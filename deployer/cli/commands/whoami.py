"""``deployer whoami``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.apps import AppCheck


FORMATS: Formats[[Sequence[AppCheck], str]] = {
    "text": lambda run, apps, environment: views.apps.whoami_text(apps, environment=environment, **run.look),
    "json": lambda _, apps, environment: views.apps.whoami_json(apps, environment=environment),
}


@make_command(*FORMATS, name="whoami")
def command(run: CommandRun) -> int:
    """Show whose keys an environment has, and what they may do as far as GETs show.

    Permissions that only a write would show are listed as unknown; nothing is written to find out.

    \b
    Example:
      deployer whoami --env production
    """
    with deployer.connect(run.workspace(), run.env) as connection:
        app_checks = deployer.whoami(connection)
        environment = connection.environment.name
    run.show(FORMATS, app_checks, environment)
    return exits.of(failed=not app_checks or any(app_check.me is None for app_check in app_checks))

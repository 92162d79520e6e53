"""``deployer whoami``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="whoami")
def command(run: Run) -> int:
    """Show whose keys an environment has, and what they may do as far as GETs show.

    Permissions that only a write would show are listed as unknown; nothing is written to find out.

    \b
    Example:
      deployer whoami --env production
    """
    from deployer.views.apps import whoami_json, whoami_text

    with deployer.connect(run.workspace(), run.env) as connection:
        found = deployer.whoami(connection)
        environment = connection.environment.name
    show = {
        "text": lambda: whoami_text(found, environment=environment, color=run.color, width=run.width),
        "json": lambda: whoami_json(found, environment=environment),
    }
    run.out(show[run.format]())
    return exits.of(failed=not found or any(one.me is None for one in found))

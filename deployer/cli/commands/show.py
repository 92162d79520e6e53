"""``deployer show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.project.overview import Declaration
    from deployer.state import Entry


FORMATS: Formats[[Declaration, Entry | None]] = {
    "text": lambda run, shown, recorded: views.overview.show_text(shown, recorded, **run.look),
    "json": lambda _, shown, recorded: views.overview.show_json(shown, recorded),
    "markdown": lambda _, shown, recorded: views.overview.show_markdown(shown, recorded),
}


@make_command(*FORMATS, name="show")
@click.argument("address", shell_complete=addresses)
def command(run: CommandRun, *, address: str) -> int:
    """Show a declaration as it is in an environment: where each value comes from, and what uses it.

    With what is recorded of it and who confirmed which part. ADDRESS is a kind and an id, or an id that only one
    declaration has. Nothing is read at Attentive. `deployer plan --explain ADDRESS` says what would change, and why.

    \b
    Example:
      deployer show journey.order_shipped
      deployer show order_id --env production
    """
    import deployer
    from deployer.project.overview import declaration

    with deployer.connect(run.workspace(), run.env) as connection:
        shown = declaration(connection.project, address)
        recorded = connection.state().entry(shown.item.address)
    run.show(FORMATS, shown, recorded)
    return exits.DONE

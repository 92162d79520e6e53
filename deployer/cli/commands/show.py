"""``deployer show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", "markdown", name="show")
@click.argument("address")
def command(run: Run, *, address: str) -> int:
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
    from deployer.views.overview import show_json, show_markdown, show_text

    with deployer.connect(run.workspace(), run.env) as connection:
        shown = declaration(connection.project, address)
        recorded = connection.state().entry(shown.item.address)
    show = {
        "text": lambda: show_text(shown, recorded, color=run.color, width=run.width),
        "json": lambda: show_json(shown, recorded),
        "markdown": lambda: show_markdown(shown, recorded),
    }
    run.out(show[run.format]())
    return exits.DONE

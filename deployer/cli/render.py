"""``deployer render``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="render")
@click.argument("message", required=False, default="", metavar="[MESSAGE]")
@click.option("--sample", default="", metavar="NAME", help="The sample to fill in (default: happy).")
def command(run: Run, *, message: str, sample: str) -> int:
    """Show messages as Attentive's composer and as a customer gets them, with characters and segments.

    Nothing but the project is read. The counts are estimates; Attentive's composer decides.

    \b
    Example:
      deployer render order_shipped_text --sample longest
    """
    from deployer import library
    from deployer.views.render import render_json, render_text

    found = library.render_messages(run.workspace().project(run.env), message, sample)
    show = {
        "text": lambda: render_text(found, color=run.color, width=run.width),
        "json": lambda: render_json(found),
    }
    run.out(show[run.format]())
    return exits.DONE

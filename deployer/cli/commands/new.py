"""``deployer new``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.kind_words import KINDS
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.authoring.declaring import Declared
    from deployer.cli.options import CommandRun, Formats

ABOUT_EVENTS = ("property", "message", "journey", "test")
OF_APPS = ("event", "webhook")


FORMATS: Formats[[Declared, bool]] = {
    "text": lambda run, declared, dry: views.beginning.declared_text(declared, dry_run=dry, **run.look),
    "json": lambda _, declared, dry: views.beginning.declared_json(declared, dry_run=dry),
}
"""Of what was declared; whether it is only shown."""


@make_command(*FORMATS, name="new")
@click.argument("kind", type=click.Choice(tuple(KINDS)), metavar=f"[{'|'.join(KINDS)}]")
@click.argument("name")
@click.option("--event", default="", metavar="ID", help="The event that a message, journey, test or property is about.")
@click.option(
    "--app", default="", metavar="ID", help="The app of an event or a webhook (default: the only one of ours)."
)
@click.option("--dry-run", is_flag=True, help="Show it, write nothing.")
def command(run: CommandRun, *, kind: str, name: str, event: str, app: str, dry_run: bool) -> int:
    """Declare one resource that validates, linked to what exists, in the file where its like are.

    NAME is its id (order_shipped), or its name in words ("Order Shipped"), from which the id is made. It goes to the
    end of the file that holds most of its kind, or into a new file where each has one to itself. With --event a
    property is added to that event, too.

    \b
    Example:
      deployer new event "Order Delivered"
      deployer new message order_delivered_text --event order_delivered
      deployer new journey order_delivered
    """
    from deployer.authoring.declaring import NewResource, declare, write_declared
    from deployer.kinds import BY_SNAKE

    for option, given, takes in (("--event", event, ABOUT_EVENTS), ("--app", app, OF_APPS)):
        if given and kind not in takes:
            raise click.UsageError(f"{option} belongs to: {', '.join(takes)}")
    workspace = run.workspace()
    declared = declare(workspace, run.env, NewResource(BY_SNAKE[KINDS[kind]], name, event, app))
    if not dry_run:
        write_declared(workspace, declared)
    run.show(FORMATS, declared, dry_run)
    return exits.DONE

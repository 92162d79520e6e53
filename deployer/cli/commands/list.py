"""``deployer list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.kind_words import KINDS
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import Formats, Run
    from deployer.project.overview import Item


FORMATS: Formats[[Sequence[Item], str]] = {
    "text": lambda run, items, _: views.overview.list_text(items, **run.look),
    "json": lambda _, items, environment: views.overview.list_json(environment, items),
    "markdown": lambda _, items, _environment: views.overview.list_markdown(items),
}
"""Of what is declared in an environment."""


@make_command(*FORMATS, name="list")
@click.argument("kind", required=False, type=click.Choice(tuple(KINDS)), metavar=f"[{'|'.join(KINDS)}]")
@click.option(
    "--uses",
    default="",
    metavar="ADDRESS",
    shell_complete=addresses,
    help="Only what refers to this one; an id will do.",
)
@click.option(
    "--used-by",
    default="",
    metavar="ADDRESS",
    shell_complete=addresses,
    help="Only what this one refers to; an id will do.",
)
@click.option("--owner", default="", metavar="NAME", help="Only what this team or person answers for.")
def command(run: Run, *, kind: str | None, uses: str, used_by: str, owner: str) -> int:
    """List what is declared in an environment, with the place of each declaration.

    An address is a kind and an id: event_type.order_shipped. Nothing is read but the project.

    \b
    Example:
      deployer list journey
      deployer list --uses property.order_id
      deployer list message --owner fulfilment --format json
    """
    from deployer.project.overview import Wanted, listed

    project = run.workspace().project(run.env)
    items = listed(project, Wanted(KINDS[kind] if kind else "", uses, used_by, owner))
    run.show(FORMATS, items, project.environment.name)
    return exits.DONE

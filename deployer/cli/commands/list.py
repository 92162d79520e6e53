"""``deployer list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.kind_words import KINDS
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", "markdown", name="list")
@click.argument("kind", required=False, type=click.Choice(tuple(KINDS)), metavar=f"[{'|'.join(KINDS)}]")
@click.option("--uses", default="", metavar="ADDRESS", help="Only what refers to this one; an id will do.")
@click.option("--used-by", default="", metavar="ADDRESS", help="Only what this one refers to; an id will do.")
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
    from deployer.views.overview import list_json, list_markdown, list_text

    project = run.workspace().project(run.env)
    items = listed(project, Wanted(KINDS[kind] if kind else "", uses, used_by, owner))
    show = {
        "text": lambda: list_text(items, color=run.color, width=run.width),
        "json": lambda: list_json(project.environment.name, items),
        "markdown": lambda: list_markdown(items),
    }
    run.out(show[run.format]())
    return exits.DONE

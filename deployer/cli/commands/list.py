"""``deployer list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.kind_words import KINDS
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.project.overview import Item
    from deployer.workspace.workspace import Workspace


FORMATS: Formats[[Sequence[Item], str, Mapping[str, str] | None]] = {
    "text": lambda run, items, _, statuses: views.overview.list_text(items, statuses, **run.look),
    "json": lambda _, items, environment, statuses: views.overview.list_json(environment, items, statuses),
    "markdown": lambda _, items, _environment, statuses: views.overview.list_markdown(items, statuses),
}
"""Of what is declared in an environment, with the status of each address if that is wanted."""

STATUSES = ("new", "changed", "waiting", "done")
"""How far a declaration has come, in the order in which it goes."""
ANY = "any"
"""Every declaration that an apply or a person brings about, with its status."""


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
@click.option(
    "--status",
    default=None,
    type=click.Choice((*STATUSES, ANY)),
    help="Only what has come so far, by what is recorded: nothing yet, a plan would change it, tasks wait, done. "
    "`any` shows the status of each.",
)
def command(run: CommandRun, *, kind: str | None, uses: str, used_by: str, owner: str, status: str | None) -> int:
    """List what is declared in an environment, with the place of each declaration.

    An address is a kind and an id: event_type.order_shipped. Nothing is read but the project and, with --status, the
    state. A property comes with its events and a message with its journeys: they have no status.

    \b
    Example:
      deployer list journey
      deployer list --uses property.order_id
      deployer list message --owner fulfilment --format json
      deployer list journey --status waiting --env production
    """
    from deployer.project.overview import Wanted, listed

    workspace = run.workspace()
    project = workspace.project(run.env)
    items = listed(project, Wanted(KINDS[kind] if kind else "", uses, used_by, owner))
    statuses = _statuses(run, workspace) if status else None
    if statuses is not None:
        wanted = STATUSES if status == ANY else (status,)
        items = tuple(item for item in items if statuses.get(item.address) in wanted)
    run.show(FORMATS, items, project.environment.name, statuses)
    return exits.DONE


def _statuses(run: CommandRun, workspace: Workspace) -> Mapping[str, str]:
    import deployer
    from deployer.app.deploying import deployments

    with deployer.connect(workspace, run.env) as connection:
        return deployments(connection)

"""``deployer catalog``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.app.cataloging import Catalog
    from deployer.cli.options import CommandRun

MARK = "catalog.json"
"""The file that says that a folder is a catalog, and which files are the catalog's."""


@make_command("text", name="catalog", several=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="The folder: a new one, an empty one, or that of an earlier catalog.",
)
@click.option("--open", "open_", is_flag=True, help="Open the catalog in the browser.")
def command(run: CommandRun, *, out: Path, open_: bool) -> int:
    """Make a site of the project for those who don't read YAML.

    A page for every event (its properties, an example, who sends and who reads it), every journey (its picture and its
    messages) and every message; the opt-in texts; what is live where, since when and by whose word; a search. It opens
    from disk, can be published as it is, and makes no request beyond its folder. Declarations are shown as they are in
    the first environment that is named; what is live, for all that are named. Nothing is read at Attentive. Values of
    properties that are marked `pii: true` are shown as asterisks. A project with errors has no catalog.

    \b
    Example:
      deployer catalog --out catalog
      deployer catalog --out public --env production --env staging
    """
    from deployer.app.cataloging import catalog
    from deployer.cli.own_folder import OwnFolder
    from deployer.cli.several import names
    from deployer.views.pages.catalog import catalog_files

    workspace = run.workspace()
    chosen = names(run, workspace) if run.envs or run.all_envs else ()
    shown = catalog(workspace, chosen)
    OwnFolder(out, "deployer catalog", MARK, "--out").fill(catalog_files(shown), last="index.html")
    run.tell(f"{_counted(shown)} in {out / 'index.html'}")
    if open_:
        click.launch(str(out / "index.html"))
    return exits.DONE


def _counted(shown: Catalog) -> str:
    from deployer.nouns import counted

    journeys, events = counted(len(shown.preview.journeys), "journey"), counted(len(shown.events), "event")
    return f"{journeys}, {events} and {counted(len(shown.preview.messages), 'message')}"

"""``deployer import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.app.importing import Import
    from deployer.cli.options import CommandRun, Formats


FORMATS: Formats[[Import, bool]] = {
    "text": lambda run, planned, dry: views.importing.import_text(planned, dry_run=dry, **run.look),
    "json": lambda _, planned, dry: views.importing.import_json(planned, dry_run=dry),
}
"""Of an import; whether it is only shown."""


@make_command(*FORMATS, name="import")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where in the project the YAML goes, one file a kind (default: the project's folder).",
)
@click.option("--dry-run", is_flag=True, help="Show the files, write nothing.")
def command(run: CommandRun, *, out: Path | None, dry_run: bool) -> int:
    """Write what Attentive lists already as YAML, with the entries in deployer.yaml that adopt it.

    Webhooks, segments and the attributes of the test contact can be listed; for journeys, messages, event types and
    opt-in sources there is `deployer baseline`. Nothing is sent or changed at Attentive. Run again, it writes nothing.
    A webhook's URL that may hold a token is written as {env: NAME}.

    \b
    Example:
      deployer import --env production --dry-run
      deployer import --env production --out imported
    """
    workspace = run.workspace()
    planned = deployer.plan_import(workspace, run.env, out)
    if not dry_run:
        deployer.write_import(workspace, planned)
    run.show(FORMATS, planned, dry_run)
    return exits.of(failed=planned.failed)

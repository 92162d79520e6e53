"""``deployer baseline``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.input_files import InputFile
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.baseline_folder import TakenAll
    from deployer.engine.baseline_units import RunState


ONE: Formats[[str, Sequence[str]]] = {
    "text": lambda _, address, recorded: views.takeover.recorded_text(address, recorded),
    "json": lambda _, _address, recorded: views.takeover.recorded_json(recorded),
}
ALL: Formats[[TakenAll, str]] = {
    "text": lambda run, taken, environment: views.takeover.taken_text(taken, environment=environment, **run.look),
    "json": lambda _, taken, environment: views.takeover.taken_json(taken, environment=environment),
}


@make_command(*ONE, name="baseline")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...", shell_complete=addresses)
@click.option("--text", type=InputFile(encoding="utf-8"), help="What Attentive's composer shows now (- for stdin).")
@click.option(
    "--part",
    "parts",
    multiple=True,
    metavar="NAME=FILE",
    help="The text of another field of an email: subject, preheader or plain.",
)
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Take over everything whose pasted texts are in this folder.",
)
@click.option(
    "--status",
    "standing",
    type=click.Choice(("on", "off", "draft")),
    help="The journey's status at Attentive, if it differs from the YAML.",
)
@click.option("--note", default="", metavar="TEXT", help="A note to keep with it.")
@click.option("--by", metavar="HANDLE", help="Who confirms it (default: the CI platform's actor, or your login).")
@lock_timeout_option
def command(
    run: CommandRun,
    *,
    addresses: tuple[str, ...],
    text: TextIO | None,
    parts: tuple[str, ...],
    folder: Path | None,
    standing: RunState | None,
    note: str,
    by: str | None,
    lock_timeout: float,
) -> int:
    """Record that a journey, message, event type or opt-in source already exists at Attentive as declared.

    Nothing is sent. Where there is text, paste what Attentive's composer shows: it is compared first.

    With --all every journey is taken over at once: paste its texts into files named after the message
    (`MESSAGE_ID.txt`) or the step (`JOURNEY_ID.STEP_ID.txt`); of an email `.html`, `.subject.txt`, `.preheader.txt`
    and `.plain.txt`. What differs or is missing is shown and not recorded.

    \b
    Example:
      deployer baseline journey.order_shipped --text pasted.txt --env production
      deployer baseline --all pasted/ --env production
    """
    from deployer.cli.pasted import part_file, read_text
    from deployer.cli.stored import statement

    confirmation = statement("done", note, by)
    if folder is not None:
        if text or parts or standing:
            raise click.UsageError("--all takes the texts of its folder; leave out --text, --part and --status")
        with deployer.connect(run.workspace(), run.env) as connection:
            taken = deployer.baseline_all(connection, folder, confirmation, only=addresses, lock_timeout=lock_timeout)
            environment = connection.environment.name
        run.show(ALL, taken, environment)
        return exits.of(failed=taken.failed)
    if len(addresses) != 1:
        raise click.UsageError("name one ADDRESS, or a folder of pasted texts with --all DIR")
    given = dict(part_file(part) for part in parts)
    pasted = read_text(text) if text else None
    with deployer.connect(run.workspace(), run.env) as connection:
        recorded = deployer.baseline(
            connection,
            addresses[0],
            pasted,
            confirmation,
            parts=given,
            standing=standing or "",
            lock_timeout=lock_timeout,
        )
    run.show(ONE, addresses[0], recorded)
    return exits.DONE

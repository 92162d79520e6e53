"""``deployer absorb``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.input_files import InputFile
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.app.absorbing import Absorption
    from deployer.cli.options import CommandRun, Formats

PARTS = ("subject", "preheader", "html", "plain", "body")


FORMATS: Formats[[Absorption]] = {
    "text": lambda run, absorption: views.words.absorption_text(absorption, **run.look),
    "json": lambda _, absorption: views.words.absorption_json(absorption),
}


@make_command(*FORMATS, name="absorb")
@click.argument("address", shell_complete=addresses)
@click.option(
    "--text",
    type=InputFile(encoding="utf-8", lazy=True),  # nothing is left open where another option is wrong
    default="-",
    help="What Attentive's composer shows now (default: stdin).",
)
@click.option("--part", type=click.Choice(PARTS), default=None, help="Which part of an email it is.")
@click.option("--dry-run", is_flag=True, help="Show the difference; write nothing.")
def command(run: CommandRun, *, address: str, text: TextIO, part: str | None, dry_run: bool) -> int:
    """Write a text from Attentive's composer back into the YAML, or into the file that it came from.

    Paste the composer's text; the words that differ are shown. Comments and everything around the text stay as they
    are. Words that [[ ]], a macro file or an include made can't be absorbed: they are refused with their file and line,
    and nothing is written.

    \b
    Example:
      deployer absorb order_shipped_text --text -
      deployer absorb delivered_email --part subject --dry-run --text pasted.txt
    """
    from deployer.cli.pasted import read_text

    workspace = run.workspace()
    absorption = deployer.absorb(
        workspace, address, read_text(text), part=part or "", environment=run.env, dry_run=dry_run
    )
    run.show(FORMATS, absorption)
    return exits.of(failed=bool(absorption.refused))

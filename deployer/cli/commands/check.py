"""``deployer check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command
from deployer.cli.pointers import at_option

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.contracts import CheckReport
    from deployer.source import Pointer


FORMATS: Formats[[CheckReport, bool]] = {
    "text": lambda run, report, values: views.contracts.check_text(report, values=values, **run.look),
    "json": lambda _, report, values: views.contracts.check_json(report, values=values),
}
"""Of a report; whether invalid values are shown."""


@make_command(*FORMATS, name="check")
@click.argument("names", nargs=-1, required=True, metavar="[EVENT] FILE...")
@click.option("--all", "every", is_flag=True, help="No EVENT: each payload's `type` names its event.")
@click.option(
    "--max-violations",
    type=click.IntRange(0, 10_000),
    default=50,
    show_default=True,
    help="How many to show in full; all are counted.",
)
@at_option
@click.option("--show-values", is_flag=True, help="Show the invalid values: they may be personal data.")
def command(
    run: CommandRun, *, names: tuple[str, ...], every: bool, max_violations: int, at: Pointer, show_values: bool
) -> int:
    """Check captured payloads against what an event type declares.

    A payload is a whole request body (`type`, `properties`, `user`, …) or the properties alone. FILE holds one a line
    (NDJSON), or one or more JSON objects over several lines, or a list of them; it may be gzip, a folder of such files,
    or - for standard input. Memory stays flat however large it is. Values of payloads aren't shown.

    \b
    Example:
      deployer check order_shipped captured.ndjson
      deployer check --all logs/ --format json
    """
    from deployer.cli.reading_progress import reading

    event, paths = (None, names) if every else (names[0], names[1:])
    if not paths:
        if Path(names[0]).exists():
            raise click.UsageError(
                f"name the event before the file, or pass --all: deployer check EVENT {names[0]}, "
                f"deployer check --all {names[0]}"
            )
        raise click.UsageError(f"name a file after the event, or pass --all: deployer check {names[0]} FILE")
    project = run.workspace().project(run.env)
    files = deployer.payload_files(paths)
    size = 0 if any(file.path is None for file in files) else sum(file.size for file in files)
    with reading(size, "check", quiet=run.quiet, no_color=run.no_color) as advance:
        report = deployer.check_payloads(project, event, files, keep=max_violations, progress=advance, at=at)
    run.show(FORMATS, report, show_values)
    return exits.of(failed=report.failed)

"""``deployer infer``."""

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
    from deployer.contracts.infer.inference import Inference
    from deployer.source import Pointer


def _text(run: CommandRun, inference: Inference, written: Path | None) -> str:
    """What became of the file; the YAML itself where none was written."""
    if written is None:
        return inference.text.removesuffix("\n")
    return views.contracts_infer.infer_text(inference, written, **run.look)


FORMATS: Formats[[Inference, Path | None]] = {
    "text": _text,
    "json": lambda _, inference, written: views.contracts_infer.infer_json(inference, written),
}
"""Of what was inferred, and the file that it was written to."""


@make_command(*FORMATS, name="infer")
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--event", default="", metavar="ID", help="Only this declared event; bare properties belong to it.")
@click.option("--type", "type_", default="", metavar="NAME", help="Only this exact type; bare properties belong to it.")
@click.option("--app", default="", metavar="ID", help="The app of new event types (default: the only declared app).")
@at_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write new event types to a new file.")
@click.option(
    "--into", type=click.Path(path_type=Path, dir_okay=False), help="Add to this file of the project, comments kept."
)
def command(
    run: CommandRun,
    *,
    names: tuple[str, ...],
    event: str,
    type_: str,
    app: str,
    at: Pointer,
    out: Path | None,
    into: Path | None,
) -> int:
    """Write event types as YAML from captured payloads, with how many events each conclusion rests on.

    FILE is what `deployer check` takes. What is declared already gets the properties that it lacks and is otherwise
    left alone: where events contradict it, by a misspelt key too, that is listed and the exit code is 1. Samples are
    made up, captured values aren't written, but for the words of a short list of values. Without --out or --into the
    YAML goes to stdout.

    \b
    Example:
      deployer infer captured.ndjson --type "Order Shipped" --out events/order_shipped.yaml
      deployer infer logs/ --event order_shipped --into events/order_shipped.yaml
    """
    from deployer.cli.reading_progress import reading

    for first_option, other, given in (("--event", "--type", event and type_), ("--out", "--into", out and into)):
        if given:
            raise click.UsageError(f"{first_option} and {other} can't be used together")
    workspace = run.workspace()
    files = deployer.payload_files(names)
    wish = deployer.Wish(event, type_, into, app, at)
    size = 0 if any(file.path is None for file in files) else sum(file.size for file in files)
    with reading(size, "infer", quiet=run.quiet, no_color=run.no_color) as advance:
        inference = deployer.infer_events(workspace, run.env, files, wish, progress=advance)
    written = deployer.write_inference(workspace, inference, out)
    run.show(FORMATS, inference, written)
    if run.format == "text" and written is None and inference.failed:
        click.echo(views.contracts_infer.infer_text(inference, None, width=run.width), err=True)
    return exits.of(failed=inference.failed)

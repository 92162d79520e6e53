"""``deployer schema export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits
from deployer.cli.completion import events
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun


@make_command("json-schema", "typescript", "python", "asyncapi", name="export")
@click.argument("events", nargs=-1, metavar="[EVENT]...", shell_complete=events)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write files into DIR.")
@click.option("--body", is_flag=True, help="JSON Schema: of whole request bodies instead of the properties.")
@click.option("--base-url", default="", metavar="URL", help="JSON Schema: where they are published, for `$id`.")
def export(run: CommandRun, *, events: tuple[str, ...], out: Path | None, body: bool, base_url: str) -> int:
    """Describe the payloads of events (default: all) for the services that send them.

    JSON Schema 2020-12 is one file an event; let your validator assert `format`. TypeScript and Python are a module
    with a type and a function an event, which makes the request body and takes no undeclared key, and a function an
    opt-in source for the call that subscribes. AsyncAPI is one 3.0 document. The same event types always give the same
    bytes. Without --out the text goes to stdout.

    \b
    Example:
      deployer schema export order_shipped
      deployer schema export --format typescript --out src/attentive
    """
    if run.format != "json-schema" and (body or base_url):
        raise click.UsageError("--body and --base-url are for --format json-schema only")
    project = run.workspace().project(run.env)
    files = deployer.export_events(project, events, form=run.format, base=base_url, body=body)
    if out is not None:
        from deployer.cli.outputs import write_folder

        write_folder(out, files, "--out")
        run.tell(f"wrote {', '.join(str(out / name) for name in files)}")
    elif len(files) > 1:
        raise click.UsageError("several files can't go to stdout: pass --out DIR, or name one event")
    else:
        run.out(next(iter(files.values())).removesuffix("\n"))
    return exits.DONE

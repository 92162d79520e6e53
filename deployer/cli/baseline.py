"""``deployer baseline``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="baseline")
@click.argument("address")
@click.option("--text", type=click.File(encoding="utf-8"), help="What Attentive's composer shows now (- for stdin).")
@click.option("--note", default="", metavar="TEXT", help="A remark to keep with it.")
@click.option("--by", metavar="HANDLE", help="Who says so (default: the CI platform's actor, or your login).")
def command(run: Run, *, address: str, text: TextIO | None, note: str, by: str | None) -> int:
    """Record that a journey, message, event type or opt-in source already stands at Attentive as declared.

    Nothing is sent. Where there is text, paste what Attentive's composer shows: it is compared first.

    \b
    Example:
      deployer baseline message.order_shipped_text --text pasted.txt --env production
      deployer baseline journey.order_shipped --env production
    """
    from deployer import library
    from deployer.cli.stored import statement

    pasted = _read(text) if text else None
    with library.connect(run.workspace(), run.env) as connection:
        recorded = library.baseline(connection, address, pasted, statement("done", note, by))
    if run.format == "json":
        run.out(json.dumps({"version": 1, "recorded": list(recorded)}, indent=2))
    else:
        lines = [f"recorded  {name}" for name in recorded]
        run.out("\n".join(lines) or f"nothing of {address} was left to record")
    return exits.DONE


def _read(text: TextIO) -> str:
    try:
        return text.read()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{text.name} isn't UTF-8; save it as that") from error

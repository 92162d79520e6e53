"""``deployer record-live``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.input_files import InputFile
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.record_live import Observed, Sighting


FORMATS: Formats[[Observed, str]] = {
    "text": lambda run, seen, environment: views.takeover.observed_text(seen, environment=environment, **run.look),
    "json": lambda _, seen, environment: views.takeover.observed_json(seen, environment=environment),
}


@make_command(*FORMATS, name="record-live")
@click.argument("address", shell_complete=addresses)
@click.option("--text", type=InputFile(encoding="utf-8"), help="What Attentive's composer shows now (- for stdin).")
@click.option("--value", metavar="TEXT", help="The text itself; of a step without text its settings as JSON.")
@click.option("--part", default="", metavar="NAME", help="Which field of an email: subject, preheader, html or plain.")
@click.option("--status", type=click.Choice(("on", "off")), help="The journey was turned on or off by hand.")
@click.option("--note", default="", metavar="TEXT", help="A note to keep with it: who changed it, and why.")
@click.option("--by", metavar="HANDLE", help="Who confirms it (default: the CI platform's actor, or your login).")
@lock_timeout_option
def command(
    run: CommandRun,
    *,
    address: str,
    text: TextIO | None,
    value: str | None,
    part: str,
    status: str | None,
    note: str,
    by: str | None,
    lock_timeout: float,
) -> int:
    """Record a change that was made at Attentive: its current value becomes what is recorded as live.

    Nothing is sent. ADDRESS is a message, or the task id of one step; with --status a journey. The next plan shows the
    difference as open tasks; `deployer absorb` takes a text into the YAML instead.

    \b
    Example:
      deployer record-live message.order_shipped_text --text pasted.txt --env production
      deployer record-live journey.order_shipped/wait.pause --value '{"for": "3 days"}' --env production
      deployer record-live journey.order_shipped --status off --env production
    """
    from deployer.cli.stored import statement

    what = _what(text, value, part, status)
    with deployer.connect(run.workspace(), run.env) as connection:
        observed = deployer.record_live(
            connection, address, what, statement("done", note, by), lock_timeout=lock_timeout
        )
        environment = connection.environment.name
    run.show(FORMATS, observed, environment)
    return exits.DONE


def _what(text: TextIO | None, value: str | None, part: str, status: str | None) -> Sighting | bool:
    """What was seen: exactly one of a text, a value and a status; raises ``UsageError`` of click."""
    from deployer.cli.pasted import read_text
    from deployer.engine.record_live import Sighting

    if sum(option is not None for option in (text, value, status)) != 1:
        raise click.UsageError("pass the current value at Attentive with one of --text, --value and --status")
    if status is not None:
        return status == "on"
    if text is not None:
        return Sighting(read_text(text), part)
    return Sighting(_value(value or ""), part)


def _value(value: str) -> Any:
    """JSON where it is an object, else the text as it is."""
    if not value.lstrip().startswith("{"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value

"""``deployer send``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

import deployer
from deployer.cli import exits
from deployer.cli.completion import events, samples
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.connection import Connection
    from deployer.cli.options import CommandRun, Formats


FORMATS: Formats[[str, str, str]] = {
    "text": lambda _, event, environment, identifier: f"sent {event} to {environment} as {identifier}",
    "json": lambda _, event, environment, identifier: json.dumps(
        {"version": 1, "event": event, "environment": environment, "external_event_id": identifier}
    ),
}
"""Of an event that was sent to an environment, with the identifier that it got."""


@make_command(*FORMATS, name="send")
@click.argument("event", shell_complete=events)
@click.option(
    "--sample", metavar="NAME", shell_complete=samples, help="Send this sample of the event (default: happy)."
)
@click.option("--data", metavar="FILE", help="Send this JSON: properties, or a request body (- for stdin).")
@click.option("--to", metavar="PHONE|EMAIL", help="The recipient (default: the environment's test contact).")
@click.option(
    "--recipient-not-listed", is_flag=True, help="Allow a recipient who isn't a test contact; asks on a terminal."
)
def command(
    run: CommandRun, *, event: str, sample: str | None, data: str | None, to: str | None, recipient_not_listed: bool
) -> int:
    """Check an event's payload against its declaration, then send it as a live event: it can start journeys.

    It goes to the environment's test contact only, and is never repeated by itself.

    \b
    Example:
      deployer send order_shipped --sample longest
      deployer send order_shipped --data payload.json --env staging
    """
    from deployer.cli.recipients import chosen, typed_again

    if sample and data:
        raise click.UsageError("--sample and --data can't be used together")
    with deployer.connect(run.workspace(), run.env) as connection:
        given = payload(connection, event, sample, data)
        user = chosen(to) or deployer.body_recipient(given)
        allowed = typed_again(connection, user, not_listed=recipient_not_listed)
        identifier = deployer.send(connection, event, given, chosen(to), unlisted_allowed=allowed)
        environment = connection.environment.name
    run.show(FORMATS, event, environment, identifier)
    return exits.DONE


def payload(connection: Connection, event: str, sample: str | None, data: str | None) -> Mapping[str, Any]:
    """What is sent: a file's payload (``-``: stdin's), else a sample of the event, the usual one if none is named."""
    from deployer.app.operations import sample as named
    from deployer.contracts.project import one_payload

    if data is None:
        return named(connection.project, event, sample or "")
    return one_payload(data)

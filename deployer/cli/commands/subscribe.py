"""``deployer subscribe``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits
from deployer.cli.completion import opt_ins
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats

OUTCOMES = {
    "subscribed": "subscribed through {source}",
    "already": "nothing to do: already subscribed, and subscribing again would text them",
}


FORMATS: Formats[[str, str]] = {
    "text": lambda _, source, outcome: OUTCOMES[outcome].format(source=source),
    "json": lambda _, source, outcome: json.dumps({"version": 1, "source": source, "outcome": outcome}),
}


@make_command(*FORMATS, name="subscribe")
@click.argument("source", shell_complete=opt_ins)
@click.option("--to", metavar="PHONE|EMAIL", help="The person (default: the environment's test contact).")
@click.option(
    "--recipient-not-listed", is_flag=True, help="Allow a recipient who isn't a test contact; asks on a terminal."
)
@lock_timeout_option
def command(run: CommandRun, *, source: str, to: str | None, recipient_not_listed: bool, lock_timeout: float) -> int:
    """Subscribe a test contact through an opt-in source, after a look at their eligibility.

    A person who isn't eligible on the channel is never subscribed: they may have replied STOP.

    \b
    Example:
      deployer subscribe checkout
    """
    from deployer.cli.recipients import chosen, typed_again

    with deployer.connect(run.workspace(), run.env) as connection:
        user = chosen(to)
        allowed = typed_again(connection, user, not_listed=recipient_not_listed)
        outcome = deployer.subscribe(connection, source, user, unlisted_allowed=allowed, lock_timeout=lock_timeout)
    run.show(FORMATS, source, outcome)
    return exits.DONE

"""``deployer stop``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import journeys
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.connection import Connection
    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.confirm import Statement
    from deployer.engine.tasks import OpenTask


STOPPED: Formats[[Sequence[OpenTask], str, str]] = {
    "text": lambda run, tasks, environment, address: views.takeover.stopped_text(
        tasks, environment=environment, address=address, **run.look
    ),
    "json": lambda _, tasks, environment, _address: views.takeover.stopped_json(tasks, environment=environment),
}
LIFTED: Formats[[str, bool]] = {
    "text": lambda _, address, lifted: views.takeover.lifted_text(address, lifted=lifted),
    "json": lambda _, address, lifted: views.takeover.lifted_json(address, lifted=lifted),
}


@make_command(*STOPPED, name="stop")
@click.argument("address", metavar="JOURNEY", shell_complete=journeys)
@click.option("--reason", default="", metavar="TEXT", help="The reason; it is kept and shown with every plan.")
@click.option("--lift", is_flag=True, help="Lift the stop: the journey may run again.")
@click.option("--by", metavar="HANDLE", help="Who confirms it (default: the CI platform's actor, or your login).")
@lock_timeout_option
def command(run: CommandRun, *, address: str, reason: str, lift: bool, by: str | None, lock_timeout: float) -> int:
    """Have a journey turned off at once, without a pull request, and print the clicks.

    It is recorded: no plan asks to turn it on again, and every plan shows the debt until the YAML says
    `status: inactive` or the stop is lifted.

    \b
    Example:
      deployer stop journey.order_shipped --reason "wrong tracking link" --env production
      deployer stop journey.order_shipped --lift --env production
    """
    from deployer.cli.stored import statement

    if lift == bool(reason.strip()):
        raise click.UsageError("give the reason with --reason TEXT, or lift a stop with --lift")
    named = address if "." in address else f"journey.{address}"
    confirmation = statement("done", reason.strip(), by)
    with deployer.connect(run.workspace(), run.env) as connection:
        if lift:
            run.show(LIFTED, named, deployer.lift(connection, named, confirmation, lock_timeout=lock_timeout))
            return exits.DONE
        return _stop(run, connection, named, confirmation, lock_timeout)


def _stop(run: CommandRun, connection: Connection, address: str, confirmation: Statement, lock_timeout: float) -> int:
    tasks = deployer.stop(connection, address, confirmation, lock_timeout=lock_timeout)
    run.show(STOPPED, tasks, connection.environment.name, address)
    return exits.DONE

"""``deployer stop``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option

if TYPE_CHECKING:
    from deployer.app.connection import Connection
    from deployer.cli.options import Run
    from deployer.engine.confirm import Statement


@make_command("text", "json", name="stop")
@click.argument("address", metavar="JOURNEY")
@click.option("--reason", default="", metavar="TEXT", help="The reason; it is kept and shown with every plan.")
@click.option("--lift", is_flag=True, help="Lift the stop: the journey may run again.")
@click.option("--by", metavar="HANDLE", help="Who confirms it (default: the CI platform's actor, or your login).")
@lock_timeout_option
def command(run: Run, *, address: str, reason: str, lift: bool, by: str | None, lock_timeout: float) -> int:
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
    said = statement("done", reason.strip(), by)
    with deployer.connect(run.workspace(), run.env) as connection:
        if lift:
            return _lift(run, named, deployer.lift(connection, named, said, lock_timeout=lock_timeout))
        return _stop(run, connection, named, said, lock_timeout)


def _stop(run: Run, connection: Connection, address: str, said: Statement, lock_timeout: float) -> int:
    from deployer.views.takeover import stopped_json, stopped_text

    tasks = deployer.stop(connection, address, said, lock_timeout=lock_timeout)
    name = connection.environment.name
    show = {
        "text": lambda: stopped_text(tasks, environment=name, address=address, color=run.color, width=run.width),
        "json": lambda: stopped_json(tasks, environment=name),
    }
    run.out(show[run.format]())
    return exits.DONE


def _lift(run: Run, address: str, lifted: bool) -> int:
    from deployer.views.takeover import lifted_json, lifted_text

    show = {"text": lambda: lifted_text(address, lifted=lifted), "json": lambda: lifted_json(address, lifted=lifted)}
    run.out(show[run.format]())
    return exits.DONE

"""``deployer state``: the state itself. What only reads it is here, what changes it in ``state_changes``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.atomic import PRIVATE
from deployer.cli import exits, views
from deployer.cli.commands.state_changes import push, rm, unlock
from deployer.cli.completion import addresses
from deployer.cli.options import command as make_command
from deployer.cli.state_options import state_option

if TYPE_CHECKING:
    from deployer.app.records import EnvironmentRecord
    from deployer.cli.options import CommandRun, Formats
    from deployer.state import Entry


@click.group("state")
def command() -> None:
    """Look at the state of an environment, take a copy of it, mend it, free its lock.

    The state is what deployer knows of what it did and of what people confirmed. These commands read and write the
    state only: nothing is asked of Attentive and nothing changes there. With --state and --env no checkout is needed.

    \b
    Example:
      deployer state show --env production
    """


ENTRY: Formats[[str, Entry]] = {
    "text": lambda run, address, entry: views.state.entry_text(address, entry, **run.look),
    "json": lambda _, address, entry: views.state.entry_json(address, entry),
}
RECORD: Formats[[EnvironmentRecord]] = {
    "text": lambda run, record: views.state.record_text(record, **run.look),
    "json": lambda _, record: views.state.record_json(record),
}
ADDRESSES: Formats[[EnvironmentRecord]] = {
    "text": lambda run, record: views.state.list_text(record, **run.look),
    "json": lambda _, record: views.state.list_json(record),
}


@make_command(*RECORD, name="show")
@click.argument("address", required=False, default="", metavar="[ADDRESS]", shell_complete=addresses)
@state_option
def show(run: CommandRun, *, address: str, state_url: str | None) -> int:
    """Show the state's place and lock, or what it has of ADDRESS.

    \b
    Example:
      deployer state show
      deployer state show webhook.receipts --env production
    """
    from deployer.cli.stored import backend

    store, environment = backend(run, state_url)
    if address:
        run.show(ENTRY, address, deployer.recorded(store, environment, [address])[address])
    else:
        run.show(RECORD, deployer.record(store, environment))
    return exits.DONE


@make_command(*ADDRESSES, name="list")
@state_option
def list_(run: CommandRun, *, state_url: str | None) -> int:
    """List every address that is recorded, with what is known of it.

    \b
    Example:
      deployer state list --env production
    """
    from deployer.cli.stored import backend

    run.show(ADDRESSES, deployer.record(*backend(run, state_url)))
    return exits.DONE


COPY: Formats[[bytes]] = dict.fromkeys(("text", "json"), lambda _, copy: copy.decode().removesuffix("\n"))
"""A copy is the same JSON in every format."""


@make_command(*COPY, name="pull")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file instead of stdout.")
@state_option
def pull(run: CommandRun, *, out: Path | None, state_url: str | None) -> int:
    """Print a copy of the state, as JSON. `deployer state push` puts it back.

    \b
    Example:
      deployer state pull --env production --out production.state.json
    """
    from deployer.cli.outputs import write_output
    from deployer.cli.stored import backend

    content = deployer.pull_state(*backend(run, state_url))
    if out is None:
        run.show(COPY, content)
        return exits.DONE
    write_output(out, content, "--out", mode=PRIVATE)  # only its owner reads the copy, like the state
    run.tell(f"saved {out}")
    return exits.DONE


for one in (show, list_, rm, pull, push, unlock):
    command.add_command(one)

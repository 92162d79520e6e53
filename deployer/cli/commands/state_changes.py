"""The commands of ``deployer state`` that change the state: remove addresses, put a copy back, free the lock."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.input_files import InputFile
from deployer.cli.options import command as make_command
from deployer.cli.options import is_terminal
from deployer.cli.state_options import lock_timeout_option, state_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.app.records import Pushed
    from deployer.cli.options import CommandRun, Formats
    from deployer.state import Entry
    from deployer.state.holder import Holder


REMOVED: Formats[[Iterable[str], int]] = {
    "text": lambda _, addresses, _serial: views.state_changes.removed_text(addresses),
    "json": lambda _, addresses, serial: views.state_changes.removed_json(addresses, serial),
}
PUSHED: Formats[[Pushed]] = {
    "text": lambda run, pushed: views.state_changes.pushed_text(pushed, **run.look),
    "json": lambda _, pushed: views.state_changes.pushed_json(pushed),
}
FREED: Formats[[Holder]] = {
    "text": lambda _, holder: views.state_changes.unlocked_text(holder),
    "json": lambda _, holder: views.state_changes.unlocked_json(holder),
}


@make_command(*REMOVED, name="rm")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...", shell_complete=addresses)
@click.option("--yes", is_flag=True, help="Don't ask. Without a terminal this is needed.")
@lock_timeout_option
@state_option
def rm(run: CommandRun, *, addresses: tuple[str, ...], yes: bool, lock_timeout: float, state_url: str | None) -> int:
    """Remove addresses from the state. Nothing is removed at Attentive.

    What the YAML still declares counts as new afterwards: an apply would create it, send it or ask people for it a
    second time. The reviewed way is `forget` in deployer.yaml.

    \b
    Example:
      deployer state rm webhook.receipts --env production
    """
    from deployer.cli.stored import backend

    store, environment = backend(run, state_url)
    chosen = deployer.recorded(store, environment, addresses)
    if not _agreed(run, chosen, environment, yes=yes):
        return exits.FAILED
    after = deployer.forget_addresses(store, chosen, lock_timeout=lock_timeout)
    run.show(REMOVED, chosen, after.serial)
    return exits.DONE


def _agreed(run: CommandRun, chosen: Mapping[str, Entry], environment: str, *, yes: bool) -> bool:
    """Whether they may be removed. Without a terminal only ``--yes`` says so."""
    from deployer.views.state_changes import to_remove_text

    if yes:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; pass --yes to remove them without a prompt")
    click.echo(to_remove_text(chosen, width=run.width), err=True)
    if click.confirm(f"Remove from the state of {environment}?", err=True):
        return True
    click.echo("error: cancelled; nothing was changed", err=True)
    return False


@make_command(*PUSHED, name="push")
@click.argument("file", type=InputFile("rb"))
@click.option(
    "--new-lineage",
    is_flag=True,
    help="Replace the stored state with FILE even if they don't share a history (lineage).",
)
@lock_timeout_option
@state_option
def push(run: CommandRun, *, file: BinaryIO, new_lineage: bool, lock_timeout: float, state_url: str | None) -> int:
    """Put FILE (- for stdin) in the place of the state.

    FILE is a copy that was pulled, the errored.state.json that an apply left behind, or the output of an apply that
    could write it nowhere, also of several environments. A copy that is older than the
    stored state is refused, and so is one of another lineage.

    \b
    Example:
      deployer state push errored.state.json --env production
    """
    from deployer.app.rescue import picked
    from deployer.cli.stored import backend

    store, environment = backend(run, state_url)
    copy = picked(file.read(), environment)
    pushed = deployer.push_state(
        store, environment, copy, file.name, new_lineage=new_lineage, lock_timeout=lock_timeout
    )
    run.show(PUSHED, pushed)
    return exits.DONE


@make_command(*FREED, name="unlock")
@click.argument("lock_id", metavar="ID")
@state_option
def unlock(run: CommandRun, *, lock_id: str, state_url: str | None) -> int:
    """Free the lock ID that a process left behind.

    A process that still holds it can no longer write the state. The error of a locked state and `deployer state show`
    print the ID. A local file's lock frees itself.

    \b
    Example:
      deployer state unlock 1f0a9c3e --env production
    """
    from deployer.cli.stored import backend

    run.show(FREED, backend(run, state_url)[0].unlock(lock_id))
    return exits.DONE

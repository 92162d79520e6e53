"""``deployer tasks``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run
    from deployer.state import State


@make_command("text", "markdown", "json", name="tasks")
@click.argument("address", required=False, default="", metavar="[ADDRESS]")
@click.option("--state", "state_url", metavar="URL", help="The recorded state, where there is no checkout.")
def command(run: Run, *, address: str, state_url: str | None) -> int:
    """List what people have to do at Attentive, exact to the button, as the last apply asked it.

    ADDRESS narrows it to one resource or one task. Nothing is written.

    \b
    Example:
      deployer tasks journey.order_shipped
      deployer tasks --env production --format markdown
    """
    from deployer.cli.stored import backend
    from deployer.engine.tasks import open_tasks
    from deployer.library import UsageError
    from deployer.state import State
    from deployer.views.tasks import tasks_json, tasks_markdown, tasks_text

    store, environment = backend(run, state_url)
    state = store.read() or State(environment, lineage="")
    found = open_tasks(state, address)
    if address and not found and not _is_recorded(state, address):
        raise UsageError(
            f"nothing is recorded of `{address}`", "`deployer tasks` lists every task; `apply` asks for them"
        )
    show = {
        "text": lambda: tasks_text(found, environment=environment, address=address, color=run.color, width=run.width),
        "markdown": lambda: tasks_markdown(found, environment=environment, address=address),
        "json": lambda: tasks_json(found, environment=environment),
    }
    run.out(show[run.format]())
    return exits.DONE


def _is_recorded(state: State, address: str) -> bool:
    """Whether an address, or a task of one, was ever asked."""
    owner = address.partition("/")[0]
    entry = state.entries.get(owner)
    return entry is not None and (owner == address or any(task.id == address for task in entry.tasks.values()))

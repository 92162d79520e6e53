"""``deployer confirm``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", name="confirm")
@click.argument("tokens", nargs=-1, required=True, metavar="TOKEN...")
@click.option("--submitted", is_flag=True, help="It is at Attentive's review.")
@click.option("--rejected", metavar="WHY", help="Attentive's review refused it.")
@click.option("--note", default="", metavar="TEXT", help="A remark to keep with it.")
@click.option("--by", metavar="HANDLE", help="Who says so (default: the CI platform's actor, or your login).")
@click.option("--state", "state_url", metavar="URL", help="The recorded state, where there is no checkout.")
def command(
    run: Run,
    *,
    tokens: tuple[str, ...],
    submitted: bool,
    rejected: str | None,
    note: str,
    by: str | None,
    state_url: str | None,
) -> int:
    """Record that tasks are done. The tokens stand in `deployer tasks`.

    It needs no checkout: with --state and --env the record is enough. A token that was superseded in the meantime is
    accepted: what it was about was done.

    \b
    Example:
      deployer confirm k3f9xq2 m2p7wzt
      deployer confirm k3f9xq2 --submitted --env production --state file:production.json
    """
    from deployer import library
    from deployer.cli.stored import backend, statement
    from deployer.views.tasks import confirmed_json, confirmed_text

    if submitted and rejected is not None:
        raise click.UsageError("--submitted and --rejected exclude each other")
    if rejected is not None and not rejected.strip():
        raise click.UsageError("--rejected is empty; say what the review refused")
    how: Literal["done", "submitted", "rejected"] = (
        "submitted" if submitted else "done" if rejected is None else "rejected"
    )
    said = statement(how, rejected if rejected is not None else note, by)
    if state_url is not None or how == "done":
        store, environment = backend(run, state_url)
        confirmed = library.confirm(store, environment, tokens, said)
    else:
        with library.connect(run.workspace(), run.env) as connection:
            environment = connection.environment.name
            confirmed = library.confirm(connection.backend, environment, tokens, said, connection)
    show = {
        "text": lambda: confirmed_text(confirmed, color=run.color, width=run.width),
        "json": lambda: confirmed_json(confirmed),
    }
    run.out(show[run.format]())
    return exits.DONE

"""``deployer confirm``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import tokens
from deployer.cli.input_files import InputPath
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option, state_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.confirm import Confirmed


FORMATS: Formats[[Sequence[Confirmed], str, int]] = {
    "text": lambda run, tasks, environment, waiting: views.tasks.confirmed_text(
        tasks, environment=environment, waiting=waiting, **run.look
    ),
    "json": lambda _, tasks, _environment, _waiting: views.tasks.confirmed_json(tasks),
}
"""Of tasks, in an environment in which so many others still wait."""


@make_command(*FORMATS, name="confirm")
@click.argument("tokens", nargs=-1, metavar="[TOKEN]...", shell_complete=tokens)
@click.option("--all", "everything", is_flag=True, help="Every task that waits; in a sandbox only.")
@click.option("--submitted", is_flag=True, help="It is at Attentive's review.")
@click.option("--rejected", metavar="WHY", help="Attentive's review refused it.")
@click.option(
    "--segments",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many segments the counter of Attentive's composer showed for the text.",
)
@click.option("--note", default="", metavar="TEXT", help="A note to keep with it.")
@click.option("--by", metavar="HANDLE", help="Who confirms it (default: the CI platform's actor, or your login).")
@click.option(
    "--from-issue",
    type=InputPath(path_type=Path),
    metavar="EVENT_FILE",
    help="Instead of TOKENs: the boxes that GitHub's event of an edited issue ticked, in its sender's name.",
)
@click.option("--issue-author", metavar="LOGIN", help="Who opens the issues (default: the workflow's own account).")
@click.option("--reply", is_flag=True, help="Answer in the issue what could not be recorded (needs GITHUB_TOKEN).")
@lock_timeout_option
@state_option
def command(
    run: CommandRun,
    *,
    tokens: tuple[str, ...],
    everything: bool,
    submitted: bool,
    rejected: str | None,
    segments: int | None,
    note: str,
    by: str | None,
    from_issue: Path | None,
    issue_author: str | None,
    reply: bool,
    lock_timeout: float,
    state_url: str | None,
) -> int:
    """Record that tasks are done. `deployer tasks` shows the tokens.

    It needs no checkout: with --state and --env the state is enough. A token that was superseded in the meantime is
    accepted: the work was done. A task that is confirmed already stays as it is, with who confirmed it and when.

    \b
    Example:
      deployer confirm k3f9xq2 m2p7wzt
      deployer confirm k3f9xq2 --segments 2
      deployer confirm --all --env sandbox
      deployer confirm k3f9xq2 --submitted --env production --state file:production.json
      deployer confirm --from-issue "$GITHUB_EVENT_PATH"
    """
    from deployer.app.confirming import confirm_compared
    from deployer.cli.commands.confirm_ticks import confirm_from_issue
    from deployer.cli.stored import backend, statement

    if from_issue is not None:
        if tokens or everything or submitted or rejected is not None or segments is not None or note or by is not None:
            raise click.UsageError(
                "--from-issue reads what is done and by whom from the issue; leave out the other options"
            )
        return confirm_from_issue(run, from_issue, state_url, issue_author, reply=reply, lock_timeout=lock_timeout)
    if everything:
        tokens, waiting, environment = _every_token(run, tokens, state_url)
        if not tokens:
            run.show(FORMATS, (), environment, waiting)
            return exits.DONE
    if not tokens:
        raise click.UsageError("name a TOKEN; `deployer tasks` lists them")
    if submitted and rejected is not None:
        raise click.UsageError("--submitted and --rejected can't be used together")
    if rejected is not None and not rejected.strip():
        raise click.UsageError("--rejected is empty; describe what the review rejected")
    if segments is not None and (len(set(tokens)) > 1 or submitted or rejected is not None):
        raise click.UsageError("--segments is the count of one finished text; pass it with that one TOKEN")
    how: Literal["done", "submitted", "rejected"] = (
        "submitted" if submitted else "done" if rejected is None else "rejected"
    )
    confirmation = statement(how, rejected if rejected is not None else note, by, segments)
    if state_url is not None or how == "done":
        store, environment = backend(run, state_url)
        confirmed = confirm_compared(store, environment, tokens, confirmation, lock_timeout=lock_timeout)
    else:
        with deployer.connect(run.workspace(), run.env) as connection:
            environment = connection.environment.name
            confirmed = confirm_compared(
                connection.backend, environment, tokens, confirmation, connection, lock_timeout=lock_timeout
            )
    run.show(FORMATS, confirmed.tasks, environment, confirmed.waiting)
    return exits.DONE


def _every_token(run: CommandRun, tokens: tuple[str, ...], state_url: str | None) -> tuple[tuple[str, ...], int, str]:
    """The tokens of every task that waits in a sandbox, where no person clicks; refused for anything else.

    With how many tasks wait there, whatever ends them, and the environment's name.
    """
    from deployer.cli.stored import backend
    from deployer.errors import UsageError
    from deployer.workspace.loading import load_settings

    if tokens or state_url is not None:
        raise click.UsageError("--all confirms every task of a sandbox; leave out TOKENs and --state")
    environment = load_settings(run.project).environment(run.env)
    if not environment.is_sandbox:
        hint = "confirm each task there by its token, once it is done"
        raise UsageError(f"`{environment.name}` is an Attentive account; --all works in a sandbox only", hint)
    store, name = backend(run, None)
    state = store.read()
    return (deployer.confirmable(state), len(state.open_tasks()), name) if state else ((), 0, name)

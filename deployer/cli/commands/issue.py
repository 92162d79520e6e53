"""``deployer issue``: the tasks of an environment as an issue on GitHub or GitLab."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option, state_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.issue_sync import TaskBoard, Ticked
    from deployer.cli.options import Run
    from deployer.forge.surroundings import Place
    from deployer.forge.values import Forge, Issue
    from deployer.views.issue import Apply

_AUTHOR = click.option(
    "--issue-author",
    metavar="LOGIN",
    help="The account that the token writes as, if the platform doesn't tell us (default: the workflow's own).",
)


@click.group("issue")
def command() -> None:
    """Keep an environment's tasks as one issue with a box for each: ticking a box confirms its task.

    On GitHub a workflow hands each edit of the issue to `deployer confirm --from-issue`; on GitLab a scheduled job runs
    `deployer issue collect`. The token is GITHUB_TOKEN or GITLAB_TOKEN.

    \b
    Example:
      deployer issue sync --env production
    """


@make_command("text", "json", name="sync")
@click.option("--commit", metavar="SHA", help="The commit that gets the status (default: this run's).")
@click.option(
    "--apply",
    "applied",
    type=click.Choice(("done", "waiting", "failed")),
    default="done",
    help="What became of the commit's plan; until it is done, the status isn't a success (default: done).",
)
@click.option("--dry-run", is_flag=True, help="Print the issue's text; nothing is written.")
@_AUTHOR
@state_option
def sync(
    run: Run, *, commit: str | None, applied: Apply, dry_run: bool, issue_author: str | None, state_url: str | None
) -> int:
    """Update an environment's issue with the tasks that wait for people, and the commit's status.

    A task that is needed again gets an open box again; the issue is closed when nothing waits.

    \b
    Example:
      deployer issue sync --env production
      deployer issue sync --env production --dry-run
    """
    from deployer.app.issue_sync import task_board
    from deployer.cli.stored import backend
    from deployer.forge.boxes import issue_mark
    from deployer.forge.sticky import keep_issue
    from deployer.views.issue import issue_markdown, issue_title

    store, environment = backend(run, state_url)
    board = task_board(store, environment)
    text = issue_markdown(board)
    if dry_run:
        run.out(text)
        return exits.DONE
    with _forge() as (place, forge):
        kept, issue = keep_issue(
            forge,
            issue_mark(environment),
            issue_title(environment),
            text,
            wanted=bool(board.waiting),
            author=issue_author or "",
        )
        state = _status(forge, commit or place.commit, board, issue, applied)
    _told(run, board, kept, issue, state)
    return exits.DONE


@make_command("text", "json", name="collect")
@_AUTHOR
@lock_timeout_option
@state_option
def collect(run: Run, *, issue_author: str | None, lock_timeout: float, state_url: str | None) -> int:
    """Record the boxes that people ticked in the issue of an environment, in their names (GitLab).

    GitLab notes in the issue who ticked what. Run `deployer issue sync` after it. What can't be recorded is answered
    in the issue, and the exit code is 1.

    \b
    Example:
      deployer issue collect --env production
    """
    from deployer.app.issue_sync import confirm_ticked, task_board, ticked_by
    from deployer.cli.stored import backend, statement
    from deployer.forge.boxes import issue_mark, read_boxes
    from deployer.forge.sticky import find_issue

    store, environment = backend(run, state_url)
    results: list[Ticked] = []
    with _forge() as (_, forge):
        issue = find_issue(forge, issue_mark(environment), issue_author or "")
        if issue is not None:
            found = ticked_by(
                forge.ticks(issue.number),
                sorted(read_boxes(issue.body).ticked),
                task_board(store, environment),
                forge.me(),
            )
            for by, tokens in found.items():
                said = statement("done", "", by)
                results.append(confirm_ticked(store, environment, tokens, said, lock_timeout=lock_timeout))
                answer(forge, issue.number, results[-1], by)
    return show_ticked(run, results)


command.add_command(sync)
command.add_command(collect)


@contextmanager
def _forge() -> Iterator[tuple[Place, Forge]]:
    """The forge that this run takes place on."""
    from deployer.forge.surroundings import find_place, open_forge

    place = find_place(os.environ)
    forge = open_forge(place)
    try:
        yield place, forge
    finally:
        forge.close()


def _status(forge: Forge, commit: str, board: TaskBoard, issue: Issue | None, applied: Apply) -> str:
    from deployer.views.issue import issue_status

    status = issue_status(board, issue.url if issue else "", applied)
    if commit:
        forge.set_status(commit, status)
    return status.state if commit else ""


def _told(run: Run, board: TaskBoard, kept: str, issue: Issue | None, state: str) -> None:
    number = issue.number if issue else None
    if run.format == "json":
        told = {"environment": board.environment, "issue": number, "outcome": kept, "waiting": len(board.waiting)}
        run.out(json.dumps({"version": 1, **told, "status": state}, indent=2))
        return
    run.out(f"issue {number} {kept}, {len(board.waiting)} waiting" if issue else "nothing waits, and there is no issue")
    run.tell(f"status deployer/{board.environment}: {state}" if state else "no commit is known, so no status was set")


def answer(forge: Forge, number: int, result: Ticked, by: str) -> None:
    """Comment in the issue why ticks could not be recorded."""
    from deployer.forge.values import Thread
    from deployer.views.issue import refusals_markdown

    if result.refused:
        forge.add_comment(Thread("issue", number), refusals_markdown(result.refused, by))


def show_ticked(run: Run, results: list[Ticked]) -> int:
    """Print what became of ticks, and give the exit code: 1 where one could not be recorded."""
    from deployer.cli.failures import say
    from deployer.views.tasks import confirmed_json, confirmed_text

    confirmed = [task for one in results for task in one.confirmed]
    if run.format == "json":
        run.out(confirmed_json(confirmed))
    else:
        run.out(confirmed_text(confirmed, color=run.color, width=run.width) or "no box was ticked that isn't recorded")
    refused = [one for result in results for one in result.refused]
    for one in refused:
        say(f"{one.token}: {one.message}", one.hint)
    return exits.of(failed=bool(refused))

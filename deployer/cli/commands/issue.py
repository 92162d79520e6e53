"""``deployer issue``: the tasks of an environment as an issue on GitHub or GitLab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.commands.issue_answer import answer
from deployer.cli.forge_options import issue_author_option, opened_forge
from deployer.cli.notices import note, say
from deployer.cli.options import command as make_command
from deployer.cli.state_options import lock_timeout_option, state_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.app.commit_progress import CommitProgress, Reported
    from deployer.app.issue_sync import TaskBoard, Ticked
    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.confirm import Confirmed
    from deployer.engine.tasks import OpenTask
    from deployer.forge.boxes import Scope
    from deployer.forge.values import Forge, Issue
    from deployer.state import Backend, State


@click.group("issue")
def command() -> None:
    """Keep an environment's tasks as one issue with a box for each: ticking a box confirms its task.

    On GitHub a workflow hands each edit of the issue to `deployer confirm --from-issue`; on GitLab a scheduled job runs
    `deployer issue collect`. The token is GITHUB_TOKEN or GITLAB_TOKEN.

    \b
    Example:
      deployer issue sync --env production
    """


SYNCED: Formats[[TaskBoard, str, Issue | None, str]] = {
    "text": lambda _, board, kept, issue, _state: views.issue.synced_text(board, kept, issue),
    "json": lambda _, board, kept, issue, state: views.issue.synced_json(board, kept, issue, state),
}
"""Of the tasks, what became of their issue, and the commit's status."""

TICKED: Formats[[Sequence[Confirmed]]] = {
    "text": lambda run, confirmed: views.tasks.confirmed_text(confirmed, **run.look) or NO_TICK,
    "json": lambda _, confirmed: views.tasks.confirmed_json(confirmed),
}

NO_TICK = "no box was ticked that isn't recorded"


@make_command(*SYNCED, name="sync")
@click.option("--commit", metavar="SHA", help="The commit that gets the status (default: this run's).")
@click.option(
    "--apply",
    "reported",
    type=click.Choice(("done", "waiting", "failed")),
    help="What the pipeline knows of this commit's apply: it can make the status worse, never better.",
)
@click.option("--dry-run", is_flag=True, help="Print the issue's text; nothing is written.")
@issue_author_option
@lock_timeout_option
@state_option
def sync(
    run: CommandRun,
    *,
    commit: str | None,
    reported: str | None,
    dry_run: bool,
    issue_author: str | None,
    lock_timeout: float,
    state_url: str | None,
) -> int:
    """Update an environment's issue with the tasks that wait for people, and the commit's status.

    A task that is needed again gets an open box again; the issue is closed when nothing waits. The status is a success
    where the state has all that the commit wants (an offline plan of it is empty), its last apply didn't fail, and no
    task waits. On GitLab, ticks are recorded first, as `deployer issue collect` does.

    \b
    Example:
      deployer issue sync --env production
      deployer issue sync --env production --dry-run
    """
    from deployer.app.commit_progress import Reported
    from deployer.app.issue_sync import task_board
    from deployer.cli.stored import backend, scope
    from deployer.state import State
    from deployer.views.issue import issue_markdown

    store, environment = backend(run, state_url)
    about = scope(run, environment)
    if dry_run:
        state = store.read() or State(environment, lineage="")
        run.out(issue_markdown(task_board(state, about, _apps(run, state))))
        return exits.DONE
    with opened_forge() as (place, forge):
        if forge.keeps_ticks:
            _collected(forge, store, about, issue_author or "", lock_timeout)
        state = store.read() or State(environment, lineage="")
        board = task_board(state, about, _apps(run, state))
        kept, issue = _keep(forge, board, issue_author or "")
        progress = _progress(run, state, commit or "", Reported(reported) if reported else None)
        status = _status(forge, commit or place.commit, board, issue, progress)
    _print_kept(run, board, kept, issue, status)
    return exits.DONE


def _keep(forge: Forge, board: TaskBoard, author: str) -> tuple[str, Issue | None]:
    """Bring the issue up to date, and name those that another account opened: ticks in them don't count."""
    from deployer.forge.boxes import issue_mark
    from deployer.forge.sticky import issues_of_others, keep_issue
    from deployer.views.issue import issue_markdown, issue_title

    mark, title = issue_mark(board.scope), issue_title(board.scope)
    kept, issue = keep_issue(forge, mark, title, issue_markdown(board), wanted=bool(board.waiting), author=author)
    for other in issues_of_others(forge, mark, author) if kept == "created" else ():
        note(
            f"issue {other.number} has the mark of {board.scope.name} too, but {other.author} opened it, so its"
            f" ticks don't count; close it, or give --issue-author {other.author}"
        )
    return kept, issue


def _apps(run: CommandRun, state: State) -> Iterator[OpenTask]:
    """The apps that no record shows at work yet, where the project declares the environment."""
    from deployer.engine.app_tasks import recorded_app_tasks

    workspace = run.workspace()
    if workspace.settings is None or state.environment not in workspace.settings.environments:
        return
    yield from recorded_app_tasks(workspace.linked(state.environment).project, state)


def _progress(run: CommandRun, state: State, commit: str, reported: Reported | None) -> CommitProgress:
    from deployer.app.commit_progress import commit_progress

    return commit_progress(run.workspace(), state.environment, state, commit, reported)


@make_command(*TICKED, name="collect")
@issue_author_option
@lock_timeout_option
@state_option
def collect(run: CommandRun, *, issue_author: str | None, lock_timeout: float, state_url: str | None) -> int:
    """Record the boxes that people ticked in the issue of an environment, in their names (GitLab).

    GitLab notes in the issue who ticked what. Run `deployer issue sync` after it. What can't be recorded is answered
    in the issue, and the exit code is 1.

    \b
    Example:
      deployer issue collect --env production
    """
    from deployer.cli.stored import backend, scope

    store, environment = backend(run, state_url)
    with opened_forge() as (_, forge):
        results = _collected(forge, store, scope(run, environment), issue_author or "", lock_timeout)
    return show_ticked(run, results)


def _collected(forge: Forge, store: Backend, about: Scope, author: str, lock_timeout: float) -> list[Ticked]:
    """Record what people ticked since, and answer in the issue what can't be recorded."""
    from deployer.app.issue_sync import confirm_ticked, task_board, ticked_by
    from deployer.cli.stored import statement
    from deployer.forge.boxes import issue_mark
    from deployer.forge.sticky import find_issue
    from deployer.state import State
    from deployer.views.issue import issue_title

    issue = find_issue(forge, issue_mark(about), author, issue_title(about))
    if issue is None:
        return []
    board = task_board(store.read() or State(about.environment, lineage=""), about)
    results: list[Ticked] = []
    for by, tokens in ticked_by(forge.ticks(issue.number), board, forge.me() or issue.author).items():
        confirmation = statement("done", "", by)
        results.append(confirm_ticked(store, about.environment, tokens, confirmation, lock_timeout=lock_timeout))
        answer_ticks(forge, issue.number, results[-1], by)
    return results


command.add_command(sync)
command.add_command(collect)
command.add_command(answer)


def _status(forge: Forge, commit: str, board: TaskBoard, issue: Issue | None, progress: CommitProgress) -> str:
    from deployer.views.issue import issue_status

    status = issue_status(board, progress, issue.url if issue else "")
    if commit:
        forge.set_status(commit, status)
    return status.state if commit else ""


def _print_kept(run: CommandRun, board: TaskBoard, kept: str, issue: Issue | None, state: str) -> None:
    run.show(SYNCED, board, kept, issue, state)
    if run.format == "text":
        run.tell(f"status {board.context}: {state}" if state else "no commit is known, so no status was set")


def answer_ticks(forge: Forge, number: int, result: Ticked, by: str) -> None:
    """Comment in the issue why ticks could not be recorded."""
    from deployer.forge.values import Thread
    from deployer.views.issue import refusals_markdown

    if result.refused:
        forge.add_comment(Thread("issue", number), refusals_markdown(result.refused, by))


def show_ticked(run: CommandRun, results: list[Ticked]) -> int:
    """Print what became of ticks, and give the exit code: 1 where one could not be recorded."""
    run.show(TICKED, [each for result in results for each in result.confirmed])
    refused = [refusal for result in results for refusal in result.refused]
    for refusal_shown in refused:
        say(f"{refusal_shown.token}: {refusal_shown.message}", refusal_shown.hint)
    return exits.of(failed=bool(refused))

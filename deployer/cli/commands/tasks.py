"""``deployer tasks``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.options import command as make_command
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.extras import needed_for
from deployer.nouns import counted
from deployer.source import near_or_few

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.tasks import OpenTask
    from deployer.preview.tasks_values import TaskPage
    from deployer.state import Backend, State
    from deployer.views.pages.tasks_live import PageStatement
    from deployer.workspace.workspace import Workspace

_OFTEN, _SELDOM = 3.0, 20.0
"""Seconds between two looks at a record while a served page is open: at a local file, and at a place elsewhere."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the list is of: an environment, one address or all (empty), and the place of the state if it was named."""

    environment: str
    address: str
    state_url: str | None


FORMATS: Formats[[Sequence[OpenTask], _Choices]] = {
    "text": lambda run, open_tasks, choices: views.tasks.tasks_text(
        open_tasks,
        environment=choices.environment,
        state_url=choices.state_url,
        address=choices.address,
        **run.look,
    ),
    "markdown": lambda _, open_tasks, choices: views.tasks.tasks_markdown(
        open_tasks, environment=choices.environment, state_url=choices.state_url, address=choices.address
    ),
    "json": lambda _, open_tasks, choices: views.tasks.tasks_json(
        open_tasks, environment=choices.environment, state_url=choices.state_url
    ),
}


@make_command(*FORMATS, name="tasks")
@click.argument("address", required=False, default="", metavar="[ADDRESS]", shell_complete=addresses)
@click.option("--owner", default="", metavar="NAME", help="Only the tasks of one owner.")
@click.option("--ready", is_flag=True, help="Only tasks that can be done now: no other task comes first.")
@click.option("--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page for a browser instead.")
@click.option("--serve", is_flag=True, help="Serve that page on 127.0.0.1; tasks are confirmed on it.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port to serve on (default: a free one).")
@click.option("--state", "state_url", metavar="URL", help="The recorded state, where there is no checkout.")
def command(
    run: CommandRun,
    *,
    address: str,
    owner: str,
    ready: bool,
    page: Path | None,
    serve: bool,
    port: int | None,
    state_url: str | None,
) -> int:
    """List what people have to do at Attentive, down to the button, as of the last apply.

    ADDRESS narrows it to one resource or one task. The list begins with the apps that have to be created at Attentive,
    until `deployer whoami` gets an answer with their keys.

    With --page it is one file that opens from disk and makes no network requests: ticks are remembered by the browser,
    texts that are pasted back from Attentive's composer are compared, and what was done is copied as a message ending
    in the line for `deployer confirm`. With --serve the same page confirms by itself, until Ctrl-C. Only --serve writes
    anything to the state.

    \b
    Example:
      deployer tasks journey.order_shipped
      deployer tasks --owner crm --ready
      deployer tasks --env production --format markdown
      deployer tasks --env production --page tasks.html
    """
    from deployer.cli.kept import kept

    _check_usage(run, page=page, serve=serve, port=port)
    if (owner or ready) and (page is not None or serve):
        raise click.UsageError("--owner and --ready are for the list; choose on the page itself")

    def work(run: CommandRun) -> int:
        return _work(run, address, state_url, _Wanted(owner, ready, page, serve, port or 0))

    listed = page is None and not serve
    return kept(run, "tasks", [address, owner, ready], work) if listed and state_url is None else work(run)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is wanted: a list, narrowed to an ``owner`` or to what is ``ready``, a page, or a served page."""

    owner: str
    ready: bool
    page: Path | None
    serve: bool
    port: int


def _work(run: CommandRun, address: str, state_url: str | None, wanted: _Wanted) -> int:
    from deployer.cli.stored import backend, saw_record
    from deployer.engine.tasks import narrowed, open_tasks
    from deployer.state import State

    settled = run.settings() if state_url is None else None
    store, environment = backend(run, state_url, settled)

    def read() -> State:
        return store.read() or State(environment, lineage="")

    state = read()
    if settled is not None:
        saw_record(run, settled, store)
    apps = _apps(run, settled, environment, state, address) if settled is not None else ()
    waiting = (*apps, *open_tasks(state, address))
    if address and not waiting and not _is_recorded(state, address):
        raise UsageError(
            f"nothing is recorded of `{address}`", "`deployer tasks` lists every task; `apply` asks for them"
        )
    if wanted.page is not None or wanted.serve:
        look, page = _look(run, read, environment, address, state_url, apps), wanted.page
        return _write(run, look(), page) if page is not None else _serve(run, store, environment, look, wanted.port)
    owner = wanted.owner
    owners = {open_task.task.assignee for open_task in waiting if open_task.task.assignee}
    if owner and owner not in owners:
        raise UsageError(f"no open task belongs to `{owner}`", near_or_few(owner, sorted(owners), "owners"))
    waiting = narrowed(waiting, owner, ready=wanted.ready)
    run.show(FORMATS, waiting, _Choices(environment, address, state_url))
    return exits.DONE


def _apps(run: CommandRun, settled: Workspace, environment: str, state: State, address: str) -> tuple[OpenTask, ...]:
    """The apps that are still to be created: only a checkout knows them, and it is read only where there may be one."""
    from deployer.engine.app_tasks import unproven_apps

    if settled.settings is None or not any(unproven_apps(settled.settings, settled.environment(environment), state)):
        return ()
    from deployer.app.app_tasks import app_tasks  # connects, which a list of recorded tasks doesn't need

    missing = app_tasks(run.workspace(), environment, state)
    return tuple(
        open_task for open_task in missing if not address or address in {open_task.task.address, open_task.task.id}
    )


def _check_usage(run: CommandRun, *, page: Path | None, serve: bool, port: int | None) -> None:
    if page is not None and serve:
        raise click.UsageError("--page and --serve can't be used together: a file, or a page that confirms")
    if port is not None and not serve:
        raise click.UsageError("--port belongs to --serve")
    if (page is not None or serve) and run.format != "text":
        raise click.UsageError(f"--format {run.format} is for the list; leave it out with --page and --serve")


def _look(
    run: CommandRun,
    read: Callable[[], State],
    environment: str,
    address: str,
    state_url: str | None,
    apps: Sequence[OpenTask],
) -> Callable[[], TaskPage]:
    """A look at the record, with what the project declares around it; that and the missing apps are read once."""
    from deployer.engine.app_tasks import still_unproven
    from deployer.preview.tasks import task_page
    from deployer.preview.tasks_declared import Declared, declared

    around = Declared() if state_url is not None else declared(run.workspace().linked(environment).project)

    def look() -> TaskPage:
        state = read()
        missing = still_unproven(apps, state)
        return task_page(state, address=address, state_url=state_url, declared=around, apps=missing)

    return look


def _write(run: CommandRun, shown: TaskPage, page: Path) -> int:
    from deployer.cli.outputs import write_output
    from deployer.views.pages.tasks import tasks_page

    write_output(page, tasks_page(shown).html, "--page")
    run.tell(f"{_counted(shown)} in {page}")
    return exits.DONE


def _serve(run: CommandRun, store: Backend, environment: str, look: Callable[[], TaskPage], port: int) -> int:
    from deployer.cli.stored import statement

    with needed_for("`deployer tasks --serve`"):
        from deployer.views.pages.tasks_live import serve_tasks

    def record(confirmed: PageStatement) -> None:
        deployer.confirm(
            store, environment, confirmed.tokens, statement(confirmed.how, confirmed.note, None, confirmed.segments)
        )

    def listening(url: str) -> None:
        run.out(f"tasks at {url}")
        run.tell(f"confirmations are recorded in {store.location}; press Ctrl-C to stop")

    every = _OFTEN if store.lock_frees_itself else _SELDOM
    try:
        serve_tasks(look, record, port, listening=listening, every=every)
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}", "pass another --port; 0 picks a free one"
        ) from error
    return exits.DONE


def _counted(shown: TaskPage) -> str:
    return f"{counted(len(shown.tasks), 'task')} of {shown.environment}"


def _is_recorded(state: State, address: str) -> bool:
    """Whether an address, or a task of one, was ever asked."""
    owner = address.partition("/")[0]
    entry = state.entries.get(owner)
    return entry is not None and (owner == address or any(task.id == address for task in entry.tasks.values()))

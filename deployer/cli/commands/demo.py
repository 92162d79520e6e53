"""``deployer demo``."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.connection import Connection
    from deployer.cli.options import CommandRun
    from deployer.engine.plan import Plan
    from deployer.project import Project
    from deployer.workspace.workspace import Workspace

LEFT_OUT = (".git", ".deployer", ".venv", "node_modules")
"""Folders of a project that the demo's copy does without."""


@make_command("text", name="demo")
@click.option("--watch", "watched", is_flag=True, help="Serve the phones, and let a day's events come in.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="With --watch: the page's port (0: a free one).")
def command(run: CommandRun, *, watched: bool, port: int) -> int:
    """Walk through the main job on a copy of an example shop (or of --project), against the embedded sandbox.

    Validate, plan, apply, tasks, confirm, status, and a second plan that finds nothing to do: a part of what
    each prints, with -v all of it. The project stays as it is. With --watch everything is applied and
    confirmed, and a page shows the texts and emails that a day's events send, phone beside phone, until Ctrl-C.

    \b
    Example:
      deployer demo
      deployer demo --project shop
      deployer demo --watch
    """
    source = _source(run)
    with _copy(source) as folder:
        workspace = deployer.load(folder)
        environment = _sandbox(workspace, run.env) if workspace.settings else ""
        run.out(f"The shop is {source.name}, copied to a temporary folder.")
        run.out("The account is the embedded sandbox: no key, no network, no one is messaged.")
        if not _validate(run, workspace):
            return exits.FAILED
        with deployer.connect(workspace, environment) as connection:
            if watched:
                return _watched(run, connection, port)
            return _story(run, connection)


def _watched(run: CommandRun, connection: Connection, port: int) -> int:
    """Everything applied, confirmed and subscribed, then the day; it ends with an interrupt."""
    from deployer.cli.commands.demo_watch import watch

    _apply(run, connection, _plan(run, connection))
    _confirm(run, connection)
    _subscribe(run, connection)
    watch(run, connection, port)
    return exits.DONE


def _story(run: CommandRun, connection: Connection) -> int:
    """The main job from the first plan to the last; the exit code is 0 only if that finds nothing to do."""
    plan = _plan(run, connection)
    _apply(run, connection, plan)
    _tasks(run, connection)
    _confirm(run, connection)
    _prove(run, connection)
    _title(run, "status")
    _status(run, connection)
    _title(run, "plan", "again, now that everything is done")
    again = deployer.plan(connection)
    _show_plan(run, again, connection.project, 3)
    run.out("")
    done = again.empty and not again.waiting
    run.out(
        "That is the main job. Next: look into the example, or read the README's tour."
        if done
        else "Something is left."
    )
    return exits.DONE if done else exits.FAILED


def _source(run: CommandRun) -> Path:
    """The project to show: the one that was named, else the example that ships with the package."""
    if run.project != Path():
        if not run.project.is_dir():
            raise click.UsageError(f"there is no folder {run.project}")
        return run.project.resolve()
    package = Path(__file__).resolve().parents[2]
    for candidate in (package / "examples", package.parent / "examples"):
        if (candidate / "northwind").is_dir():
            return candidate / "northwind"
    raise click.UsageError("the example isn't installed with the package; pass --project DIR")


@contextmanager
def _copy(source: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="deployer-demo-") as folder:
        target = Path(folder) / source.name
        try:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        except OSError as error:
            raise click.UsageError(f"{source} can't be copied: {error}") from error
        yield target


def _sandbox(workspace: Workspace, name: str | None) -> str:
    """The environment to show: always a sandbox."""
    environment = workspace.environment(name)
    if not environment.is_sandbox:
        raise click.UsageError(f"`{environment.name}` is an Attentive account; the demo only ever works on a sandbox")
    return environment.name


def _print_part(run: CommandRun, text: str, first: int, last: int = 1, *, start: int = 0) -> None:
    """Print some lines of a text, from the line ``start`` on, and the last ones; with -v all of it."""
    lines = text.split("\n")
    rest = lines[start + first : len(lines) - last]
    if run.verbose or (not start and len(rest) < 2):  # noqa: PLR2004 - a line that counts one line saves none
        run.out(text)
        return
    before = [f"… {start} lines before"] if start else []
    after = [f"… {len(rest)} more lines"] if rest else []
    run.out("\n".join((*before, *lines[start : start + first], *after, *lines[-last:])))


def _title(run: CommandRun, name: str, remark: str = "") -> None:
    line = f"$ deployer {name}" + (f"    ({remark})" if remark else "")
    run.out("")
    run.out(click.style(line, bold=True) if run.color else line)


def _validate(run: CommandRun, workspace: Workspace) -> bool:
    from deployer.views.problems import render_text

    _title(run, "validate")
    problems = workspace.check()
    text = render_text(problems, files=workspace.files, **run.look)
    if not problems.ok:  # the demo ends here: what to mend is shown
        run.out(text)
        return False
    _print_part(run, text, 1)
    return True


def _show_plan(run: CommandRun, plan: Plan, project: Project, most: int) -> None:
    """Print a part of a plan, from its first new journey on."""
    from deployer.views.plan import plan_text

    plain = plan_text(plan, project, width=run.width).split("\n")
    start = next((at for at, line in enumerate(plain) if line.startswith("+ create journey.")), 0)
    _print_part(run, plan_text(plan, project, **run.look), most, start=start)


def _plan(run: CommandRun, connection: Connection) -> Plan:

    _title(run, "plan")
    plan = deployer.plan(connection)
    _show_plan(run, plan, connection.project, 8)
    return plan


def _apply(run: CommandRun, connection: Connection, plan: Plan) -> None:
    from deployer.views.report import report_text

    _title(run, "apply --yes")
    _print_part(run, report_text(deployer.apply(connection, plan), **run.look), 2, 3)


def _tasks(run: CommandRun, connection: Connection) -> None:
    """The tasks of one journey: the whole list is long."""
    from deployer.views.tasks import tasks_text

    open_tasks = deployer.tasks(connection.state())
    journeys = [open_task.task.address for open_task in open_tasks if open_task.task.address.startswith("journey.")]
    address = journeys[0] if journeys else (open_tasks[0].task.address if open_tasks else "")
    _title(run, f"tasks {address}".strip(), f"one of {len(open_tasks)} tasks' resources")
    chosen = deployer.tasks(connection.state(), address)
    _print_part(run, tasks_text(chosen, environment=connection.environment.name, **run.look), 5)


def _confirm(run: CommandRun, connection: Connection) -> None:
    from deployer.cli.stored import statement

    tokens = deployer.confirmable(connection.state())
    _title(run, "confirm --all", "as if a person had clicked through all of them")
    confirmation = statement("done", "", "demo")
    confirmed = deployer.confirm(connection.backend, connection.environment.name, tokens, confirmation)
    run.out(f"{len(confirmed)} tasks confirmed")


def _subscribe(run: CommandRun, connection: Connection) -> None:
    """Subscribe the test contact to texts."""
    from deployer.kinds.channels import Channel
    from deployer.kinds.opt_in_source import OptInSource

    project = connection.project
    texts = (
        source for source in project.all(OptInSource) if source.sign_up_source_id and source.channel is Channel.TEXT
    )
    source = next(texts, None)
    if source:
        _title(run, f"subscribe {source.id}")
        run.out(deployer.subscribe(connection, source.id, None))


def _prove(run: CommandRun, connection: Connection) -> None:
    """Subscribe the test contact, and send an event to it."""
    from deployer.kinds.event_type import EventType, sent_by_us

    project = connection.project
    _subscribe(run, connection)
    event = next(
        (
            event_type
            for event_type in project.all(EventType)
            if sent_by_us(event_type, project) and "happy" in event_type.samples
        ),
        None,
    )
    if event:
        _title(run, f"send {event.id} --sample happy")
        run.out(f"sent as {deployer.send(connection, event.id, event.samples['happy'], None)}")


def _status(run: CommandRun, connection: Connection) -> None:
    from deployer.views.status import status_text

    _print_part(run, status_text(deployer.launch(connection), **run.look), 1)

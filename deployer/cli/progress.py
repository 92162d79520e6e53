"""Progress of an apply on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from deployer.cli.options import is_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.apply import Progress
    from deployer.engine.changes import Change
    from deployer.engine.report import Status


@contextmanager
def progress(total: int, *, quiet: bool, no_color: bool) -> Iterator[Progress]:
    """A callback that shows how far an apply is."""
    if quiet:
        yield _silent
    elif is_terminal(sys.stderr):
        with _bar(total, no_color=no_color) as show_change:
            yield show_change
    else:
        yield _line


def _silent(change: Change, status: Status | None, why: str) -> None:
    del change, status, why


def lines(environment: str, *, quiet: bool) -> Progress:
    """A callback that says what became of each change, for one environment of several."""

    def show_change(change: Change, status: Status | None, why: str) -> None:
        _line(change, status, why, f"{environment}: ")

    return _silent if quiet else show_change


def _line(change: Change, status: Status | None, why: str, where: str = "") -> None:
    if status is None:
        return
    with suppress(OSError):  # the reader of stderr left: no reason to break off an apply
        line = f"{change.action.value} {change.address}: {status.value}" + (f" ({why})" if why else "")
        click.echo(f"{where}{line}", err=True)


@contextmanager
def _bar(total: int, *, no_color: bool) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True, no_color=no_color or None)  # None: NO_COLOR decides
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task("apply", total=total)

        def show_change(change: Change, status: Status | None, why: str) -> None:
            del why
            bar.update(job, description=change.address, advance=0 if status is None else 1)

        yield show_change

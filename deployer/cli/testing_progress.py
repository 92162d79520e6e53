"""Progress of journey tests on stderr: a bar on a terminal, nothing elsewhere and nothing in CI."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from deployer.cli.options import is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def testing(*, quiet: bool, no_color: bool) -> Iterator[Callable[[int, int], None]]:
    """A callback that takes how many of how many tests were run.

    The bar begins with its first call: processes that are forked before must not have the bar's thread.
    """
    if quiet or os.environ.get("CI") or not is_terminal(sys.stderr):
        yield lambda _done, _total: None
        return
    with ExitStack() as stack:
        moved: list[Callable[[int], None]] = []

        def show(done: int, total: int) -> None:
            if not moved:
                moved.append(stack.enter_context(_bar(total, no_color=no_color)))
            moved[0](done)

        yield show


@contextmanager
def _bar(total: int, *, no_color: bool) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True, no_color=no_color or None)  # None: NO_COLOR decides
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task("test", total=total)
        yield lambda done: bar.update(job, completed=done)

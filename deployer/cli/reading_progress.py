"""Progress of reading files on stderr: a bar of bytes on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.cli.options import is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_BETWEEN = 0.1
"""Seconds from one drawing to the next."""


@contextmanager
def reading(size: int, what: str, *, quiet: bool, no_color: bool) -> Iterator[Callable[[int], None]]:
    """A callback that takes how many more bytes were read, of ``size`` in all (0: unknown)."""
    if quiet or not is_terminal(sys.stderr):
        yield lambda _read: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True, no_color=no_color or None)  # None: NO_COLOR decides
    # no thread of its own draws it: other cores are put to work by forking
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        job = bar.add_task(what, total=size or None)
        drawn = 0.0

        def advance(read: int) -> None:
            nonlocal drawn
            bar.update(job, advance=read)
            if time.monotonic() - drawn >= _BETWEEN:
                bar.refresh()
                drawn = time.monotonic()

        yield advance

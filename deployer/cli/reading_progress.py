"""Progress of reading files on stderr: a bar of bytes on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.cli.options import is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task(what, total=size or None)
        yield lambda read: bar.update(job, advance=read)

"""Ctrl-C and SIGTERM: any command ends with its locks released; an apply first finishes what runs."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event
    from types import FrameType

STOPPING = "stopping after the changes in progress are done and recorded; press Ctrl-C again to stop immediately"
LEAVING = "leaving without waiting for the changes in progress; the locks are released"


def end_on_sigterm() -> None:
    """Let SIGTERM end a command as Ctrl-C does: through every ``finally``, so that no lock is left behind."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt


@contextmanager
def stopping(stop: Event, leave: Event | None = None) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM set ``stop`` during the block, and the second one interrupt.

    With ``leave`` the second one sets that, so that work on other threads releases its locks, and the third one
    interrupts.
    """

    def heard(number: int, frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            click.echo(STOPPING, err=True)
        elif leave is not None and not leave.is_set():
            leave.set()
            click.echo(LEAVING, err=True)
        else:
            _interrupt(number, frame)

    former = {number: signal.signal(number, heard) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

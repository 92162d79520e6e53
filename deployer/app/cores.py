"""The same work on many things, on every core of the machine; results come in the order of the things.

Processes are forked: what the work needs is there without being copied. Where a system can't fork (Windows), or only by
luck (macOS, whose libraries may hold locks), one core does it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

R = TypeVar("R")

CHUNK = 100
"""Things that are handed out at a time."""

_HELD: dict[str, Callable[[int, int], Any]] = {}
"""The work of a process that was forked for it."""


def cores() -> int:
    """How many processes may work side by side; 1 where none can be forked."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def in_chunks(work: Callable[[int, int], R], count: int, *, least: int) -> Iterator[tuple[int, R]]:
    """Do ``work`` from one number up to another, until ``count`` is reached; give each chunk's last number and result.

    From ``least`` things on every core works. A result must be one that can be pickled. What the work raises is raised.
    """
    spans = [(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    number = min(cores(), len(spans))
    if count < least or number < 2:  # noqa: PLR2004 - two are the first that are side by side
        yield from ((last, work(first, last)) for first, last in spans)
        return
    with multiprocessing.get_context("fork").Pool(number, _begin, (work,)) as pool:
        for (_, last), result in zip(spans, pool.imap(_do, spans), strict=True):
            yield last, result


def _begin(work: Callable[[int, int], Any]) -> None:
    """Take the work in; Ctrl-C is for the process that hands it out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _HELD["work"] = work


def _do(span: tuple[int, int]) -> Any:
    return _HELD["work"](*span)

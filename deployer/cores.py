"""The same work on many things, on every core of the machine; results come in the order of the things.

Processes are forked: what the work needs is there without being copied. Where a system can't fork (Windows), or only by
luck (macOS, whose libraries may hold locks, or another thread that may hold one), one core does it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from deployer.dataclass import dataclass
from deployer.errors import DeployerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

R = TypeVar("R")

CHUNK = 100
"""Things that are handed out at a time, unless the caller knows better."""

_Span: TypeAlias = tuple[int, int]
"""Numbers from one up to another."""


def cores() -> int:
    """How many processes may work side by side; 1 where none can be forked."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" and threading.active_count() == 1 else 1


class EndedEarlyError(DeployerError):
    """A process that did a part of the work is gone, as one is that the system ends where memory is short."""


def in_chunks(work: Callable[[int, int], R], count: int, *, least: int, chunk: int = CHUNK) -> Iterator[tuple[int, R]]:
    """Do ``work`` from one number up to another, until ``count`` is reached; give each chunk's last number and result.

    From ``least`` things on every core works, on ``chunk`` of them at a time. A result must be one that can be pickled.
    What the work raises is raised, and ``EndedEarlyError`` where a process is gone.
    """
    spans = [(first, min(first + chunk, count)) for first in range(0, count, chunk)]
    number = min(cores(), len(spans))
    if count < least or number < 2:  # noqa: PLR2004 - two are the first that are side by side
        yield from ((last, work(first, last)) for first, last in spans)
        return
    yield from _side_by_side(work, spans, number)


def in_parts(
    work: Callable[[int, int], R],
    count: int,
    *,
    mine: Callable[[int, int], object],
    most: int | None = None,
    smallest: int = 1,
) -> Iterator[R]:
    """Have other processes do parts of what this one would do later, while it does the last part itself (``mine``).

    Give the result of each part of ``count`` things that is another's. A core has a part, ``most`` have one, and no
    part has fewer things than ``smallest``. Where that is one part nothing is done, and a process that is gone ends the
    results: what is missing is still to be done.
    """
    number = min(cores(), most or count)
    chunk = max(-(-count // max(number, 1)), smallest)
    spans = [(first, min(first + chunk, count)) for first in range(0, count, chunk)]
    if len(spans) > 1:
        *others, last = spans
        with suppress(EndedEarlyError):
            for _, result in _side_by_side(work, others, len(others), meanwhile=lambda: mine(*last)):
                yield result


def _side_by_side(
    work: Callable[[int, int], R],
    spans: Sequence[_Span],
    number: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[tuple[int, R]]:
    """Share the spans out, every so many-th to the same process. No thread is between, which could be left waiting.

    This process does something meanwhile, before it asks for the first result.
    """
    helpers: list[_Helper] = []
    try:
        helpers.extend(_Helper.forked(work, spans[first::number]) for first in range(number))
        meanwhile()
        for index, (_, last) in enumerate(spans):
            yield last, helpers[index % number].next()
    finally:
        for helper in helpers:
            helper.end()


@dataclass(frozen=True, slots=True)
class _Helper:
    """A process that was forked for some of the work, and where it sends the results in their order."""

    process: ForkProcess
    results: Connection

    @classmethod
    def forked(cls, work: Callable[[int, int], Any], spans: Sequence[_Span]) -> _Helper:
        """Begin the work on some spans."""
        context = multiprocessing.get_context("fork")
        results, sent = context.Pipe(duplex=False)
        process = context.Process(target=_help, args=(work, spans, sent), daemon=True)
        process.start()
        sent.close()  # where the process ends early there is an end to read
        return cls(process, results)

    def next(self) -> Any:
        """The result of its next span; raises what the work raised, or ``EndedEarlyError`` where it is gone."""
        try:
            done, result = self.results.recv()
        except EOFError:
            self.process.join()
            what = f"a process that did a part of the work ended early (exit code {self.process.exitcode})"
            raise EndedEarlyError(what, "the machine may be short of memory; run it again") from None
        if not done:
            raise result
        return result

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.terminate()
        self.process.join()
        self.results.close()


def _help(work: Callable[[int, int], Any], spans: Sequence[_Span], sent: Connection) -> None:
    """Do the work on the spans; Ctrl-C is for the process that hands it out, and its ways to end aren't ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(BrokenPipeError):  # no one waits for the rest
        for first, last in spans:
            try:
                result = True, work(first, last)
            except Exception as error:  # noqa: BLE001 - it is raised where the work was asked for
                error.add_note(traceback.format_exc())
                sent.send((False, error))
                return
            sent.send(result)

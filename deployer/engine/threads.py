"""Threads that do independent work side by side. They never keep the process alive: a second Ctrl-C must end it."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

J = TypeVar("J")
R = TypeVar("R")

_POLL = 0.1
"""Seconds between two looks at whether the wait should end."""


@dataclass(frozen=True, slots=True)
class Done(Generic[J, R]):
    """A job that ended: with its ``result``, or with the ``error`` that it raised."""

    job: J
    result: R | None
    error: BaseException | None = None


class Crew(Generic[J, R]):
    """At most ``workers`` threads that do ``work`` for one job after the other; jobs may come while others run.

    Once ``leave`` is set a wait raises ``KeyboardInterrupt``: a signal reaches the main thread only, and who waits may
    be another one.
    """

    def __init__(self, work: Callable[[J], R], workers: int, leave: threading.Event | None = None) -> None:
        self._work = work
        self._most = workers
        self._leave = leave
        self._threads = 0
        self._todo: SimpleQueue[J | None] = SimpleQueue()
        self._ended: SimpleQueue[Done[J, R]] = SimpleQueue()

    def begin(self, jobs: Sequence[J]) -> None:
        """Have these jobs done after those that were given before."""
        for job in jobs:
            self._todo.put(job)
        for _ in range(min(len(jobs), self._most - self._threads)):
            threading.Thread(target=_drain, args=(self._todo, self._ended, self._work), daemon=True).start()
            self._threads += 1

    def ended(self) -> Done[J, R]:
        """Wait for a job that ends and give it, once for each job; what it raised is given, not raised.

        A wait that is interrupted may be repeated.
        """
        if self._leave is None:
            return self._ended.get()
        while True:
            try:
                return self._ended.get(timeout=_POLL)
            except Empty:
                if self._leave.is_set():
                    raise KeyboardInterrupt from None

    def dismiss(self) -> None:
        """Let each thread end once no job is left."""
        for _ in range(self._threads):
            self._todo.put(None)


def side_by_side(
    jobs: Sequence[J], work: Callable[[J], R], workers: int, leave: threading.Event | None = None
) -> Callable[[], Done[J, R]]:
    """Begin every job on at most ``workers`` threads; each call of what is returned waits for one that ends."""
    crew = Crew(work, workers, leave)
    crew.begin(jobs)
    crew.dismiss()
    return crew.ended


def _drain(todo: SimpleQueue[J | None], ended: SimpleQueue[Done[J, R]], work: Callable[[J], R]) -> None:
    while (job := todo.get()) is not None:
        try:
            ended.put(Done(job, work(job)))
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits, which raises it
            ended.put(Done(job, None, error))

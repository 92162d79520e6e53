"""Threads that do independent work side by side. They never keep the process alive: a second Ctrl-C must end it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

J = TypeVar("J")
R = TypeVar("R")

_POLL = 0.1
"""Seconds between two looks at whether the wait shall end."""


@dataclass(frozen=True, slots=True)
class Done(Generic[J, R]):
    """A job that ended: with its ``result``, or with the ``error`` that it raised."""

    job: J
    result: R | None
    error: BaseException | None = None


def side_by_side(
    jobs: Sequence[J], work: Callable[[J], R], workers: int, leave: threading.Event | None = None
) -> Callable[[], Done[J, R]]:
    """Begin every job on at most ``workers`` threads.

    Each call of what is returned waits for one that ends and gives it, once for each job; what a job raises is given,
    not raised. A wait that is interrupted may be repeated. Once ``leave`` is set a wait raises ``KeyboardInterrupt``:
    a signal reaches the main thread only, and who waits may be another one.
    """
    todo: SimpleQueue[J | None] = SimpleQueue()
    ended: SimpleQueue[Done[J, R]] = SimpleQueue()
    count = min(workers, len(jobs))
    for job in (*jobs, *[None] * count):
        todo.put(job)
    for _ in range(count):
        threading.Thread(target=_drain, args=(todo, ended, work), daemon=True).start()
    return ended.get if leave is None else lambda: _next(ended, leave)


def _next(ended: SimpleQueue[Done[J, R]], leave: threading.Event) -> Done[J, R]:
    while True:
        try:
            return ended.get(timeout=_POLL)
        except Empty:
            if leave.is_set():
                raise KeyboardInterrupt from None


def _drain(todo: SimpleQueue[J | None], ended: SimpleQueue[Done[J, R]], work: Callable[[J], R]) -> None:
    while (job := todo.get()) is not None:
        try:
            ended.put(Done(job, work(job)))
        except BaseException as error:  # noqa: BLE001 - handed over to whoever waits, who raises it
            ended.put(Done(job, None, error))

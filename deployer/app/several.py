"""The same work for several environments side by side: one that fails doesn't stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from deployer.dataclass import dataclass
from deployer.engine.threads import side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

AT_ONCE = 8
"""Environments at work at the same time: mostly they wait for answers, each for its own account."""


@dataclass(frozen=True, slots=True)
class Result(Generic[T]):
    """What came of one environment: a ``value``, or the ``error`` that ended it."""

    environment: str
    value: T | None = None
    error: BaseException | None = None


def across(names: Sequence[str], work: Callable[[str], T]) -> tuple[Result[T], ...]:
    """Do ``work`` for every environment and give what came of each, in the order of ``names``. Nothing is raised.

    Interrupted, it raises ``KeyboardInterrupt`` once no more is waited for.
    """
    ended = side_by_side(names, work, AT_ONCE)
    results = {}
    for _ in names:
        done = ended()
        results[done.job] = Result(done.job, done.result, done.error)
    return tuple(results[name] for name in names)

"""The time that Liquid takes for “now”: the machine's, or a virtual clock's while a message is rendered."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

T = TypeVar("T")

NOW: ContextVar[datetime | None] = ContextVar("now", default=None)
"""What ``"now" | date`` prints; ``None``: what the machine's clock shows."""


@dataclass(slots=True)
class _Looks:
    count: int = 0


_looks = _Looks()


def look_at_the_clock() -> None:
    """Note that what is rendered depends on when it is."""
    _looks.count += 1


def looks_at_the_clock() -> int:
    """How often this process rendered something that depends on when it is."""
    return _looks.count


def timed(make: Callable[[], T]) -> tuple[T, bool]:
    """Give what a function makes, and whether that depends on when it is."""
    before = _looks.count
    return make(), _looks.count > before


@contextmanager
def virtual_now(at: datetime) -> Iterator[None]:
    """Let Liquid take ``at`` for now; its time zone is the one that is printed."""
    token = NOW.set(at)
    try:
        yield
    finally:
        NOW.reset(token)

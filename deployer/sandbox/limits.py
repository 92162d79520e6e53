"""Attentive's rate limits: requests a second for each key and endpoint (its page "API rate limits")."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT = 150
IDENTITY = 10
SUBSCRIBE = 10
UNSUBSCRIBE = 5
SEGMENTS = 100

Counted: TypeAlias = tuple[str, str]
"""Whose requests to what: the digest of a key (``""``: no known key) and an endpoint."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the current second: ``limit`` and ``remaining`` requests; ``exceeded`` for the one too many."""

    limit: int
    remaining: int
    exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """The two headers that Attentive puts on every response."""
        return {"x-ratelimit-limit": str(self.limit), "x-ratelimit-remaining": str(self.remaining)}


class Windows:
    """Counts requests in windows of a second, in this process; safe for threads. A refused request isn't counted."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._used: dict[Counted, tuple[int, int]] = {}

    def take(self, counted: Counted, limit: int) -> Allowance:
        """Take one request of the current second."""
        second = int(self._monotonic())
        with self._lock:
            window, used = self._used.get(counted, (second, 0))
            used = used if window == second else 0
            if used >= limit:
                return Allowance(limit, 0, exceeded=True)
            self._used[counted] = (second, used + 1)
            return Allowance(limit, limit - used - 1, exceeded=False)

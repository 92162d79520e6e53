"""The clock that journeys, texts and webhooks of a sandbox go by: real time, faster, or moved on by hand.

Requests keep the real time: a service that sends ``occurredAt`` knows no other.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class Pace:
    """A clock that never goes back. ``speed`` is how many of its seconds pass in one of ``real``; safe for threads."""

    def __init__(self, real: Callable[[], datetime], speed: float = 1.0) -> None:
        self._real = real
        self._speed = speed
        self._since = self._from = self._last = real()
        self._lock = threading.Lock()

    @property
    def speed(self) -> float:
        """How many seconds pass in a real one."""
        return self._speed

    def now(self) -> datetime:
        """The time now, in UTC."""
        with self._lock:
            return self._now()

    def skip_to(self, moment: datetime) -> None:
        """Move on to a moment; one that is past already changes nothing."""
        with self._lock:
            now = self._now()
            self._since, self._from = self._real(), max(now, moment)

    def _now(self) -> datetime:
        passed = max(self._real() - self._since, timedelta()) * self._speed
        self._last = max(self._last, self._from + passed)
        return self._last

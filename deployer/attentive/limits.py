"""Attentive's rate limits, kept from this side: for each key and endpoint, requests spread evenly over the second.

The limiter is the generic cell rate algorithm with a burst of one: a request's slot comes one interval after the slot
before it. So no window of a second holds more requests than the rate, wherever Attentive's own window begins.
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, TypeAlias

from deployer.attentive.clock import Clock, SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.attentive.operations import Operation

PAUSE = 1.0
"""Seconds without a request once Attentive says that nothing remains: its window is a second, its beginning unknown."""


class Limiter:
    """Hands out slots ``1/rate`` seconds apart. Safe for threads."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self._interval = 1 / rate
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0.0
        self._resume = 0.0

    def wait(self) -> None:
        """Wait for the next free slot; a slot that a pause overtook meanwhile is given up for one after it."""
        while True:
            slot = self._take()
            delay = slot - self._clock.monotonic()
            if delay > 0:
                self._clock.sleep(delay)
            if slot >= self._resume:
                return

    def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Heed an answer: slow down to a lower limit, pause where nothing remains or too much was sent."""
        limit = _number(headers.get("x-ratelimit-limit"))
        if limit:
            with self._lock:
                self._interval = max(self._interval, 1 / limit)
        too_many = 429
        if status == too_many or _number(headers.get("x-ratelimit-remaining")) == 0:
            self._pause()

    def _take(self) -> float:
        with self._lock:
            slot = max(self._clock.monotonic(), self._next)
            self._next = slot + self._interval
            return slot

    def _pause(self) -> None:
        with self._lock:
            self._resume = self._clock.monotonic() + PAUSE
            self._next = max(self._next, self._resume)


class Limits:
    """The limiters of one key, one for each thing that Attentive counts by itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._limiters: dict[str, Limiter] = {}

    def limiter(self, operation: Operation) -> Limiter:
        """Give the limiter that an operation's requests wait at."""
        with self._lock:
            return self._limiters.setdefault(operation.limit_name, Limiter(operation.rate, self._clock))


_Owner: TypeAlias = tuple[str, str, int]

_shared: dict[_Owner, Limits] = {}
_shared_lock = threading.Lock()


def shared_limits(key: str, base_url: str, clock: Clock) -> Limits:
    """Give the limits of a key at an address: the same for every client in the process that lives by the same clock.

    They are kept for good: a process holds few keys, and a new client within the second must know of the one before.
    The key itself is not kept, only its digest.
    """
    owner = (hashlib.sha256(key.encode()).hexdigest(), base_url, 0 if isinstance(clock, SystemClock) else id(clock))
    with _shared_lock:
        return _shared.setdefault(owner, Limits(clock))


def _number(text: str | None) -> int | None:
    """Read a header's number, which is no reason to fail where it isn't one."""
    longest = 9
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= longest else None

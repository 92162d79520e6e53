"""Attentive's rate limits, kept from this side: for each key and endpoint, requests spread evenly over the second.

The limiter is the generic cell rate algorithm with a burst of one: a request's slot comes one interval after the slot
before it. So no window of a second holds more requests than the rate, wherever Attentive's own window begins.

Attentive counts a key, not a process. What its answers say remains, less than our own requests explain, was used by
others; so much is left to them for a while. Where that isn't enough, 429 comes and is waited out.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from deployer.attentive.clock import Clock, SystemClock
from deployer.attentive.retries import LONGEST_WISH, TOO_MANY, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.attentive.operations import Operation

SHARE = 0.9
"""How much of a limit is used. Requests leave evenly but arrive less so, and a limit that is never used up is never
answered with "nothing remains", which costs a second."""
LEAST_SHARE = 1 / 8
"""How much of a limit is used however many requests others send, so that no one starves."""
PAUSE = 1.0
"""Seconds without a request once Attentive says that nothing remains: its window is a second, its beginning unknown."""
MEMORY = 2.0
"""Seconds for which others' requests are reckoned with after they were seen."""
LATE = 0.5
"""Seconds after which an answer no longer tells who used the limit: our own requests are known no further back."""


class Limiter:
    """Hands out slots, at the nearest ``1/(SHARE * rate)`` seconds apart. Safe for threads."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self._limit = rate
        self._clock = clock
        self._lock = threading.Lock()
        self._next = 0.0
        self._resume = 0.0
        self._sent: deque[float] = deque()
        self._others = 0.0
        self._others_until = 0.0

    def wait(self) -> float:
        """Wait for the next free slot and give the moment, by the clock's ``monotonic``.

        A slot that a pause overtook meanwhile is given up for one after it.
        """
        while True:
            slot = self._take()
            delay = slot - self._clock.monotonic()
            if delay > 0:
                self._clock.sleep(delay)
            if slot >= self._resume:
                return self._leave()

    def learn(self, status: int, headers: Mapping[str, str], sent: float) -> None:
        """Heed the answer to a request that was ``sent`` at a moment that ``wait`` gave.

        Slow down to a lower limit and by what others use of it; pause where nothing remains or too much was sent, for
        as long as ``Retry-After`` says.
        """
        limit = _number(headers.get("x-ratelimit-limit"))
        remaining = _number(headers.get("x-ratelimit-remaining"))
        with self._lock:
            now = self._clock.monotonic()
            if limit:
                self._limit = min(self._limit, limit)
            if remaining is not None:
                self._reckon((limit or self._limit) - remaining, sent, now)
            if status == TOO_MANY:
                self._pause(now + self._refused(headers))
            elif remaining == 0:
                self._pause(now + PAUSE)

    def _take(self) -> float:
        with self._lock:
            now = self._clock.monotonic()
            others = self._others if now < self._others_until else 0.0
            rate = max(self._limit * SHARE - others, self._limit * LEAST_SHARE)
            slot = max(now, self._next)
            self._next = slot + 1 / rate
            return slot

    def _leave(self) -> float:
        with self._lock:
            now = self._clock.monotonic()
            while self._sent and self._sent[0] < now - 1 - 2 * LATE:
                self._sent.popleft()
            self._sent.append(now)
            return now

    def _reckon(self, used: float, sent: float, now: float) -> None:
        """Reckon what others used of Attentive's second: at least what ours in that time don't explain.

        Its window began less than a second before the request arrived; ours from before that may have arrived in it
        as late as this one did.
        """
        taken = now - sent
        if taken > LATE:
            return
        ours = sum(1 for moment in self._sent if moment >= sent - 1 - taken)
        others = used - ours
        if others > 0 and (others >= self._others or now >= self._others_until):
            self._others, self._others_until = others, now + MEMORY

    def _refused(self, headers: Mapping[str, str]) -> float:
        """Seconds to pause after a 429: by chance longer than a second, so as not to come too late in each of them."""
        wish = retry_after(headers, self._clock.now()) or 0.0
        return max(PAUSE * (1 + self._clock.random() / 2), wish if wish <= LONGEST_WISH else 0.0)

    def _pause(self, until: float) -> None:
        self._resume = max(self._resume, until)
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

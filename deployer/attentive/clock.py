"""Time and chance as a seam, so that limits and retries can be tested without waiting."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import Protocol

from deployer.dataclass import dataclass


class Clock(Protocol):
    """Where the client takes time and chance from."""

    def monotonic(self) -> float:
        """Count seconds since some fixed moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def now(self) -> datetime:
        """Tell the time of day, with the time zone UTC."""

    def random(self) -> float:
        """Draw a number from 0 up to but without 1, to spread retries."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def monotonic(self) -> float:
        """Count seconds since some fixed moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def now(self) -> datetime:
        """Tell the time of day, with the time zone UTC."""
        return datetime.now(UTC)

    def random(self) -> float:
        """Draw a number from 0 up to but without 1, to spread retries."""
        return random.random()  # noqa: S311 - spreads retries, hides nothing


SYSTEM_CLOCK = SystemClock()
"""The clock of every client that was given no other."""

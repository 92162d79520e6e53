"""Times and durations as people write them in YAML."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache

from deployer.errors import DeployerError

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_PART = re.compile(r"(\d+) (second|minute|hour|day|week)s?")
_CALENDAR = ("day", "week")


class MomentError(DeployerError):
    """A time that can't be read, or that no clock shows; ``hint`` says what to write."""


@lru_cache(maxsize=1024)
def duration(text: str) -> timedelta:
    """Read a duration such as ``3 days`` or ``1 day 2 hours``; a day has 24 hours."""
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text)))


def is_duration(text: str) -> bool:
    """Whether a text is a duration rather than a time."""
    return _PART.match(text) is not None


def calendar_days(text: str) -> int:
    """How many whole days a duration of days or weeks has; 0 for hours and less."""
    [(number, unit)] = _PART.findall(text)
    return int(number) * _UNITS[unit] // _UNITS["day"] if unit in _CALENDAR else 0


@lru_cache(maxsize=1024)
def time_of_day(text: str) -> time:
    """Read a time of day such as ``09:00``."""
    return time.fromisoformat(text)


def moment(text: str, zone: tzinfo, start: datetime | None = None) -> datetime:
    """Read a time, in UTC: ``2026-05-10T21:30:00-04:00``, a wall clock's ``2026-05-10 21:30``, or a duration.

    A time without an offset is what a clock in ``zone`` shows, the first of two where the clocks go back. A duration
    counts from ``start``. Raises ``MomentError``.
    """
    if is_duration(text):
        assert start is not None
        return start + duration(text)
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(f"`{text}` is not a time", "write it as 2026-05-10 21:30, or with an offset") from None
    if parsed.tzinfo is not None:
        return parsed.astimezone(UTC)
    placed = parsed.replace(tzinfo=zone).astimezone(UTC)
    if placed.astimezone(zone).replace(tzinfo=None) != parsed:
        hint = "write a time before or after it, or one with an offset"
        raise MomentError(f"no clock in {zone} shows {text}: it was put forward", hint)
    return placed


def shown_again(text: str, zone: tzinfo) -> datetime | None:
    """The second moment, in UTC, at which a clock in ``zone`` shows a time that ``moment`` reads as the first of two.

    ``None`` for a time that is shown once, has an offset, or isn't one.
    """
    if is_duration(text):
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    if parsed.tzinfo is not None:
        return None
    first, second = (parsed.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return second if second > first else None


def twice(text: str, zone: tzinfo) -> tuple[str, str] | None:
    """What a time that a clock in ``zone`` shows twice means, and how the other one is written; ``None`` for others."""
    second = shown_again(text, zone)
    if second is None:
        return None
    first, later = (each.astimezone(zone).isoformat(timespec="minutes") for each in (moment(text, zone), second))
    return f"a clock in {zone} shows {text} twice, and this is the first", f"write {later} for the second, or {first}"


_SPANS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def span(length: timedelta) -> str:
    """A length of time in words: its two largest units, such as ``1 day 4 hours``."""
    left, parts = int(length.total_seconds()), []
    for unit, seconds in _SPANS:
        number, left = divmod(left, seconds)
        if number:
            parts.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return " ".join(parts[:2]) or "no time"

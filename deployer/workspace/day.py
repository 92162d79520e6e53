"""The day that it is where a project is at home: suppressions and what `compat.allow` lets through end by it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def today_in(time_zone: str) -> date:
    """The day in a time zone by its IANA name; in UTC where the name or the machine's zones say nothing."""
    try:
        return datetime.now(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # its own problem says so, or the machine has no zones
        return datetime.now(UTC).date()

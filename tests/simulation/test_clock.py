"""When a clock on the wall shows a time again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.simulation import next_shown

ZONES = ("America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "UTC")
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES)
@given(at=st.integers(0, 15 * 366 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds)))
def test_the_next_noon_is_within_a_day(zone: str, at: datetime) -> None:
    """The clock shows noon then, and no noon comes in between; a day has 23 to 25 hours."""
    where = ZoneInfo(zone)
    noon = next_shown(at, time(12), where)
    assert noon.astimezone(where).time() == time(12)
    assert timedelta() <= noon - at <= timedelta(hours=25)
    assert next_shown(noon, time(12), where) == noon


def test_a_time_that_is_skipped_comes_when_the_clock_goes_on() -> None:
    """In the night in which clocks go from 2:00 to 3:00, half past two is three."""
    where = ZoneInfo("America/New_York")
    found = next_shown(datetime(2026, 3, 8, 5, tzinfo=UTC), time(2, 30), where)
    assert found.astimezone(where) == datetime(2026, 3, 8, 3, tzinfo=where)

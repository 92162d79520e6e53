"""A date that names no zone reads the same on every machine, and in a virtual clock's zone while there is one."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from deployer.messages.liquid_dates import moment_of, strftime
from deployer.messages.virtual import virtual_now

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM = "%Y-%m-%d %H:%M %z"


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/New_York"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A machine in some zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def _shown(value: str | int) -> str:
    moment = moment_of(value)
    assert moment is not None
    return strftime(moment, FORM)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1767225000, "2025-12-31 23:50 +0000"),
        ("1767225000", "2025-12-31 23:50 +0000"),
        ("2026-12-31 23:30", "2026-12-31 23:30 +0000"),
        ("2026-12-31 23:30 -0500", "2026-12-31 23:30 -0500"),
        ("2026-12-31 23:30 EST", "2026-12-31 23:30 +0000"),
        ("2026-12-31 23:30 JST", "2026-12-31 23:30 +0000"),
    ],
)
def test_a_date_is_the_same_on_every_machine(machine: str, value: str | int, shown: str) -> None:
    """Seconds and texts without an offset are read in UTC, whatever zone the machine is in, also one that they name."""
    assert _shown(value) == shown, machine


def test_a_virtual_clocks_zone_is_that_of_dates(machine: str) -> None:
    """While a clock is virtual, what names no zone is in that clock's, and a text without a day is of its day."""
    with virtual_now(datetime(2026, 7, 4, 22, tzinfo=ZoneInfo("America/Denver"))):
        assert _shown("now") == "2026-07-04 22:00 -0600", machine
        assert _shown(1767225000) == "2025-12-31 16:50 -0700"
        assert _shown("10:15") == "2026-07-04 10:15 -0600"

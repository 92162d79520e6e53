"""The journeys' clock: as fast as it was set to, moved on by hand, and never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deployer.sandbox.pace import Pace

THEN = datetime(2026, 5, 10, 12, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(-50, 500), st.none() | st.integers(-5000, 500_000)), max_size=20)


def test_an_hour_in_a_second():
    """At 3600 a second of the real clock is an hour, and what is skipped comes on top."""
    real = [THEN]
    pace = Pace(lambda: real[0], 3600)
    real[0] += timedelta(seconds=2)
    assert pace.now() == THEN + timedelta(hours=2)
    pace.skip_to(THEN + timedelta(days=1))
    real[0] += timedelta(seconds=1)
    assert pace.now() == THEN + timedelta(days=1, hours=1)


@given(STEPS, st.floats(1, 100_000))
def test_it_never_goes_back(steps, speed):
    """Whatever is skipped to, and even where the machine's clock is set back, no moment comes before another."""
    real = [THEN]
    pace = Pace(lambda: real[0], speed)
    seen = [pace.now()]
    for passed, skipped in steps:
        real[0] += timedelta(seconds=passed)
        if skipped is not None:
            pace.skip_to(THEN + timedelta(seconds=skipped))
        seen.append(pace.now())
    assert seen == sorted(seen)

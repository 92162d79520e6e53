"""A journey of twice as many steps takes about twice the work: it is counted, not timed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deployer import simulation as sim
from tests.engine.test_growth import steps
from tests.simulation.conftest import program
from tests.simulation.test_because import PERSON

START = datetime(2026, 5, 10, 16, tzinfo=UTC)


def pause(number: int) -> dict:
    """A step that waits."""
    return {"id": f"pause{number}", "wait": {"for": "2 days"}}


def text(number: int) -> dict:
    """A step that sends a text, unless another one was sent lately."""
    return {"id": f"text{number}", "send_text": {"message": "m", "quiet_hours": "ignore", "smart_sending": "respect"}}


def fork(number: int) -> dict:
    """A step that leads on only those who got a text."""
    return {
        "id": f"fork{number}",
        "branch": {"cases": [{"when": {"action": "received_a_text_message"}, "steps": []}], "else": []},
    }


def simulated(size: int, kinds: tuple) -> int:
    """The work of one person's way through a journey in which so many times these steps follow each other."""
    long = [make(number) for number in range(size) for make in kinds]
    shop = program([{"id": "long", "steps": long}])
    event = sim.Event(START + timedelta(days=1), "shipped", {})
    return steps(lambda: sim.simulate(shop, PERSON, [event]))


@pytest.mark.parametrize("kinds", [(pause,), (pause, text), (pause, text, fork)], ids=["waits", "texts", "branches"])
def test_a_journey_of_twice_as_many_steps_is_twice_the_work(kinds: tuple) -> None:
    """No step looks through all others, or through all that was sent before it."""
    assert simulated(80, kinds) < 2.4 * simulated(40, kinds)

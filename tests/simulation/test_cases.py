"""Each rule of Attentive as a case: a file in ``cases`` with what is given and the timeline that follows.

A new case is a new file. ``journeys`` and ``messages`` are as in a project (fields that don't matter may be left out),
``subscriber`` and ``events`` as in a ``JourneyTest``. ``timeline`` has a line for each entry: what a clock in the
subscriber's time zone (or in ``clock``) shows, what happens, and in brackets what is assumed. Entries that
don't matter are left out: those whose first word isn't in ``shows``.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from deployer import simulation as sim

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
SHOWS = ("not", "waits", "branch", "variant", "queued", "sent")
COMPANY = "America/New_York"


def timeline(case, make) -> sim.Timeline:
    """Run a case."""
    given = (case.get("messages"), case.get("assumptions"), case.get("time_zone", COMPANY), case.get("brand", ""))
    program = make.program(case["journeys"], *given).with_active(case.get("active", ()))
    person = sim.subscriber(case.get("subscriber", {}), program.time_zone)
    start = sim.moment(case["start"], ZoneInfo(case.get("clock", person.time_zone or COMPANY)))
    happenings = [
        sim.happening(one, start, person, program.time_zone, lambda *_: {})
        for one in case.get("events", [{"event": "shipped"}])
    ]
    return sim.simulate(program, person, happenings, variants=case.get("variants"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_rule(path, make):
    """What is given leads to exactly this timeline."""
    case = yaml.safe_load(path.read_text("utf-8"))
    assert case["rule"]
    found = timeline(case, make)
    told = list(make.lines(found, case.get("clock", ""), tuple(case.get("shows", SHOWS))))
    assert told == case["timeline"]
    for number, words in case.get("reads", {}).items():
        assert list(found.sent)[number].reads == words

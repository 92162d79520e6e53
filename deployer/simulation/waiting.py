"""When a wait ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from deployer.simulation.clock import Hours, allowed_from, quiet, quiet_until, shown_from, zone
from deployer.simulation.moments import calendar_days, duration, time_of_day
from deployer.simulation.timeline import Because
from deployer.simulation.zones import zone_of

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from deployer.kinds.journey import WaitStep
    from deployer.simulation.people import Subscriber
    from deployer.simulation.programs import Program


def ends(step: WaitStep, now: datetime, person: Subscriber, program: Program) -> tuple[datetime, Because]:
    """When the wait ends, and why then.

    The wait's duration passes first, then its hours and days of the week must come, and last, where that is assumed,
    quiet hours must end (if the wait's hours still allow it then).
    """
    assumed: dict[str, None] = {}
    theirs, _ = zone_of(person, program.time_zone)
    where = theirs if program.assumptions.wait_zone == "subscriber" else zone(program.time_zone)
    until = _passed(step, now, where, program, assumed)
    words = step.duration
    within = _within(step, until, where)
    if step.between or step.days:
        words += f", then {_hours(step)}"
        if theirs.key != program.time_zone:
            assumed["wait_zone"] = None
    until = _awake(step, within, theirs, where, program, assumed)
    return until, Because(words, tuple(assumed))


def _passed(step: WaitStep, now: datetime, where: ZoneInfo, program: Program, assumed: dict[str, None]) -> datetime:
    elapsed = now + duration(step.duration)
    days = calendar_days(step.duration)
    if not days:
        return elapsed
    local = now.astimezone(where)
    calendar = shown_from((local + timedelta(days=days)).date(), local.time(), where)
    if calendar != elapsed:
        assumed["wait_days"] = None
    return elapsed if program.assumptions.wait_days == "elapsed" else calendar


def _within(step: WaitStep, at: datetime, where: ZoneInfo) -> datetime:
    hours = None
    if step.between:
        first, last = step.between
        hours = Hours(time_of_day(first), time_of_day(last), closed=True)
    return allowed_from(at, where, hours, step.days)


def _awake(
    step: WaitStep, at: datetime, theirs: ZoneInfo, where: ZoneInfo, program: Program, assumed: dict[str, None]
) -> datetime:
    window = program.assumptions.quiet_hours
    if not quiet(at, theirs, window):
        return at
    assumed["wait_ends_in_quiet_hours"] = None
    later = quiet_until(at, theirs, window)
    goes_on = program.assumptions.wait_ends_in_quiet_hours == "goes_on"
    return later if goes_on and _within(step, later, where) == later else at


def _hours(step: WaitStep) -> str:
    hours = f"between {' and '.join(step.between)}" if step.between else ""
    days = f"on {', '.join(step.days)}" if step.days else ""
    return " ".join(filter(None, (hours, days)))

"""Wall clocks: the first moment at which a rule about hours and days of the week allows something.

A rule about the wall clock holds for what the clock shows. Where clocks are put forward, the moment after the gap shows
a later time; where they are put back, the same times are shown twice and the rule holds both times.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deployer.dataclass import dataclass
from deployer.simulation.moments import MomentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as a wait names them, in the order of ``date.weekday``."""

_MIDNIGHT = time()
_DAY = timedelta(days=1)
_MARGIN = timedelta(hours=3)
"""More than any clock is put forward or back."""

_SECOND = timedelta(seconds=1)
_LONGEST = 400
"""Days to look ahead: a time of day that the clocks skip comes again on the next such day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A span of the day from ``first`` to ``last``, over midnight where ``last`` is earlier.

    ``closed``: the last moment belongs to it.
    """

    first: time
    last: time
    closed: bool

    def holds(self, shown: time) -> bool:
        """Whether a clock that shows this time is within the span."""
        before_end = shown <= self.last if self.closed else shown < self.last
        if self.first <= self.last:
            return self.first <= shown and before_end
        return self.first <= shown or before_end


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name; raises ``MomentError``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, no such path, a folder of zones
        raise MomentError(f"`{name}` is not a time zone", "write an IANA name such as America/New_York") from None


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        return bool(zone(name))
    except MomentError:
        return False


def quiet(at: datetime, where: ZoneInfo, window: tuple[time, time]) -> bool:
    """Whether quiet hours hold; they end at the second time, which isn't quiet any longer."""
    return _window(window).holds(at.astimezone(where).time())


def quiet_until(at: datetime, where: ZoneInfo, window: tuple[time, time]) -> datetime:
    """The first moment from ``at`` on that isn't in quiet hours, in UTC."""
    hours = _window(window)
    for candidate in _candidates(at, where, (window[1],)):
        if not hours.holds(candidate.astimezone(where).time()):
            return candidate
    return at  # not reached: every window leaves some of the day, since equal times are no quiet hours


def allowed_from(at: datetime, where: ZoneInfo, hours: Hours | None, days: tuple[str, ...]) -> datetime:
    """The first moment from ``at`` on that is within ``hours`` on one of ``days`` (none: all), in UTC."""
    turns = (_MIDNIGHT, *((hours.first,) if hours else ()))
    for candidate in _candidates(at, where, turns):
        shown = candidate.astimezone(where)
        if (hours is None or hours.holds(shown.time())) and (not days or DAYS[shown.weekday()] in days):
            return candidate
    return at  # not reached: every time of day comes on every day of the week within a year


def shown_from(day: date, turn: time, where: ZoneInfo) -> datetime:
    """When a clock shows a time on a day for the first time, or a later one where it skips it; in UTC."""
    moment = _shown(day, turn, where, 0)
    if moment.astimezone(where).replace(tzinfo=None) == datetime.combine(day, turn):
        return moment
    return _change(day, where) or moment


def next_shown(at: datetime, turn: time, where: ZoneInfo) -> datetime:
    """The first moment from ``at`` on at which a clock shows ``turn``, or a later time where it skips that; in UTC."""
    first = at.astimezone(where).date()
    return next(
        moment for moment in (shown_from(first + number * _DAY, turn, where) for number in range(3)) if moment >= at
    )


@lru_cache(maxsize=64)
def _window(window: tuple[time, time]) -> Hours:
    """Quiet hours as a span. Equal times are no quiet hours."""
    return Hours(*window, closed=False)


def _candidates(at: datetime, where: ZoneInfo, turns: tuple[time, ...]) -> Iterator[datetime]:
    """Every moment from ``at`` on at which what is allowed can begin, in order."""
    yield at
    first = at.astimezone(where).date()
    for number in range(_LONGEST):
        yield from (moment for moment in _of_day(first + number * _DAY, where, turns) if moment > at)


@lru_cache(maxsize=4096)
def _of_day(day: date, where: ZoneInfo, turns: tuple[time, ...]) -> tuple[datetime, ...]:
    """When a clock shows each of ``turns`` on a day, both times where it is put back, and where it is put forward."""
    moments = {_shown(day, turn, where, fold) for turn in turns for fold in (0, 1)}
    changed = _change(day, where)
    if changed is not None:
        moments.add(changed)
    return tuple(sorted(moments))


def _shown(day: date, turn: time, where: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, turn, where).replace(fold=fold).astimezone(UTC)


def _change(day: date, where: ZoneInfo) -> datetime | None:
    """The moment of a day at which the offset from UTC changes, to the second; one at midnight is both days'."""
    low, high = _shown(day, _MIDNIGHT, where, 0) - _MARGIN, _shown(day + _DAY, _MIDNIGHT, where, 1) + _MARGIN
    before = low.astimezone(where).utcoffset()
    if before == high.astimezone(where).utcoffset():
        return None
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == before:
            low = middle
        else:
            high = middle
    days = {high.astimezone(where).date(), (high - _SECOND).astimezone(where).date()}
    return high if day in days else None

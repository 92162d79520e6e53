"""When a call is sent again, and after how long.

Written by hand: the library that the rest would use sleeps by the machine's clock and draws its own chance, so that
every test of a retry would wait or switch retries off for the whole process.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from deployer.attentive.operations import Repeat
from deployer.attentive.wire import Lost, Response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from deployer.attentive.clock import Clock

TRIES_LIMITED = 6
"""Tries in all while Attentive answers 429."""
TRIES_LOST = 4
"""Tries in all of a call that may be repeated, while answers are lost or servers fail."""
FIRST_PAUSE = 1.0
"""Seconds before the second try, before chance; each pause is twice the one before."""
LONGEST_PAUSE = 20.0
"""Seconds that no pause of ours exceeds."""
LONGEST_WISH = 60.0
"""Seconds that Attentive may ask for with ``Retry-After``; for more the call is given up."""

TOO_MANY = 429
FAILED = 500
GATEWAY_FAILED = frozenset({502, 503, 504})


def pause_before_next(outcome: Response | Lost, repeat: Repeat, tries: int, clock: Clock) -> float | None:
    """Seconds to wait before the next try after ``tries`` of them, or ``None`` to give up."""
    if tries >= _tries(outcome, repeat):
        return None
    wish = retry_after(outcome.headers, clock.now()) if isinstance(outcome, Response) else None
    if wish is not None and wish > LONGEST_WISH:
        return None
    spread = 0.5 + clock.random() / 2
    return max(min(FIRST_PAUSE * 2.0 ** (tries - 1), LONGEST_PAUSE) * spread, wish or 0.0)


def unsure(outcome: Response | Lost) -> bool:
    """Whether Attentive may have done what was asked although the outcome is no answer to rely on."""
    if isinstance(outcome, Lost):
        return outcome.arrived == "unknown"
    return outcome.status >= FAILED or not outcome.complete


def _tries(outcome: Response | Lost, repeat: Repeat) -> int:
    """How many tries an outcome is worth; 1 is the one that was made."""
    if isinstance(outcome, Response) and outcome.status == TOO_MANY:
        return TRIES_LIMITED
    if repeat is Repeat.NEVER:
        return 1
    return TRIES_LOST if _passing(outcome, repeat) else 1


def _passing(outcome: Response | Lost, repeat: Repeat) -> bool:
    if isinstance(outcome, Lost) or not outcome.complete or outcome.status in GATEWAY_FAILED:
        return True
    return outcome.status == FAILED and repeat is Repeat.READ


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that ``Retry-After`` asks for (RFC 9110: seconds or a date), ``None`` where it doesn't say.

    A date is counted from the answer's own ``Date``, since this machine's clock may be wrong. That Attentive sends the
    header isn't documented.
    """
    text = headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    moment = http_date(text)
    if moment is None:
        return None
    return max((moment - (http_date(headers.get("date", "")) or now)).total_seconds(), 0.0)


def http_date(text: str) -> datetime | None:
    """Read a date as HTTP headers write it, or ``None`` for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else None

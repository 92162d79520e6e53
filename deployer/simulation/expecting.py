"""What a journey test expects, as it is written.

Messages that are sent or not and journeys that aren't entered have to be expected, each in its order; branches,
variants and exits are looked at where they are expected.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.simulation.moments import duration, moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta, tzinfo

    from deployer.source import Body, Pointer


class What(StrEnum):
    """What can be expected, as YAML names it."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    NOT_ENTERED = "not_entered"
    BRANCH = "branch"
    VARIANT = "variant"
    EXIT = "exit"


WORDS = ("text", "subject", "preheader", "html", "plain")
"""The fields of ``sent`` that are about words; ``text`` is a text's body."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One item of ``expect``. ``body`` is as it is written; ``at`` and ``within`` are read from it."""

    what: What
    number: int
    body: Body
    at: datetime | None
    within: timedelta | None

    @property
    def pointer(self) -> Pointer:
        """Where it is in the test's YAML."""
        return ("expect", self.number, self.what.value)


def expectations(items: Iterable[Body], zone: tzinfo, start: datetime) -> tuple[Expectation, ...]:
    """Read ``expect``; times are of the subscriber's clock. Raises ``MomentError``."""
    return tuple(_expectation(number, item, zone, start) for number, item in enumerate(items))


def _expectation(number: int, item: Body, zone: tzinfo, start: datetime) -> Expectation:
    what, body = next((What(name), body) for name, body in item.items() if not name.startswith("x-"))
    at = moment(body["at"], zone, start) if "at" in body else None
    return Expectation(what, number, body, at, duration(body["within"]) if "within" in body else None)

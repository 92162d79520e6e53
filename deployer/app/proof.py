"""A proof on a real phone as a value: what is sent to whom, and what should follow."""

from __future__ import annotations

from dataclasses import field
from itertools import chain
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from deployer.attentive import User
    from deployer.attentive.deliveries import SentMessage
    from deployer.messages import Additions
    from deployer.simulation import Timeline
    from deployer.state import TaskRecord


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that should arrive: when, from which step, on which channel; ``words`` are a text or a subject."""

    at: datetime
    step: str
    channel: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``verify`` is about to send, to whom, and what should follow.

    ``at`` is when the event is sent, ``revision`` the version of the journey that runs then. ``ways`` are what is
    expected for each choice of the variants of A/B tests: Attentive draws them. ``task`` is the proof of the version
    that runs; ``None`` where the record doesn't wait for it.
    """

    journey: str
    environment: str
    revision: str
    event: str
    at: datetime
    data: Mapping[str, Any] = field(repr=False)
    user: User = field(repr=False)
    timeline: Timeline = field(repr=False)
    ways: tuple[tuple[Expected, ...], ...]
    added: Additions
    company_id: str
    task: TaskRecord | None

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Everything that may come, on whichever way, in the order of time."""
        return tuple(sorted(dict.fromkeys(chain.from_iterable(self.ways)), key=lambda expected: expected.at))

    def is_sure(self, expected: Expected) -> bool:
        """Whether a message comes on every way."""
        return all(expected in way for way in self.ways)

    def of_this(self, sent: SentMessage) -> bool:
        """Whether a message went to the person of this proof, from this company."""
        mine = sent.phone == self.user.phone if sent.phone else sent.email.lower() == self.user.email.lower()
        return mine and bool(sent.phone or sent.email) and sent.is_from(self.company_id)

"""A timeline: everything that happens to one subscriber, in order, each entry with its reason."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.simulation.pricing import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from deployer.simulation.people import Event, Subscriber, SubscriberChange


class Reason(StrEnum):
    """Why a journey isn't entered, or a message isn't sent."""

    NO_JOURNEY = "no_journey"
    INACTIVE = "inactive"
    TOO_OLD = "too_old"
    CATEGORY = "category"
    NOT_SUBSCRIBED = "not_subscribed"
    NO_ADDRESS = "no_address"
    INSIDE = "inside"
    COOLDOWN = "cooldown"
    SMART_SENDING = "smart_sending"
    MISSING_VALUE = "missing_value"


@dataclass(frozen=True, slots=True)
class Because:
    """Why something is as it is: a reason to compare, a sentence to read, and the assumptions that it rests on."""

    words: str
    assumed: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry has: when, in UTC, the number of the event behind it (-1: none), and the journey's id."""

    at: datetime
    event: int = -1
    journey: str = ""
    because: Because = field(default=Because(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Entry):
    """An event arrives."""

    what: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(Entry):
    """Something is different about the subscriber from now on."""

    change: SubscriberChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered(Entry):
    """The subscriber enters a journey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEntered(Entry):
    """An event starts no journey; ``journey`` is empty where none has its type as trigger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtStep(Entry):
    """Something at one step of a journey; ``step`` is its id."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits(AtStep):
    """A wait begins that ends at ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches(AtStep):
    """A lane of a branch is taken. ``lane`` is its name, ``number`` its place from the left, from 0."""

    lane: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Varies(AtStep):
    """A variant of an A/B test is taken."""

    variant: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(AtStep):
    """A message is queued because of quiet hours, until ``until``."""

    message: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(AtStep):
    """A message is sent.

    ``to`` is the phone or the email. ``reads`` leads from a part (``body``; ``subject``, ``preheader``, ``html``,
    ``plain``) to what is read there, with all that Attentive adds to a text; in ``shown`` personal data is masked.
    ``segments`` is 0 for an email. ``holes`` are macros without a value; ``fault`` says why a part can't be rendered.
    ``cost`` is ``None`` where the project writes no price down.
    """

    message: str
    channel: str
    to: str
    reads: Mapping[str, str]
    shown: Mapping[str, str]
    segments: int = 0
    picture: bool = False
    holes: tuple[str, ...] = ()
    fault: str = ""
    cost: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent(AtStep):
    """A message isn't sent."""

    message: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Entry):
    """The subscriber leaves the journey at its end."""


AnyEntry: TypeAlias = (
    Received | Changed | Entered | NotEntered | Waits | Branches | Varies | Queued | Sent | NotSent | Ended
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that happens to one subscriber.

    ``subscriber`` is as at the beginning, ``zone`` the time zone whose clocks count for them then, ``zone_from`` where
    that is known from. ``seed`` decides A/B tests.
    """

    subscriber: Subscriber
    zone: str
    zone_from: str
    seed: int
    entries: tuple[AnyEntry, ...]

    @property
    def assumed(self) -> tuple[str, ...]:
        """Every assumption that an entry rests on, by name, each once."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.because.assumed))

    @property
    def cost(self) -> Money | None:
        """What the messages cost together, as far as their prices are known; ``None`` where none is."""
        return total(entry.cost for entry in self.sent)

    @property
    def sent(self) -> Iterator[Sent]:
        """The messages that are sent, in order."""
        return (entry for entry in self.entries if isinstance(entry, Sent))

"""What a comparison says: verdicts, changes, and whom each of them meets."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.source import Position


class Verdict(IntEnum):
    """How a change meets someone: the greater, the graver."""

    SAFE = 0
    """No one has to do anything."""
    RISKY = 1
    """Someone has to look: what is shown or sent may differ, and nothing is certain to break."""
    BREAKING = 2
    """Something that works now is refused, leaves a hole, or never starts."""

    @property
    def word(self) -> str:
        """As it is written: ``safe``, ``risky`` or ``breaking``."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Verdict:
        """The verdict of a word; raises ``KeyError`` for any other."""
        return cls[word.upper()]


@dataclass(frozen=True, slots=True)
class Standing:
    """A journey that runs in an environment as far as is recorded: ``at`` when that was confirmed, by whom."""

    environment: str
    journey: str
    at: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """One thing that a change meets.

    ``message`` is its address, empty where a journey itself is met (or where only the record knows the text);
    ``journeys`` are the addresses of those that send it; ``live`` says where that is so at Attentive now. ``guarded``:
    the text has a default or a condition for the value.
    """

    message: str
    journeys: tuple[str, ...] = ()
    live: tuple[Standing, ...] = ()
    guarded: bool = False

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What makes two impacts one and the same."""
        return (self.message, () if self.message else self.journeys)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way out: its ``phase`` (``expand``, ``migrate``, ``contract``), what to do, and the commands."""

    phase: str
    what: str
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One difference between two versions of the declared events, attributes and triggers, and what it means.

    ``change`` is the id of its row in the matrix; ``path`` leads from the resource to what changed, such as
    ``("properties", "tracking_url", "maxLength")``; ``before`` and ``after`` are ``None`` where there is nothing.
    ``remark`` adds what isn't certain. ``allowed`` is the reason for which the base side lets it through.
    """

    change: str
    address: str
    path: tuple[str, ...]
    before: Any
    after: Any
    producers: Verdict
    readers: Verdict
    environments: tuple[str, ...] = ()
    impacts: tuple[Impact, ...] = ()
    remark: str = ""
    way_out: tuple[Step, ...] = ()
    position: Position | None = None
    allowed: str = ""

    @property
    def verdict(self) -> Verdict:
        """The graver of the two."""
        return max(self.producers, self.readers)

    @property
    def key(self) -> tuple[str, str, tuple[str, ...], str, str]:
        """What makes the same change of two environments one."""
        return (self.change, self.address, self.path, repr(self.before), repr(self.after))

"""What came to the person of a proof, held against what was expected: words, and whether it was time."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.alike import reads_alike

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from deployer.app.proof import Expected, Proof
    from deployer.attentive.deliveries import SentMessage

SLACK = timedelta(minutes=2)
"""How much Attentive's clock may be behind ours."""


class Seen(StrEnum):
    """What became of an expected message: ``EARLY`` came before its time, ``LATER`` has its time still to come."""

    CAME = "came"
    EARLY = "came early"
    MISSING = "not seen"
    LATER = "due later"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came beside what was expected on one way through the journey; ``others`` came unexpected."""

    expected: tuple[tuple[Expected, Seen], ...]
    others: tuple[SentMessage, ...]

    @property
    def settled(self) -> bool:
        """Whether everything came whose time has come."""
        return all(seen is not Seen.MISSING for _, seen in self.expected)

    @property
    def later(self) -> tuple[Expected, ...]:
        """What is due later."""
        return tuple(expected for expected, seen in self.expected if seen is Seen.LATER)

    @property
    def came(self) -> tuple[str, ...]:
        """The steps whose messages came when they were due."""
        return tuple(expected.step for expected, seen in self.expected if seen is Seen.CAME)

    @property
    def proven(self) -> bool:
        """Whether exactly what was expected came."""
        return bool(self.expected) and len(self.came) == len(self.expected) and not self.others


def compare(proof: Proof, came: Sequence[SentMessage], now: datetime, known: Collection[str] = ()) -> Comparison:
    """Hold what came to the person until ``now`` against what was expected; each message answers for one.

    ``known`` are the steps whose messages were seen before. Attentive draws the variants of A/B tests: what came is
    held against the way through the journey that it fits best.
    """
    return max(_compared(proof, came, now, known), key=_fit)


def is_settled(proof: Proof, came: Sequence[SentMessage], now: datetime, known: Collection[str] = ()) -> bool:
    """Whether everything came that is due until ``now``: on the way that is taken; while that isn't known, on all."""
    ways = _compared(proof, came, now, known)
    return any(way.settled and way.came for way in ways) or all(way.settled for way in ways)


def _fit(comparison: Comparison) -> tuple[bool, int, int, int]:
    missing = sum(seen is Seen.MISSING for _, seen in comparison.expected)
    return comparison.proven, len(comparison.came), -len(comparison.others), -missing


def _compared(
    proof: Proof, came: Sequence[SentMessage], now: datetime, known: Collection[str]
) -> tuple[Comparison, ...]:
    mine = sorted(
        (sent_message for sent_message in came if proof.of_this(sent_message)), key=lambda sent_message: sent_message.at
    )
    return tuple(_along(way, mine, proof, now, known) for way in proof.ways)


def _along(
    way: Sequence[Expected], came: Sequence[SentMessage], proof: Proof, now: datetime, known: Collection[str]
) -> Comparison:
    left = list(came)
    pairs = []
    for expected in way:
        match = next((sent for sent in left if _same(expected, sent, proof)), None)
        if match is not None:
            left.remove(match)
        pairs.append((expected, _seen(expected, match, now, known)))
    return Comparison(tuple(pairs), tuple(left))


def _seen(expected: Expected, match: SentMessage | None, now: datetime, known: Collection[str]) -> Seen:
    if expected.step in known:
        return Seen.CAME
    if match is not None:
        return Seen.CAME if match.at >= expected.at - SLACK else Seen.EARLY
    return Seen.LATER if expected.at > now else Seen.MISSING


def _same(expected: Expected, sent: SentMessage, proof: Proof) -> bool:
    return expected.channel == sent.channel and reads_alike(expected.words, sent.words, proof.added)

"""A hint that programs can act on too: the sentence, and what it proposes as values."""

from __future__ import annotations

from typing import Self, TypeAlias

from deployer.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """Write ``right`` instead of ``wrong``, which is in what a problem underlines, or in its line around that.

    Empty: all that is underlined.
    """

    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class MissingProperty:
    """Declare the property ``key`` of the event type with the id ``event``."""

    event: str
    key: str


Proposal: TypeAlias = Correction | MissingProperty
"""One way to mend a problem that a program can carry out."""


class Hint(str):
    """The sentence that a person reads, with the ``proposals`` that it makes, the likeliest first."""

    __slots__ = ("proposals",)

    proposals: tuple[Proposal, ...]

    def __new__(cls, sentence: str, *proposals: Proposal) -> Self:
        """Make a hint of a sentence and what it proposes, after what the sentence itself proposes already."""
        hint = super().__new__(cls, sentence)
        hint.proposals = (*proposals_of(sentence), *proposals)
        return hint


def proposals_of(hint: str) -> tuple[Proposal, ...]:
    """What a hint proposes; a plain sentence proposes nothing to a program."""
    return hint.proposals if isinstance(hint, Hint) else ()

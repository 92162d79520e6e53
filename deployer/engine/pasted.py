"""Texts that people copy out of Attentive's composer: what of them counts, and how they differ from ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages import composer_text, word_diff

if TYPE_CHECKING:
    from deployer.messages import Piece


@dataclass(frozen=True, slots=True)
class Difference:
    """One text that isn't the declared one: ``shown`` is what Attentive shows, ``declared`` what the YAML makes.

    ``source`` is the address whose text it is, ``part`` which of its texts (``text``, ``subject``, ``html``, …).
    """

    source: str
    part: str
    shown: str
    declared: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What went and what came, word by word, from Attentive's text to ours."""
        return word_diff(self.shown, self.declared)


def compare(source: str, part: str, pasted: str, declared: str) -> Difference | None:
    """The difference between a pasted text and the declared one; ``None`` where they are the same."""
    shown, ours = composer_text(pasted), composer_text(declared)
    return None if shown == ours else Difference(source, part, shown, ours)

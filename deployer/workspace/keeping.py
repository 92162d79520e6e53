"""What a workspace keeps from one run to the next, and what it knows from earlier ones."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.virtual import looks_at_the_clock
from deployer.project import KnownWords
from deployer.project.addresses import ADDRESS
from deployer.source.known_yaml import KnownYaml
from deployer.workspace.answers import Answers
from deployer.workspace.facts import Facts, Learned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from deployer.rules.sound import Work
    from deployer.source.consulted import ConsultedFiles
    from deployer.workspace.answers import Answer
    from deployer.workspace.pieces import Pieces

_SPARE = 3
"""Rows of words that are kept for other environments and branches, for each row that this run used."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The part of a cache folder that is one project's: ``folder``, and ``files``, which note what a run reads.

    ``looks`` is how often this process had looked at the clock before the project was read: what looked at it since
    isn't kept, as it may read differently in a moment. ``learned`` is what earlier checks found sound, ``yaml`` the
    parsed files, ``words`` what is known of each message, ``pieces`` the parts of its pages. ``unanswered`` are the
    environments (empty: all of them together) of which no answer holds: it was looked for.
    """

    folder: Path
    files: ConsultedFiles
    looks: int
    learned: Learned = field(default_factory=Learned)
    yaml: KnownYaml = field(default_factory=KnownYaml)
    words: KnownWords = field(default_factory=KnownWords)
    pieces: Pieces | None = None
    unanswered: frozenset[str] = frozenset()

    def answer(self, environment: str | None, day: date) -> Answer | None:
        """What a check would find on a day; ``None`` where that isn't known."""
        if (environment or "") in self.unanswered:
            return None
        return self.answers(environment).find(self.files, day)

    def answers(self, environment: str | None) -> Answers:
        """The answers about one environment, or about all of them."""
        return Answers(self.folder, self.files.root, environment or "")

    def learn(self, sound: Mapping[str, Work]) -> None:
        """Keep the resources that are sound now and the parsed files, unless they are what was kept already."""
        self.yaml.keep_facts(ADDRESS)
        learned = Learned(sound, self.yaml.seen)
        if learned != self.learned:
            Facts(self.folder, self.files.root).keep(learned)

    def learn_words(self) -> None:
        """Keep what this run found of messages; of the rows that it didn't use, the newest stay."""
        seen = self.words.seen
        if seen is None:
            return
        facts = Facts(self.folder, self.files.root)
        kept = facts.find_words()
        others = [of for of in kept if of not in seen][-_SPARE * len(seen) :]
        facts.keep_words({**{of: kept[of] for of in others}, **seen})

    def keep(self, environment: str | None, answer: Answer, zone: str, day: date) -> None:
        """Keep what a check found, unless it depends on when it was made."""
        if looks_at_the_clock() == self.looks:
            self.answers(environment).keep(answer, self.files, zone=zone, day=day)

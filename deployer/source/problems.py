"""A finding with its place in the user's files: the value that every check yields and every report renders."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.nouns import counted
from deployer.source.hint import Proposal, proposals_of

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 1_000
"""Characters of a message: a name of a megabyte isn't repeated whole."""

_LONGEST_HINT = 10_000


class Severity(StrEnum):
    """How much a problem matters: an error fails the run, a warning and an info don't."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file of the project: ``path`` relative with ``/``, ``line`` and ``column`` from 1 (0: none)."""

    path: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: what is wrong, where, and what to do.

    ``excerpt`` is the user's own source line, ``length`` the number of characters that the caret underlines.
    ``address`` names the resource (``event_type.order_shipped``), empty where the finding is about a file.
    """

    rule: str
    message: str
    position: Position
    severity: Severity = Severity.ERROR
    hint: str = ""
    excerpt: str = ""
    length: int = 1
    address: str = ""

    def __post_init__(self) -> None:
        """Cut what a very long name makes of a message; a hint ends there, so that no one takes it for a mend."""
        if len(self.message) > LONGEST:
            half = LONGEST // 2
            object.__setattr__(self, "message", f"{self.message[:half]} … {self.message[-half:]}")
        if len(self.hint) > _LONGEST_HINT:
            object.__setattr__(self, "hint", f"{self.hint[:_LONGEST_HINT]} …")

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What a program can do about it, as far as the hint proposes that."""
        return proposals_of(self.hint)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of a report: file, line, column, rule, message."""
        return (self.position.path, self.position.line, self.position.column, self.rule, self.message)


class Problems(tuple[Problem, ...]):
    """What a check found, in the order of files and lines: a tuple that knows whether work can go on."""

    __slots__ = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that fail a run; warnings and remarks don't."""
        return tuple(problem for problem in self if problem.severity is Severity.ERROR)

    @property
    def ok(self) -> bool:
        """Whether nothing is in error."""
        return not self.errors


class ProblemsError(DeployerError):
    """Work that can't go on because of problems in the project; ``problems`` says which."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{counted(len(problems), 'problem')} in the project")
        self.problems = problems


MOST_OF_A_RULE = 1_000
"""Problems of one rule that one file has in a report: who mends those mends the others in the same way."""


def few_of_a_rule(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of files and lines; of very many alike in a file the last says how many more it has."""
    ordered = sorted(problems, key=lambda problem: problem.sort_key)
    many = Counter((problem.position.path, problem.rule) for problem in ordered)
    seen: Counter[tuple[str, str]] = Counter()
    kept = []
    for each in ordered:
        alike = each.position.path, each.rule
        seen[alike] += 1
        if seen[alike] == MOST_OF_A_RULE < many[alike]:
            kept.append(replace(each, message=f"{each.message} ({many[alike] - MOST_OF_A_RULE:,} more in this file)"))
        elif seen[alike] <= MOST_OF_A_RULE:
            kept.append(each)
    return tuple(kept)

"""What a check of a project came to, as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.source.suppression import Suppression


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is left out, and the comment that says why."""

    problem: Problem
    by: Suppression


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to: the problems that count, and the findings that comments suppress; in order of place."""

    problems: tuple[Problem, ...]
    suppressed: tuple[Suppressed, ...] = ()

"""What tells a finding apart from others without its line, so that it is the same finding after lines have moved."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.source import Problem

_LINE = re.compile(r"\b(lines?|on|to|at \S+?)([ :])\d+(?::\d+)?")


def identity(problem: Problem) -> tuple[str, str, str]:
    """Rule, resource and words of a problem, without line numbers; its file where it is about no resource."""
    words = _LINE.sub(r"\1\2N", problem.message)
    return problem.rule, problem.address or problem.position.path, words


def without_known(problems: Iterable[Problem], known: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that weren't there before; of several that read alike only as many as came."""
    before = Counter(identity(problem) for problem in known)
    new = []
    for problem in problems:
        same = identity(problem)
        if before[same]:
            before[same] -= 1
        else:
            new.append(problem)
    return tuple(new)

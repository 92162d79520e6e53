"""A finding's fingerprint: the same on every run and after lines have moved, and no other finding's."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from deployer.rules import identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.source.problems import Problem


def fingerprints(problems: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each problem with 64 hex digits that no other one has; equal problems are numbered in their order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        same = identity(problem)
        seen[same] += 1
        text = "\0".join((*same, str(seen[same])))
        yield problem, hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

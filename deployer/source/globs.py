"""Glob patterns over paths relative to the project: ``*`` within a folder, ``**`` over folders, ``?`` one character."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"\\.|/\*\*\Z|\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|.", re.DOTALL)
_MEANING = {"/**": "/.+", "**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Make the expression that matches the whole of each path that a pattern names."""
    return re.compile("".join(_translate(part) for part in _PART.findall(pattern)) + r"\Z", re.DOTALL)


def _translate(part: str) -> str:
    if part in _MEANING:
        return _MEANING[part]
    if part.startswith("\\"):
        return re.escape(part[1:])
    if len(part) > 1:
        negated = part.startswith("[!")
        return ("[^" if negated else "[") + re.sub(r"([\\^\[&~|])", r"\\\1", part[2 if negated else 1 : -1]) + "]"
    return re.escape(part)


def escaped(path: str) -> str:
    """Make a pattern that names just this path."""
    return re.sub(r"([\\*?\[])", r"\\\1", path)


def matches(path: str, pattern: str) -> bool:
    """Tell whether a pattern names the path or a folder above it (``ci`` and ``ci/`` name all that is in ``ci``)."""
    expression = compiled(pattern.removeprefix("./").rstrip("/"))
    parts = path.split("/")
    return any(expression.match("/".join(parts[:depth])) for depth in range(1, len(parts) + 1))


def matches_exactly(path: str, pattern: str) -> bool:
    """Tell whether a pattern names this very path."""
    return compiled(pattern.removeprefix("./")).match(path) is not None

"""Exit codes, in one place (design: precedence 1, 4, 2)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DONE = 0
FAILED = 1
CHANGES = 2
BUG = 3
TASKS_WAIT = 4
USAGE = 64
INTERRUPTED = 130

MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        DONE: "done",
        FAILED: "problems, or something failed, is blocked, stale or locked",
        CHANGES: "with `--detailed-exitcode`: there are changes or drift",
        BUG: "a bug in deployer; the traceback is in a log file, whose path is printed",
        TASKS_WAIT: "with `--detailed-exitcode`: applied, tasks wait for a person",
        USAGE: "wrong usage; click's own 2 would read as “changes”",
        INTERRUPTED: "interrupted, such as by Ctrl-C",
    }
)
"""What each code means."""


def of(*, failed: bool = False, waits: bool = False, changes: bool = False, detailed: bool = False) -> int:
    """The exit code of what happened; it never depends on the output's format."""
    if failed:
        return FAILED
    if detailed and waits:
        return TASKS_WAIT
    if detailed and changes:
        return CHANGES
    return DONE


GRAVEST_FIRST = (BUG, INTERRUPTED, FAILED, TASKS_WAIT, CHANGES)
"""Which code several environments end with: the first of these that one of them has."""


def worst(codes: Iterable[int]) -> int:
    """One exit code for several environments: the gravest of ``GRAVEST_FIRST``."""
    numbers = set(codes)
    return next((code for code in GRAVEST_FIRST if code in numbers), FAILED if numbers - {DONE} else DONE)

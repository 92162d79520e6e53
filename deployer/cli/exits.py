"""Exit codes, in one place (design: precedence 1, 4, 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DONE = 0
FAILED = 1
"""Problems, or something failed, is blocked, stale or locked."""
CHANGES = 2
"""With ``--detailed-exitcode``: there are changes or drift."""
BUG = 3
"""A bug in deployer; the traceback is in a log file."""
TASKS_WAIT = 4
"""With ``--detailed-exitcode``: applied, tasks wait for a person."""
USAGE = 64
"""Wrong usage; click's own 2 would read as "changes"."""
INTERRUPTED = 130


def of(*, failed: bool = False, waits: bool = False, changes: bool = False, detailed: bool = False) -> int:
    """The exit code of what happened; it never depends on the output's format."""
    if failed:
        return FAILED
    if detailed and waits:
        return TASKS_WAIT
    if detailed and changes:
        return CHANGES
    return DONE


def worst(codes: Iterable[int]) -> int:
    """One exit code for several environments: the gravest (precedence: a bug, interrupted, 1, 4, 2)."""
    found = set(codes)
    order = (BUG, INTERRUPTED, FAILED, TASKS_WAIT, CHANGES)
    return next((code for code in order if code in found), FAILED if found - {DONE} else DONE)

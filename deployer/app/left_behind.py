"""What an interrupted apply left beside a project's state on this machine; looked up without a client or a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.plan import Note
from deployer.state import Journal, State, StateError

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.state import Backend

PRIVATE = ".deployer"
"""The folder in a project for what isn't declared: the sandbox, and a sandbox's state."""


def journal_of(root: Path, backend: Backend, environment: str) -> Journal:
    """The journal of a project's environment on this machine."""
    return Journal(root / PRIVATE / "journal" / f"{environment}.ndjson", environment, backend.check)


def left_behind(root: Path, backend: Backend, environment: str) -> Note | None:
    """What an interrupted apply left on this machine and a command that looks at the record alone doesn't take in.

    A damaged journal is said to be one. ``None`` where there is nothing, or an apply is at work.
    """
    journal = journal_of(root, backend, environment)
    if not journal.kept:
        return None
    try:
        stored = backend.read() or State(environment, lineage="")
    except StateError:  # the command that looks at it says so itself
        return None
    try:
        _, addresses = journal.recover(stored)
    except StateError as error:
        return Note("", error.message, error.hint)
    return Note.of_recovered(addresses) if addresses and backend.holder() is None else None

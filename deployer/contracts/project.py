"""Events for their producers: captured payloads held against what a project declares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, BinaryIO

from deployer.contracts import CheckRun, Checks, EventCheck, InputError, find_inputs
from deployer.kinds.event_type import EventType
from deployer.source import suggest
from deployer.workspace.workspace import UsageError

if TYPE_CHECKING:
    from deployer.contracts import CheckReport, Input
    from deployer.project import Project

Told = Callable[[int], None]
"""Hears how many more bytes were read."""

KEEP = 50
"""Violations that are kept in full unless somebody says otherwise."""


def event_named(project: Project, name: str) -> EventType:
    """The event type of an id, an address or an exact name at Attentive; raises ``UsageError``."""
    events = project.all(EventType)
    wanted = name.removeprefix("event_type.")
    found = next((one for one in events if wanted == one.id or name == one.name), None)
    if found is None:
        near = suggest(wanted, [one.id for one in events])
        known = ", ".join(one.id for one in events) or "none"
        raise UsageError(
            f"there is no event type `{name}`", f"did you mean `{near}`?" if near else f"declared are: {known}"
        )
    return found


def payload_files(names: Sequence[str]) -> tuple[Input, ...]:
    """The files with captured payloads that are named, or lie in folders that are named; raises ``UsageError``.

    ``-`` is standard input.
    """
    try:
        return find_inputs(names)
    except InputError as error:
        raise UsageError(error.message, error.hint) from error


def check_payloads(
    project: Project,
    event: str | None,
    files: Sequence[Input],
    *,
    keep: int = KEEP,
    stdin: BinaryIO | None = None,
    told: Told = lambda _read: None,
) -> CheckReport:
    """Hold every payload in the files against an event type; ``None``: against the one that its ``type`` names.

    A payload is a whole request body or the properties alone. Only one payload is in memory at a time; ``keep``
    violations are kept in full, all are counted. Raises ``UsageError`` for an event type that isn't declared.
    """
    events = project.all(EventType) if event is None else (event_named(project, event),)
    if not events:
        raise UsageError("no event type is declared", "declare one, or let `deployer infer` write it from the payloads")
    judge = Checks(events, project) if event is None else EventCheck(events[0], project)
    run = CheckRun(judge, keep, stdin or sys.stdin.buffer, told)
    return run.over(files, tuple(one.id for one in events))

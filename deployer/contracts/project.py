"""Events for their producers: captured payloads held against what a project declares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from deployer.contracts import CheckRun, Checks, EventCheck, find_inputs
from deployer.contracts.captured import Capture
from deployer.contracts.inputs import opened
from deployer.contracts.scanning import Unreadable
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType
from deployer.source import near_or_few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.contracts import CheckReport, Input
    from deployer.project import Project
    from deployer.source import JSON, Pointer

Progress = Callable[[int], None]
"""Hears how many more bytes were read."""

KEEP = 50
"""Violations that are kept in full unless someone says otherwise."""


def event_named(project: Project, name: str) -> EventType:
    """The event type of an id, an address or an exact name at Attentive; raises ``UsageError``."""
    events = project.all(EventType)
    wanted = name.removeprefix("event_type.")
    event_type = next((event for event in events if wanted == event.id or name == event.name), None)
    if event_type is None:
        raise UsageError(f"there is no event type `{name}`", near_or_few(wanted, [event.id for event in events]))
    return event_type


def payload_files(names: Sequence[str]) -> tuple[Input, ...]:
    """The files with captured payloads that are named, or lie in folders that are named; raises ``UsageError``.

    ``-`` is standard input.
    """
    return find_inputs(names)


def check_payloads(
    project: Project,
    event: str | None,
    files: Sequence[Input],
    *,
    keep: int = KEEP,
    stdin: BinaryIO | None = None,
    progress: Progress = lambda _read: None,
    at: Pointer = (),
) -> CheckReport:
    """Hold every payload in the files against an event type; ``None``: against the one that its ``type`` names.

    A payload is a whole request body or the properties alone; ``at`` is where it is in each captured value. Only one is
    in memory at a time; ``keep`` violations are kept in full, all are counted. Raises ``UsageError`` for an event type
    that isn't declared.
    """
    events = project.all(EventType) if event is None else (event_named(project, event),)
    if not events:
        raise UsageError("no event type is declared", "declare one, or let `deployer infer` write it from the payloads")
    judge = Checks(events, project) if event is None else EventCheck(events[0], project)
    run = CheckRun(judge, keep, stdin or sys.stdin.buffer, progress, at, on_every_core=True)
    return run.over(files, tuple(event_type.id for event_type in events))


def one_payload(name: str, *, stdin: BinaryIO | None = None) -> Mapping[str, JSON]:
    """The one payload in a file (``-``: standard input), read as strictly as captured ones; raises ``UsageError``."""
    sources = payload_files((name,))
    with opened(sources[0], stdin or sys.stdin.buffer, lambda _read: None) as stream:
        items = list(islice(Capture(stream), 2))
    if len(sources) + len(items) != 2:  # noqa: PLR2004 - one file with one payload
        raise UsageError(f"{name} doesn't hold exactly one payload", "write one JSON object: one event is sent")
    (item,) = items
    if isinstance(item, Unreadable):
        place = ":".join(str(part) for part in (sources[0].name, item.line, item.column) if part)
        raise UsageError(f"{place}: {item.message}", item.hint or "write one JSON object")
    if not isinstance(item.value, dict):
        raise UsageError(f"{name} holds no JSON object: an event's properties are one", "write one JSON object")
    return item.value

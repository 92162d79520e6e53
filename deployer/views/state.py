"""The record of an environment: where it is, what it holds, and one address of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.state.model import FORMAT
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.notation import notation
from deployer.views.outline import Command, Copy, Entry, Run, Tone, entry, heading, labelled
from deployer.views.problems import cell_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deployer.app.records import EnvironmentRecord
    from deployer.state import Confirmation, Override
    from deployer.state import Entry as Recorded
    from deployer.views.outline import Node

_ADDRESSES = 48
"""Columns at most that the list gives to its addresses before what is said of them."""


def record_text(record: EnvironmentRecord, *, color: bool = False, width: int = 80) -> str:
    """Show on a terminal where a record is, how far it has come, what it holds, and who has its lock."""
    return terminal.write(_overview(record), color=color, width=width)


def record_json(record: EnvironmentRecord) -> str:
    """Write an overview as JSON: ``{"version": 1, "environment": …, "location": …, "stored": …, "lock": …}``.

    With what is stored: ``format``, ``lineage``, ``serial``, ``company_id``, ``resources`` (how many of each kind),
    ``open_tasks`` and ``overrides`` (guards that were switched off), each ``null`` where nothing is. ``lock`` is
    its holder, ``null`` where it is free.
    """
    state = record.state
    data = {
        "version": 1,
        "environment": record.environment,
        "location": record.location,
        "stored": state is not None,
        "format": FORMAT if state else None,
        "lineage": state.lineage if state else None,
        "serial": state.serial if state else None,
        "company_id": state.company_id if state else None,
        "resources": _kinds(record) if state else None,
        "open_tasks": len(state.open_tasks()) if state else None,
        "overrides": [asdict(override) for override in state.overrides] if state else None,
        "lock": record.holder.to_json() if record.holder else None,
    }
    return json_text(data)


def list_text(record: EnvironmentRecord, *, color: bool = False, width: int = 80) -> str:
    """List on a terminal what is recorded, one address a line with what it is at Attentive and when it changed."""
    return terminal.write(_list(record), color=color, width=width)


def list_json(record: EnvironmentRecord) -> str:
    """Write what is recorded as JSON: ``{"version": 1, "environment": …, "resources": […]}``, by address."""
    resources = [_resource(address, recorded) for address, recorded in record.entries.items()]
    return json_text({"version": 1, "environment": record.environment, "resources": resources})


def entry_text(address: str, recorded: Recorded, *, color: bool = False, width: int = 80) -> str:
    """Show on a terminal everything that is recorded of an address, but for its tasks' details."""
    return terminal.write(_entry(address, recorded), color=color, width=width)


def entry_json(address: str, recorded: Recorded) -> str:
    """Write everything that is recorded of an address as JSON: ``{"version": 1, "address": …, "entry": …}``."""
    return json_text({"version": 1, "address": address, "entry": recorded.to_json()})


def _overview(record: EnvironmentRecord) -> Iterator[Node]:
    state = record.state
    yield Entry((Run(f"State of {record.environment}", Tone.STRONG),))
    yield labelled("place", record.location)
    if state is None:
        yield entry("Nothing is recorded yet.")
    else:
        yield labelled("serial", f"{state.serial} (format {FORMAT})")
        yield labelled("lineage", state.lineage)
        yield labelled("company", state.company_id or "not known")
        kinds = ", ".join(f"{number} {kind}" for kind, number in _kinds(record).items())
        yield labelled("resources", kinds or "none")
        yield labelled("open tasks", str(len(state.open_tasks())))
        for override in state.overrides:
            yield labelled(
                "guard switched off", f"{override.name} for {override.operation}, {_who(override)}", Tone.WARN
            )
    yield labelled("lock", str(record.holder) if record.holder else "free", Tone.WARN if record.holder else Tone.PLAIN)
    if record.holder and record.lock_frees_itself:
        yield entry("The lock frees itself when that process ends.")
    elif record.holder:
        unlock = f"deployer state unlock {record.holder.id} --env {record.environment}"
        yield Command("to free it once you know that its process is gone", unlock, apart=True)


def _kinds(record: EnvironmentRecord) -> dict[str, int]:
    kinds = [recorded.kind for recorded in record.entries.values()]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _list(record: EnvironmentRecord) -> Iterator[Node]:
    if not record.entries:
        yield entry(f"Nothing is recorded of {record.environment} in {record.location}.")
        return
    yield from lines_of(record.entries)


def lines_of(entries: Mapping[str, Recorded]) -> Iterator[Node]:
    """Write a line for each of at least one address, what is said of it in a column of its own."""
    column = min(max(map(cell_width, entries)), _ADDRESSES)
    for address, recorded in entries.items():
        gap = " " * (max(column - cell_width(address), 0) + 2)
        yield entry(Run(address, Tone.STRONG, code=True), Run(gap, code=True), ", ".join(_facts(recorded)))


def _facts(recorded: Recorded) -> Iterator[str]:
    """What is said of an address in few words."""
    yield f"by {recorded.by}"
    if recorded.changed_at:
        yield recorded.changed_at.partition("T")[0]
    if waiting := sum(task.open for task in recorded.tasks.values()):
        yield counted(waiting, "open task")
    if recorded.protect:
        yield "protected"
    if recorded.stopped:
        yield "stopped"
    if recorded.intent:
        yield f"{recorded.intent.action} begun, its answer not recorded"
    if recorded.id:
        yield f"`{recorded.id}`"


def _resource(address: str, recorded: Recorded) -> dict[str, Any]:
    return {
        "address": address,
        "kind": recorded.kind,
        "by": recorded.by,
        "id": recorded.id,
        "app": recorded.app,
        "version": recorded.version,
        "changed_at": recorded.changed_at,
        "open_tasks": sum(task.open for task in recorded.tasks.values()),
        "protect": recorded.protect,
        "stopped": recorded.stopped is not None,
        "intent": recorded.intent.action if recorded.intent else None,
    }


def _entry(address: str, recorded: Recorded) -> Iterator[Node]:
    yield Entry((Run(address, Tone.STRONG, code=True),))
    yield from recorded_nodes(recorded)


def recorded_nodes(recorded: Recorded) -> Iterator[Node]:
    """Say everything that is recorded of an address: who brought it about, what is known, who confirmed which task."""
    facts = {
        "kind": recorded.kind,
        "brought about by": recorded.by,
        "id at Attentive": recorded.id,
        "app": recorded.app,
    }
    facts |= {"version": str(recorded.version), "changed": recorded.changed_at, "needs": ", ".join(recorded.depends_on)}
    facts |= {
        "protected": "yes" if recorded.protect else "",
        "stopped": _who(recorded.stopped) if recorded.stopped else "",
    }
    facts |= {"begun": f"{recorded.intent.action}; its answer isn't recorded" if recorded.intent else ""}
    yield from (labelled(name, text) for name, text in facts.items() if text)
    yield from _values("fields, as last written or read", recorded.fields)
    # A draft is reviewed before it is live, so that what was reviewed is kept apart from what customers get.
    reviews = {task.slot for task in recorded.tasks.values() if task.review}
    yield from _values("live: what customers get", _slots(recorded.live, lambda slot: slot not in reviews))
    yield from _values("reviewed by Attentive", _slots(recorded.live, lambda slot: slot in reviews))
    yield from _values("draft: confirmed, not turned on yet", recorded.draft)
    if recorded.tasks:
        yield heading("tasks", 3)
        for token, task in recorded.tasks.items():
            status = "superseded" if task.superseded else task.status.value
            yield entry(Run(token, code=True), f"  {status}  ", Run(task.id, code=True))


def _slots(values: Mapping[str, Any], shown: Callable[[str], bool]) -> dict[str, Any]:
    return {slot: value for slot, value in values.items() if shown(slot)}


def _who(confirmation: Confirmation | Override) -> str:
    """Who said something and when, where that is known."""
    return (
        " ".join(f"{word} {value}" for word, value in (("by", confirmation.by), ("at", confirmation.at)) if value)
        or "yes"
    )


def _values(title: str, values: Mapping[str, Any]) -> Iterator[Node]:
    """Values by name: on a line of their own, or in full below it where they are texts of several lines."""
    if values:
        yield heading(title, 3)
    for name, value in sorted(values.items()):
        if isinstance(value, str) and "\n" in value:
            yield Copy(name, value)
        else:
            yield entry(f"{name}: ", Run(notation(value), code=True))

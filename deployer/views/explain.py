"""Why a plan has a change for an address, or none: each value, where it was known from, and where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.engine.changes import fresh_tasks, waits_for
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.notation import arrow, difference, is_long
from deployer.views.outline import Diff, Entry, Run, Tone, entry, heading, labelled
from deployer.views.symbols import SIGNS, named, status, who_and_why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.engine.explain import ExplainedChange, Explanation
    from deployer.engine.explain_fields import ExplainedField, Source
    from deployer.state.model import TaskRecord
from deployer.views.outline import Node


def explanation_text(explanation: Explanation, *, color: bool = False, width: int = 80) -> str:
    """Show an explanation on a terminal."""
    return terminal.write(_outline(explanation), color=color, width=width)


def explanation_markdown(explanation: Explanation) -> str:
    """Show an explanation as markdown."""
    return markdown.write(_outline(explanation))


def explanation_json(explanation: Explanation) -> str:
    """Write an explanation as JSON; ``schemas/explanation.schema.json`` describes it."""
    return json_text(
        {
            "version": 1,
            "environment": explanation.environment,
            "address": explanation.address,
            "kind": explanation.kind,
            "verdict": explanation.verdict,
            "why": explanation.why,
            "declared": _place(explanation.declared),
            "changes": [_change_object(change) for change in explanation.changes],
            "tasks": [_task_object(task) for task in explanation.tasks],
            "part_of": list(explanation.part_of),
            "notes": [{"text": note.text, "hint": note.hint} for note in explanation.notes],
        }
    )


def _outline(explanation: Explanation) -> Iterator[Node]:
    yield heading(f"{explanation.address} in {explanation.environment}", 1)
    if explanation.declared:
        yield labelled("declared", str(explanation.declared))
    if not explanation.changes:
        yield labelled("no change", explanation.why, Tone.STRONG)
    if explanation.part_of:
        yield labelled("part of", ", ".join(explanation.part_of))
    for change in explanation.changes:
        yield from _change(change)
    if explanation.tasks:
        yield heading("waiting for people", 3)
        yield from (_task(task) for task in explanation.tasks)
    if explanation.notes:
        yield heading("notes", 3)
        for note in explanation.notes:
            hint = (labelled("hint", note.hint, Tone.INFO),) if note.hint else ()
            yield entry(note.text, children=hint, marker="!", tone=Tone.WARN)


def _change(explained_change: ExplainedChange) -> Iterator[Node]:
    sign, tone = SIGNS[explained_change.change.action]
    yield Entry(
        (*named(explained_change.change), Run(f", by {_who(explained_change.change.by)}")), (), sign, tone, apart=True
    )
    yield labelled("why", explained_change.why, Tone.STRONG)
    if explained_change.source:
        yield labelled("asked for", str(explained_change.source))
    if explained_change.fields:
        yield heading("fields", 3)
        yield from (_field(field) for field in explained_change.fields)
    if tasks := fresh_tasks(explained_change.change):
        yield heading("asks", 3)
        yield from (_task(task) for task in tasks)
    yield from _section(
        "comes after", [_related(related.address, related.changes) for related in explained_change.first]
    )
    yield from _section("waits for", [entry(Run(task, code=True)) for task in waits_for(explained_change.change)])
    yield from _section("comes before", [entry(Run(address, code=True)) for address in explained_change.then])
    yield from _section("guards", [entry(guard) for guard in explained_change.guards])


def _who(by: str) -> str:
    return "the API" if by == "api" else "a person"


def _section(title: str, entries: Sequence[Entry]) -> Iterator[Node]:
    if entries:
        yield heading(title, 3)
        yield from entries


def _related(address: str, changes: bool) -> Entry:
    return entry(Run(address, code=True), " (this plan changes it)" if changes else " (no change)")


def _field(explained_field: ExplainedField) -> Entry:
    children: list[Node] = [] if explained_field.old is None else [labelled("current", explained_field.known, Tone.DIM)]
    if explained_field.written:
        children.append(labelled("written", ", ".join(str(place) for place in explained_field.written), Tone.DIM))
    if is_long(explained_field.old) or is_long(explained_field.new):
        return entry(
            Run(f"{explained_field.path}:", code=True),
            children=(Diff(difference(explained_field.old, explained_field.new)), *children),
        )
    return entry(
        Run(explained_field.path, code=True),
        ": ",
        Run(arrow(explained_field.old, explained_field.new), code=True),
        children=tuple(children),
    )


def _task(task: TaskRecord) -> Entry:
    why = f" {who_and_why(task)}" if who_and_why(task) else ""
    place = entry(Run(task.id, code=True), ", ", status(task), why)
    return entry(Run(task.token, Tone.INFO, code=True), f" {task.title}", children=(place,))


def _place(source: Source | None) -> dict[str, Any] | None:
    return {"path": source.path, "line": source.line, "column": source.column} if source else None


def _change_object(explained_change: ExplainedChange) -> dict[str, Any]:
    change = explained_change.change
    return {
        "action": change.action.value,
        "by": change.by,
        "reason": change.reason,
        "why": explained_change.why,
        "source": _place(explained_change.source),
        "fields": [_field_object(field) for field in explained_change.fields],
        "tasks": [_task_object(task) for task in fresh_tasks(change)],
        "comes_after": [{"address": related.address, "changes": related.changes} for related in explained_change.first],
        "comes_before": list(explained_change.then),
        "waits_for": list(waits_for(change)),
        "blocked": change.blocked,
        "guards": list(explained_change.guards),
    }


def _field_object(explained_field: ExplainedField) -> dict[str, Any]:
    return {
        "path": explained_field.path,
        "old": explained_field.old,
        "new": explained_field.new,
        "provenance": explained_field.provenance.value,
        "known": explained_field.known,
        "written": [_place(place) for place in explained_field.written],
    }


def _task_object(task: TaskRecord) -> dict[str, Any]:
    return {"id": task.id, "token": task.token, "title": task.title, "status": task.status.value}

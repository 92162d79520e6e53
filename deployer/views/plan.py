"""A plan to look at: the summary, removals, what people do, what the API does, what waits, and what should be known."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Action,
    ApiChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    PropertyHold,
    Reason,
    RecordChange,
    fresh_tasks,
    irreversible,
    removes,
    waits_for,
)
from deployer.engine.explain_fields import file_of
from deployer.engine.explain_words import reason
from deployer.engine.plan import Mode
from deployer.state.model import TaskStatus
from deployer.views import terminal
from deployer.views.fields import BRIEF, Detail, field_nodes
from deployer.views.json_text import json_text
from deployer.views.kept_lines import KeptLines
from deployer.views.notation import notation
from deployer.views.outline import Entry, Run, Tone, entry, heading, labelled
from deployer.views.plan_summary import named_summary, summary
from deployer.views.symbols import SIGNS, named, status, who_and_why

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from deployer.engine.changes import Change, FieldChange
    from deployer.engine.plan import Note, Plan
    from deployer.project import Project
    from deployer.state.model import TaskRecord
    from deployer.views.outline import Node

_OFFLINE = "Attentive was not looked at: this compares the YAML with what is recorded, and is never applied."
_UNEXPECTED = frozenset(Reason) - {Reason.NEW, Reason.CHANGED, Reason.ADOPTED, Reason.REMOVED}
"""The reasons that a change doesn't show by itself."""


def plan_text(
    plan: Plan, project: Project | None = None, *, color: bool = False, width: int = 80, verbose: bool = False
) -> str:
    """Show a plan on a terminal, ``width`` columns wide; with its project a long new text is its file and its length.

    ``verbose`` adds ids, dependencies, samples and reasons, and shows long new texts in full.
    """
    detail = Detail(verbose, partial(file_of, project)) if project else Detail(verbose)
    show = partial(_change, detail=detail)
    if project and project.kept and plan.mode is Mode.OFFLINE:  # what Attentive answered is never kept
        kept = KeptLines(project.kept.words, detail, color, width)
        show = partial(kept.entry, draw=_change)
    return terminal.write(_outline(plan, show), color=color, width=width)


def plan_markdown(plan: Plan) -> str:
    """Show a plan as markdown, for a comment on a pull request."""
    from deployer.views import markdown  # noqa: PLC0415 - a plan is most often shown on a terminal

    return markdown.write(_outline(plan, _brief, title=True))


class PlanPart(StrEnum):
    """A part of a plan; its value is its title."""

    REMOVALS = "removals"
    PEOPLE = "tasks for people"
    API = "by the API"
    WAITING = "waiting for people"
    NOTES = "notes"
    IRREVERSIBLE = "irreversible"


@dataclass(frozen=True, slots=True)
class PlanSection:
    """The entries of one part of a plan, at least one, and what to do about them."""

    part: PlanPart
    entries: tuple[Entry, ...]
    hint: str = ""


def plan_sections(plan: Plan, show: Callable[[Change], Entry] | None = None) -> Iterator[PlanSection]:
    """The parts of a plan that aren't empty, in the order in which they are shown; ``show`` makes a change's entry."""
    changes = partial(_changes, show=show or _brief)
    people = [change for change in plan.changes if change.by == "person" and not removes(change)]
    api = [change for change in plan.changes if change.by == "api" and not removes(change)]
    entries = {
        PlanPart.REMOVALS: changes(plan.removals),
        PlanPart.PEOPLE: changes(people),
        PlanPart.API: changes(api),
        PlanPart.WAITING: [_waiting(task) for task in plan.waiting],
        PlanPart.NOTES: [_note(note) for note in plan.notes],
        PlanPart.IRREVERSIBLE: list(_no_way_back(plan.changes)),
    }
    for part, members in entries.items():
        if members:
            yield PlanSection(part, tuple(members), _clicks(plan) if part is PlanPart.PEOPLE else "")


def plan_json(plan: Plan) -> str:
    """Write a plan as JSON: what ``Plan.from_json`` reads, the same bytes for the same plan."""
    return json_text(plan.to_json())


def _outline(plan: Plan, show: Callable[[Change], Entry], *, title: bool = False) -> Iterator[Node]:
    if title:
        yield heading(f"Plan for {plan.environment}")
        yield entry(Run(summary(plan), Tone.STRONG))
    if plan.mode is Mode.OFFLINE:
        yield labelled("offline", _OFFLINE, Tone.WARN)
    for section in plan_sections(plan, show):
        yield heading(section.part.value, 3)
        yield from section.entries
        if section.hint:
            yield Entry((Run(section.hint, Tone.DIM),))
    if not title:
        yield Entry((Run(named_summary(plan), Tone.STRONG),), apart=bool(plan.changes or plan.waiting or plan.notes))


def _clicks(plan: Plan) -> str:
    return f"after apply, `deployer tasks --env {plan.environment}` shows the clicks"


def _changes(changes: Sequence[Change], show: Callable[[Change], Entry]) -> list[Entry]:
    """Entries of changes, those that ask people apart from each other."""
    entries: list[Entry] = []
    for change in changes:
        asks = isinstance(change, PersonChange) and bool(change.tasks)
        made = show(change)
        entries.append(replace(made, apart=True) if entries and asks else made)
    return entries


def _no_way_back(changes: Sequence[Change]) -> Iterator[Entry]:
    """Why there is no way back, each reason once, with all that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for change in changes:
        if irreversible(change):
            by_reason.setdefault(irreversible(change), []).append(change.address)
    for why, addresses in by_reason.items():
        runs = [run for address in addresses for run in (Run(address, code=True), ", ")]
        yield entry(*runs[:-1], f": {why}", marker="!", tone=Tone.WARN)


def _brief(change: Change) -> Entry:
    return _change(change, BRIEF)


def _change(change: Change, detail: Detail) -> Entry:
    sign, tone = SIGNS[change.action]
    children: list[Node] = []
    if change.blocked:
        children.append(labelled("blocked", change.blocked, Tone.BAD))
    if tasks := waits_for(change):
        children.append(labelled("waits for", ", ".join(tasks), Tone.WARN))
    if change.reason in _UNEXPECTED:
        children.append(entry(Run(reason(change), Tone.DIM)))
    children += _own(change, detail)
    children += _details(change) if detail.verbose else ()
    return Entry(named(change), tuple(children), sign, tone)


def _own(change: Change, detail: Detail) -> Iterator[Node]:
    """What a change of its type shows."""
    match change:
        case ApiChange():
            yield from _object(change, detail)
        case PersonChange():
            yield from _tasks(change, detail)
        case RecordChange() | MoveChange() | ForgetChange() | PropertyHold():
            yield from field_nodes(change.fields, address=change.address, detail=detail)
        case _:
            assert_never(change)


def _object(change: ApiChange, detail: Detail) -> Iterator[Node]:
    """What the API changes of an object; of one that is removed, what is recorded of it."""
    if change.action is Action.ADOPT and not detail.verbose:
        yield entry(f"id at Attentive: {change.id}")
    if removes(change) and not change.fields:
        yield from _before(change)
    yield from field_nodes(change.fields, address=change.address, detail=detail)


def _tasks(change: PersonChange, detail: Detail) -> Iterator[Node]:
    """Each task with the fields that it is about, then the other fields, then the tasks that are withdrawn."""
    keys = {_key(task) for task in change.tasks}
    owned: dict[str | None, list[FieldChange]] = {}
    for field in change.fields:
        owned.setdefault(_owner(field.path, keys), []).append(field)
    for task in fresh_tasks(change):
        own = owned.get(_key(task))
        yield _task(task, field_nodes(own, address=change.address, drop=_key(task), detail=detail) if own else ())
    yield from field_nodes(owned.get(None, ()), address=change.address, detail=detail)
    if change.withdrawn:
        gone = tuple(entry(Run(token, code=True), f" {title}") for token, title in change.withdrawn.items())
        yield entry(Run("withdrawn, no longer needed:", Tone.WARN), children=gone)


def _before(change: ApiChange) -> Iterator[Node]:
    known = [f"{name}: {notation(value)}" for name, value in sorted(change.before.items())]
    if known:
        yield labelled("current", ", ".join(known))


def _key(task: TaskRecord) -> str:
    return task.id.partition("/")[2]


def _owner(path: str, keys: Container[str]) -> str | None:
    """The key of a field's task: the longest wins, as ``turn_off.former`` begins like ``turn_off``."""
    end = len(path)
    while end >= 0:
        if path[:end] in keys:
            return path[:end]
        end = path.rfind(".", 0, end)
    return None


def _task(task: TaskRecord, children: tuple[Node, ...]) -> Entry:
    where = () if task.status is TaskStatus.WAITING else (status(task), ": ")
    return entry(_token(task), " ", *where, task.title, children=children)


def _token(task: TaskRecord) -> Run:
    return Run(task.token, Tone.INFO, code=True)


def _waiting(task: TaskRecord) -> Entry:
    why = f" {who_and_why(task)}" if who_and_why(task) else ""
    place = entry(Run(task.id, code=True), ", ", status(task), why)
    return entry(_token(task), f" {task.title}", children=(place,))


def _note(note: Note) -> Entry:
    children = (labelled("hint", note.hint, Tone.INFO),) if note.hint else ()
    address = (Run(note.address, Tone.STRONG, code=True), ": ") if note.address else ()
    return entry(*address, note.text, children=children, marker="!", tone=Tone.WARN)


def _details(change: Change) -> Iterator[Entry]:
    """What only someone who looks closely wants to know."""
    sent = change.payload if isinstance(change, ApiChange) and change.action is Action.SEND else {}
    details = (
        ("reason", change.reason),
        ("id at Attentive", change.id if isinstance(change, ApiChange | RecordChange) else ""),
        ("app", change.app if isinstance(change, ApiChange | RecordChange | PropertyHold) else ""),
        ("after", ", ".join(change.depends_on)),
        ("protected", "yes" if change.protect else ""),
        ("sends", notation(dict(sent)) if sent else ""),
    )
    yield from (entry(Run(f"{label}: {text}", Tone.DIM)) for label, text in details if text)

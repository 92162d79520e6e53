"""The comment of a pull request, one an environment, in the order in which a reviewer asks.

What fails and why; what goes away; what customers read differently; what breaks; who has to do what because of it;
and folded, what is the same without this change, the plan, and what harms no one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.changes import PersonChange, fresh_tasks, removes, withdrawn
from deployer.engine.plan import Mode
from deployer.forge.boxes import comment_mark
from deployer.nouns import counted
from deployer.source import Severity
from deployer.views import markdown
from deployer.views.comment_declared import changed_items
from deployer.views.comment_events import compat_data, compat_line, grave_items, harmless_items
from deployer.views.comment_failing import failing
from deployer.views.comment_messages import HEAD, Links, message_rows, segments_line
from deployer.views.comment_removals import removal_items
from deployer.views.fitting import LIMIT, Section, fit
from deployer.views.outline import Entry, Run, Tone, entry, heading
from deployer.views.plan import PlanPart, plan_sections
from deployer.views.plan_summary import summary
from deployer.views.problems.report import Summary, in_order
from deployer.views.symbols import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.change_plan import ChangePlan
    from deployer.app.pull_request import Overview
    from deployer.engine.changes import Change
    from deployer.engine.plan_difference import Owed
    from deployer.source import Problem
    from deployer.views.outline import Node


def comment_markdown(
    overview: Overview, *, commit: str = "", run_url: str = "", links: Links | None = None, limit: int = LIMIT
) -> str:
    """Write the comment: at most ``limit`` characters, cut between two items with a count of what was left out.

    It begins with the hidden mark by which it is found again. ``commit`` is the one that was looked at, ``run_url``
    leads to the run that looked, ``links`` to the files of the commit.
    """
    sections = [
        _problems(overview),
        _removals(overview),
        _messages(overview, links or Links()),
        *_declared(overview),
        _events(overview),
        *_own(overview),
        *_folded(overview),
        _harmless(overview),
    ]
    foot = "\n\n".join((*_unchecked(overview), *_foot(commit, run_url)))
    return fit("\n\n".join(_head(overview)), sections, foot, limit)


def _head(overview: Overview) -> Iterator[str]:
    yield f"{comment_mark(overview.scope)}\n{markdown.write([heading(f'deployer: {overview.scope.name}')])}"
    wrong = failing(overview)
    if wrong:
        yield markdown.write([entry(Run("Fails:", Tone.STRONG), " ", *wrong)])
    yield markdown.write([Entry((Run(_summary(overview), Tone.PLAIN if wrong else Tone.STRONG),))])


def _summary(overview: Overview) -> str:
    """What is new in one line."""
    parts = [_turned_on_and_gone(overview), *_found(overview)]
    parts.append(_planned(overview.plan) if overview.plan is not None else "no plan could be made")
    if overview.preview is not None:
        parts.append(", ".join(filter(None, (_changed(overview), segments_line(overview.preview)))))
    if overview.compat is not None:
        parts.append(compat_line(compat_data(overview.compat)))
    return "; ".join(part.rstrip(".") for part in parts if part) + "."


def _turned_on_and_gone(overview: Overview) -> str:
    """How many journeys are removed that customers get now."""
    against = overview.preview.against if overview.preview else None
    gone = {change.address for change in (against.changes if against else ()) if change.kind == "gone"}
    number = len(gone & overview.running)
    return f"{counted(number, 'journey')} removed that customers get now" if number else ""


def _found(overview: Overview) -> Iterator[str]:
    """What was found, and how much of it was there before."""
    if overview.problems:
        new = "" if overview.known is None else "new: "
        yield f"{new}{Summary.of(overview.problems, files=None).text}"
    elif overview.known:
        yield "no new problems"
    if overview.known:
        yield f"{len(overview.known)} known"


def _planned(plan: ChangePlan) -> str:
    counts = summary(plan.own)
    if plan.owed.tasks and plan.own.empty:
        return "nothing to do at Attentive for this change"
    return counts


def _changed(overview: Overview) -> str:
    assert overview.preview is not None
    gone = overview.preview.against.gone if overview.preview.against else ()
    number = sum(message.change is not None for message in overview.preview.messages) + len(gone)
    return f"{counted(number, 'message')} changed" if number else "no message changed"


_WORST = tuple(Severity)
"""The severities, the worst first: so they are declared."""


def _problems(overview: Overview) -> Section:
    """What is new, and what fails, the worst first; of the others the summary has a count."""
    old = (
        () if overview.new_only else (problem for problem in overview.known or () if problem.severity is Severity.ERROR)
    )
    ordered = sorted((*in_order(overview.problems), *in_order(old)), key=lambda problem: _WORST.index(problem.severity))
    items = tuple(map(_problem, ordered))
    return Section("### problems", items, "problem", "`deployer validate` shows all of them.")


def _problem(problem: Problem) -> str:
    place = problem.position
    where = ":".join(str(part) for part in (place.path, place.line, place.column) if part) or problem.address
    children = (entry(f"hint: {problem.hint}"),) if problem.hint else ()
    text = (
        Run(f"{problem.severity}: ", Tone.STRONG),
        Run(where, code=True),
        f": {problem.message} ",
        Run(problem.rule, code=True),
    )
    return markdown.write([entry(*text, marker="-", children=children)])


def _removals(overview: Overview) -> Section:
    where = f"`deployer plan --env {overview.environment} --offline` shows all of them."
    return Section("### removals", tuple(removal_items(overview)), "removal", where)


def _messages(overview: Overview, links: Links) -> Section:
    preview = overview.preview
    rows = message_rows(preview, overview.running, links, overview.prices) if preview is not None else ()
    full, shorts = tuple(row.full for row in rows), tuple(row.short for row in rows)
    where = f"`deployer preview --against {overview.against}` shows all of them."
    return Section("### what customers read", full, "message", where, shorts=shorts, lead=HEAD)


def _declared(overview: Overview) -> Iterator[Section]:
    against = overview.preview.against if overview.preview else None
    if against is not None:
        where = f"`deployer preview --against {overview.against}` shows all of them."
        yield Section("### what else customers notice", tuple(changed_items(against)), "change", where)


def _events(overview: Overview) -> Section:
    """What breaks senders or readers, with the way out."""
    items = tuple(grave_items(compat_data(overview.compat), overview.environment)) if overview.compat else ()
    return Section("### impact on senders and readers of events", items, "change", _all_events(overview))


def _all_events(overview: Overview) -> str:
    return f"`deployer compat --against {overview.against or 'REF'}` shows all of them."


def _own(overview: Overview) -> Iterator[Section]:
    """What has to be done because of this change: tasks by journey, without the clicks; then what the API does."""
    if overview.plan is None:
        return
    where = f"`deployer plan --env {overview.environment} --offline` shows all of them."
    changes = [change for change in overview.plan.own.changes if not removes(change)]
    people = [change for change in changes if change.by == "person"]
    for part, members in (
        (PlanPart.PEOPLE, people),
        (PlanPart.API, [change for change in changes if change.by == "api"]),
    ):
        items = tuple(markdown.write([_brief(change)]) for change in members)
        yield Section(f"### {part.value}", items, "change", where)


def _brief(change: Change) -> Entry:
    children: list[Node] = [entry(f"blocked: {change.blocked}")] if change.blocked else []
    children += [entry(Run(task.token, code=True), f" {task.title}") for task in fresh_tasks(change)]
    gone = withdrawn(change) if isinstance(change, PersonChange) else {}
    children += [entry("withdrawn: ", Run(token, code=True), f" {title}") for token, title in gone.items()]
    return Entry(named(change), tuple(children), "-")


def _folded(overview: Overview) -> Iterator[Section]:
    """What the base owes already, and the whole plan with each difference."""
    if overview.plan is None:
        return
    where = f"`deployer plan --env {overview.environment} --offline` shows all of them."
    owed = overview.plan.owed
    tasks = tuple(
        markdown.write([entry(Run(task.token, code=True), f" {task.title}, ", Run(task.id, code=True), marker="-")])
        for task in owed.tasks
    )
    changes = tuple(markdown.write([Entry(named(change), marker="-")]) for change in owed.changes)
    yield Section("### owed without this change", (*tasks, *changes), "entry", where, folded=True, summary=_owed(owed))
    whole = tuple(_whole(overview.plan))
    whole_summary = markdown.plain(f"the whole plan: {summary(overview.plan.whole)}".rstrip("."))
    yield Section("### plan", whole, "entry", where, folded=True, summary=whole_summary)


def _owed(owed: Owed) -> str:
    """How much it is, in a few words."""
    parts = [counted(len(owed.tasks), "task") + " for people"] if owed.tasks else []
    return ", ".join(parts + ([f"{counted(len(owed.changes), 'change')} by the API"] if owed.changes else []))


def _whole(plan: ChangePlan) -> Iterator[str]:
    """The plan as `deployer plan` shows it, item by item."""
    if plan.whole.mode is Mode.LIVE:
        yield "The plan was compared with the current state at Attentive."
    for plan_section in plan_sections(plan.whole):
        yield markdown.write([entry(Run(plan_section.part.value, Tone.STRONG))])
        hint = (Entry((Run(plan_section.hint, Tone.DIM),)),) if plan_section.hint else ()
        yield from (markdown.write([item]) for item in (*plan_section.entries, *hint))


def _harmless(overview: Overview) -> Section:
    items = tuple(harmless_items(compat_data(overview.compat), overview.environment)) if overview.compat else ()
    return Section("### events, what breaks nothing", items, "entry", _all_events(overview), folded=True)


def _unchecked(overview: Overview) -> Iterator[str]:
    if overview.unchecked:
        yield "Not looked at in this run:"
        rows = (
            entry(Run(unchecked.what, Tone.STRONG), f": {unchecked.why}.", marker="-")
            for unchecked in overview.unchecked
        )
        yield markdown.write(rows)


def _foot(commit: str, run_url: str) -> Iterator[str]:
    """What the comment was made from; a run's address comes from the forge."""
    parts = [f"commit {markdown.code(commit[:12])}"] if commit else []
    parts += [f"[the run]({run_url})"] if run_url else []
    if parts:
        yield f"<sub>{', '.join(parts)}; each run updates this comment.</sub>"

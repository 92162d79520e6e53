"""The comment of a pull request, one an environment: what it would change, who does it, and what customers read."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from deployer.engine.plan import Mode
from deployer.forge.boxes import comment_mark
from deployer.views import markdown
from deployer.views.comment_events import change_items, compat_data, compat_line
from deployer.views.comment_messages import message_items
from deployer.views.fitting import LIMIT, Section, fit
from deployer.views.outline import Entry, Run, Tone, counted, entry, heading
from deployer.views.plan import PlanPart, plan_sections
from deployer.views.plan_summary import summary
from deployer.views.problems.report import Summary, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.pull_request import Overview
    from deployer.source import Problem


def comment_markdown(overview: Overview, *, commit: str = "", run_url: str = "", limit: int = LIMIT) -> str:
    """Write the comment: at most ``limit`` characters, cut between two items with a count of what was left out.

    It begins with the hidden mark by which it is found again. ``commit`` is the one that was looked at, ``run_url``
    leads to the run that looked.
    """
    plan = list(_plan_sections(overview))
    sections = [
        _problems(overview),
        *(one for one in plan if not one.folded),
        *_messages(overview),
        *_events(overview),
        *(one for one in plan if one.folded),
    ]
    return fit("\n\n".join(_head(overview)), sections, _foot(commit, run_url), limit)


def _head(overview: Overview) -> Iterator[str]:
    yield f"{comment_mark(overview.scope)}\n{markdown.write([heading(f'deployer: {overview.scope.name}')])}"
    yield markdown.write([Entry((Run(_summary(overview), Tone.STRONG),))])
    if overview.plan is not None and overview.plan.mode is Mode.LIVE:
        yield markdown.write([entry("The plan was compared with the current state at Attentive.")])
    if overview.unchecked:
        yield "Not looked at in this run:"
        rows = (entry(Run(one.what, Tone.STRONG), f": {one.why}.", marker="-") for one in overview.unchecked)
        yield markdown.write(rows)


def _summary(overview: Overview) -> str:
    """The comment in one line."""
    parts = list(_found(overview))
    parts.append(summary(overview.plan) if overview.plan is not None else "no plan could be made")
    if overview.preview is not None:
        parts.append(_changed(overview))
    if overview.compat is not None:
        parts.append(compat_line(compat_data(overview.compat)))
    return "; ".join(part.rstrip(".") for part in parts) + "."


def _found(overview: Overview) -> Iterator[str]:
    """What was found, and how much of it was there before."""
    if overview.problems:
        new = "" if overview.known is None else "new: "
        yield f"{new}{Summary.of(overview.problems, files=None).text}"
    elif overview.known is not None:
        yield "no new problems"
    if overview.known:
        yield f"{overview.known} known"


def _changed(overview: Overview) -> str:
    assert overview.preview is not None
    gone = overview.preview.against.gone if overview.preview.against else ()
    number = sum(one.change is not None for one in overview.preview.messages) + len(gone)
    return f"{counted(number, 'message')} changed" if number else "no message changed"


def _problems(overview: Overview) -> Section:
    items = tuple(_problem(one) for one in in_order(overview.problems))
    return Section("### problems", items, "problem", "`deployer validate` shows all of them.")


def _problem(one: Problem) -> str:
    place = one.position
    where = ":".join(str(part) for part in (place.path, place.line, place.column) if part) or one.address
    children = (entry(f"hint: {one.hint}"),) if one.hint else ()
    text = (Run(f"{one.severity}: ", Tone.STRONG), Run(where, code=True), f" {one.message} ", Run(one.rule, code=True))
    return markdown.write([entry(*text, marker="-", children=children)])


def _plan_sections(overview: Overview) -> Iterator[Section]:
    """The plan's own sections, item by item."""
    if overview.plan is None:
        return
    where = f"`deployer plan --env {overview.environment} --offline` shows all of them."
    for one in plan_sections(overview.plan):
        hint = (Entry((Run(one.hint, Tone.DIM),)),) if one.hint else ()
        items = tuple(markdown.write([item]) for item in (*one.entries, *hint))
        noun, folded = _look(one.part)
        yield Section(f"### {one.part.value}", items, noun, where, folded)


def _look(part: PlanPart) -> tuple[str, bool]:
    """What an item of a part is called, and whether it comes last and folded: no pull request changes it."""
    match part:
        case PlanPart.REMOVALS:
            return "removal", False
        case PlanPart.PEOPLE | PlanPart.API:
            return "change", False
        case PlanPart.WAITING:
            return "task", True
        case PlanPart.NOTES:
            return "note", True
    assert_never(part)


def _messages(overview: Overview) -> Iterator[Section]:
    if overview.preview is not None:
        where = f"`deployer preview --against {overview.against}` shows all of them."
        yield Section("### what customers read", tuple(message_items(overview.preview)), "message", where)


def _events(overview: Overview) -> Iterator[Section]:
    if overview.compat is not None:
        where = f"`deployer compat --against {overview.against or 'REF'}` shows all of them."
        items = tuple(change_items(compat_data(overview.compat), overview.environment))
        yield Section("### impact on senders and readers of events", items, "change", where)


def _foot(commit: str, run_url: str) -> str:
    """What the comment was made from; a run's address comes from the forge."""
    parts = [f"commit {markdown.code(commit[:12])}"] if commit else []
    parts += [f"[the run]({run_url})"] if run_url else []
    return f"<sub>{', '.join(parts)}; each run updates this comment.</sub>" if parts else ""

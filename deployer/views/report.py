"""What an apply did: each change under what became of it, failures with what to do, the count at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.report import Status
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Entry, Run, Tone, entry, heading, labelled
from deployer.views.symbols import SIGNS, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.engine.changes import Change
    from deployer.engine.report import ApplyReport, Outcome
    from deployer.views.outline import Node

_TONES = {
    Status.DONE: Tone.GOOD,
    Status.FAILED: Tone.BAD,
    Status.BLOCKED: Tone.WARN,
    Status.NOT_STARTED: Tone.WARN,
    Status.WAITING: Tone.INFO,
}
"""The order of a report, with the colors."""

_SHOWN = 5
"""Addresses that a line names; of more it says how many."""


def report_text(report: ApplyReport, *, color: bool = False, width: int = 80) -> str:
    """Show on a terminal what an apply did; the count is last, where it is seen."""
    return terminal.write([*_outcomes(report, 3), *_end(report)], color=color, width=width)


def report_markdown(report: ApplyReport) -> str:
    """Show as markdown what an apply did."""
    return markdown.write([heading(f"Apply to {report.environment}"), *_end(report), *_outcomes(report, 3)])


def report_json(report: ApplyReport) -> str:
    """Write as JSON what an apply did (``ApplyReport.to_json``)."""
    return json_text(report.to_json())


def unplanned_text(changes: Sequence[Change], *, color: bool = False, width: int = 80) -> str:
    """Show on a terminal the changes that a saved plan doesn't have and one made now does; empty without any."""
    return terminal.write(_unplanned(changes), color=color, width=width)


def report_summary(report: ApplyReport) -> str:
    """Say in one line how it went and how many changes came to what."""
    counts = [f"{report.count(status)} {status.value}" for status in _TONES if report.count(status)]
    ended = "interrupted" if report.interrupted else "failed" if report.failed else "done"
    return f"{ended}: {', '.join(counts) or 'nothing was changed'}"


def _outcomes(report: ApplyReport, level: int) -> Iterator[Node]:
    for status, tone in _TONES.items():
        chosen = [outcome for outcome in report.outcomes if outcome.status is status]
        if chosen:
            yield heading(status.value, level)
            yield from (_outcome(outcome, tone) for outcome in chosen)


def _outcome(outcome: Outcome, tone: Tone) -> Entry:
    sign, _ = SIGNS[outcome.change.action]
    children = [entry(outcome.message)] if outcome.message else []
    children += [labelled("hint", outcome.hint, Tone.INFO)] if outcome.hint else []
    return Entry(named(outcome.change), tuple(children), sign, tone)


def _end(report: ApplyReport) -> Iterator[Node]:
    yield Entry((Run(_summary(report), Tone.BAD if report.failed or report.interrupted else Tone.STRONG),), apart=True)
    if report.problem:
        hint = (labelled("hint", report.hint, Tone.INFO),) if report.hint else ()
        yield entry(Run("error:", Tone.BAD), f" {report.problem}", children=hint)
    if report.recovered:
        note = "an interrupted run had done this already; it is stored now"
        yield labelled("recovered", f"{_named(report.recovered)} ({note})", Tone.INFO)
    if report.only:
        yield labelled("only", f"{_named(report.only)}: the plan was made for this and what it needs", Tone.INFO)
    yield from _unplanned(report.unplanned)
    if report.overrides:
        yield labelled("overridden", ", ".join(report.overrides), Tone.WARN)
    if report.interrupted:
        yield labelled("interrupted", "what was done is recorded; apply again to go on", Tone.WARN)
    if report.open_tasks:
        waits = "1 task waits for a person" if report.open_tasks == 1 else f"{report.open_tasks} tasks wait for people"
        yield Command(waits, f"deployer tasks --env {report.environment}")


def _unplanned(changes: Sequence[Change]) -> Iterator[Node]:
    if changes:
        names = _named([f"{change.action.value} {change.address}" for change in changes])
        why = "a plan made now has this; it came up after the saved plan was made, or was taken out of its file"
        yield labelled("not in the plan", f"{names} ({why})", Tone.WARN)


def _named(addresses: Sequence[str]) -> str:
    """The first addresses, and how many more there are."""
    more = f" and {len(addresses) - _SHOWN} more" if len(addresses) > _SHOWN else ""
    return ", ".join(addresses[:_SHOWN]) + more


def _summary(report: ApplyReport) -> str:
    was = "was " if report.interrupted else ""
    return f"Apply to {report.environment} {was}{report_summary(report)}"

"""What a check of captured payloads found: the first violations, all of them by property and kind, and each file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.contracts import NOTHING
from deployer.nouns import counted
from deployer.source import pointer_text
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts import CheckReport, FileCount, Finding, Row
    from deployer.views.outline import Node

_MOST_FILES = 50
_LONG = 80


def check_text(report: CheckReport, *, values: bool, color: bool = False, width: int = 80) -> str:
    """Show a check on a terminal; ``values``: what is there as well, which is customers' data."""
    return terminal.write(_outline(report, values=values), color=color, width=width)


def check_json(report: CheckReport, *, values: bool) -> str:
    """Write a check as JSON.

    ``{"version": 1, "events", "payloads", "faulty", "violations", "listed", "summary", "files", "failed"}``:
    ``listed`` are the violations that are shown in full, ``summary`` counts all of them by event, property and kind.
    Line, column and number count from 1 and are ``null`` where there is none. ``value`` is there where values were
    asked for.
    """
    return json_text(
        {
            "version": 1,
            "events": list(report.events),
            "payloads": report.payloads,
            "fine": report.fine,
            "faulty": report.faulty,
            "unreadable": report.captured - report.payloads,
            "violations": report.violations,
            "uncounted": report.uncounted,
            "listed": [_finding_object(finding, values=values) for finding in report.findings],
            "summary": [_row_object(row) for row in report.rows],
            "files": [_file_object(file) for file in report.files],
            "failed": report.failed,
        }
    )


def _finding_object(finding: Finding, *, values: bool) -> dict[str, Any]:
    fault = finding.fault
    shown = {"value": fault.value} if values and fault.value is not NOTHING else {}
    return {
        "file": finding.file,
        "line": finding.line or None,
        "column": finding.column or None,
        "payload": finding.number or None,
        "event": finding.event,
        "pointer": pointer_text(fault.pointer),
        "kind": fault.kind,
        "message": fault.message,
        "hint": fault.hint,
        **shown,
    }


def _row_object(row: Row) -> dict[str, Any]:
    return {
        "event": row.event,
        "pointer": row.pointer,
        "kind": row.kind,
        "count": row.count,
        "first": {"file": row.file, "line": row.line or None, "message": row.example},
    }


def _file_object(file_count: FileCount) -> dict[str, Any]:
    return {
        "file": file_count.name,
        "form": file_count.form,
        "payloads": file_count.payloads,
        "bodies": file_count.bodies,
        "properties_alone": file_count.properties_alone,
        "faulty": file_count.faulty,
        "unreadable": file_count.unreadable,
        "cut": file_count.cut,
    }


def _outline(report: CheckReport, *, values: bool) -> Iterator[Node]:
    for finding in report.findings:
        yield from _finding(finding, values=values)
    if report.rows:
        yield heading("by property and kind of violation", 3)
        yield from (_row(row, several=len(report.events) > 1) for row in report.rows)
    if report.uncounted:
        yield entry(f"and {report.uncounted:,} more, in more properties than can be listed one by one", marker="!")
    yield heading("files", 3)
    yield from (_file(file) for file in report.files[:_MOST_FILES])
    if len(report.files) > _MOST_FILES:
        yield entry(f"and {counted(len(report.files) - _MOST_FILES, 'file')} more (all with --format json)")
    yield Entry((Run(_summary(report), Tone.BAD if report.failed else Tone.GOOD),), apart=True)


def _finding(finding: Finding, *, values: bool) -> Iterator[Node]:
    fault = finding.fault
    place = ":".join([finding.file, *(str(number) for number in (finding.line, finding.column) if number)])
    where = [Run(place, code=True)]
    if fault.pointer:
        where.append(Run(f"  {pointer_text(fault.pointer)}", code=True))
    details: list[Node] = [Entry(tuple(where))]
    if values and fault.value is not NOTHING:
        text = json_text(fault.value)
        details.append(labelled("found", text if len(text) <= _LONG else f"{text[:_LONG]}…"))
    if fault.hint:
        details.append(labelled("hint", fault.hint, Tone.INFO))
    yield entry(Run("error:", Tone.BAD), f" {fault.message} [{fault.kind}]", children=tuple(details))


def _row(row: Row, *, several: bool) -> Node:
    event = f"{row.event or 'no event'}: " if several else ""
    place = row.pointer or "the payload itself"
    first = f"{row.file}:{row.line}" if row.line else row.file
    return entry(
        Run(f"{row.count:,}", Tone.STRONG),
        f"  {event}",
        Run(place, code=True),
        f"  {row.kind}, first at ",
        Run(first, code=True),
    )


def _file(file_count: FileCount) -> Node:
    taken = [
        f"{number:,} as {what}"
        for number, what in (
            (file_count.bodies, "whole request bodies"),
            (file_count.properties_alone, "properties alone"),
            (file_count.payloads - file_count.bodies - file_count.properties_alone, "neither"),
        )
        if number
    ]
    parts = [counted(file_count.payloads, "payload") + (f" (taken {', '.join(taken)})" if taken else "")]
    parts += [f"{file_count.faulty:,} with violations"] if file_count.faulty else []
    parts += [f"{file_count.unreadable:,} unreadable"] if file_count.unreadable else []
    return entry(Run(file_count.name, code=True), f": {'; '.join(parts)}")


def _summary(report: CheckReport) -> str:
    against = report.events[0] if len(report.events) == 1 else counted(len(report.events), "event type")
    if not report.captured:
        return "No payload was found: nothing was checked."
    if not report.violations:
        fit = "fits" if report.payloads == 1 else "fit"
        return f"{counted(report.payloads, 'payload')} {fit} {against}"
    shown = len(report.findings)
    listed = "" if shown == report.violations else f", {shown:,} of them shown (--max-violations)"
    cut = sum(file.cut for file in report.files)
    wrong = f", {report.captured - report.fine:,} with {counted(report.violations - cut, 'violation')}"
    ends = f"; {counted(cut, 'file')} not read to the end" if cut else ""
    fine = f"{against}: {counted(report.captured, 'payload')}, {report.fine:,} fine"
    return f"{fine}{wrong if report.violations > cut else ''}{listed}{ends}"

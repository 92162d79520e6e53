"""Why a pull request fails, in one line: errors with the first one's place, what breaks, what couldn't be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.views.comment_events import compat_data
from deployer.views.outline import Run
from deployer.views.problems.report import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.app.pull_request import Overview
    from deployer.source import Problem

Sentence = tuple[str | Run, ...]


def failing(overview: Overview) -> Sentence:
    """What fails and why; empty where nothing does."""
    reasons = [_errors(overview.failing)] if overview.failing else []
    breaks = failing_changes(compat_data(overview.compat)) if overview.compat is not None else ()
    if breaks:
        reasons.append(_breaking(breaks))
    reasons += _missed(overview)
    return tuple(part for number, reason in enumerate(reasons) for part in (*(("; ",) if number else ()), *reason))


def failing_changes(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The changes of events for which the gate fails."""
    if not data.get("failed"):
        return ()
    grave = {"breaking", data.get("fail_on", "breaking")}
    return tuple(change for change in data["changes"] if change["verdict"] in grave and not change.get("allowed"))


def _errors(problems: Sequence[Problem]) -> Sentence:
    first = in_order(problems)[0]
    place = first.position
    where = ":".join(str(part) for part in (place.path, place.line) if part) or first.address
    lead = ", the first at " if len(problems) > 1 else " at "
    return counted(len(problems), "error"), lead, Run(where, code=True), f": {first.message}"


def _breaking(changes: Sequence[Mapping[str, Any]]) -> Sentence:
    first = changes[0]
    where = ".".join(first.get("path", ()))
    name = f"{first['address']} {where}" if where else first["address"]
    what = counted(len(changes), f"{first['verdict']} change")
    lead = f"{what} of events: " if len(changes) == 1 else f"{what} of events, the first: "
    return lead, Run(name, code=True), f" ({first['change']})"


def _missed(overview: Overview) -> Iterator[Sentence]:
    """What couldn't be looked at, by its reason."""
    by_reason: dict[str, list[str]] = {}
    for unchecked in overview.missed:
        by_reason.setdefault(unchecked.why, []).append(unchecked.what)
    errors = bool(overview.failing)
    for why, what in by_reason.items():
        if not (errors and why == "the project has errors"):  # said already
            yield (f"not looked at: {', '.join(what)} ({why})",)

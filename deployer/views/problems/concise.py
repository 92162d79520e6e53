"""Problems a line each, for a terminal, a pipe or an editor that jumps to places: ``path:line:column: …``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.problems.terminal import visible
from deployer.views.problems.text import MANY, painter, rules, summary, where

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report


def render_concise(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write a line for each problem, without its hint, and the summary; no newline at the end."""
    del width, wrap
    ordered = report.ordered
    lines = [_line(problem) for problem in ordered]
    lines += rules(ordered, painter(color=color)) if len(ordered) > MANY else []
    return "\n".join([*lines, summary(ordered, report.files, len(report.suppressed))])


def _line(problem: Problem) -> str:
    place = where(problem)
    return f"{f'{place}: ' if place else ''}{problem.severity} {visible(problem.rule)}: {visible(problem.message)}"

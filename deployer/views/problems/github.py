"""Problems as annotations of GitHub Actions: its workflow commands, read from the log of a step.

GitHub's documentation "Workflow commands for GitHub Actions" has the commands and their properties. A step shows up to
ten annotations of each level; the log holds all of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deployer.source.problems import Severity
from deployer.views.problems.report import Summary
from deployer.views.problems.terminal import visible

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

SHOWN = 10
"""Annotations of one level that GitHub shows of a step."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def render_github(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write a workflow command for each problem, and a summary line; no newline at the end."""
    del color, width, wrap
    ordered = report.ordered
    lines = [_command(report, problem) for problem in ordered]
    counts = Counter(problem.severity for problem in ordered)
    if any(number > SHOWN for number in counts.values()):
        lines.append(f"GitHub shows {SHOWN} annotations of each level; this log has all {len(ordered)} problems")
    return "\n".join([*lines, Summary.of(ordered, files=report.files).text])


def _command(report: Report, problem: Problem) -> str:
    words = problem.message + (f"\nhint: {problem.hint}" if problem.hint else "")
    place, path = problem.position, report.path(problem)
    return annotation(_LEVELS[problem.severity], problem.rule, words, path, place.line, place.column, problem.length)


def annotation(level: str, title: str, words: str, path: str, line: int = 0, column: int = 0, length: int = 1) -> str:
    """Write one workflow command: ``level`` is ``error``, ``warning`` or ``notice``; line 0: the file as a whole."""
    properties = {"file": visible(path)}
    if line:
        properties |= {"line": str(line), "endLine": str(line)}
    if line and column:
        properties |= {"col": str(column), "endColumn": str(column + length)}
    properties["title"] = visible(title)
    named = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items() if value)
    shown = "\n".join(visible(row) for row in words.split("\n"))
    return f"::{level} {named}::{_escaped(shown, _DATA)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)

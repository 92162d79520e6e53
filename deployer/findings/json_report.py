"""Problems for a program: one JSON object, sorted, in ASCII."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.findings.report import Summary, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.source.problems import Problem

VERSION = 1
"""Version of the report's shape: it grows when a field goes away or changes its meaning, not when one is added."""


def render_json(problems: Iterable[Problem], *, files: int, **_terminal: object) -> str:
    """Write problems as ``{"version": 1, "problems": [...], "summary": {...}}``, indented.

    A problem has ``rule``, ``severity``, ``message``, ``hint``, ``path``, ``line``, ``column`` and ``address``; line
    and column count from 1 and are ``null`` where there is none, texts are empty where there is none. The summary
    counts ``errors``, ``warnings``, ``infos`` and the ``files`` that were checked. Colour and width are ignored.
    There is no newline at the end.
    """
    ordered = in_order(problems)
    summary = Summary.of(ordered, files=files)
    report = {
        "version": VERSION,
        "problems": [_object(problem) for problem in ordered],
        "summary": {
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "files": files,
        },
    }
    # In ASCII nothing steers a terminal and no encoding fails; DEL is the one control character that JSON lets through.
    return json.dumps(report, indent=2).replace("\x7f", "\\u007f")


def _object(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
        "path": problem.position.path,
        "line": problem.position.line or None,
        "column": problem.position.column or None,
        "address": problem.address,
    }

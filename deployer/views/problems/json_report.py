"""Problems for a program: one JSON object, sorted, in ASCII."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from deployer.source.hint import Correction, MissingProperty
from deployer.views.json_text import json_text
from deployer.views.problems.report import Summary

if TYPE_CHECKING:
    from deployer.rules import Suppressed
    from deployer.source.hint import Proposal
    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

VERSION = 1
"""Version of the report's shape: it grows when a field goes away or changes its meaning, not when one is added."""


def render_json(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write problems as ``{"version": 1, "problems": [...], "suppressed": [...], "summary": {...}}``, indented.

    A problem has ``rule``, ``severity``, ``message``, ``hint``, ``path``, ``line``, ``column``, ``address`` and
    ``proposals``, what a program can do about it; line and column count from 1 and are ``null`` where there is none,
    texts are empty where there is none. A suppressed one has the ``reason`` and the last day (``until``, or ``null``)
    too. The summary counts ``errors``, ``warnings``, ``infos``, what is ``suppressed`` and the ``files`` that were
    checked. There is no newline at the end.
    """
    del color, width, wrap
    ordered = report.ordered
    summary = Summary.of(ordered, files=report.files)
    data = {
        "version": VERSION,
        "problems": [problem_object(problem) for problem in ordered],
        "suppressed": [_suppressed(suppressed) for suppressed in report.left_out],
        "summary": {
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "suppressed": len(report.suppressed),
            "files": report.files,
        },
    }
    return json_text(data, sort=False)


def _suppressed(suppressed: Suppressed) -> dict[str, Any]:
    until = suppressed.by.until.isoformat() if suppressed.by.until else None
    return {**problem_object(suppressed.problem), "reason": suppressed.by.reason, "until": until}


def problem_object(problem: Problem) -> dict[str, Any]:
    """Write one problem as an object, the same in every command that prints one; keys as ``render_json`` has them."""
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
        "path": problem.position.path,
        "line": problem.position.line or None,
        "column": problem.position.column or None,
        "address": problem.address,
        "proposals": [_proposal(proposal) for proposal in problem.proposals],
    }


def _proposal(proposal: Proposal) -> dict[str, str]:
    match proposal:
        case Correction():
            return {"do": "replace", "wrong": proposal.wrong, "right": proposal.right}
        case MissingProperty():
            return {"do": "declare-property", "event": proposal.event, "key": proposal.key}
        case _:
            assert_never(proposal)

"""Problems as GitLab's Code Quality report: an array of findings, each with a fingerprint that lines don't change.

GitLab's documentation "Code Quality", section "Code Quality report format", has the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.source.problems import Severity
from deployer.views.json_text import json_text
from deployer.views.problems.fingerprints import fingerprints

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write the array; a problem without a line is on line 1, since GitLab asks for one. No newline at the end."""
    del color, width, wrap
    objects = [_object(report, problem, digest) for problem, digest in fingerprints(report.ordered)]
    return json_text(objects, sort=False)


def _object(report: Report, problem: Problem, fingerprint: str) -> dict[str, Any]:
    hint = f" ({problem.hint})" if problem.hint else ""
    return {
        "description": f"{problem.message}{hint}",
        "check_name": problem.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[problem.severity],
        "location": {
            "path": report.path(problem) or report.prefix + report.settings,
            "lines": {"begin": problem.position.line or 1},
        },
    }

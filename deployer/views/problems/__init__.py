"""Problems for people, programs and forges: every format tells the same problems, and none decides an exit code.

What a format needs is loaded when it is used: an error on a terminal needs no XML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from deployer.on_demand import on_demand
from deployer.views.problems.report import Report
from deployer.views.problems.terminal import cell_width, visible
from deployer.views.problems.text import render_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.views.problems.explanation import (
        rule_markdown,
        rule_text,
        rules_json,
        rules_list,
        rules_list_markdown,
    )
    from deployer.views.problems.fingerprints import fingerprints
    from deployer.views.problems.json_report import render_json
    from deployer.views.problems.places import prefix


class Format(Protocol):
    """A way to report problems."""

    def __call__(self, report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
        """Write the report; all but it concern formats for a terminal. No newline at the end."""


FORMATS: Mapping[str, str] = {
    "text": "text:report_text",
    "concise": "concise:render_concise",
    "json": "json_report:render_json",
    "github": "github:render_github",
    "gitlab": "gitlab:render_gitlab",
    "sarif": "sarif:render_sarif",
    "junit": "junit:render_junit",
}
"""The module here and its ``Format`` that write a report, by the name that ``--format`` takes: a line a format."""

_MODULES = {
    "fingerprints": ("fingerprints",),
    "places": ("prefix",),
    "json_report": ("render_json",),
    "explanation": ("rule_markdown", "rule_text", "rules_json", "rules_list", "rules_list_markdown"),
}

__all__ = [
    "FORMATS",
    "Format",
    "Report",
    "cell_width",
    "fingerprints",
    "prefix",
    "render",
    "render_json",
    "render_text",
    "rule_markdown",
    "rule_text",
    "rules_json",
    "rules_list",
    "rules_list_markdown",
    "visible",
]


def render(name: str, report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write a report in the format of a name; ``wrap``: text for a terminal is wrapped. No newline at the end."""
    module, _, function = FORMATS[name].partition(":")
    chosen: Format = getattr(import_module(f"deployer.views.problems.{module}"), function)
    return chosen(report, color=color, width=width, wrap=wrap)


if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)

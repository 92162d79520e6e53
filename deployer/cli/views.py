"""The views that commands print with, each loaded when it is used: help and a wrong option need none of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from deployer.views import (
        apps,
        beginning,
        compat,
        contracts,
        contracts_infer,
        drift,
        explain,
        formatting,
        graph_svg,
        importing,
        issue,
        journey_tests,
        overview,
        plan,
        plan_summary,
        problems,
        render,
        render_html,
        render_markdown,
        report,
        state,
        state_changes,
        status,
        takeover,
        tasks,
        timeline,
        verifying,
        words,
    )

__all__ = [
    "apps",
    "beginning",
    "compat",
    "contracts",
    "contracts_infer",
    "drift",
    "explain",
    "formatting",
    "graph_svg",
    "importing",
    "issue",
    "journey_tests",
    "overview",
    "plan",
    "plan_summary",
    "problems",
    "render",
    "render_html",
    "render_markdown",
    "report",
    "state",
    "state_changes",
    "status",
    "takeover",
    "tasks",
    "timeline",
    "verifying",
    "words",
]

if not TYPE_CHECKING:  # for mypy these are the modules, so that a misspelled view is an error

    def __getattr__(name: str) -> ModuleType:
        if name in __all__:
            return import_module(f"deployer.views.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

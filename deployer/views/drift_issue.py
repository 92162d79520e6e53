"""The issue about what was changed at Attentive in an environment: open while something differs from the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.forge.boxes import drift_mark
from deployer.views import markdown
from deployer.views.drift import drift_entry, drift_summary, drifted
from deployer.views.fitting import LIMIT, Section, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.engine.drift import Drift
    from deployer.forge.boxes import Scope

_TITLES = {"changed": "### changed at Attentive (recorded → live)", "gone": "### gone at Attentive"}


def drift_title(scope: Scope) -> str:
    """The title of the issue."""
    return f"Attentive: changed outside of the YAML in {scope.name}"


def drift_markdown(drifts: Sequence[Drift], scope: Scope, *, limit: int = LIMIT) -> str:
    """Write the issue's text: what changed and what is gone, and what to do about it; the rest is counted."""
    where = f"`deployer drift --env {scope.environment}` shows all of it."
    sections = [
        Section(title, tuple(_row(drift) for drift in drifts if drift.outcome == outcome), "resource", where)
        for outcome, title in _TITLES.items()
    ]
    return fit(_head(drifts, scope), sections, "", limit)


def _row(drift: Drift) -> str:
    return markdown.write([drift_entry(drift)])


def _head(drifts: Sequence[Drift], scope: Scope) -> str:
    outcome = "Something was changed at Attentive" if drifted(drifts) else "Nothing was changed at Attentive"
    title = f"{drift_mark(scope)}\n**{outcome} in {markdown.code(scope.name)} since it was recorded.** "
    counts = f"By the last look: {drift_summary(drifts)}."
    return f"{title}{counts}" + (f"\n\n{_what_to_do(scope)}" if drifted(drifts) else "")


def _what_to_do(scope: Scope) -> str:
    plan = markdown.code(f"deployer plan --env {scope.environment}")
    return (
        f"To keep it, merge the same change into the YAML. To go back, apply the YAML: {plan} shows what that does. "
        "This issue closes itself at the first look that finds nothing."
    )

"""What someone changed at Attentive since it was recorded; what can't be seen is said, never counted as the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.views import terminal
from deployer.views.fields import field_nodes
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Entry, Run, Tone, entry, heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.engine.drift import Drift
    from deployer.views.outline import Node

_OUTCOMES = {
    "changed": ("~", Tone.WARN, "changed at Attentive (recorded → live)"),
    "gone": ("-", Tone.BAD, "gone at Attentive"),
    "unknown": ("?", Tone.INFO, "unknown"),
    "same": ("=", Tone.GOOD, "same"),
}
"""Each outcome's sign, color and heading, in the order of the report."""


def drift_text(drifts: Sequence[Drift], *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show drift on a terminal: what changed field by field, and what couldn't be seen by its reason."""
    return terminal.write(_outline(drifts, environment), color=color, width=width)


def drift_json(drifts: Sequence[Drift], *, environment: str) -> str:
    """Write drift as JSON: ``{"version": 1, "environment": …, "drift": […]}``.

    Each has ``address``, ``outcome``, ``reason`` and ``fields`` (``path``, ``old``, ``new``, ``provenance``).
    """
    return json_text({"version": 1, "environment": environment, "drift": [_object(drift) for drift in drifts]})


def drifted(drifts: Sequence[Drift]) -> tuple[Drift, ...]:
    """What was changed at Attentive or is gone there."""
    return tuple(drift for drift in drifts if drift.outcome in {"changed", "gone"})


def _outline(drifts: Sequence[Drift], environment: str) -> Iterator[Node]:
    yield Entry((Run(f"Drift in {environment}: {drift_summary(drifts)}", Tone.STRONG),))
    for outcome, (sign, tone, title) in _OUTCOMES.items():
        chosen = [drift for drift in drifts if drift.outcome == outcome]
        for reason in dict.fromkeys(drift.reason for drift in chosen):
            yield heading(f"{title}: {reason}" if reason else title, 3)
            yield from (drift_entry(drift, sign, tone) for drift in chosen if drift.reason == reason)
    if drifted(drifts):
        yield Command("to go back to the YAML", f"deployer plan --env {environment}", apart=True)


def drift_entry(drift: Drift, sign: str = "-", tone: Tone = Tone.PLAIN) -> Entry:
    """What became of one address, field by field."""
    fields = field_nodes(drift.fields) if drift.fields else ()
    return entry(Run(drift.address, code=True), children=fields, marker=sign, tone=tone)


def drift_summary(drifts: Sequence[Drift]) -> str:
    """Say in one line how many are of each outcome."""
    counts = [(sum(drift.outcome == outcome for drift in drifts), outcome) for outcome in _OUTCOMES]
    return ", ".join(f"{number} {outcome}" for number, outcome in counts if number) or "nothing is recorded"


def _object(drift: Drift) -> dict[str, Any]:
    fields = [
        {"path": each.path, "old": each.old, "new": each.new, "provenance": each.provenance.value}
        for each in drift.fields
    ]
    return {"address": drift.address, "outcome": drift.outcome, "fields": fields, "reason": drift.reason}

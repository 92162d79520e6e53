"""Attentive's launch checklist: six steps, ticked or with the reasons why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.checklist import Checklist, LaunchStep
    from deployer.views.outline import Node

_TICKS = {"done": ("[x]", Tone.GOOD), "open": ("[ ]", Tone.WARN), "unknown": ("[?]", Tone.INFO)}


def status_text(checklist: Checklist, *, color: bool = False, width: int = 80) -> str:
    """Show the six steps on a terminal: ``[x]`` done, ``[ ]`` open with reasons, ``[?]`` couldn't be seen."""
    summary = Entry((Run(_summary(checklist), Tone.STRONG),))
    return terminal.write([summary, *_steps(checklist)], color=color, width=width)


def status_markdown(checklist: Checklist) -> str:
    """Show the six steps as markdown."""
    return markdown.write([heading(_summary(checklist)), *_steps(checklist)])


def status_json(checklist: Checklist) -> str:
    """Write the six steps as JSON (``Checklist.to_json``)."""
    return json_text(checklist.to_json())


def _summary(checklist: Checklist) -> str:
    done = sum(step.outcome == "done" for step in checklist.steps)
    return f"Launch checklist for {checklist.environment}: {done} of {len(checklist.steps)} done"


def _steps(checklist: Checklist) -> Iterator[Node]:
    for step in checklist.steps:
        marker, tone = _TICKS[step.outcome]
        yield Entry(_title(step), tuple(entry(reason) for reason in step.reasons), marker, tone, apart=step.number == 1)


def _title(step: LaunchStep) -> tuple[Run, ...]:
    unknown = " (unknown)" if step.outcome == "unknown" else ""
    return (Run(f"{step.number}  {step.title}{unknown}"),)

"""Attentive's launch checklist: six steps, ticked or with the reasons why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.nouns import counted
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Entry, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.checklist import Checklist, CountedText, LaunchStep
    from deployer.engine.old_confirmations import LookAgain
    from deployer.views.outline import Node

_TICKS = {"done": ("[x]", Tone.GOOD), "open": ("[ ]", Tone.WARN), "unknown": ("[?]", Tone.INFO)}


def status_text(checklist: Checklist, *, color: bool = False, width: int = 80) -> str:
    """Show the six steps on a terminal: ``[x]`` done, ``[ ]`` open with reasons, ``[?]`` couldn't be seen."""
    summary = Entry((Run(_summary(checklist), Tone.STRONG),))
    return terminal.write(
        [summary, *_steps(checklist), *_counts(checklist), *_again(checklist)], color=color, width=width
    )


def status_markdown(checklist: Checklist) -> str:
    """Show the six steps as markdown."""
    return markdown.write([heading(_summary(checklist)), *_steps(checklist), *_counts(checklist), *_again(checklist)])


def status_json(checklist: Checklist) -> str:
    """Write the six steps as JSON (``Checklist.to_json``)."""
    return json_text(checklist.to_json())


def status_summary(checklist: Checklist) -> str:
    """Say in one line how far it is, and the first step that isn't done."""
    done = sum(step.outcome == "done" for step in checklist.steps)
    left = next((f"; next: {step.number} {step.title}" for step in checklist.steps if step.outcome != "done"), "")
    again = f"; {len(checklist.again)} to look at again" if checklist.again else ""
    return f"{done} of {len(checklist.steps)} done{left}{again}"


def _summary(checklist: Checklist) -> str:
    done = sum(step.outcome == "done" for step in checklist.steps)
    return f"Launch checklist for {checklist.environment}: {done} of {len(checklist.steps)} done"


def _steps(checklist: Checklist) -> Iterator[Node]:
    for step in checklist.steps:
        marker, tone = _TICKS[step.outcome]
        details = (
            *(entry(reason) for reason in step.reasons),
            *(labelled("note", note, Tone.DIM) for note in step.notes),
        )
        yield Entry(_title(step), details, marker, tone, apart=step.number == 1)


def _counts(checklist: Checklist) -> Iterator[Node]:
    if checklist.counts:
        rows = tuple(
            entry(f"{count.task}: {count.composer} in Attentive's composer, {_estimate(count)} estimated")
            for count in checklist.counts
        )
        yield entry("segments counted otherwise by Attentive's composer, which decides:", children=rows)


def _again(checklist: Checklist) -> Iterator[Node]:
    if checklist.again:
        rows = tuple(entry(f"{look_again.address}: {_oldest(look_again)}") for look_again in checklist.again)
        yield entry("confirmed a long time ago; check that this is still true:", children=rows)
        yield Command("confirm it again", f"deployer baseline ADDRESS --env {checklist.environment}")


def _oldest(look_again: LookAgain) -> str:
    count = counted(look_again.count, "confirmation")
    day = look_again.at.partition("T")[0] or "an unknown day"
    return f"{count}, the oldest from {day}" + (f" by {look_again.by}" if look_again.by else "")


def _estimate(counted_text: CountedText) -> str:
    return (
        str(counted_text.most)
        if counted_text.fewest == counted_text.most
        else f"{counted_text.fewest} to {counted_text.most}"
    )


def _title(step: LaunchStep) -> tuple[Run, ...]:
    unknown = " (unknown)" if step.outcome == "unknown" else ""
    return (Run(f"{step.number}  {step.title}{unknown}"),)

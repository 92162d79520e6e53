"""What was inferred from captured payloads: the YAML itself, or what became of the file that it was written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.contracts.infer.inference import Inference, InferredEvent
    from deployer.views.outline import Node


def infer_text(inference: Inference, written: Path | None, *, color: bool = False, width: int = 80) -> str:
    """Show an inference on a terminal: what was added, what is worth a look, and what a person has to decide."""
    return terminal.write(_outline(inference, written), color=color, width=width)


def infer_json(inference: Inference, written: Path | None) -> str:
    """Write an inference as JSON.

    ``{"version": 1, "written", "yaml", "events", "unread", "problems", "failed"}``: ``written`` is the file's path or
    ``null``, ``yaml`` the text of the file or of the new documents.
    """
    return json_text(
        {
            "version": 1,
            "written": str(written) if written else None,
            "yaml": inference.text,
            "events": [_event_object(event) for event in inference.events],
            "unread": [
                {"file": row.file, "line": row.line or None, "message": row.example, "count": row.count}
                for row in inference.report.rows
                if not row.event
            ],
            "problems": [
                {"rule": problem.rule, "line": problem.position.line, "message": problem.message, "hint": problem.hint}
                for problem in inference.problems
            ],
            "failed": inference.failed,
        }
    )


def _event_object(inferred_event: InferredEvent) -> dict[str, Any]:
    return {
        "address": inferred_event.address,
        "name": inferred_event.name,
        "payloads": inferred_event.payloads,
        "declared": inferred_event.declared,
        "added": list(inferred_event.added),
        "conflicts": list(inferred_event.conflicts),
        "remarks": list(inferred_event.remarks),
    }


def _outline(inference: Inference, written: Path | None) -> Iterator[Node]:
    for event in inference.events:
        yield from _event(event)
    unread = [row for row in inference.report.rows if not row.event]
    if unread:
        yield heading("couldn't be used", 3)
        for row in unread:
            where = f"{row.file}:{row.line}" if row.line else row.file
            place = f" at {row.pointer}" if row.pointer else ""
            yield entry(
                f"{row.example}{place}, {counted(row.count, 'time')}; first ",
                Run(where, code=True),
                children=(labelled("hint", row.hint, Tone.INFO),) if row.hint else (),
                marker="!",
                tone=Tone.BAD,
            )
    if inference.problems:
        yield heading("`validate` will tell you", 3)
        for problem in inference.problems:
            hint = (labelled("hint", problem.hint, Tone.INFO),) if problem.hint else ()
            text = f"line {problem.position.line}: {problem.message} [{problem.rule}]"
            yield entry(text, children=hint, marker="!", tone=Tone.BAD)
    if written is not None:
        yield Command(f"wrote {written}; next", "deployer validate", apart=True)


def _event(inferred_event: InferredEvent) -> Iterator[Node]:
    payloads = counted(inferred_event.payloads, "payload")
    news = f"added {', '.join(inferred_event.added)}" if inferred_event.added else "nothing to add"
    remarks = (
        *(entry(text, marker="!", tone=Tone.BAD) for text in inferred_event.conflicts),
        *(entry(text, marker="?", tone=Tone.WARN) for text in inferred_event.remarks),
    )
    what = (
        news
        if inferred_event.declared
        else f"new, with {len(inferred_event.added)} {'property' if len(inferred_event.added) == 1 else 'properties'}"
    )
    yield entry(
        Run(inferred_event.address, Tone.STRONG, code=True),
        f" “{inferred_event.name}”, {payloads}: {what}",
        children=remarks,
    )

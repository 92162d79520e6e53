"""What was inferred from captured payloads: the YAML itself, or what became of the file that it was written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Run, Tone, counted, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.contracts.infer.inference import Inference, InferredEvent
    from deployer.views.outline import Node


def infer_text(found: Inference, written: Path | None, *, color: bool = False, width: int = 80) -> str:
    """Show an inference on a terminal: what was added, what is worth a look, and what a person has to decide."""
    return terminal.write(_outline(found, written), color=color, width=width)


def infer_json(found: Inference, written: Path | None) -> str:
    """Write an inference as JSON.

    ``{"version": 1, "written", "yaml", "events", "unread", "problems", "failed"}``: ``written`` is the file's path or
    ``null``, ``yaml`` the text of the file or of the new documents.
    """
    return json_text(
        {
            "version": 1,
            "written": str(written) if written else None,
            "yaml": found.text,
            "events": [_event_object(one) for one in found.events],
            "unread": [
                {"file": row.file, "line": row.line or None, "message": row.example, "count": row.count}
                for row in found.report.rows
                if not row.event
            ],
            "problems": [
                {"rule": one.rule, "line": one.position.line, "message": one.message, "hint": one.hint}
                for one in found.problems
            ],
            "failed": found.failed,
        }
    )


def _event_object(one: InferredEvent) -> dict[str, Any]:
    return {
        "address": one.address,
        "name": one.name,
        "payloads": one.payloads,
        "declared": one.declared,
        "added": list(one.added),
        "conflicts": list(one.conflicts),
        "remarks": list(one.remarks),
    }


def _outline(found: Inference, written: Path | None) -> Iterator[Node]:
    for one in found.events:
        yield from _event(one)
    unread = [row for row in found.report.rows if not row.event]
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
    if found.problems:
        yield heading("`validate` will tell you", 3)
        for problem in found.problems:
            hint = (labelled("hint", problem.hint, Tone.INFO),) if problem.hint else ()
            text = f"line {problem.position.line}: {problem.message} [{problem.rule}]"
            yield entry(text, children=hint, marker="!", tone=Tone.BAD)
    if written is not None:
        yield Command(f"wrote {written}; next", "deployer validate", apart=True)


def _event(one: InferredEvent) -> Iterator[Node]:
    payloads = f"{one.payloads:,} {'payload' if one.payloads == 1 else 'payloads'}"
    news = f"added {', '.join(one.added)}" if one.added else "nothing to add"
    remarks = (
        *(entry(text, marker="!", tone=Tone.BAD) for text in one.conflicts),
        *(entry(text, marker="?", tone=Tone.WARN) for text in one.remarks),
    )
    what = news if one.declared else f"new, with {len(one.added)} {'property' if len(one.added) == 1 else 'properties'}"
    yield entry(Run(one.address, Tone.STRONG, code=True), f" “{one.name}”, {payloads}: {what}", children=remarks)

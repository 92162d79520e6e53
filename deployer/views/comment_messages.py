"""The messages that a pull request changes: before and after as customers read them, with what a text costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import facts
from deployer.views import markdown
from deployer.views.notation import difference
from deployer.views.outline import Diff, Quote, Run, Tone, entry, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Piece
    from deployer.messages import Run as TextRun
    from deployer.preview.values import Change, Gone, MessageView, Preview
    from deployer.views.outline import Node

LONGEST = 8_000
"""Characters of one message; a longer one is named only, so that it doesn't push the others out."""


def message_items(preview: Preview) -> Iterator[str]:
    """Each message that differs, as markdown: first what is gone, then the rest in the preview's order."""
    against = preview.against
    for one in against.gone if against else ():
        yield _cut(markdown.write(_gone(one)), one.address)
    for view in preview.messages:
        if view.change is not None:
            yield _cut(markdown.write(_message(view, view.change)), view.address)


def _cut(item: str, address: str) -> str:
    if len(item) <= LONGEST:
        return item
    name = Run(address, Tone.STRONG, code=True)
    return markdown.write([entry(name, ": changed, and too long to show here; `deployer preview` shows it")])


def _gone(one: Gone) -> Iterator[Node]:
    yield entry(Run(one.address, Tone.STRONG, code=True), " was removed; before:")
    yield from (Quote(text) for part, text in one.parts.items() if part in {"body", "subject"})


def _message(view: MessageView, change: Change) -> Iterator[Node]:
    yield entry(Run(view.address, Tone.STRONG, code=True), f" {_word(change)}{_sent(view)}")
    if change.note:
        yield labelled("note", change.note)
    if facts(view.channel).segments:
        yield labelled("segments", _segments(view, change))
    yield from _reads(view, change)
    for part, pieces in change.parts.items():
        old, new = _sides(pieces)
        yield entry(f"{part}, composer text:")
        yield Diff(difference(old, new))


def _word(change: Change) -> str:
    return {"added": "is new", "changed": "changed", "unknown": "could not be compared"}[change.kind]


def _sent(view: MessageView) -> str:
    """Who sends it, for a reader who wants to know what it touches."""
    journeys = list(dict.fromkeys(use.journey for use in view.uses))
    return f", sent by {', '.join(journeys)}" if journeys else ", sent by no journey"


def _segments(view: MessageView, change: Change) -> str:
    """What the text costs, over all samples: an estimate by Attentive's published rule."""
    now = view.segments()
    told = "can't be counted" if now is None else _span(now)
    if change.segments is None:
        return told
    before, after = change.segments
    return f"{_span(before)} → {_span(after)}" if before != after else f"{_span(after)}, as before"


def _span(counts: tuple[int, int]) -> str:
    fewest, most = counts
    return str(most) if fewest == most else f"{fewest} to {most}"


def _reads(view: MessageView, change: Change) -> Iterator[Node]:
    """A text for its first sample, as it was and as it is."""
    sample = next((one for one in view.samples if "body" in one.parts), None)
    if sample is None:
        return
    made = ", made from the schema" if sample.made else ""
    if sample.name in change.before:
        yield entry(f"before (sample {sample.name}{made}):")
        yield Quote(_text(change.before[sample.name]))
    yield entry("after:" if sample.name in change.before else f"as it reads (sample {sample.name}{made}):")
    yield Quote(_text(sample.parts["body"]))


def _text(runs: Sequence[TextRun]) -> str:
    return "".join(run.text or ("«nothing»" if run.macro else "") for run in runs)


def _sides(pieces: Sequence[Piece]) -> tuple[str | None, str | None]:
    """The text before and after; ``None`` where there was none."""
    old = "".join(piece.text for piece in pieces if piece.op != "new")
    new = "".join(piece.text for piece in pieces if piece.op != "gone")
    return old or None, new or None

"""Messages as they are pasted and as they are read, with what a text costs."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from deployer.messages import TextRun, wide
from deployer.nouns import counted
from deployer.views import render_bubble, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Copy, Entry, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Count, Measured, Offender
    from deployer.preview.message_values import MacroView
    from deployer.preview.rendering import RenderedMessage
    from deployer.views.outline import Node


def render_text(messages: Sequence[RenderedMessage], *, color: bool = False, width: int = 80) -> str:
    """Show messages on a terminal: what a phone shows, what a text costs, composer text to copy, and every macro."""
    if not messages:
        return terminal.write([entry("No message to render.")], color=color, width=width)
    return "\n\n".join(_message(message, color=color, width=width) for message in messages)


def render_json(messages: Sequence[RenderedMessage]) -> str:
    """Write messages as JSON: ``{"version": 1, "messages": […]}``, each with the fields of ``RenderedMessage``.

    ``counts`` is an object by rule set; ``reads`` is beside ``rendered`` with the brand in front of texts.
    """
    return json_text({"version": 1, "messages": [_object(message) for message in messages]})


def _message(message: RenderedMessage, *, color: bool, width: int) -> str:
    remark = ", made from the schema" if message.made and message.sample else ""
    sample = f", sample {message.sample}{remark}" if message.sample else ""
    head: list[Node] = [heading(f"{message.address}  ({message.channel}{sample})")]
    if message.media:
        head.append(entry(f"picture: {message.media}"))
    blocks = [terminal.write(head, color=color, width=width), *_bubbles(message, color=color, width=width)]
    if message.counts:
        blocks.append(_meter(message, color=color, width=width))
    composer = [Copy(f"{part}, composer text", text) for part, text in message.composer.items()]
    blocks.append(terminal.write(composer, color=color, width=width))
    blocks.append(terminal.write(list(_remarks(message)), color=color, width=width))
    return "\n\n".join(block for block in blocks if block)


def _bubbles(message: RenderedMessage, *, color: bool, width: int) -> Iterator[str]:
    """Each part as it reads; the HTML of an email is no words to read on a terminal."""
    drawn = [
        render_bubble.bubble("" if part == "body" else part, _runs(message, part), color=color, width=width)
        for part in message.rendered
        if part != "html"
    ]
    if drawn:
        yield "\n".join([*drawn, render_bubble.legend(color=color)])
    if "html" in message.rendered:
        size = len(message.rendered["html"].encode())
        name = message.address.partition(".")[2]
        say = f"html: {size:,} bytes; to see it as it reads: `deployer render {name} --out {name}.html`"
        yield terminal.write([entry(say)], color=color, width=width)


def _runs(message: RenderedMessage, part: str) -> Sequence[TextRun]:
    return message.runs.get(part) or (TextRun("author", message.reads(part)),)


def _remarks(message: RenderedMessage) -> Iterator[Node]:
    if message.counts:
        yield from _offenders(message)
    yield from (_hole(hole) for hole in message.holes)
    if message.macros:
        by_name: dict[str, list[MacroView]] = {}
        for macro in message.macros:
            by_name.setdefault(macro.name, []).append(macro)
        macros = tuple(_macro(macro_views, message) for macro_views in by_name.values())
        yield Entry((Run("macros:"),), macros, apart=True)


def _macro(macro_views: Sequence[MacroView], message: RenderedMessage) -> Entry:
    """A macro with its type and its lines, and what it prints for each sample."""
    macro_view = macro_views[0]
    kind = f"{macro_view.type or 'unknown'}{', optional' if macro_view.optional else ''}"
    where = ", ".join(dict.fromkeys(map(place, macro_views)))
    values = [
        f"{sample_name(message, name)}: {'nothing' if value is None else value}"
        for name, value in macro_view.values.items()
    ]
    children = (entry(Run(" · ".join(values), Tone.DIM)),) if values else ()
    return entry(Run(macro_view.name, Tone.STRONG, code=True), f"  {kind}  {where}", children=children)


def sample_name(message: RenderedMessage, name: str) -> str:
    """A sample's name; one that no one declared says that it was made."""
    return f"{name} (made)" if name in message.made_samples else name


def place(macro: MacroView) -> str:
    """Where a macro is written: ``messages/parcels.yaml:9``."""
    return f"{macro.spot.file}:{macro.spot.line}" if macro.spot.line else macro.spot.file


def _meter(message: RenderedMessage, *, color: bool, width: int) -> str:
    """How full the text's last segment is, what the costliest sample makes of it, and that it is an estimate."""
    count = message.counts[0][1]
    columns = min(max(width, terminal.LEAST), 66) - 8
    full = render_bubble.bar(used(count) / count.limit_per_segment if count.limit_per_segment else 0, columns)
    rows = [entry(f"{rules}:  {cost(count, message.media)}") for rules, count in message.counts]
    meter = terminal.write([*rows, *_over_all(message)], color=color, width=max(width - 2, terminal.LEAST))
    title = terminal.write([entry(TITLE)], color=color, width=width)
    return "\n".join([title, f"  [{full}]", *(f"  {line}" for line in meter.split("\n"))])


TITLE = "length (an estimate: the counter in Attentive's composer decides):"


def used(count: Count) -> int:
    """Units of the last segment that are taken."""
    return max(count.limit_per_segment - count.left, 0)


def cells(count: Count, limit: int | None) -> tuple[float, ...]:
    """How full each segment is, from 0 to 1: those that the text takes, and empty ones up to the limit.

    ``meter.js`` has the same for pages.
    """
    last = used(count) / count.limit_per_segment if count.limit_per_segment else 0.0
    taken = (*(1.0 for _ in range(count.segments - 1)), min(last, 1.0))
    return (*taken, *(0.0 for _ in range((limit or 1) - len(taken))))


def cost(count: Count, media: str = "") -> str:
    """What a text costs, in words: ``GSM-7, 132 units, 1 segment of up to 160, 28 left``."""
    parts = f"{segments(count, media)} of up to {count.limit_per_segment}, {count.left} left"
    return f"{count.encoding}, {counted(count.units, 'unit')}, {parts}"


def segments(count: Count, media: str = "") -> str:
    """How many segments, in words; a text with a picture (``media``) is an MMS, and texts behind it."""
    if not media:
        return counted(count.segments, "segment")
    return f"1 MMS and {counted(count.segments - 1, 'text')}" if count.segments > 1 else "1 MMS"


def longest(message: RenderedMessage) -> Iterator[Measured]:
    """The sample that makes the text longest, and the one with unusual characters where that makes it longer still."""
    if message.length is not None:
        yield message.length.worst
        yield from (measured for measured in [message.length.unusual] if measured is not None)


def held(message: RenderedMessage, measured: Measured) -> tuple[str, str]:
    """A sample's cost in words, and how it holds against the limit: empty, or beginning with a semicolon."""
    return (
        f"{measured.named}: {cost(measured.count, message.media)}",
        f"; {measured.verdict}" if measured.verdict else "",
    )


def _over_all(message: RenderedMessage) -> Iterator[Entry]:
    for label, measured in zip(LONGEST, longest(message), strict=False):
        what, verdict = held(message, measured)
        yield entry(f"{label}:  {what}", Run(verdict, Tone.WARN if measured.over else Tone.PLAIN))


LONGEST = ("worst sample", "unusual characters")
"""What the samples of ``longest`` are called."""


def _hole(hole: str) -> Entry:
    text = f"{hole} has no value in this sample; Attentive would send the message with the gap"
    return labelled("hole", text, Tone.WARN)


def _offenders(message: RenderedMessage) -> Iterator[Node]:
    script = wide(message.reads("body")).sentence
    if script:
        yield entry(Run(script, Tone.DIM))
        return
    offenders: dict[str, list[Offender]] = {}
    for alike in message.counts[0][1].offenders:
        offenders.setdefault(alike.char, []).append(alike)
    if offenders:
        lines = tuple(_offender(message, offender) for offender in offenders.values())
        yield entry(Run("wide encoding", Tone.WARN), " because of:", children=lines)


def _offender(message: RenderedMessage, offenders: Sequence[Offender]) -> Entry:
    offender = offenders[0]
    where = f"at character {offender.position + 1}" if offender.position >= 0 else f"in the brand {message.brand}"
    often = f"{len(offenders)} times, first " if len(offenders) > 1 else ""
    glyph = f"{_glyph(offender.char)} ".lstrip()
    return entry(Run(glyph, Tone.STRONG), f"{offender.codepoint} {offender.name}, {often}{where}: {offender.advice}")


def _glyph(char: str) -> str:
    """A character to look at: an accent on a circle, nothing for what can't be seen."""
    if unicodedata.combining(char):
        return f"◌{char}"
    return char if char.isprintable() and not char.isspace() else ""


def _object(rendered_message: RenderedMessage) -> dict[str, Any]:
    return {
        "address": rendered_message.address,
        "channel": rendered_message.channel,
        "sample": rendered_message.sample,
        "made": rendered_message.made,
        "made_samples": list(rendered_message.made_samples),
        "brand": rendered_message.brand,
        "composer": dict(rendered_message.composer),
        "rendered": dict(rendered_message.rendered),
        "reads": {part: rendered_message.reads(part) for part in rendered_message.rendered},
        "runs": {part: [asdict(run) for run in runs] for part, runs in rendered_message.runs.items()},
        "counts": {rules: asdict(count) for rules, count in rendered_message.counts},
        "over": bool(rendered_message.measured and rendered_message.measured.over),
        "verdict": rendered_message.measured.verdict if rendered_message.measured else "",
        "worst": _measured(rendered_message.length.worst) if rendered_message.length else None,
        "limit": rendered_message.limit,
        "media": rendered_message.media,
        "macros": [asdict(macro) for macro in rendered_message.macros],
        "holes": list(rendered_message.holes),
    }


def _measured(measured: Measured) -> dict[str, Any]:
    return {
        "sample": measured.sample,
        "made": measured.made,
        "count": asdict(measured.count),
        "over": measured.over,
        "verdict": measured.verdict,
    }

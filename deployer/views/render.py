"""Messages as they are pasted and as they are read, with what a text costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Copy, Quote, Run, Tone, counted, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.library.rendering import RenderedMessage
    from deployer.messages import Count, Offender
    from deployer.views.outline import Entry, Node


def render_text(messages: Sequence[RenderedMessage], *, color: bool = False, width: int = 80) -> str:
    """Show messages on a terminal: each part's composer text to copy, what it reads like, and what a text costs."""
    nodes = [node for message in messages for node in _outline(message)]
    return terminal.write(nodes or [entry("No message to render.")], color=color, width=width)


def render_json(messages: Sequence[RenderedMessage]) -> str:
    """Write messages as JSON: ``{"version": 1, "messages": […]}``, each with the fields of ``RenderedMessage``.

    ``counts`` is an object by rule set; ``reads`` stands beside ``rendered`` with the brand in front of texts.
    """
    return json_text({"version": 1, "messages": [_object(one) for one in messages]})


def _outline(message: RenderedMessage) -> Iterator[Node]:
    sample = f", sample {message.sample}" if message.sample else ""
    yield heading(f"{message.address}  ({message.channel}{sample})")
    for part in dict.fromkeys([*message.composer, *message.rendered]):
        yield from _part(message, part)
    yield from (_hole(hole) for hole in message.holes)
    if message.counts:
        yield from _counts(message)


def _part(message: RenderedMessage, part: str) -> Iterator[Node]:
    if part in message.composer:
        yield Copy(f"{part}, composer text", message.composer[part])
    if part in message.rendered:
        yield entry(f"{part}, as it reads:", children=(Quote(message.reads(part)),))


def _hole(hole: str) -> Entry:
    said = f"{hole} has no value in this sample; Attentive would send the message with the gap"
    return labelled("hole", said, Tone.WARN)


def _counts(message: RenderedMessage) -> Iterator[Node]:
    rows = tuple(entry(_count(message, rules, count)) for rules, count in message.counts)
    yield entry("length (an estimate: the counter in Attentive's composer decides):", children=rows)
    offenders: dict[str, list[Offender]] = {}
    for one in message.counts[0][1].offenders:
        offenders.setdefault(one.char, []).append(one)
    if offenders:
        told = tuple(_offender(message, found) for found in offenders.values())
        yield entry(Run("wide encoding", Tone.WARN), " because of:", children=told)


def _count(message: RenderedMessage, rules: str, count: Count) -> str:
    characters = sum(len(message.reads(part)) for part in message.rendered)
    size = counted(characters, "character") + ("" if characters == count.units else f" that count as {count.units}")
    parts = f"{counted(count.segments, 'segment')} of up to {count.limit_per_segment}, {count.left} left"
    return f"{rules} rules: {size} in {count.encoding}, {parts}"


def _offender(message: RenderedMessage, found: Sequence[Offender]) -> Entry:
    one = found[0]
    where = f"at character {one.position + 1}" if one.position >= 0 else f"in the brand {message.brand}"
    often = f"{len(found)} times, first " if len(found) > 1 else ""
    return entry(Run(one.char, Tone.STRONG), f" {one.codepoint} {one.name}, {often}{where}: {_instead(one)}")


def _instead(one: Offender) -> str:
    if one.replacement is None:
        return "nothing is alike"
    return f"write {one.replacement}" if one.replacement else "leave it out"


def _object(one: RenderedMessage) -> dict[str, Any]:
    return {
        "address": one.address,
        "channel": one.channel,
        "sample": one.sample,
        "brand": one.brand,
        "composer": dict(one.composer),
        "rendered": dict(one.rendered),
        "reads": {part: one.reads(part) for part in one.rendered},
        "counts": {rules: asdict(count) for rules, count in one.counts},
        "holes": list(one.holes),
    }

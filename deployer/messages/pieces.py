"""A rendered text in runs: what its author wrote, what the data filled in, what Attentive adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.messages.liquid_loading import load_liquid
from deployer.messages.rendered import TextRun
from deployer.messages.rendering import fill
from deployer.messages.scanning import plain

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.source import JSON


def render_pieces(text: str, data: Mapping[str, JSON]) -> tuple[TextRun, ...]:
    """Render composer text as ``render`` does, in runs: joined, their texts are what ``render`` gives.

    Two runs of the author never touch. What a macro falls back to (``| default: 'friend'``) counts as filled in.
    Raises ``RenderError``.
    """
    matches = plain(text)
    values = None if matches is None else fill(matches, data)
    if matches is None or values is None:
        load_liquid()
        from deployer.messages.liquid_trace import trace_tree  # noqa: PLC0415 - python-liquid is slow to import

        return joined(trace_tree(text, data))
    return joined(_plain_runs(text, matches, values))


def _plain_runs(text: str, matches: Sequence[re.Match[str]], values: Sequence[str | None]) -> Iterator[TextRun]:
    end = 0
    for match, value in zip(matches, values, strict=True):
        yield TextRun("author", text[end : match.start()])
        yield TextRun("data", value or "", match["path"])
        end = match.end()
    yield TextRun("author", text[end:])


def joined(runs: Iterable[TextRun]) -> tuple[TextRun, ...]:
    """Join neighbors that no macro is behind, and drop what holds nothing."""
    kept: list[TextRun] = []
    for run in runs:
        if run.macro:
            kept.append(run)
        elif run.text and kept and (kept[-1].origin, kept[-1].macro) == (run.origin, ""):
            kept[-1] = TextRun(run.origin, kept[-1].text + run.text)
        elif run.text:
            kept.append(run)
    return tuple(kept)

"""Rendered messages as markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.views import markdown
from deployer.views.outline import Copy, entry, heading
from deployer.views.problems import visible
from deployer.views.render import LONGEST, TITLE, cost, held, longest, place, sample_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import TextRun
    from deployer.preview.rendering import RenderedMessage


_AT_START = re.compile(r"^(?: +|[-+>=]|\d+(?=[.)]))")
_ENTITY = "&#%d;"
"""What would begin a list, a heading or a quotation at the start of a line is written by its number."""


def render_markdown(messages: Sequence[RenderedMessage]) -> str:
    """Show messages in GitHub's markdown: what is read (bold: filled in, italic: added), its length, every macro.

    Users' text is never read as markup.
    """
    if not messages:
        return "No message to render."
    return "\n\n".join(block for message in messages for block in _message(message))


def _message(message: RenderedMessage) -> Iterator[str]:
    remark = ", made from the schema" if message.made and message.sample else ""
    sample = f", sample {message.sample}{remark}" if message.sample else ""
    yield markdown.write([heading(f"{message.address} ({message.channel}{sample})", 3)])
    if message.media:
        yield f"picture: {markdown.code(message.media)}"
    for part in message.rendered:
        if part != "html":
            yield f"{part}:" if part != "body" else "As it reads (bold: filled in; italic: added by Attentive):"
            yield _quoted(message.runs.get(part, ()))
    yield markdown.write([Copy(f"{part}, composer text", text) for part, text in message.composer.items()])
    yield from _length(message)
    for hole in message.holes:
        yield f"**hole:** {markdown.code(hole)} has no value in this sample."
    if message.macros:
        yield "\n".join(_table(message))


def _length(message: RenderedMessage) -> Iterator[str]:
    if not message.counts:
        return
    rows = [entry(f"{rules}: {cost(count, message.media)}", marker="-") for rules, count in message.counts]
    for label, measured in zip(LONGEST, longest(message), strict=False):
        rows.append(entry(f"{label}: {''.join(held(message, measured))}", marker="-"))
    yield markdown.write([entry(TITLE), *rows])


def _quoted(runs: Sequence[TextRun]) -> str:
    """Runs as a quotation. Markdown has no bold that goes over lines, so each line is marked for itself."""
    text = "".join(_marked(run) for run in runs)
    lines = [
        _AT_START.sub(lambda match: "".join(_ENTITY % ord(char) for char in match[0]), line)
        for line in text.split("\n")
    ]
    return "\n".join(f"> {line}\\" for line in lines).removesuffix("\\")


def _marked(run: TextRun) -> str:
    if run.macro and not run.text:
        return "**«nothing»**"
    return "\n".join(_emphasised(run, line) for line in run.text.split("\n"))


def _emphasised(run: TextRun, line: str) -> str:
    """A line in its emphasis, with the blanks at its ends outside, as markdown wants it. Tags need no closing rule."""
    inner = line.strip()
    tag = {"author": "", "data": "b", "platform": "i"}[run.origin]
    shown = markdown.plain(visible(inner)).replace("`", "\\`") if inner else ""
    blanks = len(line) - len(line.lstrip())
    marked = f"<{tag}>{shown}</{tag}>" if tag and inner else shown
    return " " * blanks + marked + " " * (len(line) - blanks - len(inner))


def _table(message: RenderedMessage) -> Iterator[str]:
    """A row a macro, a column a sample."""
    macros = message.macros
    names = list(dict.fromkeys(name for macro in macros for name in macro.values))
    yield _row(["macro", "type", "line", *(sample_name(message, name) for name in names)])
    yield _row(["---"] * (3 + len(names)))
    for macro in macros:
        kind = f"{macro.type or 'unknown'}{', optional' if macro.optional else ''}"
        values = [macro.values.get(name) for name in names]
        cells = ["*nothing*" if value is None else markdown.code(value) for value in values]
        yield _row([markdown.code(macro.name), kind, markdown.code(place(macro)), *cells])


def _row(cells: Sequence[str]) -> str:
    """A table's row; a bar within a cell would end it, in a code span as well."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

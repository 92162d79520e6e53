"""Messages as one SVG picture: a phone's bubble or an inbox row, with the length of a text.

The picture holds text in whatever sans-serif font the viewer has, and asks for nothing from outside. Line breaks are
estimated from common fonts' widths, with room to spare.
"""

from __future__ import annotations

import re
from dataclasses import field
from html import escape
from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.kinds.channels import Look, facts
from deployer.messages import TextRun
from deployer.nouns import counted
from deployer.views.lettering import FONT, right_to_left, text_width
from deployer.views.markup import escaped
from deployer.views.problems import visible
from deployer.views.render import cells, longest, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Measured
    from deployer.preview.rendering import RenderedMessage

WIDTH = 420
"""The picture's width in CSS pixels."""

_MARGIN, _PAD, _LINE, _SIZE = 20, 14, 21, 15
_BUBBLE = WIDTH - 2 * _MARGIN
_GAP = 4
_ROOM = _BUBBLE - 2 * _PAD - 6
_PIECE = re.compile(r"\n|[^\s]+|[^\S\n]")
STYLE = f"""\
text {{ font: {_SIZE}px {FONT}; fill: #1d2433; }}
.card {{ fill: #ffffff; stroke: #d9dde6; }}
.bubble {{ fill: #e9ebf1; }}
.small {{ font-size: 12px; fill: #5a6376; }}
.strong {{ font-weight: 600; }}
.data {{ fill: #7a4a00; }}
.platform {{ fill: #5a6376; }}
.hole {{ fill: #a14400; font-style: italic; }}
.track {{ fill: #dfe3ec; }}
.full {{ fill: #2f7d5b; }}
.over {{ fill: #b3470b; }}"""


@dataclass(slots=True)
class _Drawing:
    """Elements from top to bottom; ``y`` is where the next one begins."""

    parts: list[str] = field(default_factory=list)
    y: int = _MARGIN

    def text(self, x: int, body: str, *classes: str, step: int = _LINE, mirrored: bool = False) -> None:
        named = f' class="{" ".join(classes)}"' if classes else ""
        x, way = (WIDTH - x, ' direction="rtl"') if mirrored else (x, "")
        self.parts.append(f'<text x="{x}" y="{self.y + _SIZE}" xml:space="preserve"{way}{named}>{body}</text>')
        self.y += step


def render_svg(messages: Sequence[RenderedMessage]) -> tuple[str, tuple[int, int]]:
    """Draw messages one below the other; returns the SVG and its width and height in CSS pixels.

    Brown: filled in by the sample's data. Grey: added by Attentive. A gap that the sample leaves is said.
    """
    drawing = _Drawing()
    for message in messages:
        _card(drawing, message)
    height = drawing.y
    title = escape(", ".join(dict.fromkeys(message.address for message in messages))) or "no message"
    body = "\n".join(drawing.parts)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{title}">\n<title>{title}</title>\n<style>\n{STYLE}\n</style>\n{body}\n</svg>'
    )
    return svg, (WIDTH, height)


def picture_page(svg: str) -> str:
    """A page that shows nothing but the picture, for a browser that takes a photograph of it."""
    return f'<!doctype html><meta charset="utf-8"><body style="margin:0;background:#f5f6fa">{svg}</body>'


def _card(drawing: _Drawing, message: RenderedMessage) -> None:
    inner = _Drawing(y=drawing.y + _PAD)
    match facts(message.channel).look:
        case Look.PHONE:
            _phone(inner, message)
        case Look.INBOX:
            _inbox(inner, message)
        case other:
            assert_never(other)
    height = inner.y + _PAD - drawing.y
    drawing.parts.append(
        f'<rect class="card" x="{_MARGIN // 2}" y="{drawing.y}" width="{WIDTH - _MARGIN}" height="{height}" rx="14"/>'
    )
    drawing.parts += inner.parts
    drawing.y += height + _MARGIN


def _phone(drawing: _Drawing, message: RenderedMessage) -> None:
    drawing.text(_MARGIN + _PAD, escaped(message.brand or message.address), "strong", step=_LINE + 6)
    if message.media:
        _picture(drawing, message.media)
    _bubble(drawing, message.runs.get("body") or (TextRun("author", message.reads("body")),))
    _sample(drawing, message)
    if message.counts:
        _meter(drawing, message)


def _picture(drawing: _Drawing, media: str) -> None:
    x, height = _MARGIN, 64
    drawing.parts.append(f'<rect class="bubble" x="{x}" y="{drawing.y}" width="{_BUBBLE}" height="{height}" rx="16"/>')
    before, drawing.y = drawing.y, drawing.y + height // 2 - _SIZE
    drawing.text(x + _PAD, f"picture: {escaped(media)}", "small")
    drawing.y = before + height + 6


def _bubble(drawing: _Drawing, runs: Sequence[TextRun]) -> None:
    lines, mirrored = list(_lines(runs, _ROOM)), _mirrored(runs)
    height = len(lines) * _LINE + 2 * _PAD - 6
    drawing.parts.append(
        f'<rect class="bubble" x="{_MARGIN}" y="{drawing.y}" width="{_BUBBLE}" height="{height}" rx="16"/>'
    )
    bottom = drawing.y + height
    drawing.y += _PAD - 4
    for line in lines:
        drawing.text(_MARGIN + _PAD, line, mirrored=mirrored)
    drawing.y = bottom + 8


def _mirrored(runs: Sequence[TextRun]) -> bool:
    return right_to_left("".join(run.text for run in runs))


def _inbox(drawing: _Drawing, message: RenderedMessage) -> None:
    x = _MARGIN + _PAD
    drawing.text(x, escaped(message.sender or message.brand), "small")
    for part, classes in (("subject", ("strong",)), ("preheader", ("small",))):
        runs = message.runs.get(part, ())
        for line in _lines(runs, _ROOM):
            if part in message.rendered:
                drawing.text(x, line, *classes, mirrored=_mirrored(runs))
    if "plain" in message.rendered:
        drawing.y += 8
        _bubble(drawing, message.runs.get("plain", ()))
    _sample(drawing, message)


def _sample(drawing: _Drawing, message: RenderedMessage) -> None:
    remark = " (made from the schema)" if message.made and message.sample else ""
    title = f"{message.address}{f', sample {message.sample}{remark}' if message.sample else ''}"
    _small(drawing, title)
    added = '  <tspan class="platform">grey: added by Attentive</tspan>' if facts(message.channel).segments else ""
    legend = f'<tspan class="data">brown: filled in</tspan>{added}'
    drawing.text(_MARGIN + _PAD, legend, "small", step=_LINE)


def _meter(drawing: _Drawing, message: RenderedMessage) -> None:
    """A cell for each segment, those over the limit in another color, and the numbers below."""
    count = message.counts[0][1]
    limit = message.measured.limit if message.measured and message.measured.over else None
    shown = cells(count, message.measured.limit if message.measured else None)
    room = (_BUBBLE - _GAP * (len(shown) - 1)) / len(shown)
    drawing.y += 6
    for at, full in enumerate(shown):
        look = "over" if limit is not None and at >= limit else "full"
        for classes, width in (("track", room), (look, max(room * full, 4) if full else 0)):
            drawing.parts.append(
                f'<rect class="{classes}" x="{_MARGIN + at * (room + _GAP):g}" y="{drawing.y}" width="{width:g}" '
                'height="6" rx="3"/>'
            )
    drawing.y += 12
    cost = f"{counted(count.units, 'unit')}, {segments(count, message.media)}"
    label = f"{count.encoding}, {cost}, {count.left} left (an estimate)"
    _small(drawing, label)
    for measured in longest(message):
        _small(
            drawing, f"at worst {segments(measured.count, message.media)} (sample {measured.named}){_held(measured)}"
        )


def _held(measured: Measured) -> str:
    return f"; {measured.verdict}" if measured.verdict else ""


def _small(drawing: _Drawing, text: str) -> None:
    for line in _lines((TextRun("author", text),), _ROOM * _SIZE // 12):
        drawing.text(_MARGIN + _PAD, line, "small", step=18)


def _lines(runs: Sequence[TextRun], room: int) -> Iterator[str]:
    """Break runs into lines of markup, after blanks where there is one."""
    line: list[tuple[str, str]] = []
    width = 0.0
    for piece, kind in _pieces(runs, room):
        size = text_width(piece, _SIZE)
        if piece == "\n" or (width + size > room and line and piece != " "):
            yield _markup(line)
            line, width = [], 0.0
        if piece != "\n":
            line.append((piece, kind))
            width += size
    yield _markup(line)


def _markup(line: list[tuple[str, str]]) -> str:
    """A line's pieces as markup, without the blanks at its end."""
    end = len(line)
    while end and line[end - 1][0] == " ":
        end -= 1
    return "".join(_span(piece, kind) for piece, kind in line[:end])


def _pieces(runs: Sequence[TextRun], room: int) -> Iterator[tuple[str, str]]:
    """Words and blanks with the class that paints them; a word too long for a line in parts that fit."""
    for run in runs:
        if run.macro and not run.text:
            yield "[nothing]", "hole"
        for piece in _PIECE.findall(run.text):
            yield from ((part, run.origin) for part in ([piece] if piece == "\n" else _fitting(visible(piece), room)))


def _fitting(word: str, room: int) -> Iterator[str]:
    part, width = "", 0.0
    for char in word:
        if part and width + text_width(char, _SIZE) > room:
            yield part
            part, width = "", 0.0
        part, width = part + char, width + text_width(char, _SIZE)
    yield part


def _span(piece: str, kind: str) -> str:
    return escape(piece) if kind == "author" else f'<tspan class="{kind}">{escape(piece)}</tspan>'

"""An outline as an SVG picture: headings, entries with what belongs to them, and quoted texts in bubbles.

The picture asks for nothing from outside. Line breaks are estimated, with room to spare.
"""

from __future__ import annotations

import re
from dataclasses import field
from html import escape
from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.views.lettering import FONT, wrapped
from deployer.views.outline import Command, Copy, Diff, Entry, Heading, Quote
from deployer.views.problems import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.views.outline import Inline, Node

WIDTH = 560
"""The picture's width in CSS pixels."""

_MARGIN, _LINE, _SIZE, _INDENT, _PAD = 20, 20, 14, 52, 12
_BOLD = 0.88
"""How much of a line bold letters may be estimated to fill: they are wider."""

_LONGEST = 200
"""Lines of one text that are drawn; what comes after them is cut, with an ellipsis."""

_STYLE = f"""\
text {{ font: {_SIZE}px {FONT}; fill: #1d2433; }}
.page {{ fill: #ffffff; }}
.bubble {{ fill: #e9ebf1; }}
.head {{ font-weight: 600; }}
.marker {{ fill: #5a6376; }}"""

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (section 2.2) allows nowhere."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a page around a picture may do: nothing but its own styles."""


@dataclass(slots=True)
class _Drawing:
    """Elements from top to bottom; ``y`` is where the next one begins."""

    parts: list[str] = field(default_factory=list)
    y: int = _MARGIN

    def text(self, x: int, words: str, kind: str = "", *, moves: bool = True) -> None:
        named = f' class="{kind}"' if kind else ""
        place = f'x="{x}" y="{self.y + _SIZE}"'
        self.parts.append(f'<text {place} xml:space="preserve"{named}>{_escaped(words)}</text>')
        self.y += _LINE if moves else 0


def picture(nodes: Iterable[Node], title: str) -> str:
    """Draw an outline as one SVG; the same outline gives the same picture. ``title`` is for those who don't see it."""
    drawing = _Drawing()
    for node in nodes:
        _node(drawing, node, 0)
    height, name = drawing.y + _MARGIN, _escaped(visible(title))
    body = "\n".join(drawing.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{name}">\n<title>{name}</title>\n<style>\n{_STYLE}\n</style>\n'
        f'<rect class="page" width="{WIDTH}" height="{height}"/>\n{body}\n</svg>'
    )


def picture_page(nodes: Iterable[Node], title: str) -> str:
    """A page that shows an outline's picture, opens from disk and asks for nothing."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escaped(visible(title))}</title>\n"
        "<style>body { margin: 0; padding: 1rem; background: #f5f6fa; }\n"
        "svg { max-width: 100%; height: auto; }</style>\n"
        f"</head>\n<body>\n{picture(nodes, title)}\n</body>\n</html>"
    )


def _node(drawing: _Drawing, node: Node, depth: int) -> None:
    match node:
        case Heading():
            drawing.y += _LINE // 2 if drawing.parts else 0
            _words(drawing, _plain(node.text), depth, "head")
        case Entry():
            _entry(drawing, node, depth)
        case Quote() | Copy():
            _bubble(drawing, node.text, depth)
        case Diff():
            for sign, text in node.rows:
                _words(drawing, f"{sign} {text}", depth)
        case Command():
            _words(drawing, f"{node.label} {node.command}", depth)
        case other:
            assert_never(other)


def _entry(drawing: _Drawing, node: Entry, depth: int) -> None:
    drawing.y += _LINE // 2 if node.apart else 0
    if node.marker:
        drawing.text(_left(depth), visible(node.marker), "marker", moves=False)
    inside = depth + bool(node.marker)
    _words(drawing, _plain(node.text), inside)
    for child in node.children:
        _node(drawing, child, max(inside, depth + 1))


def _words(drawing: _Drawing, words: str, depth: int, kind: str = "") -> None:
    x = _left(depth)
    room = (WIDTH - _MARGIN - x) * (_BOLD if kind == "head" else 1)
    for line in wrapped(words, room, _SIZE, _LONGEST) or ("",):
        drawing.text(x, line, kind)


def _bubble(drawing: _Drawing, text: str, depth: int) -> None:
    x = _left(depth)
    room = WIDTH - _MARGIN - x
    shown = (visible(line) for line in text.split("\n"))
    lines = [part for line in shown for part in wrapped(line, room - 2 * _PAD, _SIZE, _LONGEST) or ("",)]
    height = len(lines) * _LINE + _PAD
    drawing.parts.append(f'<rect class="bubble" x="{x}" y="{drawing.y}" width="{room}" height="{height}" rx="14"/>')
    bottom = drawing.y + height + _LINE // 2
    drawing.y += _PAD // 2
    for line in lines:
        drawing.text(x + _PAD, line)
    drawing.y = bottom


def _left(depth: int) -> int:
    return _MARGIN + min(depth, 3) * _INDENT


def _escaped(text: str) -> str:
    """A text that is no markup; what XML has no way to write becomes a replacement character."""
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def _plain(text: Inline) -> str:
    return visible("".join(run.text for run in text))

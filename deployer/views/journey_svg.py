"""A journey as one picture: steps from top to bottom, branches side by side, each box as large as its words need.

The page, the task page and ``deployer render`` show the same picture; colors come from the style sheet around it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.views.lettering import FONT, right_to_left, text_width, wrapped
from deployer.views.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.preview.values import JourneyView, LaneView, StepView

_CARD, _LANE = 260, 200
_PAD, _GAP, _BETWEEN, _MARGIN = 14, 22, 24, 16
_HEAD, _SMALL = 14, 12
_LINES = 3
STYLE = f"""\
text {{ font: {_SMALL}px {FONT}; fill: #565962; }}
.head {{ font-size: {_HEAD}px; font-weight: 600; fill: #1d1e23; }}
.mini {{ font-size: 13px; fill: #1d1e23; }}
.card {{ fill: #ffffff; stroke: #c4c2ba; }}
.pill {{ fill: #f0eee8; stroke: #c4c2ba; }}
.begin {{ fill: #1d1e23; }}
.begin + .head {{ fill: #ffffff; }}
.finish {{ fill: none; stroke: #8a8881; stroke-dasharray: 4 4; }}
.balloon {{ fill: #f0eee8; }}
.way {{ fill: none; stroke: #8a8881; stroke-width: 2; }}"""
"""How a picture looks that has no page around it."""

GROUND = '<rect width="100%" height="100%" fill="#f5f4f0"/>'
"""What such a picture lies on."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Elements of SVG in a field of ``width`` times ``height`` pixels, from its upper left corner."""

    body: str
    width: float
    height: float

    def at(self, x: float, y: float) -> str:
        """The same, moved."""
        return f'<g transform="translate({x:g} {y:g})">{self.body}</g>'


def sends(steps: Sequence[StepView]) -> Iterator[StepView]:
    """Every step that sends a message, at every depth."""
    for step in steps:
        if step.message:
            yield step
        for lane in step.lanes:
            yield from sends(lane.steps)


def journey_drawing(journey: JourneyView, minis: Mapping[str, str]) -> Drawing:
    """Draw a journey. ``minis`` are the words of its steps that send, by the step's id. Same input, same picture."""
    begin = _pill(f"“{journey.trigger}” happens", "begin")
    whole = _column([begin, *(_step(step, minis) for step in journey.steps), _pill("end of the journey", "finish")])
    return Drawing(whole.at(_MARGIN, _MARGIN), whole.width + 2 * _MARGIN, whole.height + 2 * _MARGIN)


def journey_element(journey: JourneyView, minis: Mapping[str, str]) -> str:
    """The picture as an element for a page, which brings its own style sheet."""
    return _element(journey, journey_drawing(journey, minis), "")


def journey_svg(journey: JourneyView, minis: Mapping[str, str]) -> tuple[str, tuple[int, int]]:
    """The picture as a file of its own: the SVG, and its width and height in CSS pixels."""
    drawing = journey_drawing(journey, minis)
    svg = _element(journey, drawing, f"<style>\n{STYLE}\n</style>{GROUND}")
    return svg, (round(drawing.width), round(drawing.height))


def _element(journey: JourneyView, drawing: Drawing, before: str) -> str:
    name = escaped(f"The steps of {journey.name}")
    size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
    box = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    space = 'xmlns="http://www.w3.org/2000/svg"'
    return f'<svg {space} {size} {box} role="group" aria-label="{name}">{before}{drawing.body}</svg>'


def _step(step: StepView, minis: Mapping[str, str]) -> Drawing:
    if step.message:
        return _named(step, _card(step, minis.get(step.id, "")))
    if step.lanes:
        return _column([_named(step, _pill(step.title, "pill", step.details)), _lanes(step.lanes, minis)], gap=0)
    return _named(step, _pill(step.title, "pill", step.details))


def _named(step: StepView, drawing: Drawing) -> Drawing:
    """A step's own box, which a page finds by its id, and by the message that it sends."""
    tag = "a" if step.message else "g"
    names = f'class="node" data-step="{escaped(step.id)}" data-message="{escaped(step.message)}"'
    return Drawing(f"<{tag} {names}>{drawing.body}</{tag}>", drawing.width, drawing.height)


def _card(step: StepView, mini: str) -> Drawing:
    """A step that sends: the message's name, its first words in a balloon, and how it is set."""
    room = _CARD - 2 * _PAD
    parts, y = [], float(_PAD)
    for line in wrapped(titled(step.message), room, _HEAD + 1, 2):
        parts.append(_text(line, _PAD, y, "head"))
        y += 19
    parts.append(_text(step.title, _PAD, y, "kind"))
    y += 18
    words = wrapped(mini, room - 24, 13, _LINES)
    if words:
        tall = 18 * len(words) + 14
        parts.append(f'<rect class="balloon" x="{_PAD}" y="{y + 4:g}" width="{room}" height="{tall}" rx="13"/>')
        where, way = (_PAD + room - 12, "rtl") if right_to_left(mini) else (_PAD + 12, "start")
        parts += [_text(line, where, y + 11 + 18 * index, "mini", way) for index, line in enumerate(words)]
        y += tall + 12
    for line in wrapped("; ".join(step.details), room, _SMALL, _LINES):
        parts.append(_text(line, _PAD, y, "detail"))
        y += 16
    height = y + _PAD - 4
    box = f'<rect class="card" x="0.5" y="0.5" width="{_CARD - 1}" height="{height - 1:g}" rx="12"/>'
    return Drawing(box + "".join(parts), _CARD, height)


def _pill(title: str, look: str, details: Sequence[str] = ()) -> Drawing:
    """A rounded box around one or more lines in the middle."""
    heads = wrapped(title, _CARD - 2 * _PAD, _HEAD + 1, 2)
    smalls = wrapped("; ".join(details), _CARD - 2 * _PAD, _SMALL, 2)
    widths = [*(text_width(line, _HEAD + 1) for line in heads), *(text_width(line, _SMALL) for line in smalls)]
    width = min(max(widths) + 2 * _PAD + 6, _CARD)
    height = 19 * len(heads) + 16 * len(smalls) + 16
    parts = [f'<rect class="{look}" x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1}" rx="18"/>']
    parts += [_text(line, width / 2, 8 + 19 * at, "head", "middle") for at, line in enumerate(heads)]
    below = 8 + 19 * len(heads)
    parts += [_text(line, width / 2, below + 16 * at, "detail", "middle") for at, line in enumerate(smalls)]
    return Drawing("".join(parts), width, height)


def _column(drawings: Sequence[Drawing], gap: float = _GAP) -> Drawing:
    """Boxes below one another on one axis, with a way from each to the next."""
    width = max(drawing.width for drawing in drawings)
    parts, y, ends = [], 0.0, []
    for picture in drawings:
        parts.append(picture.at((width - picture.width) / 2, y))
        ends.append((y, y + picture.height))
        y += picture.height + gap
    ways = [_way(f"M{width / 2:g} {above[1]:g}V{below[0]:g}") for above, below in pairwise(ends) if gap]
    return Drawing("".join((*ways, *parts)), width, y - gap)


def _lanes(lanes: Sequence[LaneView], minis: Mapping[str, str]) -> Drawing:
    """The ways out of a branch side by side; they leave one line and come together again in another."""
    drawn = [_lane(lane, minis) for lane in lanes]
    width = sum(drawing.width for drawing in drawn) + _BETWEEN * (len(drawn) - 1)
    height = max(drawing.height for drawing in drawn)
    parts, axes, x = [], [], 0.0
    for picture in drawn:
        axis = x + picture.width / 2
        axes.append(axis)
        parts += [picture.at(x, _GAP), _way(f"M{axis:g} {_GAP + picture.height:g}V{_GAP + height + _GAP:g}")]
        parts.append(_way(f"M{axis:g} {_GAP / 2:g}V{_GAP}"))
        x += picture.width + _BETWEEN
    bottom = height + 2 * _GAP
    for y in (_GAP / 2, bottom):
        parts.append(_way(f"M{min(*axes, width / 2):g} {y:g}H{max(*axes, width / 2):g}"))
    parts.append(_way(f"M{width / 2:g} 0V{_GAP / 2:g}"))
    return Drawing("".join(parts), width, bottom)


def _lane(lane: LaneView, minis: Mapping[str, str]) -> Drawing:
    steps = [_step(step, minis) for step in lane.steps] or [_pill("nothing more", "finish")]
    flow = _column(steps)
    width = max(flow.width, _LANE)
    names = wrapped(lane.name, width - 8, _SMALL + 1, 2)
    top = 16 * len(names) + 10
    parts = [_text(line, width / 2, 4 + 16 * at, "lane", "middle") for at, line in enumerate(names)]
    return Drawing("".join((*parts, flow.at((width - flow.width) / 2, top))), width, top + flow.height)


def _text(line: str, x: float, y: float, look: str, anchor: str = "start") -> str:
    set_how = {"middle": ' text-anchor="middle"', "rtl": ' direction="rtl"'}.get(anchor, "")
    return f'<text class="{look}" x="{x:g}" y="{y + _HEAD:g}"{set_how}>{escaped(line)} </text>'


def _way(path: str) -> str:
    return f'<path class="way" d="{path}"/>'


def titled(message: str) -> str:
    """A message's id as a title: `message.order_shipped_text` is “Order shipped text”."""
    words = message.partition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]

"""The way from each property to the messages as a picture: a column a kind, a box a declaration, a curve a reference.

Same graph, same picture. Nothing in it is loaded from elsewhere.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.views.journey_svg import GROUND, STYLE
from deployer.views.lettering import wrapped
from deployer.views.markup import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.project.overview import Graph

TITLE = "From properties to messages"
LABEL = "The way from each property to the messages"
_COLUMNS = {"property": 0, "event_type": 1, "opt_in_source": 1, "journey": 2, "message": 3}
_HEADINGS = ("Properties", "Events and opt-in", "Journeys", "Messages")
_BOX, _ROW, _ACROSS, _PAD, _MARGIN, _TOP = 240, 52, 110, 12, 16, 36
_HEAD, _SMALL = 14, 12
_SWEEPS = 4
"""How often the rows are put in order by their neighbors, to and fro; more hardly untangles anything."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The upper left corner of a box."""

    x: float
    y: float


def graph_svg(graph: Graph) -> str:
    """Draw a graph as an SVG file."""
    return _drawn(graph, f"<style>\n{STYLE}\n</style>{GROUND}", "img", "g")


def graph_element(graph: Graph) -> str:
    """The picture as an element for a page, which brings its own style sheet and says where a box leads to."""
    return _drawn(graph, "", "group", "a")


def _drawn(graph: Graph, before: str, role: str, tag: str) -> str:
    columns = _columns(graph)
    places = _places(columns)
    width = 2 * _MARGIN + len(columns) * _BOX + max(len(columns) - 1, 0) * _ACROSS
    height = 2 * _MARGIN + _TOP + max(map(len, columns), default=0) * _ROW
    parts = [
        *_headings(columns),
        *(_way(before, after, places) for before, after in graph.edges),
        *(_box(address, title, places[address], tag) for address, title in graph.nodes.items()),
    ]
    size = f'width="{width:.10g}" height="{height:.10g}" viewBox="0 0 {width:.10g} {height:.10g}"'
    name = f'role="{role}" aria-label="{LABEL}"'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} {name}>{before}', *parts, "</svg>"])


def _column(address: str) -> int:
    return _COLUMNS[address.partition(".")[0]]


def _columns(graph: Graph) -> list[list[str]]:
    """The addresses of each column that has any, from top to bottom, so that few curves cross."""
    columns = [
        list(group)
        for _, group in groupby(sorted(graph.nodes, key=lambda address: (_column(address), address)), _column)
    ]
    near = _neighbors(graph.edges)
    for sweep in range(_SWEEPS):
        order = range(1, len(columns)) if sweep % 2 == 0 else range(len(columns) - 2, -1, -1)
        for index in order:
            rows = {address: row for column in columns for row, address in enumerate(column)}
            columns[index].sort(
                key=lambda address: (_mean((rows[other] for other in near.get(address, ())), rows[address]), address)
            )
    return columns


def _neighbors(edges: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    near: dict[str, list[str]] = {}
    for before, after in edges:
        near.setdefault(before, []).append(after)
        near.setdefault(after, []).append(before)
    return near


def _mean(rows: Iterable[int], otherwise: int) -> float:
    known = list(rows)
    return sum(known) / len(known) if known else otherwise


def _places(columns: Sequence[Sequence[str]]) -> Mapping[str, _Place]:
    """Where each box is: columns side by side, each spread over the tallest one's height.

    So a box is near what it leads to, and no screen of a long picture is empty.
    """
    tallest = max(map(len, columns), default=0)
    return {
        address: _Place(_left(index), _MARGIN + _TOP + ((row + 0.5) * tallest / len(column) - 0.5) * _ROW)
        for index, column in enumerate(columns)
        for row, address in enumerate(column)
    }


def _left(index: int) -> float:
    return _MARGIN + index * (_BOX + _ACROSS)


def _headings(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    for index, column in enumerate(columns):
        yield _text(_HEADINGS[_column(column[0])], _left(index), _MARGIN, "head")


def _box(address: str, title: str, place: _Place, tag: str) -> str:
    """A box with a name, if there is one, and an address."""
    room = _BOX - 2 * _PAD
    lines = [(line, "head") for line in wrapped(title, room, _HEAD + 1, 1)]
    lines += [(line, "detail") for line in wrapped(address, room, _SMALL, 1)]
    down = place.y + (_ROW - 10 - 18 * len(lines)) / 2
    texts = [_text(line, place.x + _PAD, down + 18 * at, look) for at, (line, look) in enumerate(lines)]
    frame = f'<rect class="card" x="{place.x:.10g}" y="{place.y:.10g}" width="{_BOX}" height="{_ROW - 10}" rx="10"/>'
    full = f"<title>{escaped(f'{title} ({address})' if title else address)}</title>"
    return f'<{tag} class="node" data-address="{escaped(address)}">{full}{frame}{"".join(texts)}</{tag}>'


def _way(before: str, after: str, places: Mapping[str, _Place]) -> str:
    """A curve from the right side of a box to the left side of another."""
    start, target, middle = places[before], places[after], (_ROW - 10) / 2
    x, y, to, end = start.x + _BOX, start.y + middle, target.x, target.y + middle
    bend = (to - x) / 2
    curve = f"{x + bend:.10g} {y:.10g} {to - bend:.10g} {end:.10g} {to:.10g} {end:.10g}"
    names = f'data-from="{escaped(before)}" data-to="{escaped(after)}"'
    return f'<path class="way" {names} d="M{x:.10g} {y:.10g}C{curve}"/>'


def _text(line: str, x: float, y: float, look: str) -> str:
    return f'<text class="{look}" x="{x:.10g}" y="{y + _HEAD:.10g}">{escaped(line)}</text>'

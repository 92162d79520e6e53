"""The graph as a picture: every declaration has its box, every reference its curve, and nothing lies on another."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from deployer.project.overview import Graph
from deployer.views.graph_svg import graph_svg

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("property", "event_type", "opt_in_source", "journey", "message")
WAYS = {
    ("property", "event_type"),
    ("opt_in_source", "journey"),
    ("event_type", "journey"),
    ("event_type", "message"),
    ("journey", "message"),
}


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph of any declarations, with names in any script or none."""
    names = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
    ids = st.tuples(st.sampled_from(KINDS), st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True)).map(".".join)
    nodes = draw(st.dictionaries(ids, names, max_size=25))
    possible = [pair for pair in combinations(sorted(nodes), 2) for pair in (pair, pair[::-1]) if _leads(*pair)]
    edges = draw(st.lists(st.sampled_from(possible), unique=True, max_size=40)) if possible else []
    return Graph(nodes, tuple(sorted(edges)))


def _leads(before: str, after: str) -> bool:
    return (before.partition(".")[0], after.partition(".")[0]) in WAYS


def _boxes(picture: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    """Each address with the left, upper, right and lower side of its box."""
    found = {}
    for group in picture.iter(f"{SVG}g"):
        frame = group.find(f"{SVG}rect")
        assert frame is not None
        x, y, width, height = (float(frame.attrib[name]) for name in ("x", "y", "width", "height"))
        found[group.attrib["data-address"]] = (x, y, x + width, y + height)
    return found


@given(graph=graphs())
def test_boxes_and_curves(graph: Graph) -> None:
    """Boxes are within the picture and apart; a curve leads from the right of one to the left of another."""
    picture = ET.fromstring(graph_svg(graph))
    boxes = _boxes(picture)
    assert set(boxes) == set(graph.nodes)
    for left, upper, right, lower in boxes.values():
        assert 0 <= left < right <= float(picture.attrib["width"])
        assert 0 <= upper < lower <= float(picture.attrib["height"])
    for one, other in combinations(boxes.values(), 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    curves = [re.findall(r"-?[\d.]+", path.attrib["d"]) for path in picture.iter(f"{SVG}path")]
    ends = sorted((float(one[0]), float(one[1]), float(one[-2]), float(one[-1])) for one in curves)
    middles = {address: (upper + lower) / 2 for address, (_, upper, _, lower) in boxes.items()}
    wanted = [(boxes[one][2], middles[one], boxes[other][0], middles[other]) for one, other in graph.edges]
    assert ends == sorted(wanted)


def test_neighbors_are_put_beside_each_other() -> None:
    """Rows follow their neighbors, so that ways that needn't cross don't; a name and a full address are in the box."""
    nodes = {"property.a": "", "property.z": "", "event_type.a": "A", "event_type.z": "Café & <Co>"}
    drawn = graph_svg(Graph(nodes, (("property.a", "event_type.z"), ("property.z", "event_type.a"))))
    boxes = _boxes(ET.fromstring(drawn))
    assert (boxes["property.a"][1] < boxes["property.z"][1]) == (boxes["event_type.z"][1] < boxes["event_type.a"][1])
    assert "<title>Café &amp; &lt;Co&gt; (event_type.z)</title>" in drawn
    assert drawn == graph_svg(Graph(nodes, (("property.a", "event_type.z"), ("property.z", "event_type.a"))))


def test_a_short_column_is_spread_beside_a_tall_one() -> None:
    """Beside fifty properties three journeys are not all in the middle: each third of the picture has one."""
    nodes = dict.fromkeys([*(f"property.p{row}" for row in range(50)), *(f"journey.j{row}" for row in range(3))], "")
    picture = ET.fromstring(graph_svg(Graph(nodes, ())))
    height = float(picture.attrib["height"])
    tops = sorted(box[1] for address, box in _boxes(picture).items() if address.startswith("journey"))
    assert [int(top / height * 3) for top in tops] == [0, 1, 2]

"""Journeys as pictures: every step is there, no box covers another, and nothing sticks out."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.preview.message_values import Spot
from deployer.preview.values import JourneyView, LaneView, StepView
from deployer.views.journey_svg import journey_drawing, journey_svg, sends

SVG = "{http://www.w3.org/2000/svg}"
WORDS = st.sampled_from(
    ["", "Order 54321 is on its way", "طلبك رقم 54321", "ご注文を発送いたしました", "x" * 90, "<&\u0007>"]
)
LEAF = st.builds(
    lambda kind, title: StepView(kind, "", title, ("Quiet Hours: ignore",), "message.a_text" if kind == "text" else ""),
    st.sampled_from(["text", "wait"]),
    WORDS.map(lambda words: words or "Wait 1 day"),
)


def branch(steps):
    """A branch whose lanes have some of these steps."""
    lanes = st.lists(st.builds(LaneView, WORDS, st.lists(steps, max_size=3).map(tuple)), min_size=2, max_size=3)
    return st.builds(lambda ways: StepView("branch", "", "Branch", lanes=tuple(ways)), lanes)


STEPS = st.lists(st.recursive(LEAF, branch, max_leaves=8), max_size=4)


def numbered(steps, seen):
    """The same steps, each with an id."""
    made = []
    for step in steps:
        seen.append(None)
        name = f"s{len(seen)}"
        lanes = tuple(LaneView(lane.name, numbered(lane.steps, seen)) for lane in step.lanes)
        made.append(StepView(step.kind, name, step.title, step.details, step.message, lanes))
    return tuple(made)


def journey(steps):
    """A journey with these steps."""
    made = numbered(steps, [])
    about = ("journey.a", "a", "A & <b>", "", "", "transactional", "Event", "active", "none", ())
    return JourneyView(*about, Spot(""), made)


def ids(steps):
    """Every step's id, at every depth."""
    return [step.id for step in steps] + [name for step in steps for lane in step.lanes for name in ids(lane.steps)]


def boxes(element, x=0.0, y=0.0):
    """Every box that is no balloon within another, as left, top, right and bottom."""
    if "transform" in element.attrib:
        dx, dy = element.attrib["transform"].removeprefix("translate(").removesuffix(")").split()
        x, y = x + float(dx), y + float(dy)
    if element.tag == f"{SVG}rect" and element.get("class") not in {None, "balloon"}:
        left, top = x + float(element.get("x")), y + float(element.get("y"))
        yield left, top, left + float(element.get("width")), top + float(element.get("height"))
    for child in element:
        yield from boxes(child, x, y)


@given(STEPS, WORDS)
def test_boxes_have_room(steps, words):
    """However deep the branches and long the words: each step has its box, in the picture, and none covers another."""
    view = journey(steps)
    svg, (width, height) = journey_svg(view, {step.id: words for step in sends(view.steps)})
    root = ET.fromstring(svg)
    drawn = [one.get("data-step") for one in root.iter() if one.get("class") == "node"]
    assert sorted(drawn) == sorted(ids(view.steps))
    found = list(boxes(root))
    assert len(found) >= 2 + len(drawn)
    assert all(left >= 0 and top >= 0 and right <= width and bottom <= height for left, top, right, bottom in found)
    for one, other in combinations(found, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)


def test_the_same_journey_is_the_same_picture():
    """A picture depends on the journey and its words alone."""
    view = journey([StepView("wait", "", "Wait 3 days", ("only on Monday",))])
    assert journey_svg(view, {}) == journey_svg(view, {})
    assert journey_drawing(view, {}).body in journey_svg(view, {})[0]


def test_words_are_never_markup():
    """What looks like markup in a name or in a text is shown as it is written."""
    root = ET.fromstring(
        journey_svg(journey([StepView("text", "", "Send text", (), "message.a")]), {"s1": "<b>5 & 6</b>"})[0]
    )
    assert "<b>5 & 6</b>" in "".join(root.itertext())
    assert root.get("aria-label") == "The steps of A & <b>"


@pytest.mark.parametrize("text", ["y" * 400, "a name of many words that goes on and on and on and on " * 4])
def test_long_words_are_cut(text):
    """A text that is longer than its box ends with an ellipsis."""
    view = journey([StepView("text", "", "Send text", (), "message.a")])
    minis = [one.text for one in ET.fromstring(journey_svg(view, {"s1": text})[0]).iter() if one.get("class") == "mini"]
    assert len(minis) == 3
    assert minis[-1].rstrip().endswith("…")

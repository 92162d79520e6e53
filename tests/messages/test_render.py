"""Rendering: what a person reads, and the holes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import RenderError, event_data, render
from deployer.messages.liquid_render import render_tree
from deployer.messages.scanning import plain

DATA = event_data(
    {"Order Id": "54321", "n": 5, "price": 1.5, "yes": True, "none": None}, {"firstName": "Ada"}, {"Tier": "Gold"}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Order {{triggerEvent.custom['Order Id']}}!", "Order 54321!"),
        ("{{triggerEvent.custom['n']}} {{triggerEvent.custom.price}} {{ triggerEvent.custom['yes'] }}", "5 1.5 true"),
        ("{{subscriber.firstName}} {{subscriber.custom['Tier']}}", "Ada Gold"),
        ("{{subscriber.lastName | default: 'friend'}}", "friend"),
        ("{% if subscriber.lastName %}x{% else %}{{ subscriber.firstName | upcase }}{% endif %}", "ADA"),
        ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
    ],
)
def test_render(text, expected):
    """Values are filled in as Liquid prints them."""
    rendered = render(text, DATA)
    assert (rendered.text, rendered.holes) == (expected, ())


@pytest.mark.parametrize("text", ["a{{ x.y }}b", "a{{ x.y | upcase }}b", "a{% if true %}{{ x.y }}{% endif %}b"])
def test_holes(text):
    """A macro without a value prints nothing and is a hole, wherever it stands."""
    rendered = render(text, DATA)
    assert rendered.text == "ab"
    assert [(hole.expression, hole.start) for hole in rendered.holes] == [("x.y", text.index("x.y"))]


def test_holes_are_those_of_their_own_rendering():
    """One text for several samples, also side by side, has for each the holes that this sample leaves."""
    text = "{% if true %}{{triggerEvent.custom['a']}}{{triggerEvent.custom['b']}}{% endif %}"
    datas = [event_data({key: "x"}) for key in "ab" * 50]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda data: render(text, data), datas))
    left = {"a": "triggerEvent.custom['b']", "b": "triggerEvent.custom['a']"}
    assert [[hole.expression for hole in one.holes] for one in found] == [[left[key]] for key in "ab" * 50]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 'x' | upcase: 1 }}", "`upcase` takes no value behind its colon, and has 1"),
        ("{{ 'x' | replace }}", "`replace` takes 1 or 2 values behind its colon, and has none"),
        ("{{ 'x' | append }}", "`append` takes 1 value behind its colon, and has none"),
        ("{{ 'x' | default: 1, 2 }}", "`default` takes at most 1 behind its colon, and has 2"),
        ("{{ 'x' | split: ' ' | concat: y }}", "`concat` can't work with a value of this type"),
    ],
)
def test_a_filter_that_is_used_wrong(text, said):
    """If a filter gets values that it doesn't take, that is said in Liquid's terms, not in Python's."""
    with pytest.raises(RenderError) as caught:
        render_tree(text, DATA)
    assert caught.value.message == said


def test_null_is_a_hole():
    """Null prints nothing, so it is a hole as well."""
    (hole,) = render("{{triggerEvent.custom['none']}}", DATA).holes
    assert hole.expression == "triggerEvent.custom['none']"
    assert len(render("{% if true %}{{triggerEvent.custom['none']}}{% endif %}", DATA).holes) == 1


def test_tested_is_no_hole():
    """A missing value that is only tested, or has a default, leaves no hole."""
    assert render("{% if x %}{{ x }}{% endif %}{{ x | default: '-' }}", DATA).holes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 1 | divided_by: 0 }}", "divide by 0"),
        ("{% for i in (1..99999) %}{% for j in (1..9) %}x{% endfor %}{% endfor %}", "limit"),
        ("{% include 'x' %}", "no template 'x'"),
        ("{{ a b }}", "expected"),
    ],
)
def test_errors(text, said):
    """A text that can't be rendered is refused with a place in it."""
    with pytest.raises(RenderError, match=said) as caught:
        render(text, DATA)
    assert 0 <= caught.value.offset <= len(text)


KEYS = st.sampled_from(["Order Id", "n", "size", "first", "x"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
MACROS = st.builds(
    "{{{{ {}['{}']{} }}}}".format,
    st.sampled_from(["triggerEvent.custom", "subscriber", "subscriber.custom", "nothing"]),
    KEYS,
    st.sampled_from(["", " | default: 'd'"]),
)


@given(
    st.lists(MACROS | st.text("ab\n€", max_size=4), max_size=5).map("".join),
    st.dictionaries(KEYS, VALUES | st.lists(VALUES)),
)
@example("{{ subscriber['x'] }}", {"x": "a\rb\r\nc"})
def test_plain_rendering_equals_the_parsers(text, values):
    """Where a text is rendered without the parser, the parser renders the same, with the same holes."""
    assert plain(text) is not None
    data = event_data(values, values, values)
    assert render(text, data) == render_tree(text, data)


@pytest.mark.parametrize(
    ("values", "text"),
    [([3, 1, 2], "6"), (["1", "2.5", "x", None, "3 Mugs"], "6.5"), ([], "0"), (None, "0"), ([0.1, 0.2], "0.3")],
)
def test_a_sum_reads_texts_as_arithmetic_does(values, text):
    """`sum`, which the reference engine here doesn't have yet, takes a text for the number that it begins with."""
    assert render("{{ values | sum }}", {"values": values}).text == text
    assert render("{{ rows | sum: 'v' }}", {"rows": [{"v": one} for one in values or []]}).text == text

"""A rendered text in runs: what its author wrote, what the data filled in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import RenderError, TextRun, event_data, render, render_pieces
from deployer.messages.liquid_trace import trace_tree
from deployer.messages.pieces import joined

DATA = event_data(
    {"Order Id": "54321", "n": 5, "none": None, "items": ["a", "b"], "lines": "x\r\ny"}, {"firstName": "Ada"}
)
ORDER = "triggerEvent.custom['Order Id']"


def test_a_text_with_macros():
    """Words and values alternate, and a value says which macro it filled."""
    assert render_pieces(f"Order {{{{{ORDER}}}}} is here.", DATA) == (
        TextRun("author", "Order "),
        TextRun("data", "54321", ORDER),
        TextRun("author", " is here."),
    )


def test_a_hole_is_an_empty_run():
    """A macro that had nothing to print is there, so that a view can show the gap."""
    assert render_pieces("a{{ x.y }}b", DATA) == (
        TextRun("author", "a"),
        TextRun("data", "", "x.y"),
        TextRun("author", "b"),
    )
    assert render_pieces("{% if true %}{{ x.y }}{% endif %}", DATA) == (TextRun("data", "", "x.y"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% if subscriber.firstName %}Hi {{ subscriber.firstName | upcase }}{% endif %}!", "<Hi >ADA<!>"),
        ("{% for i in triggerEvent.custom.items %}{{ i }}, {% endfor %}", "a<, >b<, >"),
        ("{% capture x %}Hi {{ subscriber.firstName }}{% endcapture %}{{ x | upcase }}", "HI ADA"),
        ("{% liquid echo subscriber.firstName %}.", "Ada<.>"),
        ("{% cycle 'a', 'b' %}{% increment x %}-", "a0<->"),
        ("{{ subscriber.lastName | default: 'friend' }}{% if true %}{% endif %}", "friend"),
        ("{% for i in (1..3) %}{% ifchanged %}x{% endifchanged %}{% endfor %}y", "x<y>"),
        ("{{ 'said' }} {% comment %}no{% endcomment %}so{% raw %}{{ x }}{% endraw %}", "said< so{{ x }}>"),
        ("{{ triggerEvent.custom.lines }}\r\n{% if true %}{% endif %}", "x\r\ny<\r\n>"),
    ],
)
def test_liquid(text, expected):
    """The author's words (between angle brackets here) are told from what Liquid made, whatever stands around them."""
    marked = "".join(f"<{run.text}>" if run.origin == "author" else run.text for run in render_pieces(text, DATA))
    assert marked == expected


PARTS = st.sampled_from(
    [
        *("Hi ", "\n", "é", "€", "{ ", "{{ subscriber.firstName }}", "{{ triggerEvent.custom['n'] }}", "{{ x }}"),
        *("{{ triggerEvent.custom.items }}", "{{ triggerEvent.custom.items.size }}", "{{ 'a' | append: 'b' }}"),
        *("{%- if subscriber.firstName -%} a {%- endif %} ", "{% for i in (1..3) %}{{ i }} {% endfor %}"),
        *("{% assign v = 'w' %}", "{{ v }}", "{% tablerow i in (1..2) %}{{ i }}{% endtablerow %}", "{% cycle 1, 2 %}"),
        *("{% capture c %}c{{ v }}{% endcapture %}", "{{ c }}", "{% ifchanged %}{{ v }}{% endifchanged %}"),
        *("{{ triggerEvent.custom['none'] | default: 'd' }}", "{{ triggerEvent.custom.lines }}", "{%- comment -%}"),
    ]
)


def _outcome(work, text):
    try:
        return work(text, DATA)
    except RenderError as error:
        return error.message, error.offset


@given(st.lists(PARTS, max_size=8).map("".join))
@example("{{ x | upcase }}")
def test_runs_joined_are_what_a_person_reads(text):
    """The runs put together are the rendered text; what can't be rendered fails alike."""
    rendered, runs = _outcome(render, text), _outcome(render_pieces, text)
    assert rendered == runs or "".join(run.text for run in runs) == rendered.text


@given(st.lists(st.sampled_from(["{{ subscriber.firstName }}", "{{ x }}", "a", " \n"]), max_size=6).map("".join))
def test_the_fast_way_and_the_parser_agree(text):
    """A text of plain macros gives the same runs with and without the parser."""
    assert joined(trace_tree(text, DATA)) == render_pieces(text, DATA)


@pytest.mark.parametrize("text", ["{{ 1 | divided_by: 0 }}", "{% if %}", "{% include 'x' %}"])
def test_errors_are_those_of_rendering(text):
    """A text that can't be rendered is refused with its place."""
    with pytest.raises(RenderError) as caught:
        render_pieces(text, DATA)
    assert 0 <= caught.value.offset <= len(text)

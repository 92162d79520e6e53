"""Scanning: macros, tags, filters and old macros, with their places."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import ELEMENT, KNOWN, LiquidError, is_known, macro_text, render, scan, suggest_macro
from deployer.messages.scanning import plain
from deployer.messages.tree import scan_tree

BLOCKS = {
    "bare": "{{ a.b }}",
    "if": "{% if a.b %}{{ a.b }}{% endif %}",
    "else": "{% if a.b %}{% else %}{{ a.b }}{% endif %}",
    "elsif": "{% if x %}{% elsif a.b %}{{ a.b }}{% endif %}",
    "not empty": "{% if a.b != '' %}{{ a.b }}{% endif %}",
    "not blank": "{% if a.b != blank %}{{ a.b }}{% endif %}",
    "not nil": "{% if a.b != nil %}{{ a.b }}{% endif %}",
    "nil, else": "{% if a.b == nil %}{% else %}{{ a.b }}{% endif %}",
    "nil": "{% if a.b == nil %}{{ a.b }}{% endif %}",
    "unless nil": "{% unless a.b == nil %}{{ a.b }}{% endunless %}",
    "unless, else": "{% unless a.b %}{% else %}{{ a.b }}{% endunless %}",
    "or": "{% if a.b or c %}{{ a.b }}{% endif %}",
    "or, both": "{% if a.b or a.b == 'x' %}{{ a.b }}{% endif %}",
    "and": "{% if c and a.b %}{{ a.b }}{% endif %}",
    "equal": "{% if a.b == 'x' %}{{ a.b }}{% endif %}",
    "equal to another": "{% if a.b == c %}{{ a.b }}{% endif %}",
    "contains": "{% if a.b contains 'x' %}{{ a.b }}{% endif %}",
    "more": "{% if a.b > 5 %}{{ a.b }}{% endif %}",
    "after nil": "{% if a.b == nil %}{% elsif c %}{{ a.b }}{% endif %}",
    "unless": "{% unless a.b %}{{ a.b }}{% endunless %}",
    "case": "{% case a.b %}{% when 'x' %}{{ a.b }}{% endcase %}",
    "inner": "{% if a.b %}{% if x %}{{ a.b }}{% endif %}{% endif %}",
    "equal to false": "{% if a.b == false %}{{ a.b }}{% endif %}",
    "contained": "{% if c contains a.b %}{{ a.b }}{% endif %}",
    "case of a variable": "{% case a.b %}{% when c %}{{ a.b }}{% endcase %}",
    "case of nil": "{% case a.b %}{% when nil %}{{ a.b }}{% endcase %}",
    "by a variable": "{% if a.b[c] %}{{ a.b }}{% endif %}",
    "by a variable, nil": "{% if a.b[c] == nil %}{{ a.b }}{% endif %}",
    "size": "{% if a.b.size > 0 %}{{ a.b }}{% endif %}",
    "inside": "{% if a.b.c %}{{ a.b }}{% endif %}",
    "prefix": "{% if a %}{{ a.b }}{% endif %}",
    "default": "{{ a.b | upcase | default: 'x' }}",
}


@pytest.mark.parametrize(
    ("block", "guarded"),
    [
        ("bare", False),
        ("if", True),
        ("else", False),
        ("elsif", True),
        ("not empty", False),
        ("not blank", False),
        ("not nil", True),
        ("nil, else", True),
        ("nil", False),
        ("unless nil", True),
        ("unless, else", True),
        ("or", False),
        ("or, both", True),
        ("and", True),
        ("equal", True),
        ("equal to another", False),
        ("contains", True),
        ("more", True),
        ("after nil", True),
        ("unless", False),
        ("case", True),
        ("inner", True),
        ("equal to false", False),
        ("contained", True),
        ("case of a variable", False),
        ("case of nil", False),
        ("by a variable", True),
        ("by a variable, nil", False),
        ("size", True),
        ("inside", True),
        ("prefix", False),
        ("default", True),
    ],
)
def test_guarded(block, guarded):
    """A macro is guarded by a default, or by a condition around it on the same path; an else promises nothing."""
    printed = [macro for macro in scan(BLOCKS[block]).macros if macro.path == ("a", "b")][-1]
    assert printed.guarded is guarded


@pytest.mark.parametrize("block", [block for block in BLOCKS if block != "default"])
def test_what_is_guarded_is_never_a_hole(block):
    """Where a condition guards a macro, nothing is printed as a gap, whatever is missing."""
    printed = [macro for macro in scan(BLOCKS[block]).macros if macro.path == ("a", "b")][-1]
    for data in ({}, {"c": 1}, {"a": {}}, {"a": {}, "c": 1}, {"x": 1}):
        assert not (printed.guarded and render(BLOCKS[block], data).holes)


def test_macro():
    """A macro knows its path, its place, its quotes and whether it is bare."""
    text = "Hi {{ triggerEvent.custom['Order Id'] }} {{ a[\"b\"] | upcase }} {{ c[0] }}"
    first, second, third = scan(text).macros
    assert first.path == ("triggerEvent", "custom", "Order Id")
    assert text[first.start : first.end] == "triggerEvent.custom['Order Id']"
    assert (first.bare, first.quotes, first.filters) == (True, "'", ())
    assert (second.bare, second.quotes, second.filters) == (False, '"', ("upcase",))
    assert third.path == ("c", 0)


def test_local_names_are_no_macros():
    """Loop variables, assigned and captured names are the text's own; what they are made from is found."""
    text = (
        "{% for item in a.items %}{{ item.name }}{{ forloop.index }}{% endfor %}{{ item }}"
        "{% assign x = b.c | default: 'd' %}{{ x }}{% capture y %}{{ e }}{% endcapture %}{{ y }}"
    )
    assert [macro.path for macro in scan(text).macros] == [("a", "items"), ("item",), ("b", "c"), ("e",)]


def test_computed():
    """A segment that is a variable ends the path, and is a macro of its own."""
    outer, inner = scan("{{ a.b[c.d].e }}").macros
    assert (outer.path, outer.computed) == (("a", "b"), True)
    assert (inner.path, inner.computed) == (("c", "d"), False)


def test_tags_and_filters():
    """Tags and filters are found with the place of their name, raw blocks too."""
    text = "{% if a %}{{ b | append: c | upcase }}{% endif %}{% raw %}{{ d }}{% endraw %}"
    found = scan(text)
    assert [(tag.name, text[tag.start :][:3]) for tag in found.tags] == [("if", "if "), ("raw", "raw")]
    assert [(one.name, text[one.start :][:3]) for one in found.filters] == [("append", "app"), ("upcase", "upc")]
    assert [macro.path for macro in found.macros] == [("a",), ("b",), ("c",)]


def test_legacy():
    """Old macros with single braces are found outside of Liquid, with what replaces them."""
    found = scan("Hi {firstName}, {orderNumber} {{ 'x' | append: '{lastName}' }} {other} {{firstName}}").legacy
    assert [(one.name, one.start, one.replacement) for one in found] == [
        ("firstName", 3, "{{subscriber.firstName}}"),
        ("orderNumber", 16, ""),
    ]


@pytest.mark.parametrize(
    ("text", "said", "offset", "hint"),
    [
        ("a {{ b", "expected '}}'", 2, "}}"),
        ("{{ a b }}", "expected end", 5, ""),
        ("{{ }}", "primitive", 0, ""),
        ("{{{a}}} {% if b %}{% endif %}", "unexpected '{'", 2, "two braces"),
        ("{% if a %}b", "endif", 11, "close each tag"),
        ("{% fro x in y %}{% endfor %}", "'fro'", 3, "for"),
        ("{{ a | upcas }}", "no filter 'upcas'", 7, "upcase"),
        ("{% endif %}", "endif", 3, "write {% if … %} before it"),
        ("a {% endfor %}", "endfor", 5, "nothing is open"),
    ],
)
def test_errors(text, said, offset, hint):
    """Liquid that can't be parsed is refused with its place and a hint."""
    with pytest.raises(LiquidError) as caught:
        scan(text)
    assert said in caught.value.message
    assert caught.value.offset == offset
    assert hint in caught.value.hint


NAME = st.text("abAB_1 é-", min_size=1, max_size=4)
PATHS = st.builds(
    "{}{}".format,
    st.sampled_from(["a", "triggerEvent.custom", "subscriber", "true", "b1", "nil", "empty"]),
    st.lists(st.builds("['{}']".format, NAME) | st.builds('["{}"]'.format, NAME) | st.builds(".{}".format, NAME)
             | st.builds("[{}]".format, st.integers(-2, 12)), max_size=3).map("".join),
)  # fmt: skip
MACROS = st.builds(
    "{{{{{}{}{}{}}}}}".format,
    st.sampled_from(["", " ", "  ", "\n", "- "]),
    PATHS,
    st.sampled_from(["", " | default: 'x'", '|default:"y z"', " | upcase", " | default"]),
    st.sampled_from(["", " ", "\t", " -"]),
)
TEXTS = st.lists(MACROS | st.text("ab{}%'\n é|", max_size=6), max_size=6).map("".join)


@given(TEXTS)
@example("{{{a}}")
@example("{{a}}}")
def test_plain_scan_equals_the_parsers(text):
    """Where a text is scanned without the parser, the parser finds the same."""
    if plain(text) is None:
        return
    quick, parsed = scan(text), scan_tree(text)
    assert (quick.macros, quick.tags, quick.filters) == (parsed.macros, parsed.tags, parsed.filters)


def attempt(text):
    """Return what is found in a text, or why it can't be scanned."""
    try:
        return scan(text)
    except LiquidError as error:
        return error


@given(TEXTS)
def test_any_text_is_scanned_or_refused(text):
    """Any text is scanned, each macro where it says it is, or refused at a place in the text."""
    found = attempt(text)
    if isinstance(found, LiquidError):
        assert 0 <= found.offset <= len(text)
        return
    for macro in found.macros:
        assert text[macro.start : macro.end].strip()


def test_known():
    """Documented macros and the brand's own names are known; others aren't, and the nearest is offered."""
    assert is_known(("subscriber", "firstName"))
    assert is_known(("triggerEvent", "custom", "anything"))
    assert not is_known(("triggerEvent", "custom"))
    assert not is_known(("subscriber", "firstname"))
    assert suggest_macro(("subscriber", "firstname")) == "subscriber.firstName"
    assert suggest_macro(("something", "else")) == ""
    assert all(entry.source for entry in KNOWN.values())


@given(st.text("abAB_1 é-", min_size=1))
def test_written_macros_are_read_back(name):
    """A macro written for a name is found under that name."""
    path = ("triggerEvent", "custom", name)
    (macro,) = scan(macro_text(path)).macros
    assert (macro.path, macro.bare, macro.quotes) == (path, True, "'")


def test_loop_variables_lead_back_to_data():
    """What a loop's variable or an assigned name reads is known as a path into the data."""
    text = (
        "{% for line in a.lines %}{% if line.gift %}{{ line.gift }}{% endif %}"
        "{% for tag in line.tags %}{{ tag }}{% endfor %}{{ forloop.index }}{% endfor %}"
        "{% assign first = a.lines | first %}{% if first %}{{ first.name }}{% endif %}"
        "{% assign made = a.b | upcase %}{{ made.x }}{% capture said %}x{% endcapture %}{{ said.y }}"
    )
    found = [(one.path, one.guarded, one.proven) for one in scan(text).inner if one.bare]
    lines = ("a", "lines", ELEMENT)
    assert found == [
        ((*lines, "gift"), True, 4),
        ((*lines, "tags", ELEMENT), False, 0),
        (("a", "lines", "first", "name"), False, 3),
    ]


def test_a_name_that_is_assigned_twice_leads_nowhere():
    """Which of the two it stands for depends on the data."""
    assert scan("{% assign x = a.b %}{% assign x = c.d %}{{ x.y }}").inner == ()

"""Scanning: macros, tags, filters and old macros, with their places."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import KNOWN, LiquidError, is_known, macro_text, scan, suggest_macro
from deployer.messages.scan import plain
from deployer.messages.tree import scan_tree

BLOCKS = {
    "bare": "{{ a.b }}",
    "if": "{% if a.b %}{{ a.b }}{% endif %}",
    "else": "{% if a.b %}{% else %}{{ a.b }}{% endif %}",
    "elsif": "{% if x %}{% elsif a.b != '' %}{{ a.b }}{% endif %}",
    "unless": "{% unless a.b %}{{ a.b }}{% endunless %}",
    "case": "{% case a.b %}{% when 'x' %}{{ a.b }}{% endcase %}",
    "inner": "{% if a.b %}{% if x %}{{ a.b }}{% endif %}{% endif %}",
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
        ("unless", False),
        ("case", True),
        ("inner", True),
        ("prefix", False),
        ("default", True),
    ],
)
def test_guarded(block, guarded):
    """A macro is guarded by a default, or by a condition around it on the same path; an else promises nothing."""
    printed = [macro for macro in scan(BLOCKS[block]).macros if macro.path == ("a", "b")][-1]
    assert printed.guarded is guarded


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
        ("{{ }}", "primitive", 5, ""),
        ("{% if a %}b", "endif", 11, "close each tag"),
        ("{% fro x in y %}{% endfor %}", "'fro'", 3, "for"),
        ("{{ a | upcas }}", "no filter 'upcas'", 7, "upcase"),
        ("{% endif %}", "endif", 3, ""),
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

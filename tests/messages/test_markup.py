"""The start tags of an email, held against Python's own parser of HTML, and what only an email has: Liquid in tags."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages.markup import start_tags

NAMES = st.sampled_from(["alt", "WIDTH", "style", "data-x", "nowrap"])
VALUES = st.text(st.sampled_from("ab 1&<>=/\n'\""), max_size=8)


@st.composite
def attributes(draw):
    """An attribute as people and programs write them: in either quotes, without any, without a value."""
    name, value = draw(NAMES), escape(draw(VALUES))
    bare = value.replace("=", "").replace("/", "").strip().replace(" ", "").replace("\n", "")
    ways = [
        name,
        f'{name}="{value}"',
        f"{name}='{value}'",
        f"{name} = '{value}'",
        *([f"{name}={bare}"] if bare else []),
    ]
    return draw(st.sampled_from(ways))


@st.composite
def tags(draw):
    """A start tag, closed as in HTML or in XHTML."""
    name = draw(st.sampled_from(["img", "TABLE", "td", "p"]))
    inside = " ".join([name, *draw(st.lists(attributes(), max_size=3))])
    return f"<{inside}{draw(st.sampled_from(['>', ' />', ' >']))}"


PIECES = st.one_of(
    tags(),
    st.sampled_from(
        ["words ", "</p>", "a < b ", "<!-- <img> -->", "<!--[if mso]><table width=9><![endif]-->", "<br>\n"]
    ),
    st.sampled_from(["<style>p > a { color: red }</style>", "<script>if (a <b) { '<img>' }</script>"]),
)


class Judge(HTMLParser):
    """Notes each start tag with its attributes and its words."""

    def __init__(self, html):
        self.found = []
        super().__init__()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note it, unless it only surrounds what isn't markup."""
        if tag not in {"style", "script"}:
            self.found.append((tag, {name: value or "" for name, value in reversed(attrs)}, self.get_starttag_text()))


@given(st.lists(PIECES, max_size=8).map("".join))
def test_the_same_tags_as_pythons_parser(html):
    """If HTML is as people and programs write it, its tags are those that Python's own parser finds."""
    found = [(tag.name, dict(tag.attributes), html[tag.start : tag.end]) for tag in start_tags(html)]
    assert found == Judge(html).found


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<img {% if stock > 3 %}alt='many'{% endif %} width=9>", {"width", "alt"}),
        ('<img alt="{{ triggerEvent.custom["a > b"] }}" width=\'9\'>', {"width", "alt"}),
        ("<img width={{ width }} alt='bike'>", {"width", "alt"}),
        ("{{ '<img>' }}<img width=9 alt=''>", {"width", "alt"}),
        ("{% if stock > 3 and a <b %}<img width=9>{% endif %}", {"width"}),
    ],
)
def test_liquid_in_a_tag_is_no_markup(html, names):
    """If Liquid in or around a tag holds `>`, `<` or quotes, neither ends nor begins a tag."""
    (tag,) = start_tags(html)
    assert set(tag.attributes) >= names
    assert html[tag.start] + html[tag.end - 1] == "<>"


def test_a_tag_without_an_end_is_no_tag():
    """If tags, quotes or comments never end, what is in front of them is found and nothing else."""
    assert [tag.name for tag in start_tags("<p>" + "<a href='" * 9_999)] == ["p"]
    assert [tag.name for tag in start_tags("<p>" + "<!-- " * 9_999)] == ["p"]

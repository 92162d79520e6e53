"""From the text in Attentive's composer back to what its author would have written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import Library, Names, absorb, compile_text

FILES = {
    "macros/links.jinja": "[% macro track(key) %]Track it: [[ prop(key) ]][% endmacro %]",
    "parts/legal.txt": "Reply STOP\nto end.",
}
LIBRARY = Library(load=FILES.__getitem__, auto=("macros/links.jinja",), brand={"name": "Northwind"})
NAMES = Names(properties=("Order Id", "url"))
ORDER = "{{triggerEvent.custom['Order Id']}}"


def _compile(text):
    return compile_text(text, LIBRARY, NAMES)


def _absorb(author, pasted):
    return absorb(author, _compile(author), pasted, _compile)


@pytest.mark.parametrize(
    ("author", "pasted", "expected"),
    [
        ("Order is here.\n", "Order was there.", "Order was there.\n"),
        ("Order [[ prop('Order Id') ]] is here.", f"Order {ORDER} was here.", "Order [[ prop('Order Id') ]] was here."),
        (
            "A [[ track('url') ]]\n",
            "A Track it: {{triggerEvent.custom['url']}} Thanks!",
            "A [[ track('url') ]] Thanks!\n",
        ),
        ("[[ track('url') ]]\n", "Hi! Track it: {{triggerEvent.custom['url']}}", "Hi! [[ track('url') ]]\n"),
        ("[[ brand.name ]][[ brand.name ]]", "Northwind, Northwind", "[[ brand.name ]], [[ brand.name ]]"),
        ("Dear[[ brand.name ]]s", "DearNorthwinds!", "Dear[[ brand.name ]]s!"),
        ("[% if true %]Hi[% endif %] you", "Hello you", "[% if true %]Hello[% endif %] you"),
        ("Hi[% set x = 1 %] you", "Hello me", "Hello[% set x = 1 %] me"),
        ("a [% for x in [1, 2] %]item [[ x ]], [% endfor %]b", "a item 1, item 2, c", None),
        ("[% for x in [1, 2] %]item [[ x ]], [% endfor %]b", "thing 1, thing 2, b", "thing [[ x ]], "),
        ("one\r\ntwo\r\n", "one\nand\nthree", "one\r\nand\r\nthree\r\n"),
        ("Hi.\n\n", "Hi.\r\n\r\n", "Hi.\n\n"),
        ("Hi [% raw %][[ x ]][% endraw %] you", "Hi [[ x ]] me", "Hi [% raw %][[ x ]][% endraw %] me"),
        ("[% include 'parts/legal.txt' %]\n", "Reply STOP\nto end. Bye", "[% include 'parts/legal.txt' %] Bye\n"),
    ],
)
def test_the_author_s_words_change(author, pasted, expected):
    """Changed words are changed where their author wrote them; what Jinja makes stays as it was written."""
    found = _absorb(author, pasted)
    assert found.refused == ()
    assert _compile(found.text).text == pasted.replace("\r\n", "\n").rstrip()
    if expected is not None:
        assert expected in found.text


@pytest.mark.parametrize(
    ("author", "pasted", "source", "line", "column"),
    [
        ("Order [[ prop('Order Id') ]] is here.", "Order {{a.b}} is here.", "", 1, 7),
        ("A\n[[ track('url') ]]", "A\nFollow it: {{triggerEvent.custom['url']}}", "macros/links.jinja", 1, 23),
        ("A [% include 'parts/legal.txt' %]", "A Reply STOP\nto stop.", "parts/legal.txt", 2, 4),
        ("A [% include 'parts/legal.txt' %]", "A Reply with STOP\nto end.", "parts/legal.txt", 1, 7),
        ("[[ brand.name ]] is", "Northwind Shop is", None, 0, 0),
        ("[% for x in [1, 2] %]item [[ x ]], [% endfor %]b", "thing 1, item 2, b", "", 1, 22),
        ("Hi you", "Hi [[ you", "", 1, 4),
    ],
)
def test_what_isn_t_the_author_s_is_refused(author, pasted, source, line, column):
    """A change to what an expression, a macro file or an include made is refused with the place that made it."""
    found = _absorb(author, pasted)
    if source is None:
        assert found.refused == ()
        assert found.text == "[[ brand.name ]] Shop is"
        return
    assert found.text == author
    origin = found.refused[0].origin
    assert (origin.source, origin.line, origin.column) == (source, line, column)


def test_one_refused_word_refuses_all():
    """Where one change can't be made, none is."""
    found = _absorb("Order [[ prop('Order Id') ]] is here.", "Parcel {{a.b}} is there.")
    assert found.text == "Order [[ prop('Order Id') ]] is here."
    assert [(one.gone, one.came) for one in found.refused] == [(ORDER, "{{a.b}}")]


OWN = st.text("abc .\n,é{}'", max_size=8).map(lambda text: text.replace("{{", "{").replace("}}", "}"))
MADE = st.sampled_from(
    ["[[ prop('url') ]]", "[[ brand.name ]]", "[[ track('url') ]]", "[% include 'parts/legal.txt' %]"]
)


@given(st.lists(st.tuples(OWN, OWN, MADE), max_size=4), OWN, OWN)
def test_any_change_of_own_words_is_absorbed(parts, last, new_last):
    """However the author's words change, what is made of them compiles to the pasted text, and ``[[ ]]`` stays."""
    author = "".join(old + made for old, _, made in parts) + last
    wanted = "".join(new + made for _, new, made in parts) + new_last
    found = _absorb(author, _compile(wanted).text)
    assert found.refused or _compile(found.text).text == _compile(wanted).text
    # Words of the author that only look like what was made may be taken for it; else every change is taken.
    if found.refused:
        assert any(made for _, _, made in parts)


@given(st.text("ab .\n", max_size=12), st.sampled_from(["\n", "\r\n", "\r"]), st.text("ab .\n\r", max_size=12))
def test_a_text_without_jinja_takes_any_change(author, line_end, pasted):
    """Without Jinja every change is taken, and new lines end as the author's own do."""
    author = author.replace("\n", line_end)
    found = _absorb(author, pasted)
    assert found.refused == ()
    assert _compile(found.text).text == _compile(pasted).text
    if "\n" in author and line_end == "\r\n":
        assert "\n" not in found.text.replace("\r\n", "")

"""A text that is compiled expression by expression gives what it gives as a whole; each expression is compiled once."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from deployer.messages import CompileError, Library, Names, compile_text, templating
from deployer.messages.expressions import pieces_of
from deployer.messages.recalled import Amount
from deployer.messages.sandbox import Sandbox

FILES = {
    "macros/links.jinja": "[% macro track(name) %]Track it: [[ prop(name) ]][% endmacro %]\n"
    "[% macro framed(name) %]<[[ track(name) | upper ]]>[% endmacro %]",
    "macros/count.jinja": "[% set seen = namespace(n=0) %]"
    "[% macro next() %][% set seen.n = seen.n + 1 %][[ seen.n ]][% endmacro %]",
}
LINKS = {"macros/links.jinja": FILES["macros/links.jinja"]}
NAMES = Names(("Order Id", "tracking_url"), ("Tier",))
OTHERS = Names(("Order Id",), ())
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("[[ prop('Order Id') ]]", '[[prop("tracking_url")]]', "[[ track('tracking_url') ]]", "[[ next() ]]"),
                *("[[ framed('Order Id') ]]", "[[ brand.name ]]", "[[ attribute('Tier') ]]", "[[ 'a' ~ next() ]]"),
                *("[[ prop('gone') ]]", "[[ track('gone') ]]", "[[ framed('gone') ]]", "[[ brand.nothing ]]"),
                *("[[ typo() ]]", "[[ none ]]", "[[ 1 / 0 ]]", "[[ ]]", "[[ a b ]]", "[[", "]]", "]", "[", "'", "[[["),
                *("[[- brand.name -]]", "[[ [1, 2] | join(', ') ]]", "[[ ']]' ]]", "[[ 'a' if true ]]", "[[ self ]]"),
                *(
                    "[[ namespace ]]",
                    "[[ range(3) | sum ]]",
                    "[[ loop ]]",
                    "[[\nbrand.name ]]",
                    "[[ 7 % 4 ]]",
                    "[[ {} ]]",
                ),
                *("[% if true %]x[% endif %]", "[% raw %][[ a ]][% endraw %]", "{{ a.b }}", " ", "\n", "\r\n", "é😀"),
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=8,
).map("".join)


def library(files=FILES):
    """Make a library of the macro files, one of which counts."""
    return Library(files.__getitem__, list(files), {"name": "Northwind"})


def made(text, used, names=NAMES):
    """Compile a text: what it gives, or everything that its error says."""
    try:
        return compile_text(text, used, names)
    except CompileError as error:
        return (error.message, error.hint, error.source, error.line, error.column)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_pieces_give_what_the_whole_gives(texts):
    """Text, origins, and every word and place of an error are those of the text as one template in a new library."""
    used = library()
    for text in texts:
        with patch.object(templating, "pieces_of", lambda _: None):
            whole = made(text, library())
        assert made(text, used) == whole


@given(st.lists(st.tuples(TEXTS, st.sampled_from([NAMES, OTHERS])), min_size=2, max_size=6))
def test_what_an_expression_wrote_before_it_would_write_again(texts):
    """Text, origins and errors are those in a new library, and each text takes the same work however often it comes."""
    used, works = library(LINKS), {}
    for text, names in (*texts, *texts, *texts):
        with patch.object(templating, "pieces_of", lambda _: None):
            whole = made(text, library(LINKS), names)
        before = used.work
        assert made(text, used, names) == whole
        works.setdefault((text, names.properties), []).append(used.work - before)
    assert all(work[1:] == work[:1] * (len(work) - 1) for work in (work[1:] for work in works.values()))


@given(TEXTS)
def test_pieces_are_the_text(text):
    """The pieces joined are the text, and each begins where it says."""
    pieces = pieces_of(text) or ()
    assert not pieces or "".join(piece.text for piece in pieces) == text
    assert all(text.startswith(piece.text, piece.offset) for piece in pieces)


def test_an_expression_is_compiled_once():
    """A thousand texts with two expressions between other words make Jinja compile two of them."""
    with patch.object(Sandbox, "from_string", autospec=True, side_effect=Sandbox.from_string) as compiling:
        used = library()
        for number in range(1_000):
            compile_text(f"Order {number}: [[ prop('Order Id') ]]. [[ track('tracking_url') ]] {number}", used, NAMES)
    assert compiling.call_count == 2


def test_an_expression_is_rendered_once():
    """A thousand texts with two expressions between other words make Jinja render each of them for the first only."""
    used = library(LINKS)
    compile_text("[[ prop('Order Id') ]] [[ track('tracking_url') ]]", used, NAMES)
    with patch.object(Template, "render", autospec=True, side_effect=Template.render) as rendering:
        for number in range(1_000):
            compile_text(f"Order {number}: [[ prop('Order Id') ]]. [[ track('tracking_url') ]] {number}", used, NAMES)
    assert rendering.call_count == 0


def test_a_list_that_is_turned_around_is_read_again():
    """What a macro takes from a list that was made by a filter is the same in each text, and in each call."""
    turned = library(
        {"turned.jinja": "[% set names = ['a', 'b'] | reverse %][% macro last() %][[ names | first ]][% endmacro %]"}
    )
    texts = [compile_text(text, turned).text for text in ("[[ last() ]][[ last() ]]", "[[ last() ]]", "[[ last() ]]!")]
    assert texts == ["bb", "b", "b!"]


@pytest.mark.parametrize("amount", [Amount(200_001, 0, 0), Amount(0, 8 * 1024 * 1024 + 1, 0), Amount(0, 0, 20_000_001)])
def test_what_is_too_much_together_is_refused(amount):
    """Expressions that are known are written again where a text would go beyond its limits, so that Jinja says why."""
    used = library(LINKS)
    made("[[ prop('Order Id') ]]", used)
    recalled = used.memory.recalled
    recalled.begins = replace(recalled.begins, plain=amount)
    with patch.object(Template, "render", autospec=True, side_effect=Template.render) as rendering:
        made("[[ prop('Order Id') ]].", used)
    assert rendering.call_count > 0


def test_a_wrong_name_costs_no_compilation():
    """A property that no event has is found without compiling each text as a whole: broken projects have many."""
    used = library()
    with patch.object(Sandbox, "compile", autospec=True, side_effect=Sandbox.compile) as compiling:
        for number in range(100):
            assert made(f"Order {number}: [[ track('gone') ]]", used)[2:] == ("", 1, 19 + len(str(number)))
    assert compiling.call_count < 10

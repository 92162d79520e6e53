"""A text that is compiled expression by expression gives what it gives as a whole; each expression is compiled once."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import CompileError, Library, Names, compile_text, templating
from deployer.messages.expressions import pieces_of
from deployer.messages.sandbox import Sandbox

FILES = {
    "macros/links.jinja": "[% macro track(name) %]Track it: [[ prop(name) ]][% endmacro %]\n"
    "[% macro framed(name) %]<[[ track(name) | upper ]]>[% endmacro %]",
    "macros/count.jinja": "[% set seen = namespace(n=0) %]"
    "[% macro next() %][% set seen.n = seen.n + 1 %][[ seen.n ]][% endmacro %]",
}
NAMES = Names(("Order Id", "tracking_url"), ("Tier",))
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


def library():
    """Make a library of the macro files, one of which counts."""
    return Library(FILES.__getitem__, list(FILES), {"name": "Northwind"})


def made(text, used):
    """Compile a text: what it gives, or everything that its error says."""
    try:
        return compile_text(text, used, NAMES)
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


def test_a_wrong_name_costs_no_compilation():
    """A property that no event has is found without compiling each text as a whole: broken projects have many."""
    used = library()
    with patch.object(Sandbox, "compile", autospec=True, side_effect=Sandbox.compile) as compiling:
        for number in range(100):
            assert made(f"Order {number}: [[ track('gone') ]]", used)[2:] == ("", 1, 19 + len(str(number)))
    assert compiling.call_count < 10

"""Words without a sign that placeholders have aren't searched for placeholders: there is none in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.rules.message.foreign import _SIGNS, foreign_expression

PIECES = [
    *("*|", "|*", "%%", "%%=", "%%[", "${", "$[", "{~", "<%", "%>", "<?php", "&lt;%", "%&gt;", "@{", "{!", "{|", "$$"),
    *(
        "@@",
        "$(",
        "-",
        "!",
        "*",
        "[*",
        "<",
        ">",
        "&#123;",
        "&#125;",
        "&#37;",
        "%7B",
        "%7D",
        "{0}",
        "%s",
        "[",
        "]",
        "##",
    ),
    *(
        "#",
        "__",
        "%",
        "(",
        ")",
        "{",
        "}",
        "«",
        "»",
        "::",
        ":",
        "~",
        "^",
        "|",
        "$",
        "&laquo;",
        "&raquo;",
        "&gt;",
        "=",
        " ",
    ),
    *("First Name", "order_id", "ORDER_ID", "orderId", "FNAME", "Insert name", "INSERT_X_HERE", "user", "a", "Z9", "_"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
def test_what_looks_like_a_placeholder_has_a_sign(text):
    """Whatever the search for placeholders finds has one of the signs."""
    assert not foreign_expression().search(text) or _SIGNS.search(text)


@pytest.mark.parametrize("text", ["Track it: Order 5 is here! https://contoso.example/t/5, e-mail us.", ""])
def test_plain_words_have_none(text):
    """Words as most messages have them aren't searched."""
    assert not _SIGNS.search(text)

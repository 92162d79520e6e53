"""Texts of a project that hold names with an @: nobody is called by a comment or an issue."""

import pytest

from deployer.views.markdown import plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("for @ana", "for `@ana`"),
        ("for @shop/fulfilment_team, soon", "for `@shop/fulfilment_team`, soon"),
        ("(@ana) and @ben", "(`@ana`) and `@ben`"),
        ("orders@northwind.example", "orders@northwind.example"),
        ("at 5 @ noon", "at 5 @ noon"),
        ("`@ana` stays", "`@ana` stays"),
    ],
)
def test_a_mention_becomes_code(text, shown):
    """A forge sends a mail to whom a comment mentions; a handle in code is no mention, and an address never was one."""
    assert plain(text) == shown

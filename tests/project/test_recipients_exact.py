"""Test contacts are compared exactly: an address that merely looks or folds alike is another person's."""

from __future__ import annotations

import pytest

from deployer.attentive import User
from deployer.kinds.base import GuardError
from deployer.project.recipients import is_listed, recipient


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("One@Test.Example", True),
        ("one@te\N{LATIN SMALL LETTER LONG S}t.example", False),
        ("\N{KELVIN SIGN}one@test.example", False),
        ("one@\N{FULLWIDTH LATIN SMALL LETTER T}est.example", False),
        ("one@test.example.", False),
        ("one@test\N{IDEOGRAPHIC FULL STOP}example", False),
        ("one@test\N{FULLWIDTH FULL STOP}example", False),
        ("one@test\N{HALFWIDTH IDEOGRAPHIC FULL STOP}example", False),
    ],
)
def test_an_address_is_the_contacts_only_where_it_is_the_same(typed, listed):
    """Case of ASCII doesn't matter; a letter or a dot that only folds to the same one does."""
    assert is_listed(User(email=typed), [User(email="one@test.example")]) is listed


def test_a_domain_is_the_same_in_both_of_its_forms():
    """A domain as people read it and as DNS has it is one domain."""
    contact = [User(email="one@b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher.example")]
    assert is_listed(User(email="one@xn--bcher-kva.example"), contact)
    assert not is_listed(
        User(email="one@stra\N{LATIN SMALL LETTER SHARP S}e.example"), [User(email="one@strasse.example")]
    )


def test_nobody_is_no_recipient():
    """An empty recipient is refused instead of standing for the test contact."""
    with pytest.raises(GuardError, match="neither a phone"):
        recipient("")

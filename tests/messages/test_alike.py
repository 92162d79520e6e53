"""What was sent beside what was expected: links and Attentive's additions don't count, words do."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deployer.messages import Additions
from deployer.messages.alike import Template, reads_alike

ADDED = Additions("Northwind", "Reply STOP to opt out")
WORDS = st.lists(
    st.text(
        st.characters(categories=["Lu", "Ll", "Nd", "Sc", "Pd"]) | st.sampled_from("!?.,;:'()é"),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=8,
)


@pytest.mark.parametrize(
    ("expected", "sent", "alike"),
    [
        ("Northwind: Hi.", "Northwind: Hi.", True),
        ("Northwind: Hi.", "Hi.", True),
        ("Northwind: Hi. ", "Northwind: Hi.\n", True),
        ("Northwind: See https://a.example/t/1.", "Northwind: See https://northwind.attn.tv/l/abc/d.", True),
        ("Northwind: See https://a.example/t/1.", "Northwind: See northwind.attn.tv/l/abc/d.", True),
        ("Northwind: See https://a.example/t/1.", "Northwind: See.", False),
        ("Northwind: Hi.", "Northwind: Hi!", False),
        ("Northwind: Order 1 left.", "Northwind: Order 2 left.", False),
        ("Northwind: Hi. Reply STOP to opt out", "Northwind: Hi.", True),
        ("Northwind: Hi.", "Southwind: Hi.", False),
    ],
)
def test_filled_in_texts(expected, sent, alike):
    """Two texts are alike where only links, white space at the edges and what Attentive adds differ."""
    assert reads_alike(expected, sent, ADDED) is alike


@given(words=WORDS, values=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=8, max_size=8))
def test_a_template_fits_everything_that_it_becomes(words, values):
    """A text with a macro behind each word fits whatever fills these in."""
    text = " ".join(f"{word} {{{{triggerEvent.custom['{number}']}}}}" for number, word in enumerate(words))
    filled = " ".join(f"{word} {value}" for word, value in zip(words, values, strict=False))
    assert Template(text, ADDED).fits(f"Northwind: {filled}")
    assert Template(text, ADDED).missing(filled) == ()


@given(words=WORDS, changed=st.integers(0, 7))
def test_a_changed_word_is_found(words, changed):
    """If one fixed word is another, the template doesn't fit, and the fixed words around it are named as missing."""
    plain = [re.sub(r"[./:]", "", word) or "a" for word in words]
    at = changed % len(plain)
    other = [*plain[:at], plain[at] + "§", *plain[at + 1 :]]
    template = Template("{{subscriber.firstName}} " + " ".join(plain), ADDED)
    sent = "Ana " + " ".join(other)
    assume(" ".join(plain) not in sent)
    assert not template.fits(sent)
    assert template.missing(sent) == (" ".join(plain),)


def test_links_of_the_author_stand_for_any_link():
    """A link that the author wrote is shortened on the way; the words around it have to be there."""
    template = Template("Track it: https://northwind.example/t?o={{triggerEvent.custom['id']}} today", ADDED)
    assert template.fits("Northwind: Track it: northwind.attn.tv/l/a/b today")
    assert not template.fits("Northwind: Track it: northwind.attn.tv/l/a/b tomorrow")


def test_macros_side_by_side_are_compared_in_one_pass():
    """Many macros in a row, whose words could be shared among them in ever so many ways, don't make it hang."""
    macros = " ".join(f"{{{{triggerEvent.custom['{number}']}}}}" for number in range(12))
    template = Template(f"Hi {macros} and {macros} bye", ADDED)
    assert template.fits(f"Northwind: Hi {'a ' * 60} and {'b ' * 60} bye")
    assert not template.fits(f"Northwind: Hi {'a and ' * 120} by")

"""What changed between two texts, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import Piece, edits, word_diff
from deployer.messages.words import words

FRAGMENTS = st.sampled_from(
    [
        "Order",
        " ",
        "\n",
        "{{subscriber.firstName}}",
        "{{a['b c']}}",
        "{% if x %}",
        "is",
        ".",
        "é",
        "e\u0301",
        "👨‍👩‍👧",
        "{{",
        "}}",
        "don\u2019t",
        "\t",
    ]
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(FRAGMENTS, max_size=30).map("".join))


def _joined(pieces, *ops):
    return "".join(piece.text for piece in pieces if piece.op in ops)


@given(TEXTS, TEXTS)
@example("a b", "c d")
@example("", "x")
def test_pieces_joined_are_the_texts(old, new):
    """What stayed and went is the old text, what stayed and came is the new one, and no piece is empty."""
    pieces = word_diff(old, new)
    assert _joined(pieces, "same", "gone") == old
    assert _joined(pieces, "same", "new") == new
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_edits_lead_from_old_to_new(old, new):
    """Edits carried out from the last to the first give the new text; none touches the next."""
    found = edits(old, new)
    text = old
    for edit in reversed(found):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert text == new
    assert all(one.end < following.start for one, following in pairwise(found))


@given(TEXTS)
def test_words_joined_are_the_text(text):
    """Splitting loses nothing, and an unchanged text has no edits."""
    assert "".join(words(text)) == text
    assert edits(text, text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {{subscriber.firstName}}!", ("Hi", " ", "{{subscriber.firstName}}", "!")),
        ("{% if a %}x{% endif %}", ("{% if a %}", "x", "{% endif %}")),
        ("a  b\n", ("a", " ", " ", "b", "\n")),
        ("don\u2019t it's", ("don\u2019t", " ", "it's")),
        ("cafe\u0301 now", ("cafe\u0301", " ", "now")),
        ("👩🏽‍🚀!", ("👩🏽‍🚀", "!")),
        ("{{a\n}}", ("{{a\n}}",)),
        ("धन्यवाद आएं।", ("धन्यवाद", " ", "आएं", "।")),
        ("ที่นี่ น้ำ", ("ที่นี่", " ", "น้ำ")),
        ("می\u200cبرم", ("می\u200cبرم",)),
        ("❤\ufe0fa", ("❤\ufe0f", "a")),
    ],
)
def test_a_word_is_what_a_reader_takes_for_one(text, expected):
    """Macros and tags are one word, white space is visible, accents, vowel signs and joined emoji stay whole."""
    assert words(text) == expected


def test_a_macro_is_replaced_whole():
    """A macro with another name is another word: no piece holds half of its braces."""
    assert word_diff("Hi {{a.b}}!", "Hi {{a.c}}!") == (
        Piece("same", "Hi "),
        Piece("gone", "{{a.b}}"),
        Piece("new", "{{a.c}}"),
        Piece("same", "!"),
    )


def test_a_rewritten_sentence_is_one_change():
    """The blank between two changed words belongs to the change."""
    assert word_diff("It is here now.", "It was there now.") == (
        Piece("same", "It "),
        Piece("gone", "is here"),
        Piece("new", "was there"),
        Piece("same", " now."),
    )


def test_white_space_alone_is_a_change():
    """A line break that became a blank, and a blank too many, are shown."""
    assert word_diff("a\nb", "a b") == (Piece("same", "a"), Piece("gone", "\n"), Piece("new", " "), Piece("same", "b"))
    assert [piece for piece in word_diff("a b", "a  b") if piece.op != "same"] == [Piece("new", " ")]


def test_a_long_email_is_compared_by_lines_first():
    """One word changed in ten thousand lines is one word."""
    lines = [f"<p>Line {number} of the <b>letter</b></p>\n" for number in range(10_000)]
    old = "".join(lines)
    new = old.replace("Line 5000 of", "Row 5000 of").replace("Line 77 of", "Row 77 of")
    assert [piece for piece in word_diff(old, new) if piece.op != "same"] == [
        *(Piece("gone", "Line"), Piece("new", "Row")) * 2,
    ]

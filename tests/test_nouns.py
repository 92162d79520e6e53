"""The article in front of a name that a project chose, and the number in front of a noun."""

from __future__ import annotations

import pytest

from deployer.nouns import article, counted


@pytest.mark.parametrize(
    "words",
    [
        "an Order Shipped",
        "an account_created",
        "an hour",
        "an SMS",
        "an 8-day reminder",
        "an 11",
        "an Uninstalled app",
        "an umbrella",
        "a Refund",
        "a user_created",
        "a unique",
        "a United parcel",
        "a one-time code",
        "a VIP",
        "a 110",
        "a über",
        "a ",
    ],
)
def test_the_first_sound_decides(words: str) -> None:
    """A vowel that is heard takes `an`, whatever letter it is written with."""
    expected, _, word = words.partition(" ")

    assert article(word) == expected


@pytest.mark.parametrize(("number", "words"), [(0, "0 tasks"), (1, "1 task"), (2, "2 tasks"), (12_345, "12,345 tasks")])
def test_a_number_is_read_with_its_noun(number, words):
    """One is one, everything else is several, and thousands are set apart."""
    assert counted(number, "task") == words

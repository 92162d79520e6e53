"""The article in front of a name that a project chose."""

from __future__ import annotations

import pytest

from deployer.article import article


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

"""Texts that fit into a comment: cut between items, every section with its share, and nothing left out unsaid."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from deployer.views.fitting import Section, fit

HEAD, FOOT = "<!-- mark -->\nhead", "foot"
ITEMS = st.lists(st.integers(3, 400), max_size=40)


def section(number: int, sizes: list[int]) -> Section:
    """A section whose items are of these sizes."""
    items = tuple(f"{number}.{place} ".ljust(size, "x") for place, size in enumerate(sizes))
    return Section(f"### section {number}", items, "thing", f"`show {number}`.")


@given(st.lists(ITEMS, max_size=5), st.integers(1_500, 20_000))
def test_a_text_fits_and_says_what_is_missing(sizes, limit):
    """Whatever there is, the text is within its limit, items are whole and in order, and those left out are counted."""
    sections = [section(number, one) for number, one in enumerate(sizes)]
    text = fit(HEAD, sections, FOOT, limit)
    assert len(text) <= limit
    assert text.startswith(HEAD)
    assert text.endswith(FOOT)
    for one in sections:
        shown = [item for item in one.items if item in text.split("\n")]
        assert shown == list(one.items[: len(shown)])
        left = re.search(rf"_(\d+) more things? left out here: {re.escape(one.where)}_", text)
        assert (int(left[1]) if left else 0) == len(one.items) - len(shown)


def shortened(number: int, sizes: list[int]) -> Section:
    """A section whose items can be shown in short."""
    one = section(number, sizes)
    return Section(
        one.title, one.items, one.noun, one.where, shorts=tuple(f"{item[:4].strip()}~" for item in one.items)
    )


@given(ITEMS, ITEMS, st.integers(1_500, 8_000))
def test_what_is_short_is_there_in_full_or_in_short_or_counted(first, second, limit):
    """Items in full come first, then items in short, then a count; no item is there twice, and the text fits."""
    one = shortened(0, first)
    text = fit(HEAD, [one, section(1, second)], FOOT, limit)
    assert len(text) <= limit
    lines = text.split("\n")
    shown = [
        ("full" if full in lines else "short" if short in lines else "")
        for full, short in zip(one.items, one.shorts, strict=True)
    ]
    assert shown == sorted(shown, key=["full", "short", ""].index)
    left = re.search(r"_(\d+) more things? left out here: `show 0`", text)
    assert (int(left[1]) if left else 0) == shown.count("")


def test_three_hundred_items_are_all_there_and_the_first_in_full():
    """Where three hundred long items don't fit, each is there in short at least, and the first ones in full."""
    one = shortened(0, [600] * 300)
    text = fit(HEAD, [one, section(1, [300] * 20)], FOOT)
    assert "left out" not in text
    assert one.items[0] in text
    assert one.items[-1] not in text
    assert one.shorts[-1] in text


@given(ITEMS, ITEMS)
def test_what_fits_is_shown_in_full(first, second):
    """With room for everything, nothing is left out."""
    sections = [section(0, first), section(1, second)]
    text = fit(HEAD, sections, FOOT, 100_000)
    assert all(item in text for one in sections for item in one.items)
    assert "left out" not in text


def test_a_section_that_is_full_leaves_room_for_the_others():
    """A hundred changed messages don't hide what breaks the senders of an event."""
    text = fit(HEAD, [section(0, [900] * 100), section(1, [50])], FOOT, 10_000)
    assert "1.0 " in text


def test_an_empty_section_has_no_heading():
    """A heading stands only above something."""
    assert fit(HEAD, [section(0, [])], FOOT) == f"{HEAD}\n\n{FOOT}"

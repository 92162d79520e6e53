"""Texts that lost their end to a comment: plain documents in which none can have are told by their lines."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import SourceFile, compose
from deployer.source.tails import lost_tails

KEYS = "name: ¦owner: ¦description: ¦body: ¦number: ¦- ¦- name: ¦  Order Id: ¦  - ¦name:¦"
VALUES = "Order¦Order no.¦Bike¦Bike Sale¦Sale!¦ship to¦12¦true¦~¦(a¦[a]¦{a: b}¦'Order'¦\"Order\"¦a#b¦|¦>-¦  words on¦"
TAILS = (
    " # 2 sold¦ #2¦  #2¦ # {{ a }}¦ #{{a}}¦ # a {{ b }}¦ # note¦ # deployer: ignore[a] 2¦ #word¦  # 2¦ # (b)¦ # Sold"
    "¦ # Order Sold¦ #---¦ # todo 2¦¦¦# 2¦ # a: b # 2¦ #[a¦ # 1 # 2"
)


def lines():
    """Lines with a comment, and such without."""
    parts = [st.sampled_from(re.split("¦", each)) for each in (KEYS, VALUES, TAILS)]
    return st.tuples(*parts).map("".join)


def found(text):
    """What is found in the documents of a text, each field of which may hold any text."""
    documents, _ = compose(SourceFile("a.yaml", text))
    return [list(lost_tails(document, {})) for document in documents]


@given(st.lists(lines(), max_size=5), st.sampled_from(["", "---\n", "a: b\n---\n", "a:\n"]))
def test_plain_documents_are_told_by_their_lines(some, start):
    """What is found is what a walk through all values of each document finds."""
    text = start + "\n".join([*some, ""])
    with patch("deployer.source.tails._may_have_lost", return_value=True):
        walked = found(text)
    assert found(text) == walked


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("name: Bike # for a remark", False),
        ("name: Order # 2 sold", True),
        ("owner: {a: b} # 2 sold", False),
        ("description: |\n  Ship # a remark", False),
        ("name: Order\n  #2 sold", True),
        ("name: # {{ a }}", True),
    ],
)
def test_only_a_line_that_may_have_lost_has_its_document_walked(line, lost):
    """Where no line may have lost its end, no value's place is looked for."""
    with patch("deployer.source.positions.nodes", side_effect=AssertionError) as walk:
        if lost:
            with pytest.raises(AssertionError):
                found(f"{line}\n")
        else:
            assert found(f"{line}\n") == [[]]
    assert walk.called == lost

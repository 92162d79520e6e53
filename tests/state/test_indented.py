"""Indented JSON: the same text as the standard library's, whatever the value is."""

import json
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.state.indented import indented


class Word(StrEnum):
    """A text of a class of its own."""

    YES = "yes “sir”"


texts = st.text() | st.text(st.characters(max_codepoint=0x80)) | st.sampled_from(["\ud83d", "\x7f\x00\u2028", '"\\/'])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
odd = st.sampled_from([Word.YES, (), (1, "a"), (("b",), {}), {1: "a", 0: "b"}, {True: []}, {None: 1}])
values = st.recursive(
    scalars | odd,
    lambda inner: (
        st.lists(inner) | st.tuples(inner) | st.dictionaries(texts, inner) | st.dictionaries(st.just(Word.YES), inner)
    ),
)


def by_the_library(value):
    """Give what the standard library writes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)


@given(values)
def test_it_is_what_the_library_writes(value):
    """If a value can be JSON, also one that Python alone has, its text is the library's, byte for byte."""
    assert indented(value) == by_the_library(value)


@given(values)
def test_a_margin_goes_before_each_line(value):
    """If a value is a part of a text, its lines begin below the part's own."""
    assert indented([{"a": value}]) == f'[\n  {{\n    "a": {indented(value, "    ")}\n  }}\n]'


LOOP: list[object] = []
LOOP.append({"again": LOOP})


@pytest.mark.parametrize(
    "value", [float("nan"), [float("-inf")], {"a": {"b": {1, 2}}}, {1: "a", "b": 2}, [object()], b"bytes", LOOP]
)
def test_what_json_does_not_have_is_refused_alike(value):
    """If JSON can't hold a value, the error is the library's."""
    with pytest.raises((TypeError, ValueError)) as expected:
        by_the_library(value)
    with pytest.raises(expected.type, match=r".+") as refused:
        indented(value)
    assert str(refused.value) == str(expected.value)

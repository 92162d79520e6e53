"""JSON is read as every reader takes it, and what isn't is found at its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.contracts.strict_json import DEEPEST, FlawError, decode, flaw, loads

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda one: st.lists(one, max_size=4) | st.dictionaries(TEXTS, one, max_size=4),
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_is_sound_is_read_as_python_reads_it(value, ascii_only, indent) -> None:
    """Whatever is in a sound text, emoji as escapes too, it comes back, and no flaw is seen in it."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert loads(text) == json.loads(text)
    assert flaw(text) is None


FLAWS = {
    '{"v": 1, "v": 1}': "duplicate-key",
    '{"v": "\\ud83d"}': "bad-text",
    '{"\\udc00": 1}': "bad-text",
    '{"v": "a\\u0000"}': "bad-text",
    '{"v": 1e999}': "bad-number",
    '{"v": NaN}': "not-json",
    '{"v": [-Infinity]}': "not-json",
    f'{{"v": {"9" * 5000}}}': "bad-number",
    "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1): "not-json",
}


@given(st.lists(VALUES, max_size=3), st.sampled_from(sorted(FLAWS)), st.sampled_from([None, 2]))
def test_a_flaw_is_found_wherever_it_is(before, wrong, indent) -> None:
    """Behind whatever sound values it is, the place is within it, and the kind its own."""
    front = json.dumps([*before, None], indent=indent)
    text = front[: front.rindex("null")] + wrong + "]"
    with pytest.raises(FlawError) as refused:
        decode(text)
    found = refused.value.flaw
    assert found.kind == FLAWS[wrong]
    assert text.index(wrong, front.rindex("null")) <= found.at < len(text)


def test_the_limit_of_depth_is_exact() -> None:
    """A value that is nested as deeply as is read is read."""
    text = "[" * DEEPEST + "]" * DEEPEST
    assert loads(text) == json.loads(text)

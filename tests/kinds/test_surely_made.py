"""Events of which it is known, without making anything, that values are found for their properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.kinds.event_type import all_samples, surely_made
from tests.kinds.test_samples import SCOPE, event

BOUNDS = st.one_of(st.integers(-2, 30), st.sampled_from([10_000, 10_001, 1.5, "3", None]))
WORDS = st.one_of(st.text(alphabet="a é ", max_size=30), st.integers(-3, 3), st.none(), st.just([]))
PROPERTY = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "string", "integer", "number", "boolean", "array", ["string", "null"]])},
    optional={
        "minLength": BOUNDS,
        "maxLength": BOUNDS,
        "minimum": BOUNDS,
        "maximum": BOUNDS,
        "format": st.sampled_from(["uri", "uri", "date", "email", "other"]),
        "enum": st.lists(WORDS, max_size=3),
        "examples": st.lists(WORDS, max_size=3),
        "description": st.just("what it says"),
        "pattern": st.just("^a$"),
        "multipleOf": st.just(7),
        "optional": st.booleans(),
        "items": st.just({"type": "string"}),
    },
)
PROPERTIES = st.dictionaries(st.sampled_from(["a", "b"]), PROPERTY, min_size=1, max_size=2)
SAMPLES = st.dictionaries(
    st.sampled_from(["happy", "missing_optional", "longest"]), st.dictionaries(st.sampled_from(["a", "b"]), WORDS)
)


def has_reasons(declared):
    """Whether a property is to blame that one of the event's samples can't be made."""
    return any(unmade.key for unmade in all_samples(declared, SCOPE).unmade.values())


@given(PROPERTIES, SAMPLES)
def test_what_is_surely_made_is_made(properties, samples):
    """Where values are known to be found, the maker finds them, whatever the team wrote."""
    declared = event(properties, samples)
    assert not (surely_made(declared, SCOPE) and has_reasons(declared))


@given(st.fixed_dictionaries({"type": st.just("string")}, optional={"minLength": BOUNDS, "maxLength": BOUNDS}), SAMPLES)
def test_bounded_texts_are_surely_made(definition, samples):
    """Texts with any bounds, beside any samples: none that is taken for sure fails."""
    declared = event({"a": definition}, samples)
    assert not (surely_made(declared, SCOPE) and has_reasons(declared))


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "string"},
        {"type": "string", "minLength": 1, "maxLength": 12, "description": "the number"},
        {"type": "string", "format": "uri", "minLength": 1, "maxLength": 80},
        {"type": "string", "enum": ["UPS", "FedEx"], "optional": True},
        {"type": "integer", "minimum": 1, "maximum": 999},
        {"type": "number"},
        {"type": "boolean"},
    ],
)
def test_usual_definitions_need_no_making(definition):
    """What most events consist of is known without making a value."""
    assert surely_made(event({"a": definition}, {"happy": {"a": "54321"}}), SCOPE)


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "string", "pattern": "^[0-9]{5}$", "maxLength": 3},
        {"type": "string", "minLength": 5, "maxLength": 3},
        {"type": "string", "minLength": 5},
        {"type": "string", "format": "uri", "maxLength": 10},
        {"type": "integer", "minimum": 5, "maximum": 3},
        {"type": "string", "enum": [3]},
        {"type": ["string", "null"]},
    ],
)
def test_others_are_tried(definition):
    """Where a value may not be found, one has to be made: no known text has five characters."""
    assert not surely_made(event({"a": definition}, {"happy": {"a": "543"}}), SCOPE)

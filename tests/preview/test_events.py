"""Events for their readers: properties in words, examples without personal values, who sends and who reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.preview.definitions import limits_in_words, type_in_words
from deployer.preview.events import events, shared

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"


@pytest.fixture(scope="module")
def project() -> Any:
    """The example in its sandbox."""
    return deployer.load(NORTHWIND).project()


def test_every_property_of_every_event(project: Any) -> None:
    """No property of an event is missing at the top, and none is there twice."""
    for view in events(project):
        declared = project.resources[view.address].model.properties
        assert [one.path for one in view.properties if not one.nested] == list(declared)


def test_readers_of_a_property(project: Any) -> None:
    """A property has the messages that read it, pictures among them, and one that no message reads has none."""
    view = next(one for one in events(project) if one.id == "order_shipped")
    readers = {one.path: one.readers for one in view.properties}
    assert readers["mediaUrl"] == ("message.order_shipped_text",)
    assert readers["carrier"] == ()


def test_personal_values_are_asterisks(project: Any) -> None:
    """What is marked as personal is in no example, whichever sample it is of."""
    view = next(one for one in events(project) if one.id == "order_confirmed")
    assert [one.path for one in view.properties if one.personal] == ["first_name"]
    names = [json.loads(one.text).get("first_name", "*") for one in view.examples]
    assert {char for name in names for char in name if not char.isspace()} == {"*"}


def test_a_vendor_s_event(project: Any) -> None:
    """A partner's event says that its producer registers it."""
    view = next(one for one in events(project) if one.id == "tier_changed")
    assert (view.producer.vendor, view.producer.registers) == (True, True)


def test_shared_definitions_name_their_events(project: Any) -> None:
    """A definition of the library has the events that use it."""
    found = {one.address: one.events for one in shared(project)}
    assert "event_type.order_shipped" in found["property.order_id"]


@pytest.mark.parametrize(
    ("definition", "kind", "limits"),
    [
        ({"type": "string", "minLength": 1}, "string", ("not empty",)),
        ({"type": "string", "minLength": 1, "maxLength": 12}, "string", ("1 to 12 characters",)),
        ({"type": "string", "maxLength": 1}, "string", ("up to 1 character",)),
        ({"type": "string", "minLength": 5, "maxLength": 5}, "string", ("exactly 5 characters",)),
        ({"enum": ["UPS", "FedEx"]}, "string", ("one of UPS, FedEx",)),
        ({"type": "integer", "minimum": 0, "exclusiveMaximum": 10}, "integer", ("at least 0", "less than 10")),
        ({"type": "array", "items": {"type": "number"}, "minItems": 1}, "array of number", ("not empty",)),
        ({"type": ["string", "null"]}, "string or null", ()),
        ({"type": "string", "contentEncoding": "base64"}, "string", ("contentEncoding: base64",)),
        ({}, "any", ()),
    ],
)
def test_a_definition_in_words(definition: dict[str, Any], kind: str, limits: tuple[str, ...]) -> None:
    """Each keyword is a phrase; one without words of ours is shown as it is written."""
    assert (type_in_words(definition), limits_in_words(definition)) == (kind, limits)


BOUNDS = st.fixed_dictionaries(
    {},
    optional={
        "minLength": st.integers(1, 9_999),
        "maxLength": st.integers(10_000, 99_999),
        "pattern": st.from_regex(r"[a-z]{3,9}", fullmatch=True),
        "minimum": st.integers(100_000, 999_999),
        "maximum": st.integers(1_000_000, 9_999_999),
        "multipleOf": st.integers(2, 9),
        "enum": st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1, unique=True),
        "const": st.sampled_from(["delta", "epsilon"]),
    },
)


@given(definition=BOUNDS)
def test_no_limit_is_left_out(definition: dict[str, Any]) -> None:
    """Whatever bounds a value has, each is among the phrases."""
    words = " ".join(limits_in_words(definition)).replace(",", "")
    for keyword, value in definition.items():
        for one in value if isinstance(value, list) else [value]:
            assert str(one) in words or (keyword, one, "maxLength" in definition) == ("minLength", 1, False)
    assert bool(definition) == bool(words)

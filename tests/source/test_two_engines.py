"""One explainer over two engines: jsonschema and jsonschema-rs give the same violations in the same words."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.contracts.faults import PAYLOAD
from deployer.source import Gate, schema, schema_names
from deployer.source.explaining import explain
from deployer.source.mismatch import from_rust
from deployer.source.python_engine import from_python
from deployer.source.schema_messages import DOCUMENT
from deployer.source.violations import compiled

ORDER = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]*$"},
        "carrier": {"enum": ["UPS", "FedEx"]},
        "kind": {"const": "order"},
        "weight": {"type": "number", "minimum": 1, "maximum": 9},
        "mass": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 9},
        "count": {"type": "integer", "multipleOf": 2},
        "link": {"type": "string", "format": "uri"},
        "lines": {
            "type": "array",
            "items": {"$ref": "#/$defs/line"},
            "minItems": 1,
            "maxItems": 2,
            "uniqueItems": True,
        },
        "size": {"type": "object", "minProperties": 1, "maxProperties": 1},
        "gift": {"contains": {"const": True}},
        "gone": False,
        "names": {"propertyNames": {"pattern": "^[a-z]+$"}},
        "colors": {"propertyNames": {"enum": ["red", "green"]}},
        "user": {"anyOf": [{"required": ["phone"]}, {"required": ["email"]}], "properties": {"phone": {}, "email": {}}},
        "body": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["file"], "properties": {"file": {}}}]},
        "step": {"oneOf": [{"required": ["send"]}, {"required": ["wait"]}]},
        "use": {
            "properties": {"use": {}, "type": {}},
            "if": {"required": ["use"]},
            "then": {"properties": {"use": {}}, "additionalProperties": False},
        },
    },
    "dependentRequired": {"weight": ["carrier"]},
    "additionalProperties": False,
    "$defs": {
        "line": {
            "type": "object",
            "properties": {"sku": {"type": ["string", "null"]}},
            "required": ["sku"],
            "additionalProperties": False,
        }
    },
}

TABLE = [
    ({"id": 5}, "expected text, found the number `5`", "expected text, found a number"),
    ({"id": None}, "expected text, found nothing", "expected text, found nothing (null)"),
    ({"id": ""}, "must not be empty", "must not be empty"),
    ({"id": "abcdef"}, "expected at most 5 characters, found 6", "expected at most 5 characters, found 6"),
    (
        {"id": "A"},
        "`A` doesn't have the expected form (`^[a-z]*$`)",
        "the value doesn't have the expected form (`^[a-z]*$`)",
    ),
    ({"carrier": "ups"}, "`ups` is not one of `UPS` or `FedEx`", "the value is not one of `UPS` or `FedEx`"),
    ({"kind": "offer"}, "expected `order`, found `offer`", "expected `order`, found another value"),
    ({"mass": 1}, "expected a number above `1`, found `1`", "expected a number above `1`, found another value"),
    ({"mass": 9}, "expected a number below `9`, found `9`", "expected a number below `9`, found another value"),
    ({"weight": 3}, "`weight` needs `carrier` beside it", "`weight` needs `carrier` beside it"),
    (
        {"count": 2.5},
        "expected a whole number, found the number `2.5`",
        "expected a whole number, found a number with decimals",
    ),
    (
        {"count": 3},
        "expected a number that is a multiple of `2`, found `3`",
        "expected a number that is a multiple of `2`, found another value",
    ),
    ({"link": "no link"}, "`no link` is not a valid uri", "the value is not a valid uri"),
    ({"lines": []}, "must not be empty", "must not be empty"),
    ({"lines": [{"sku": "a"}] * 2}, "the list holds something twice", "the list holds something twice"),
    ({"lines": [{}]}, "missing `sku`", "missing `sku`"),
    (
        {"lines": [{"sku": True}]},
        "expected text or nothing, found `true`",
        "expected text or nothing, found true or false",
    ),
    ({"lines": [{"Sku": "a"}]}, "`Sku` is not a field of `lines`", "`Sku` isn't declared"),
    ({"size": []}, "expected a mapping, found a list", "expected an object, found a list"),
    ({"size": {"a": 1, "b": 2}}, "expected at most 1 key, found 2", "expected at most 1 key, found 2"),
    ({"gift": [False]}, "the list lacks an item of the expected form", "the list lacks an item of the expected form"),
    ({"gone": 1}, "`gone` doesn't belong here", "`gone` doesn't belong here"),
    ({"names": {"A": 1}}, "`A` can't be a key here", "`A` can't be a key here"),
    ({"colors": {"": 1}}, "a key can't be empty", "a key can't be empty"),
    ({"user": {}}, "missing one of `phone` or `email`", "missing one of `phone` or `email`"),
    ({"body": 5}, "expected text or a mapping, found the number `5`", "expected text or an object, found a number"),
    ({"body": {}}, "missing `file`", "missing `file`"),
    ({"step": {"send": 1, "wait": 1}}, *["only one of `send` or `wait` is allowed here"] * 2),
    ({"use": {"use": 1, "type": 1}}, *["`type` isn't allowed together with `use`"] * 2),
]
"""A value, what its writer reads in a document, and what its sender reads of a payload."""


def found(engine, known, value, wording):
    """The violations that one engine's mismatches make, in an order of their own."""
    if engine == "jsonschema":
        return sorted(explain(from_python(known, value), known, wording), key=repr)
    mismatches = _compiled(json.dumps(known)).iter_errors(value)
    return sorted(explain(from_rust(mismatches, known, value), known, wording), key=repr)


@cache
def _compiled(known):
    return compiled(json.loads(known))


@pytest.mark.parametrize("engine", ["jsonschema", "jsonschema-rs"])
@pytest.mark.parametrize(("value", "document", "payload"), TABLE)
def test_one_table_of_words(value, document, payload, engine):
    """Whichever engine finds a violation, the words are the same; a payload's hold none of its values."""
    assert [one.message for one in found(engine, ORDER, value, DOCUMENT)] == [document]
    assert [one.message for one in found(engine, ORDER, value, PAYLOAD)] == [payload]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 20) | st.sampled_from([1.5, "", "a", "A", "toolong", "UPS", "order"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ORDER["properties"], "sku", "Sku", "phone", "send", "wait"]), inner)
    ),
    max_leaves=10,
)


@given(VALUES, st.sampled_from([DOCUMENT, PAYLOAD]))
def test_both_engines_yield_the_same_violations(value, wording):
    """Any value breaks a schema in the same ways, at the same places and in the same words, with both engines."""
    assert found("jsonschema", ORDER, value, wording) == found("jsonschema-rs", ORDER, value, wording)


STEPS = st.sampled_from([0.01, 0.05, 0.1, 0.25, 1.5, 3])
PRICES = st.integers(-100_000, 100_000).map(lambda cents: cents / 100) | st.sampled_from([1e22, 10**30, 1e308])


@given(STEPS, PRICES)
@example(0.01, 0.29)
@example(0.01, 19.99)
def test_both_engines_count_multiples_alike(step, price):
    """A price of whole cents is a multiple of 0.01 to the engine that decides, and so to the one that explains."""
    known = {"type": "object", "properties": {"price": {"multipleOf": step}}, "required": ["currency"]}
    value = {"price": price}
    assert found("jsonschema", known, value, PAYLOAD) == found("jsonschema-rs", known, value, PAYLOAD)


def test_a_price_is_not_blamed_for_what_is_wrong_beside_it():
    """Where a payload breaks its schema elsewhere, a price that fits isn't in what is found."""
    known = {"type": "object", "properties": {"price": {"multipleOf": 0.01}}, "required": ["currency"]}
    assert [one.message for one in Gate.of(known).violations({"price": 0.29})] == ["missing `currency`"]


SHIPPED = [name for name in schema_names() if name != "resource"]


@given(VALUES)
def test_they_agree_on_the_schemas_that_ship(value):
    """The shipped schemas, with their references and conditions, are explained alike over both engines."""
    for name in SHIPPED:  # the same values for each: most of the time goes into making them up
        known = schema(name)
        assert found("jsonschema", known, value, DOCUMENT) == found("jsonschema-rs", known, value, DOCUMENT), name


def leaves(value):
    """The texts and numbers in a value, as words could show them; keys may be shown."""
    if isinstance(value, dict | list):
        return {leaf for item in (value.values() if isinstance(value, dict) else value) for leaf in leaves(item)}
    return {json.dumps(value)}


@given(st.dictionaries(st.sampled_from(list(ORDER["properties"])), st.sampled_from(["secret words", 990099, 8.125])))
def test_no_value_of_a_payload_is_in_the_words(value):
    """Neither message nor hint of a payload's violation holds anything of its values."""
    words = " ".join(one.message + one.hint for one in found("jsonschema-rs", ORDER, value, PAYLOAD))
    assert not any(leaf.strip('"') in words for leaf in leaves(value))

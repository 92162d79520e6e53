"""JSON Schema in words: each violation at its pointer, with what was expected and probably meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import Gate, SchemaError, schema, schema_names

THING = {
    "title": "Thing",
    "type": "object",
    "properties": {
        "kind": {"const": "Thing"},
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "color": {"enum": ["red", "green"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
        "id": {"type": "string", "pattern": "^[a-z]+$", "description": "Write small letters."},
        "list": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2, "uniqueItems": True},
        "link": {"type": "string", "format": "uri"},
        "body": {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"file": {"type": "string"}},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ]
        },
        "step": {
            "type": "object",
            "properties": {"send": {}, "wait": {"type": "string"}},
            "additionalProperties": False,
            "oneOf": [{"required": ["send"]}, {"required": ["wait"]}],
        },
        "use": {
            "properties": {"use": {}, "type": {}},
            "if": {"required": ["use"]},
            "then": {"properties": {"use": {}}, "additionalProperties": False},
        },
        "gone": {"not": {}, "description": "Remove `gone`."},
        "never": False,
        "names": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$", "description": "Small letters."}},
    },
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
    "required": ["kind"],
    "if": {"required": ["link"]},
    "then": {"required": ["name"]},
    "dependentRequired": {"count": ["color"]},
}


@pytest.mark.parametrize(
    ("body", "pointer", "message", "hint"),
    [
        ({"colour": "red"}, ("colour",), "`colour` is not a field of Thing", "did you mean `color`?"),
        ({"name": 5}, ("name",), "expected text, found the number `5`", "quote it"),
        ({"name": ["a"]}, ("name",), "expected text, found a list", ""),
        ({"name": ""}, ("name",), "must not be empty", ""),
        ({"name": "abcdef"}, ("name",), "expected at most 5 characters, found 6", ""),
        ({"color": "gren"}, ("color",), "`gren` is not one of `red` or `green`", "did you mean `green`?"),
        ({"count": 1.5, "color": "red"}, ("count",), "expected a whole number, found the number `1.5`", ""),
        ({"count": 3, "color": "red"}, ("count",), "expected a number that is a multiple of `2`, found `3`", ""),
        ({"count": 0, "color": "red"}, ("count",), "expected a number of at least `1`, found `0`", ""),
        ({"count": 10, "color": "red"}, ("count",), "expected a number of at most `9`, found `10`", ""),
        ({"count": 2}, (), "`count` needs `color` beside it", ""),
        ({"id": "A"}, ("id",), "`A` doesn't have the expected form", "Write small letters."),
        ({"list": []}, ("list",), "must not be empty", ""),
        ({"list": ["a", "a"]}, ("list",), "the list holds something twice", ""),
        ({"list": ["a", None]}, ("list", 1), "expected text, found nothing", ""),
        ({"link": "no link", "name": "a"}, ("link",), "`no link` is not a valid uri", ""),
        ({"link": "https://a.example"}, (), "missing `name`", ""),
        ({"body": 5}, ("body",), "expected text or a mapping, found the number `5`", "quote it"),
        ({"body": ""}, ("body",), "must not be empty", ""),
        ({"body": {"fil": "a"}}, ("body", "fil"), "`fil` is not a field of `body`", "did you mean `file`?"),
        ({"body": {"file": 1}}, ("body", "file"), "expected text, found the number `1`", "quote it"),
        ({"step": {"snd": 1}}, ("step", "snd"), "`snd` is not a field of `step`", "did you mean `send`?"),
        (
            {"use": {"use": "a", "type": "b"}},
            ("use", "type"),
            "`type` isn't allowed together with `use`",
            "expected `use`",
        ),
        ({"step": {}}, ("step",), "missing one of `send` or `wait`", ""),
        ({"step": {"send": 1, "wait": "a"}}, ("step", "wait"), "only one of `send` or `wait` is allowed here", ""),
        ({"gone": 1}, ("gone",), "`gone` doesn't belong here", "Remove `gone`."),
        ({"never": 1}, ("never",), "`never` doesn't belong here", ""),
        ({"names": {"A": 1}}, ("names", "A"), "`A` can't be a key here", "Small letters."),
        ({"kind": "Other"}, ("kind",), "expected `Thing`, found `Other`", ""),
    ],
)
def test_violations_are_told_in_words(body, pointer, message, hint):
    """A violation says where, what is wrong and what to do, once."""
    violations = Gate.of(THING).violations({"kind": "Thing"} | body)
    assert [(one.pointer, one.message, one.hint) for one in violations] == [(pointer, message, hint)]


def test_a_missing_key_is_at_the_object_and_an_unknown_key_at_the_key():
    """Keys at fault are marked as such, so that a caret stands under the key."""
    gate = Gate.of(THING)
    missing, unknown = gate.violations({"foo": 1})[::-1]
    if missing.keyword != "required":
        missing, unknown = unknown, missing
    assert (missing.pointer, missing.at_key, missing.message) == ((), False, "missing `kind`")
    assert (unknown.pointer, unknown.at_key, unknown.keyword) == (("foo",), True, "additionalProperties")


def test_a_misspelled_required_key_is_one_violation():
    """Where a required key is there under a wrong name, only the wrong name is reported."""
    assert [one.message for one in Gate.of(THING).violations({"knd": "Thing"})] == ["`knd` is not a field of Thing"]


def test_properties_may_be_called_like_keywords():
    """A payload's own keys may be JSON Schema's words."""
    gate = Gate.of({"properties": {"propertyNames": {"type": "string"}, "then": {"type": "object"}}})
    found = gate.violations({"propertyNames": 1, "then": 1})
    assert [(one.pointer, one.keyword, one.at_key) for one in found] == [
        (("propertyNames",), "type", False),
        (("then",), "type", False),
    ]


def test_free_keys_are_allowed():
    """Keys that match a pattern of the schema are no violation."""
    assert Gate.of(THING).valid({"kind": "Thing", "x-note": 1})
    assert Gate.of(THING).violations({"kind": "Thing", "x-note": 1}) == ()


def test_the_same_schema_gives_the_same_gate():
    """Gates are compiled once; one whose keys are in another order decides alike."""
    assert Gate.of({"type": "string", "minLength": 1}) is Gate.of({"type": "string", "minLength": 1})
    other = Gate.of({"minLength": 1, "type": "string"})
    assert [other.violations(value) for value in ("", 1, "a")] == [
        Gate.of({"type": "string", "minLength": 1}).violations(value) for value in ("", 1, "a")
    ]


@pytest.mark.parametrize("bad", [{"type": "text"}, {"pattern": "["}, {"$ref": "https://example.com/schema"}])
def test_a_schema_that_is_none_is_refused(bad):
    """A malformed schema, or one that refers to another file, is a SchemaError, and nothing is fetched."""
    with pytest.raises(SchemaError):
        Gate.of(bad)


FORMATS = ("date", "date-time", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "regex", "duration")
TRICKY = (
    "a\n",
    "2026-02-30",
    "12:00:00Z",
    "a@b",
    "1.2.3",
    "::1",
    "http://",
    "mailto:a@b",
    "[",
    "P1D",
    "\uff12\uff1026-01-01",
    "a b",
    "",
)


@given(st.sampled_from(FORMATS), st.text(max_size=8) | st.sampled_from(TRICKY))
def test_whatever_is_refused_is_explained(name, text):
    """For formats and patterns, what the gate refuses has a violation and what it accepts has none."""
    gate = Gate.of({"properties": {"v": {"type": "string", "format": name, "pattern": r"^\S*$"}}})
    violations = gate.violations({"v": text})
    assert bool(violations) is not gate.valid({"v": text})
    assert all(one.pointer == ("v",) and one.keyword in ("format", "pattern") for one in violations)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*THING["properties"], "x-a", "other"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(JSON_VALUES)
def test_any_refused_value_is_explained(value):
    """Whatever is checked, there are violations exactly where the gate refuses."""
    gate = Gate.of(THING)
    assert bool(gate.violations(value)) is not gate.valid(value)


def test_the_schemas_are_found():
    """The schemas that ship with the package are read by name, and another name is an error."""
    assert "deployer" in schema_names()
    assert schema("deployer")["type"] == "object"
    with pytest.raises(LookupError, match="no schema `nothing`"):
        schema("nothing")


@pytest.mark.parametrize("name", [name for name in schema_names() if name != "resource"])
def test_every_schema_explains_what_it_refuses(name):
    """Each shipped schema compiles, and refuses an empty mapping and a list with words."""
    gate = Gate.of(schema(name))
    assert gate.violations({})
    assert [one.keyword for one in gate.violations([])] == ["type"]


def test_the_values_of_a_list_are_shown_as_yaml_has_to_have_them():
    """A text that YAML would read as a number is in quotes, or the mend would bring the same error again."""
    schema = {"type": "string", "enum": ["1.0", "2.50", "on", "true", "~", ""]}
    (found,) = Gate.of(schema).violations(2.5)
    assert found.hint == 'write `"1.0"`, `"2.50"`, `on`, `"true"`, `"~"` or `""`'

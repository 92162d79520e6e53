"""Samples that are made from an event's schema: they fit it, they are the same each time, they show what may come."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import deployer
from deployer.kinds.event_type import EventType, all_samples, payload_schema, samples_of
from deployer.kinds.event_type.model import parse
from deployer.kinds.event_type.patterns import matching
from deployer.messages import count
from deployer.source import Gate


class Alone:
    """A scope in which nothing else is declared."""

    def find(self, model, id):
        """Find nothing."""

    def once(self, what, key, make):
        """Remember nothing."""
        del what, key
        return make()


SCOPE = Alone()


def event(properties, samples=None):
    """An event type with these properties."""
    body = {"name": "Case", "app": "orders", "properties": properties, "samples": samples or {}}
    return parse("event_type.case", "case", body)


def made(properties, samples=None):
    """The made samples of an event type, by name."""
    return {one.name: dict(one.data) for one in samples_of(event(properties, samples), SCOPE) if one.made}


FORMATS = ("uri", "email", "date", "date-time", "time", "uuid", "hostname", "ipv4", "ipv6")
PATTERNS = (
    "^NW-[0-9]{6}$",
    r"^\d{3}-\d{4}$",
    "^[A-Z]{2}[0-9]+$",
    "^(UPS|FedEx|USPS): .+$",
    r"^\$[0-9]{1,3}(,[0-9]{3})*\.[0-9]{2}$",
    r"^[^\s@]+@[^\s@]+\.[a-z]{2,4}$",
    r"[a-f\d]{8}",
    r"^\p{Lu}\p{Ll}*( \p{Lu}\p{Ll}*)?$",
    "^(?:a|bc){2,3}$",
    "order",
    r"^#?\w+$",
    r"^[\x41-\x46]\u{1F381}?$",
    "",
)


def texts():
    """Schemas of texts, with bounds that don't cross."""
    bounds = st.tuples(st.integers(0, 30), st.integers(0, 60)).map(sorted)
    bounded = bounds.flatmap(
        lambda pair: st.fixed_dictionaries({}, optional={"minLength": st.just(pair[0]), "maxLength": st.just(pair[1])})
    )
    return st.one_of(
        bounded,
        st.sampled_from(FORMATS).map(lambda name: {"format": name}),
        st.sampled_from(PATTERNS).map(lambda pattern: {"pattern": pattern}),
        st.lists(st.text(max_size=8), min_size=1, max_size=4, unique=True).map(lambda values: {"enum": values}),
    ).map(lambda rest: {"type": "string", **rest})


def numbers():
    """Schemas of numbers, with bounds that don't cross and with room for a multiple between them."""
    return st.builds(
        lambda name, low, size, step: {
            "type": name,
            **({"minimum": low} if low is not None else {}),
            **({"maximum": (low or 0) + size} if size is not None else {}),
            **({"multipleOf": step} if step and (size is None or size > step) else {}),
        },
        st.sampled_from(["integer", "number"]),
        st.none() | st.integers(-1000, 1000),
        st.none() | st.integers(0, 1000),
        st.none() | st.sampled_from([1, 5, 0.5]),
    )


def values():
    """Schemas of values, lists and objects too."""
    plain = texts() | numbers() | st.just({"type": "boolean"}) | st.just({"type": ["string", "number"]})
    return st.recursive(plain, containers, max_leaves=6)


def containers(inside):
    """Lists and objects of such values."""
    sizes = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)
    lists = st.builds(
        lambda items, size: {"type": "array", "items": items, "minItems": size[0], "maxItems": size[1]}, inside, sizes
    )
    keys = st.dictionaries(st.sampled_from(["a", "b", "c"]), inside, max_size=3)
    objects = keys.flatmap(
        lambda found: st.sets(st.sampled_from(sorted(found)) if found else st.nothing()).map(
            lambda optional: {
                "type": "object",
                "properties": {key: one | {"optional": key in optional} for key, one in found.items()},
            }
        )
    )
    return lists | objects


def events():
    """Properties of event types."""
    optional = st.booleans().map(lambda yes: {"optional": True} if yes else {})
    one = st.builds(lambda schema, more: {**schema, **more}, values(), optional)
    return st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=6), one, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events())
def test_what_is_made_fits_the_schema(properties):
    """Whatever the definitions are, a made sample fits them, and it is the same each time."""
    declared = event(properties)
    gate = Gate.of(payload_schema(declared, SCOPE))
    found = all_samples(declared, SCOPE)
    for sample in found.samples:
        assert gate.violations(sample.data) == ()
    assert all_samples(event(json.loads(json.dumps(properties))), SCOPE) == found
    made = {one.name for one in found.samples if one.made}
    assert made | set(found.unmade) == {"longest", "missing_optional", "unicode"}
    assert {one.name for one in found.samples if not one.made} <= {"examples"}


@settings(max_examples=100, deadline=None)
@given(texts() | numbers())
def test_a_value_is_found_for_every_scalar(schema):
    """No bound, format or pattern that people write keeps the longest sample from being made."""
    assume(schema.get("multipleOf") != 5 or "minimum" not in schema)
    found = all_samples(event({"key": schema}), SCOPE)
    assert "longest" not in found.unmade


def test_declared_samples_come_first_in_their_order():
    """A declared sample stands as it was written, and none of its name is made."""
    samples = {"unicode": {"a": "é"}, "happy": {"a": "x"}}
    found = samples_of(event({"a": {"type": "string"}}, samples), SCOPE)
    assert [(one.name, one.made) for one in found] == [("unicode", False), ("happy", False), ("longest", True)]
    assert found[0].data == {"a": "é"}


def test_the_longest_text_uses_all_of_max_length():
    """A bound is used up, with words that the team wrote."""
    longest = made({"a": {"type": "string", "maxLength": 12}}, {"happy": {"a": "May 10"}})["longest"]["a"]
    assert longest == "May 10 May 1"
    assert len(made({"a": {"type": "string", "maxLength": 200}})["longest"]["a"]) == 200


def test_without_a_bound_the_longest_text_is_an_assumption():
    """It is half as long again as the longest known text, and 40 characters where none is known."""
    assert (
        len(made({"a": {"type": "string"}}, {"happy": {"a": "x" * 10}, "other": {"a": "y" * 20}})["longest"]["a"]) == 30
    )
    assert len(made({"a": {"type": "string", "examples": ["z" * 10]}})["longest"]["a"]) == 15
    assert len(made({"a": {"type": "string"}})["longest"]["a"]) == 40


@pytest.mark.parametrize(
    ("schema", "longest"),
    [
        ({"type": "string", "enum": ["UPS", "FedEx", "DHL"]}, "FedEx"),
        ({"type": "string", "const": "USD"}, "USD"),
        ({"type": "integer", "minimum": -5, "maximum": 1000}, 1000),
        ({"type": "integer", "minimum": -1000, "maximum": 5}, -1000),
        ({"type": "integer", "examples": [12]}, 999),
        ({"type": "number", "exclusiveMaximum": 100, "multipleOf": 0.01}, 99.99),
        ({"type": "boolean"}, False),
        ({"type": "string", "pattern": "^NW-[0-9]{6}$"}, "NW-123456"),
        ({"type": "string", "format": "date"}, "2026-12-30"),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 2}, [False, False]),
        ({"type": "array", "items": {"type": "integer", "maximum": 3}, "minItems": 3, "uniqueItems": True}, [3, 2, 1]),
    ],
)
def test_the_longest_value_of_each_type(schema, longest):
    """The longest that the schema allows, as it would be printed."""
    assert made({"a": schema})["longest"]["a"] == longest


def test_a_url_grows_at_its_path():
    """The longest URL is a valid one of the shop's own, as long as the schema allows."""
    properties = {"a": {"type": "string", "format": "uri", "maxLength": 100}}
    longest = made(properties, {"happy": {"a": "https://acme.example/t/1"}})["longest"]["a"]
    assert len(longest) == 100
    assert longest.startswith("https://acme.example/t/1/")


def test_missing_optional_leaves_out_each_optional_key():
    """Also within objects; where nothing is optional, the sample would show nothing and isn't made."""
    inner = {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "string", "optional": True}}}
    found = made({"a": {"type": "string"}, "b": {"type": "string", "optional": True}, "c": inner})
    assert set(found["missing_optional"]) == {"a", "c"}
    assert set(found["missing_optional"]["c"]) == {"x"}
    assert "missing_optional" not in made({"a": {"type": "string"}})


def test_unicode_respects_what_the_schema_forbids():
    """Free text gets curly quotes, a dash, accents and an emoji; patterns, lists and formats don't."""
    properties = {
        "free": {"type": "string"},
        "short": {"type": "string", "maxLength": 2},
        "code": {"type": "string", "pattern": "^[A-Z]+$"},
        "link": {"type": "string", "format": "uri"},
        "size": {"type": "string", "enum": ["S", "Größe M"]},
    }
    found = made(properties)["unicode"]
    assert count(found["free"]).encoding == count(found["short"]).encoding == "UCS-2"
    assert found["code"].isascii()
    assert found["link"].isascii()
    assert found["size"] == "Größe M"
    assert "unicode" not in made({"code": {"type": "string", "pattern": "^[A-Z]+$"}})


def test_a_sample_that_cannot_be_made_says_why():
    """Where no value is found, the reason names the key and what to do."""
    found = all_samples(event({"a": {"type": "string", "pattern": "^(?=x)(?!x)$"}}), SCOPE)
    assert found.samples == ()
    assert "`a`" in found.unmade["longest"].reason
    assert "examples" in found.unmade["longest"].reason


def test_a_pattern_that_is_not_read_takes_an_example():
    """A look-ahead isn't read; the value that the team wrote is."""
    schema = {"type": "string", "pattern": "^(?=A)A1$", "examples": ["A1"]}
    found = made({"a": schema})
    assert found.get("longest", {"a": "A1"}) == {"a": "A1"}


@pytest.mark.parametrize("pattern", ["(", "[", "a{", "a{x}", "(?=x)", r"\k<a>", ")", r"\u{110000}", "[z-\\x41]"])
def test_a_pattern_that_is_not_read_gives_nothing(pattern):
    """Nothing is offered rather than something wrong."""
    assert matching(pattern, least=0, most=10) is None


def test_the_example_project_has_every_sample():
    """In the example's event types each of the four names is there, declared or made, unless it would show nothing."""
    workspace = deployer.load(Path(__file__).parents[2] / "examples" / "northwind")
    project = workspace.project("sandbox")
    for one in project.all(EventType):
        found = all_samples(one, project)
        assert {sample.name for sample in found.samples} | set(found.unmade) >= {
            "longest",
            "missing_optional",
            "unicode",
        }


def nested(depth, inner):
    """Lists within lists, each of a thousand."""
    for _ in range(depth):
        inner = {"type": "array", "items": inner, "minItems": 1_000}
    return inner


@pytest.mark.parametrize(
    "schema",
    [
        nested(4, {"type": "integer"}),
        nested(2, {"type": "string", "minLength": 5_000}),
        nested(1, {"type": "object", "properties": {f"k{n}": nested(1, {"type": "integer"}) for n in range(9)}}),
        {"type": "object", "properties": {f"k{n}": {"type": "string", "minLength": 9_000} for n in range(200)}},
    ],
)
def test_lists_within_lists_are_bounded(schema):
    """If each level allows a thousand elements, no sample multiplies them: none is made, with the reason."""
    found = all_samples(event({"a": schema}), SCOPE)
    assert [sample.name for sample in found.samples] == []
    assert "isn't made" in found.unmade["longest"].reason

"""Merge patches, pointers, the canonical encoding, suggestions and secrets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import (
    MissingSecret,
    Secret,
    canonical,
    composed_letters,
    content,
    digest,
    digest_of_letters,
    is_secret,
    merge_patch,
    of_content,
    pointer_text,
    suggest,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patches_are_those_of_the_rfc(target, patch, result):
    """Each test case of RFC 7396, appendix A, gives its result."""
    assert merge_patch(target, patch) == result


@given(VALUES, VALUES)
def test_a_merge_patch_is_idempotent(target, patch):
    """Applying a patch a second time changes nothing."""
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


def test_the_canonical_encoding_doesnt_depend_on_order():
    """The same value in another order has the same text and digest."""
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


@given(VALUES | st.floats(allow_nan=False), VALUES)
def test_content_is_that_of_one_value(value, other):
    """Its bytes give a value back, its types and order of keys too; a copy has the same ones, and no other value."""
    copy = json.loads(json.dumps([value, value]))
    assert content(copy) == content([value, value])
    assert json.dumps(of_content(content(value))) == json.dumps(value)
    assert (content(value) == content(other)) == (json.dumps(value) == json.dumps(other))


@pytest.mark.parametrize(("value", "other"), [(1, True), (1, 1.0), ("", None), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_content_differs_where_python_compares_alike(value, other):
    """Values that a dictionary would take for the same key, and mappings in another order, have other bytes."""
    assert content([value]) != content([other])


def test_pointers_are_written_as_the_rfc_does():
    """Slashes and tildes in keys are escaped."""
    assert pointer_text(("a/b", 0, "c~d", "Order Id")) == "/a~1b/0/c~0d/Order Id"


@pytest.mark.parametrize(
    ("word", "candidates", "found"),
    [
        ("order_shiped", ["order_shipped", "order_delivered"], "order_shipped"),
        ("trackingUrl", ["tracking", "tracking_url"], "tracking_url"),
        ("ORDER ID", ["order_id", "Order Ids"], "order_id"),
        ("colour", ["color", "name"], "color"),
        ("xyz", ["order_shipped"], None),
        ("prod", ["staging", "production"], "production"),
        ("x", [], None),
    ],
)
def test_suggestions_are_what_was_meant(word, candidates, found):
    """The nearest candidate is suggested, one that differs in form only before all others."""
    assert suggest(word, candidates) == found


def test_secrets_show_no_value():
    """A secret is resolved from the given environment and never keeps what it found."""
    secret = Secret("TOKEN")
    assert secret.resolve({"TOKEN": "s3cret"}) == "s3cret"
    assert "s3cret" not in repr(secret)
    for environ in ({}, {"TOKEN": ""}):
        with pytest.raises(MissingSecret) as caught:
            secret.resolve(environ)
        assert caught.value.env == "TOKEN"


def test_only_an_env_mapping_is_a_secret():
    """A mapping of nothing but `env` to text is a secret, anything else isn't."""
    assert is_secret({"env": "TOKEN"})
    assert not any(map(is_secret, ({"env": 1}, {"env": "A", "b": 1}, "env", {}, None)))


@given(VALUES)
def test_a_digest_of_letters_is_that_of_composed_ones(value):
    """Whether a value has to be copied for its letters or not, the digest is that of the composed ones."""
    assert digest_of_letters(value) == digest(composed_letters(value))
    assert digest_of_letters({"name": "Cafe\u0301"}) == digest({"name": "Caf\u00e9"})

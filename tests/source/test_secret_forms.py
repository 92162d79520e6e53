"""Secrets in comparisons: only keyed hashes, only names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.source.secret import Sealer, is_sealed, references, reveal, same

text = st.text(min_size=8, max_size=30)


@given(text, text)
def test_a_sealed_secret_is_compared_by_its_value(one, other):
    """Two seals agree where the values do, whatever the variables are called."""
    sealer = Sealer("lineage", {"A": one, "B": other})
    wanted, live = sealer.wanted({"url": {"$env": "A"}}), sealer.like({"url": other}, {"url": {"$env": "A"}}, {})
    assert same(wanted["url"], live["url"]) is (one == other)


@given(text.filter(lambda value: value not in '{"url": {"$secret": "NAME", "hash": ""}}'))
def test_a_seal_shows_nothing(value):
    """Neither what is wanted nor what is live holds the value once it is sealed."""
    sealer = Sealer("lineage", {"NAME": value})
    shown = [sealer.wanted({"url": {"$env": "NAME"}}), sealer.like({"url": value}, {"url": {"$env": "NAME"}}, {})]
    assert json.dumps(value)[1:-1] not in json.dumps(shown)
    assert value not in repr(sealer)


def test_the_same_secret_differs_between_states():
    """The hash is keyed by the lineage, so that it tells nothing across environments."""
    environ = {"NAME": "s3cr3t"}
    one, other = (Sealer(lineage, environ).wanted({"url": {"$env": "NAME"}}) for lineage in ("one", "other"))
    assert one["url"]["hash"] != other["url"]["hash"]


def test_a_secret_that_is_not_set_is_unknown():
    """Without its value a secret is neither the same nor another."""
    [sealed] = Sealer("lineage", {}).wanted({"url": {"$env": "NAME"}}).values()
    assert same(sealed, {"$secret": "NAME", "hash": "abc"}) is None


def test_what_was_secret_stays_sealed():
    """A live value is sealed, too, where the record of it is."""
    recorded = {"url": {"$secret": "NAME", "hash": "abc"}}
    found = Sealer("lineage", {}).like({"url": "https://x", "status": "enabled"}, {"url": "https://open"}, recorded)
    assert is_sealed(found["url"])
    assert found["status"] == "enabled"
    assert same("https://x", found["url"]) is False


def test_references_are_found_and_replaced_at_any_depth():
    """Every reference in a value is named and replaced; one that isn't set is a ``KeyError`` with its name."""
    value = {"a": [{"$env": "ONE"}, "plain"], "b": {"c": {"$env": "TWO"}}}
    assert list(references(value)) == ["ONE", "TWO"]
    assert reveal(value, {"ONE": "1", "TWO": "2"}) == {"a": ["1", "plain"], "b": {"c": "2"}}
    with pytest.raises(KeyError, match="TWO"):
        reveal(value, {"ONE": "1"})


def test_no_other_file_writes_a_form_of_a_secret():
    """The forms in fields and in the record are written in one file alone."""
    package = Path(deployer.__file__).parent
    form = re.compile(r"""["']\$(env|secret)["']""")
    written = [path for path in package.rglob("*.py") if form.search(_code(path.read_text("utf-8")))]
    assert [path.relative_to(package).as_posix() for path in written] == ["source/secret.py"]


def _code(text):
    """The same without its docstrings, which may say what a form is."""
    return re.sub(r'"""(?:.|\n)*?"""', "", text)

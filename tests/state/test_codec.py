"""Values to JSON and back: every field of every value survives, and whatever JSON is read is a value or a named damage.

The values are built from the dataclasses' own types, so that a new field is covered by itself.
"""

import json
import types
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.engine.plan import Plan
from deployer.state import Entry, Holder, State, UnreadableError, decode, encode
from deployer.state.codec import check_shape, from_json, to_json
from deployer.state.damage import line_of
from deployer.state.encoding import Encoder
from deployer.state.marks import Keyed, Moment, Rule
from deployer.state.shape_error import ShapeError

words = st.text(max_size=8)
zones = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))])
moments = st.datetimes(timezones=zones).map(lambda moment: moment.isoformat())
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=3
)


def keyed(items, mark):
    """Give each value of a mapping its key, in the field that holds it."""
    return {key: replace(item, **{mark.key: key}) for key, item in items.items()}


def any_of(hint):  # noqa: PLR0911 - one return for each form of a type
    """Every value that a type declares."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint == Moment:
        return st.just("") | moments.filter(get_args(Moment)[1].holds)
    if origin is Annotated:
        built = any_of(inner[0])
        for mark in inner[1:]:
            if isinstance(mark, Keyed):
                built = built.map(lambda items, mark=mark: keyed(items, mark))
            built = built.filter(mark.holds) if isinstance(mark, Rule) else built
        return built
    if origin in (Union, types.UnionType):
        return st.one_of(*map(any_of, inner))
    if origin is Mapping:
        return st.dictionaries(words, any_of(inner[1]), max_size=2)
    if origin is tuple:
        return st.lists(any_of(inner[0]), max_size=2).map(tuple)
    if origin is Literal:
        return st.sampled_from(inner)
    return plain(hint)


def plain(hint):
    """Every value of a class."""
    if is_dataclass(hint):
        hints = get_type_hints(hint, include_extras=True)
        return st.builds(hint, **{one.name: any_of(hints[one.name]) for one in fields(hint)})
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return {Any: values, str: words, int: st.integers(0, 10**9), bool: st.booleans(), types.NoneType: st.none()}[hint]


WRITTEN = (State, Entry, Plan, Holder)
"""What is written somewhere and read again."""


def shuffled(value):
    """Turn round the order of keys in every object of a JSON value."""
    if isinstance(value, dict):
        return {key: shuffled(item) for key, item in reversed(value.items())}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("cls", WRITTEN)
@settings(max_examples=50)
@given(st.data())
def test_every_field_survives(cls, data):
    """If a value is written as JSON text, reading it gives an equal one."""
    value = data.draw(any_of(cls))
    assert from_json(cls, json.loads(json.dumps(to_json(value)))) == value


@settings(max_examples=50)
@given(any_of(State))
def test_tasks_keep_their_order(state):
    """If a state is stored, which sorts keys, the tasks are still in the order in which people were asked."""
    again = decode(encode(state), "here")
    assert again == state
    for address, entry in state.entries.items():
        assert list(again.entries[address].tasks) == list(entry.tasks)


@settings(max_examples=50)
@given(any_of(State))
def test_equal_states_are_equal_bytes(state):
    """If two states are equal, they are the same bytes, whatever order their keys were in."""
    twin = State.from_json(shuffled(state.to_json()))
    assert twin == state
    assert encode(twin) == encode(state)


def places(data, path=()):
    """The way to each node of a JSON value."""
    yield path
    if isinstance(data, dict | list):
        for step, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(item, (*path, step))


def put(data, path, item):
    """The JSON value with another node at a place."""
    if not path:
        return item
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = put(data[path[0]], path[1:], item)
    return copy


odd = st.sampled_from(["yesterday", "2026-05-01", "0001-01-01T00:00:00+23:59", -1, 0, 1.5, 10**400, [], {}, [[]], ""])


@settings(max_examples=150)
@given(any_of(State), st.data())
def test_a_damaged_state_reads_or_is_refused(state, data):
    """If any node of a state is replaced by any other JSON value, it reads, or the error names the line."""
    whole = json.loads(encode(state))
    path = data.draw(st.sampled_from(list(places(whole))))
    content = json.dumps(put(whole, path, data.draw(values | odd)), indent=2).encode()
    try:
        again = decode(content, "here")
    except UnreadableError as error:
        assert "state `here` " in error.message  # noqa: PT017 - both ends are right
        assert "line " in error.message or "has format" in error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
    else:
        assert decode(encode(again), "here") == again


@settings(max_examples=100)
@given(any_of(Plan), st.data())
def test_a_damaged_plan_reads_or_is_refused(plan, data):
    """If any node of a plan is replaced by any other JSON value, it reads, or the error leads to the damage."""
    whole = plan.to_json()
    path = data.draw(st.sampled_from(list(places(whole))))
    broken = put(whole, path, data.draw(values | odd))
    try:
        again = Plan.from_json(broken)
    except ShapeError as error:
        assert error.path[: len(path)] == path or path[: len(error.path)] == error.path  # noqa: PT017
    else:
        assert Plan.from_json(again.to_json()) == again


@pytest.mark.parametrize(
    ("path", "item", "words"),
    [
        (("serial",), "7", 'line 34: `/serial` should be a whole number, but is "7"'),
        (("serial",), -1, "`/serial` should be 0 or more, but is -1"),
        (("serial",), True, "`/serial` should be a whole number, but is true"),
        (("lineage",), None, "line 25: `/lineage` should be a text, but is null"),
        (("lineage",), "", "should be a text that isn't empty"),
        (("entries",), [], "`/entries` should be an object, but is a list"),
        (("entries", "a/b"), 1, "line 5: `/entries/a~1b` should be an object, but is 1"),
        (("entries", "a/b", "changed_at"), "yesterday", "line 8: `/entries/a~1b/changed_at` should be a time such as"),
        (("entries", "a/b", "changed_at"), "2026-05-01T10:00:00", "should be a time such as"),
        (("entries", "a/b", "depends_on"), {}, "should be a list, but is an object"),
        (("entries", "a/b", "surprise"), 1, "`/entries/a~1b/surprise` isn't a field that is known here"),
        (("entries", "a/b", "tasks", "t", "status"), "lost", "should be one of waiting, submitted, rejected, done"),
        (("entries", "a/b", "tasks", "t", "order"), None, "`/entries/a~1b/tasks/t/order` should be a whole number"),
        (("entries", "a/b", "tasks", "t", "segments"), 0, "should be 1 or more, but is 0"),
        (("overrides", 0), "x", "`/overrides/0` should be an object"),
    ],
)
def test_a_damage_is_named(path, item, words):
    """If one value is wrong, the message says which, in which line, what it should be and what it is."""
    task = {"id": "a/b", "title": "T", "slot": "s", "value": 1, "status": "done", "effect": "draft", "order": 0}
    entry = {"kind": "K", "by": "person", "changed_at": "", "depends_on": [], "tasks": {"t": {**task, "segments": 2}}}
    override = {"name": "n", "operation": "apply", "by": "", "at": ""}
    whole = {"format": 2, "company_id": "", "entries": {"a/b": {**entry, "surprise": 1}}, "environment": "e"}
    whole |= {"lineage": "l", "overrides": [override], "serial": 7}
    if path[-1] != "surprise":
        del whole["entries"]["a/b"]["surprise"]
    with pytest.raises(UnreadableError) as caught:
        decode(json.dumps(put(whole, path, item), indent=2).encode(), "here")
    assert words in caught.value.message


@given(values, st.data())
def test_the_line_of_any_node_is_found(value, data):
    """If a document is written with a node a line, the line of each node is the one that its value begins in."""
    path = data.draw(st.sampled_from(list(places(value))))
    mark = "the only such text"
    text = json.dumps(put(value, path, mark), indent=1)
    lines = [number for number, line in enumerate(text.split("\n"), 1) if mark in line]
    assert line_of(text, path) == lines[0]


class Seen(TypedDict):
    """An object that stays one."""

    name: str
    keys: NotRequired[tuple[str, ...]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "a", "keys": ["b"], "other": {"c": 1}}, ""),
        ({"name": "a"}, ""),
        ({"keys": []}, "`/seen/name` is missing"),
        ({"name": 1}, "`/seen/name` should be a text, but is 1"),
        ({"name": "a", "keys": ["b", None]}, "`/seen/keys/1` should be a text, but is null"),
        ([], "`/seen` should be an object, but is a list"),
    ],
)
def test_the_keys_of_an_open_object_are_checked(data, words):
    """A TypedDict names the keys that are looked at and which of them may be missing; others are nobody's business."""
    with pytest.raises(ShapeError) if words else nullcontext() as caught:
        check_shape(Seen, data, "seen")
    assert not words or str(caught.value) == words


@pytest.mark.parametrize(
    ("levels", "innermost", "fits"), [(50, 1, True), (51, [], True), (51, 1, False), (52, [], False)]
)
def test_what_is_nested_too_deeply_is_refused(levels, innermost, fits):
    """A value may have fifty levels of objects or lists around it, and the same in a field of an entry."""
    value = innermost
    for _ in range(levels - isinstance(innermost, list)):
        value = [value]
    with nullcontext() if fits else pytest.raises(ShapeError, match=r"^`/a` is nested too deeply$"):
        check_shape(Any, value, "a")
    entry = Entry("Segment", "api", fields={"a": value}).to_json()
    with nullcontext() if fits else pytest.raises(ShapeError, match=r"^`/fields/a` is nested too deeply$"):
        Entry.from_json(entry)


@given(st.lists(any_of(State), min_size=1, max_size=3), st.data())
def test_encoding_goes_on_from_the_last_state(states, data):
    """If states follow each other, some entries the same and some not, each has the bytes that it has by itself."""
    encoder = Encoder()
    kept: dict[str, Entry] = {}
    for state in states:
        kept = {address: entry for address, entry in kept.items() if data.draw(st.booleans())}
        following = replace(state, entries={**state.entries, **kept})
        assert encoder.encode(following) == encode(following)
        kept = dict(following.entries)


def test_only_what_changed_is_encoded_again(monkeypatch):
    """If one entry of a thousand changes, one entry is encoded."""
    encoded = []
    original = Entry.to_json
    monkeypatch.setattr(Entry, "to_json", lambda entry: encoded.append(entry) or original(entry))
    encoder = Encoder()
    state = State("staging", entries={f"segment.s{number}": Entry("Segment", "api") for number in range(1_000)})
    encoder.encode(state)
    assert len(encoded) == 1_000
    encoder.encode(state.with_entry("segment.s7", Entry("Segment", "api", id="7")))
    assert len(encoded) == 1_001

"""State files: every field survives, equal states are equal files, and what isn't a state is refused."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.state import (
    FORMAT,
    Confirmation,
    Effect,
    Entry,
    Intent,
    OtherEnvironmentError,
    State,
    StateError,
    TaskRecord,
    TaskStatus,
    UnreadableError,
    open_backend,
)
from deployer.state.model import Override

words = st.text(min_size=1, max_size=12)
notes = st.text(max_size=12)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | notes
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(notes, inner, max_size=3), max_leaves=6
)
objects = st.dictionaries(notes, values, max_size=3)
names = st.lists(words, max_size=3).map(tuple)

tasks = st.builds(
    TaskRecord,
    id=words,
    token=st.just(""),
    title=words,
    slot=words,
    value=values,
    before=values,
    effect=st.sampled_from(Effect),
    review=st.booleans(),
    confirmable=st.booleans(),
    needs=names,
    snapshot=st.none() | objects,
    context=objects,
    status=st.sampled_from(TaskStatus),
    superseded=st.booleans(),
    proof=st.booleans(),
    assignee=notes,
    note=notes,
    by=notes,
    at=notes,
    segments=st.none() | st.integers(1),
)
confirmations = st.builds(Confirmation, by=notes, at=notes, note=notes, how=words, segments=st.none() | st.integers(1))
entries = st.builds(
    Entry,
    kind=words,
    by=words,
    version=st.integers(0),
    id=notes,
    app=notes,
    fields=objects,
    depends_on=names,
    protect=st.booleans(),
    intent=st.none() | st.builds(Intent, action=notes, fields=objects),
    live=objects,
    draft=objects,
    tasks=st.dictionaries(words, tasks, max_size=3).map(
        lambda asked: {token: replace(task, token=token) for token, task in asked.items()}
    ),
    confirmations=st.dictionaries(words, confirmations, max_size=2),
    changed_at=notes,
    stopped=st.none() | confirmations,
)
states = st.builds(
    State,
    environment=st.just("staging"),
    lineage=words,
    serial=st.just(0),
    company_id=notes,
    entries=st.dictionaries(words, entries, max_size=3),
    overrides=st.lists(st.builds(Override, name=words, operation=words, by=notes, at=notes), max_size=2).map(tuple),
)


def open_file(folder, name="state.json", environment="staging"):
    """Open a state file in a folder."""
    return open_backend(f"file:{name}", root=Path(folder), environment=environment)


def shuffled(value):
    """Turn round the order of keys in every object of a JSON value."""
    if isinstance(value, dict):
        return {key: shuffled(item) for key, item in reversed(value.items())}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@settings(deadline=None)
@given(states)
def test_every_field_survives(state):
    """If a state is written, reading gives it back with the next serial, tasks in the order they were asked in."""
    with TemporaryDirectory() as folder:
        backend = open_file(folder)
        written = backend.write(state, expected_serial=0)
        again = open_file(folder).read()
    assert again == written == replace(state, serial=1)
    for address, entry in state.entries.items():
        assert list(again.entries[address].tasks) == list(entry.tasks)


@settings(deadline=None)
@given(states)
def test_equal_states_are_equal_files(state):
    """If two states are equal, their files are the same bytes, whatever order their keys were in."""
    twin = State.from_json(shuffled(state.to_json()))
    assert twin == state
    with TemporaryDirectory() as folder:
        for name, one in (("one.json", state), ("two.json", twin)):
            open_file(folder, name).write(one, expected_serial=0)
        assert Path(folder, "one.json").read_bytes() == Path(folder, "two.json").read_bytes()


def test_the_file_is_sorted_indented_text(tmp_path):
    """The file is UTF-8 as people read it, keys sorted, a newline at the end: a diff shows what changed and no more."""
    state = State("staging", lineage="l").with_entry("webhook.b", Entry("Webhook", "api", fields={"z": "é", "a": 1}))
    open_file(tmp_path).write(state.with_entry("segment.a", Entry("Segment", "api")), expected_serial=0)
    text = (tmp_path / "state.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert text.index("segment.a") < text.index("webhook.b")
    assert '"é"' in text


def test_half_a_surrogate_pair_survives(tmp_path):
    """If an answer held a character that UTF-8 doesn't have, the state is written and read all the same."""
    state = State("staging").with_entry("segment.a", Entry("Segment", "api", fields={"name": "\ud83d!"}))
    written = open_file(tmp_path).write(state, expected_serial=0)
    assert open_file(tmp_path).read() == written


def test_a_number_that_json_does_not_have_is_refused(tmp_path):
    """If a value can't be written so that everybody can read it, nothing is written."""
    state = State("staging").with_entry("segment.a", Entry("Segment", "api", fields={"share": float("nan")}))
    with pytest.raises(StateError, match="can't be stored"):
        open_file(tmp_path).write(state, expected_serial=0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "isn't JSON"),
        (b'{"format": 1,', "isn't JSON: .* line 1"),
        (b'{\n<<<<<<< ours\n"format": 1}', "isn't JSON: .* line 2"),
        (b"\xff\xfe{}", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"format": 1, "format": 1}', "`format` stands twice"),
        (b"[]", "shape of a state"),
        (b"null", "shape of a state"),
        (b"{}", "shape of a state"),
        (b'{"format": "1"}', "shape of a state"),
        (b'{"format": 0}', "shape of a state"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": []}', "shape of a state"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": {"a": 1}}', "shape of"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": {"a": {"x": 1}}}', "shape"),
    ],
)
def test_what_is_no_state_is_refused(tmp_path, content, match):
    """If the file is damaged, reading and writing say so, and the file stays as it is."""
    (tmp_path / "state.json").write_bytes(content)
    backend = open_file(tmp_path)
    with pytest.raises(UnreadableError, match=match) as caught:
        backend.read()
    assert "version control or a backup" in caught.value.hint
    assert "file:state.json" in caught.value.message
    with pytest.raises(UnreadableError):
        backend.write(State("staging"), expected_serial=0)
    assert (tmp_path / "state.json").read_bytes() == content


def test_a_later_format_is_refused(tmp_path):
    """If a later version of deployer wrote the file, the message says to use that version."""
    (tmp_path / "state.json").write_text(json.dumps(State("staging").to_json() | {"format": FORMAT + 1}))
    with pytest.raises(UnreadableError, match=f"format {FORMAT + 1}") as caught:
        open_file(tmp_path).read()
    assert "version of deployer" in caught.value.hint


def test_the_state_of_another_environment_is_refused(tmp_path):
    """If the file is the state of another environment, it is neither read nor written over."""
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    other = open_file(tmp_path, environment="production")
    with pytest.raises(OtherEnvironmentError, match="that of `staging`"):
        other.read()
    with pytest.raises(OtherEnvironmentError):
        other.write(State("production", lineage=written.lineage), expected_serial=1)
    with pytest.raises(OtherEnvironmentError):
        other.write(written, expected_serial=1)
    assert open_file(tmp_path).read() == written

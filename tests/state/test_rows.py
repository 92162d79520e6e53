"""A text that is known to be sound: what is read, counted and changed in it is what a whole read gives."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.state import Entry, State, TaskRecord, TaskStatus, UnreadableError, decode, encode, open_backend
from deployer.state.encoding import Encoder, count_open, decode_sound
from deployer.state.rows import Rows
from deployer.state.shape_error import ShapeError
from tests.state.test_codec import any_of

states = any_of(State)


class Kept:
    """Remembers texts in memory."""

    def __init__(self):
        self.digests = set()

    def has(self, digest):
        return digest in self.digests

    def add(self, digest):
        self.digests.add(digest)


@settings(max_examples=150)
@given(states)
def test_a_sound_text_is_read_as_any_other(state):
    """If a text is known to be sound, its entries are those that a whole read gives, in the same order."""
    content = encode(state)
    whole, rows = decode(content, "here"), decode_sound(content, "here")
    assert (rows is None) == (not state.entries)
    if rows is not None:
        assert rows == whole
        assert list(rows.entries) == list(whole.entries)
        assert encode(rows) == content


@settings(max_examples=150)
@given(states)
def test_open_tasks_are_counted_unread(state):
    """If nothing of a text was read, as many of its tasks are open as a whole read counts."""
    rows = decode_sound(encode(state), "here")
    assert rows is None or count_open(rows) == len(state.open_tasks())


@settings(max_examples=150)
@given(states, st.data())
def test_tasks_are_found_unread(state, data):
    """If tasks are looked for by their tokens, they are found in the order of a whole read, and no others."""
    content = encode(state)
    rows = decode_sound(content, "here")
    if rows is None:
        return
    known = sorted({token for entry in state.entries.values() for token in entry.tasks})
    tokens = set(data.draw(st.lists(st.sampled_from([*known, "other", ""]))))
    found, expected = rows.tasks_of(tokens), decode(content, "here").tasks_of(tokens)
    assert found == expected
    assert list(found) == list(expected)


@settings(max_examples=150)
@given(states, states, st.data())
def test_what_is_changed_is_written_among_the_rest(state, other, data):
    """If entries are changed, added and removed, the text is that of a state which was read as a whole."""
    content = encode(state)
    rows, whole = decode_sound(content, "here"), decode(content, "here")
    if rows is None:
        return
    changed, expected = rows.changeable(), whole.changeable()
    for address in data.draw(st.lists(st.sampled_from([*expected]), unique=True)):
        del changed[address], expected[address]
    for address, entry in other.entries.items():
        changed[address] = expected[address] = entry
    after, twin = replace(rows, entries=changed), replace(whole, entries=expected)
    assert Encoder().encode(after) == encode(twin)
    assert count_open(after) == len(twin.open_tasks())
    assert encode(rows) == content


def entry(name, status=TaskStatus.WAITING):
    """Make an entry with one task."""
    task = TaskRecord(f"segment.{name}/make", f"t{name}", "Make it", "make", {"status": "waiting"}, status=status)
    return Entry("Segment", "person", id=name, tasks={task.token: task}, live={"make": {"status": "done"}})


def refuse_bad(state):
    """Find an entry damaged whose id is ``bad``."""
    for address, one in state.entries.items():
        if one.id == "bad":
            raise ShapeError("is bad", ("entries", address, "id"))


@pytest.fixture
def opened(tmp_path):
    """Open the same record again and again, by a process that remembers what is sound."""
    kept = Kept()

    def again():
        backend = open_backend("file:state.json", root=tmp_path, environment="staging", check=refuse_bad)
        backend.sound = kept
        return backend

    return again


def test_only_what_is_looked_at_is_read(opened, monkeypatch):
    """If a record is known to be sound and one entry is changed, that one is read."""
    entries = {f"segment.s{number}": entry(f"s{number}") for number in range(50)}
    opened().write(State("staging", entries=entries), expected_serial=0)
    read = []
    original = Entry.from_json
    monkeypatch.setattr(Entry, "from_json", lambda data: read.append(data["id"]) or original(data))
    backend = opened()
    state = backend.read()
    assert isinstance(state.entries, Rows)
    changed = state.changeable()
    changed["segment.s7"] = replace(changed["segment.s7"], id="new")
    backend.write(replace(state, entries=changed), expected_serial=1)
    assert read == ["s7"]
    monkeypatch.undo()
    assert opened().read().entries["segment.s7"].id == "new"


def test_what_cannot_be_read_is_never_taken_for_sound(opened):
    """If an entry that no one can read is written, and others after it, each read still finds the damage."""
    backend = opened()
    state = backend.write(State("staging", entries={"segment.s1": entry("s1")}), expected_serial=0)
    state = backend.write(state.with_entry("segment.s2", entry("bad")), expected_serial=1)
    backend.write(state.with_entry("segment.s3", entry("s3")), expected_serial=2)
    with pytest.raises(UnreadableError, match="is bad"):
        opened().read()
    with pytest.raises(UnreadableError, match="is bad"):
        backend.read()


def test_a_text_that_was_changed_by_hand_is_read_as_a_whole(opened, tmp_path):
    """If one byte of a sound record changes, it is no longer taken for one."""
    backend = opened()
    backend.write(State("staging", entries={"segment.s1": entry("s1")}), expected_serial=0)
    file = tmp_path / "state.json"
    assert backend.sound.has(sha256(file.read_bytes()).digest())
    assert isinstance(opened().read().entries, Rows)
    file.write_bytes(file.read_bytes().replace(b'"waiting"', b'"wafting"'))
    with pytest.raises(UnreadableError, match="line "):
        opened().read()

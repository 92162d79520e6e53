"""The record as a whole: what may take its place, and what is told of the difference."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.state import ConflictError, Entry, OtherEnvironmentError, State, StateError, encode, open_backend

ENTRIES = st.dictionaries(
    st.sampled_from(["segment.a", "segment.b", "segment.c"]),
    st.builds(Entry, kind=st.just("Segment"), by=st.just("api"), id=st.sampled_from(["1", "2"])),
)
STATES = st.builds(
    State,
    environment=st.just("staging"),
    lineage=st.sampled_from(["l1", "l2"]),
    serial=st.integers(0, 3),
    entries=ENTRIES,
)


def opened(folder, *states):
    """Open a state with what was written to it, in this order."""
    backend = open_backend("file:state.json", root=Path(folder), environment="staging")
    for serial, state in enumerate(states):
        backend.write(replace(state, serial=serial), expected_serial=serial, new_lineage=True)
    return backend


@given(st.lists(STATES, max_size=2), STATES, st.booleans())
def test_a_push_takes_the_place_or_changes_nothing(stored, copy, new_lineage):
    """If a copy is pushed, it is the record afterwards, or nothing changed and the copy was older or begun apart."""
    with tempfile.TemporaryDirectory() as folder:
        backend = opened(folder, *stored)
        before = backend.read()
        try:
            pushed = deployer.push_state(backend, "staging", encode(copy), "copy.json", new_lineage=new_lineage)
        except ConflictError:
            assert backend.read() == before
            older = copy.lineage == before.lineage and copy.serial < before.serial
            assert older or (copy.lineage != before.lineage and not new_lineage)
            return
        after = backend.read()
        assert after == pushed.state
        assert (after.entries, after.lineage) == (copy.entries, copy.lineage)
        assert pushed.written == (before is None or after.serial > max(copy.serial, before.serial))
        assert {*pushed.added, *pushed.changed, *pushed.removed} == {
            name
            for name in {*after.entries, *(before.entries if before else ())}
            if after.entry(name) != (before.entry(name) if before else None)
        }


def test_a_push_waits_for_nobody_and_asks_for_the_right_environment(tmp_path):
    """If the copy is another environment's or has no lineage, it is refused by its name."""
    backend = opened(tmp_path)
    with pytest.raises(OtherEnvironmentError, match=r"`copy.json` is the state of the environment `other`"):
        deployer.push_state(backend, "staging", encode(State("other")), "copy.json")
    with pytest.raises(StateError, match="`/lineage` should be a text"):
        deployer.push_state(backend, "staging", encode(State("staging", lineage="")), "copy.json")
    assert backend.read() is None


def test_what_was_pulled_is_what_is_stored(tmp_path):
    """If a record is pulled, the copy is the stored file, byte by byte."""
    backend = opened(tmp_path, State("staging", entries={"segment.a": Entry("Segment", "api")}))
    assert deployer.pull_state(backend, "staging") == (tmp_path / "state.json").read_bytes()


def test_addresses_are_removed_together_or_not_at_all(tmp_path):
    """If one of several addresses was recorded anew, none is let go of."""
    entries = {name: Entry("Segment", "api") for name in ("segment.a", "segment.b")}
    backend = opened(tmp_path, State("staging", entries=entries))
    chosen = deployer.recorded(backend, "staging", ["segment.b", "segment.a", "segment.b"])
    assert list(chosen) == ["segment.b", "segment.a"]
    before = backend.read()
    now = backend.write(before.with_entry("segment.a", entries["segment.a"]), expected_serial=before.serial)
    with pytest.raises(ConflictError, match=r"`segment.a` was recorded again"):
        deployer.forget_addresses(backend, chosen)
    assert backend.read() == now
    after = deployer.forget_addresses(backend, deployer.recorded(backend, "staging", ["segment.b"]))
    assert list(after.entries) == ["segment.a"]

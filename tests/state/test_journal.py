"""The journal: what an interrupted apply did is taken over once, whatever moment it was interrupted at."""

import json
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer.state
from deployer.state import Entry, Journal, State, StateError

SOURCES = Path(deployer.state.__file__).parents[2]
STORED = State("staging", lineage="l", serial=3, entries={"segment.old": Entry("Segment", "api", version=2)})
ADDRESSES = ["segment.old", "segment.new", "webhook.a", "webhook.b"]

changes = st.lists(st.tuples(st.sampled_from(ADDRESSES), st.none() | st.text(max_size=8)), max_size=8)


@pytest.fixture
def path(tmp_path):
    """Where the journal is: its folder isn't there yet."""
    return tmp_path / "journal" / "staging.ndjson"


def run(journal, state, made):
    """Do changes as an apply does; the state after each of them, the one before the first included."""
    journal.begin(state)
    states = [state]
    for address, name in made:
        before = states[-1]
        if name is None:
            after = before.without(address)
        else:
            after = before.with_entry(address, Entry("Segment", "api", fields={"name": name}))
        journal.record(address, after.entry(address), version=state.version(address))
        states.append(after)
    return states


def one_change(path, state=STORED):
    """A journal with one new entry, and the state after it."""
    journal = Journal(path, "staging")
    return journal, run(journal, state, [("segment.new", "é \ud83d")])[-1]


@settings(deadline=None)
@given(changes, st.data())
def test_any_part_of_a_run_is_recovered(made, data):
    """If a run stops after any of its bytes was written, recovering gives the state after the whole lines."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "staging.ndjson")
        states = run(Journal(path, "staging"), STORED, made)
        content = path.read_bytes()
        kept = content[: data.draw(st.integers(0, len(content)))]
        path.write_bytes(kept)
        recovered, addresses = Journal(path, "staging").recover(STORED)
    whole = max(kept.count(b"\n") - 1, 0)
    assert recovered == states[whole]
    assert addresses == tuple(sorted({address for address, _ in made[:whole]}))


@settings(deadline=None)
@given(changes)
def test_what_was_stored_since_is_not_recovered_again(made):
    """If the state after the run is stored, what the journal still holds changes nothing."""
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "staging.ndjson"), "staging")
        written = [(address, name) for address, name in made if name is not None]
        last = run(journal, STORED, written)[-1]
        assert journal.recover(last) == (last, ())


def test_a_crash_leaves_the_journal(path):
    """If the process is killed right after a change was recorded, the next one finds it."""
    script = """
import os, sys
from pathlib import Path
from deployer.state import Entry, Journal, State
journal = Journal(Path(sys.argv[1]), "staging")
journal.begin(State("staging", lineage="l", serial=3))
journal.record("segment.new", Entry("Segment", "api", version=4), version=0)
os.kill(os.getpid(), 9)
"""
    environ = {**os.environ, "PYTHONPATH": str(SOURCES)}
    assert subprocess.run([sys.executable, "-c", script, path], env=environ, check=False).returncode == -9
    recovered, addresses = Journal(path, "staging").recover(STORED)
    assert addresses == ("segment.new",)
    assert recovered.entry("segment.new") == Entry("Segment", "api", version=4)


def test_no_journal_changes_nothing(path):
    """If no run was interrupted, the state is what is stored."""
    journal = Journal(path, "staging")
    assert journal.recover(STORED) == (STORED, ())
    assert journal.recover(State("staging", lineage="")) == (State("staging", lineage=""), ())


def test_a_cleared_journal_is_gone(path):
    """If a run is over, no journal is left; clearing twice does no harm."""
    journal, _ = one_change(path)
    journal.clear()
    journal.clear()
    assert not path.exists()
    assert journal.recover(STORED) == (STORED, ())


def test_beginning_anew_forgets(path):
    """If a later part of a run begins, what was recorded before is stored and isn't kept twice."""
    journal, after = one_change(path)
    journal.begin(after)
    assert journal.recover(STORED) == (STORED, ())


def test_an_address_that_somebody_wrote_since_is_left(path):
    """If somebody else recorded an address meanwhile, theirs counts, and the others are still recovered."""
    journal = Journal(path, "staging")
    run(journal, STORED, [("segment.old", "ours"), ("segment.new", "ours")])
    theirs = replace(STORED, serial=4).with_entry("segment.old", Entry("Segment", "api", fields={"name": "theirs"}))
    recovered, addresses = journal.recover(theirs)
    assert addresses == ("segment.new",)
    assert recovered.entry("segment.old") == theirs.entry("segment.old")


@pytest.mark.parametrize(
    "other", [replace(STORED, lineage="m"), replace(STORED, environment="production", lineage="m")]
)
def test_the_journal_of_another_record_is_left_alone(path, other):
    """If the state was begun anew since, the journal isn't about it."""
    journal, _ = one_change(path)
    assert journal.recover(other) == (other, ())


def test_the_journal_of_another_environment_is_left_alone(path):
    """If the file is another environment's, nothing is taken from it."""
    one_change(path)
    state = replace(STORED, environment="production")
    assert Journal(path, "production").recover(state) == (state, ())


def test_the_first_apply_ever(path):
    """If nothing was stored yet when the first run was interrupted, its lineage lives on."""
    begun = State("staging", lineage="l")
    journal, after = one_change(path, begun)
    assert journal.recover(State("staging", lineage="")) == (after, ("segment.new",))


def test_only_the_owner_can_read_it(path):
    """The journal holds what the state holds, so it has the state's mode."""
    one_change(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_threads_write_whole_lines(path):
    """If changes run side by side, each is on a line of its own."""
    journal = Journal(path, "staging")
    journal.begin(STORED)
    entry = Entry("Segment", "api", version=4, fields={"name": "x" * 5000})
    threads = [
        threading.Thread(target=journal.record, args=(f"segment.n{number}", entry), kwargs={"version": 0})
        for number in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.recover(STORED)[1]) == 16


def test_an_entry_of_an_earlier_format_is_upgraded(path):
    """If an earlier version of deployer was interrupted, its journal can still be read."""
    journal, after = one_change(path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(lines[0]), "format": 1}), *lines[1:], ""]))
    assert journal.recover(STORED) == (after, ("segment.new",))


FULL = """
import errno, os, sys
from pathlib import Path
from deployer.state import Entry, Journal, State, StateError
journal = Journal(Path(sys.argv[1]), "staging")
journal.begin(State("staging", lineage="l", serial=3))
real = os.fsync
def full(*_): raise OSError(errno.ENOSPC, "No space left on device")
os.fsync = full
try:
    journal.record("segment.lost", Entry("Segment", "api", version=4), version=0)
except StateError as error:
    print(error.message)
os.fsync = real
journal.record("segment.new", Entry("Segment", "api", version=4), version=0)
"""


def test_a_line_that_did_not_fit_hides_no_later_one(path):
    """If the disk was full for a moment, that change is an error, and later ones are recovered."""
    environ = {**os.environ, "PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, "-c", FULL, path], env=environ, capture_output=True, text=True, check=True)
    assert "can't be written: No space left on device" in done.stdout
    assert Journal(path, "staging").recover(STORED)[1] == ("segment.new",)


@pytest.mark.parametrize(
    "content",
    [
        "[]\n",
        "null\n",
        '{"environment": "staging"}\n',
        '{"environment": "staging", "format": 99, "lineage": "l"}\n{"a": 1}\n',
    ],
)
def test_what_is_no_journal_is_refused(path, content):
    """If the file isn't what deployer writes, or a later version wrote it, the error says what to do."""
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(StateError, match="can't be understood") as caught:
        Journal(path, "staging").recover(STORED)
    assert str(path) in caught.value.message
    assert "the version of deployer" in caught.value.hint


@pytest.mark.parametrize(
    ("garbage", "words"),
    [
        (b"\0\0\0\0", "line 3 isn't JSON"),
        (b"{}", "line 3 doesn't have the shape of a journal's"),
        (
            b'{"address": "segment.b", "entry": {"kind": "Segment", "by": "api", "tasks": []}, "version": 0}',
            "/entry/tasks",
        ),
        (b'{"address": "segment.b", "entry": [], "version": 0}', "`/entry` should be an object, but is a list"),
        (b'{"address": "segment.b", "entry": null, "version": "1"}', "`/version` should be a whole number"),
        (b"\xff", "line 3 is damaged: line 1 isn't UTF-8"),
    ],
)
def test_garbage_in_the_middle_is_an_error(path, garbage, words):
    """If a line in the middle is damaged, what comes after it isn't lost without a word: the error names the line."""
    journal, _ = one_change(path)
    content = path.read_bytes()
    journal.record("segment.later", Entry("Segment", "api", version=5), version=0)
    path.write_bytes(content + garbage + b"\n" + path.read_bytes()[len(content) :])
    with pytest.raises(StateError, match="can't be understood: line 3") as caught:
        journal.recover(STORED)
    assert words in caught.value.message
    assert "compare with Attentive" in caught.value.hint


def test_a_place_that_cannot_be_written_is_an_error(path):
    """If something stands in the way, beginning, recording, recovering and clearing say so."""
    path.mkdir(parents=True)
    journal = Journal(path, "staging")
    acts = {
        "written": [lambda: journal.begin(STORED), lambda: journal.record("segment.a", None, version=1)],
        "read": [lambda: journal.recover(STORED)],
        "removed": [journal.clear],
    }
    for word, tried in acts.items():
        for act in tried:
            with pytest.raises(StateError, match=f"can't be {word}: Is a directory") as caught:
                act()
            assert caught.value.hint


@pytest.mark.parametrize("serial", [0, 2])
def test_a_record_that_is_behind_the_journal_was_set_back(path, serial):
    """If the record is older than the one that an interrupted run went on from, or gone, that is said."""
    journal, _ = one_change(path)
    behind = replace(STORED, serial=serial, lineage="l" if serial else "", entries={})
    with pytest.raises(StateError, match="went on from serial 3") as caught:
        journal.recover(behind)
    assert str(path) in caught.value.hint

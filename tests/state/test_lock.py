"""The lock: it names its holder, goes free with it, and lets one of two writers win."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import deployer.state
from deployer.state import Entry, LockedError, State, open_backend

SOURCES = Path(deployer.state.__file__).parents[2]

HOLDS = """
import sys
from pathlib import Path
from deployer.state import open_backend

backend = open_backend("file:state.json", root=Path(sys.argv[1]), environment="staging")
with backend.lock("apply"):
    print("held", flush=True)
    sys.stdin.readline()
"""

WRITES_AT_ONCE = """
import sys
from pathlib import Path
from deployer.state import ConflictError, Entry, State, open_backend

backend = open_backend("file:state.json", root=Path(sys.argv[1]), environment="staging")
state = backend.read()
print("ready", flush=True)
sys.stdin.readline()
try:
    backend.write(state.with_entry(f"segment.{sys.argv[2]}", Entry("Segment", "api")), expected_serial=state.serial)
    print("won")
except ConflictError:
    print("conflict")
"""


def open_file(root):
    """Open the state of the staging environment."""
    return open_backend("file:state.json", root=root, environment="staging")


@contextmanager
def process(script, *arguments):
    """Run a script in a process of its own, from its first line of output until the end of the block."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SOURCES), "GITHUB_ACTOR": "ann"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        try:
            assert child.stdout.readline().strip() in {"held", "ready"}
            yield child
        finally:
            child.kill()


def test_a_held_lock_names_its_holder(tmp_path):
    """If another process holds the lock, the error says who, where, doing what, since when, and what to do."""
    with process(HOLDS, tmp_path) as child:
        with pytest.raises(LockedError) as caught, open_file(tmp_path).lock("confirm"):
            pass
        error = caught.value
        assert (error.holder.user, error.holder.pid, error.holder.operation) == ("ann", child.pid, "apply")
        assert error.holder.host == os.uname().nodename
        for part in ("file:state.json", "ann", error.holder.host, str(child.pid), "`apply`", error.holder.since):
            assert part in error.message
        assert "wait until it has finished" in error.hint


def test_reading_needs_no_lock(tmp_path):
    """If another process holds the lock, the state can still be read."""
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    with process(HOLDS, tmp_path):
        assert open_file(tmp_path).read() == written


def test_a_holder_that_is_killed_leaves_the_lock_free(tmp_path):
    """If the holder is killed, the lock is free at once, and the next holder's name is the one that is told."""
    with process(HOLDS, tmp_path) as child:
        child.kill()
        child.wait()
    with open_file(tmp_path).lock("confirm"):
        with pytest.raises(LockedError) as caught, open_file(tmp_path).lock("apply"):
            pass
        assert (caught.value.holder.operation, caught.value.holder.pid) == ("confirm", os.getpid())


def test_a_lock_can_be_waited_for(tmp_path):
    """If a time-out is given, the lock is taken as soon as its holder lets go."""
    with process(HOLDS, tmp_path) as child:
        threading.Timer(0.2, child.stdin.close).start()
        with open_file(tmp_path).lock("confirm", timeout=60):
            assert child.wait() == 0


def test_waiting_ends(tmp_path):
    """If the holder doesn't let go within the time-out, the error is the same as without one."""
    with process(HOLDS, tmp_path), pytest.raises(LockedError), open_file(tmp_path).lock("confirm", timeout=0.2):
        pass


def test_a_lock_that_names_nobody_is_still_held(tmp_path):
    """If the holder's name can't be read, the lock is held all the same."""
    with process(HOLDS, tmp_path):
        (tmp_path / "state.json.lock").write_text("{")
        with pytest.raises(LockedError, match="left no name") as caught, open_file(tmp_path).lock("confirm"):
            pass
        assert caught.value.holder.unnamed


def test_a_released_lock_leaves_nothing(tmp_path):
    """If the work under the lock is over, also by an error, no lock file is left and the lock can be taken again."""
    backend = open_file(tmp_path)
    for _ in range(2):
        with pytest.raises(RuntimeError), backend.lock("apply"):
            raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_the_holder_writes_under_its_lock(tmp_path):
    """If the backend holds the lock, it writes as often as it likes, and holds it still afterwards."""
    backend = open_file(tmp_path)
    with backend.lock("apply"):
        state = backend.write(State("staging"), expected_serial=0)
        state = backend.write(replace(state, company_id="c"), expected_serial=1)
        with pytest.raises(LockedError), open_file(tmp_path).lock("confirm"):
            pass
    assert backend.read() == state


def test_a_write_without_the_lock_respects_it(tmp_path, monkeypatch):
    """If another process holds the lock, a write of ours is refused and changes nothing."""
    monkeypatch.setattr("deployer.state.backend._WRITE_TIMEOUT", 0)
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    with process(HOLDS, tmp_path), pytest.raises(LockedError):
        open_file(tmp_path).write(written, expected_serial=1)
    assert open_file(tmp_path).read() == written


def test_of_two_writers_one_wins(tmp_path):
    """If two processes write from the same serial at once, one succeeds and the other has a conflict."""
    open_file(tmp_path).write(State("staging"), expected_serial=0)
    with process(WRITES_AT_ONCE, tmp_path, "a") as first, process(WRITES_AT_ONCE, tmp_path, "b") as second:
        for child in (first, second):
            child.stdin.write("go\n")
            child.stdin.flush()
        outcomes = [child.stdout.read().strip() for child in (first, second)]
    assert sorted(outcomes) == ["conflict", "won"]
    assert list(open_file(tmp_path).read().entries) == [f"segment.{'ab'[outcomes.index('won')]}"]


def test_threads_of_one_holder_take_turns(tmp_path):
    """If threads write under one lock from the same serial, one succeeds and the others have a conflict."""
    backend = open_file(tmp_path)
    barrier = threading.Barrier(4)
    won = []

    def write(number):
        barrier.wait()
        state = State("staging", lineage="l").with_entry(f"segment.{number}", Entry("Segment", "api"))
        try:
            won.append(backend.write(state, expected_serial=0))
        except deployer.state.ConflictError:
            return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    with backend.lock("apply"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert won == [backend.read()]

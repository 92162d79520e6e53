"""What every backend must do, wherever it keeps state: one suite, run against each of them."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import deployer.state
from deployer.state import (
    ConflictError,
    Entry,
    LockedError,
    LostLockError,
    OtherEnvironmentError,
    State,
    StateError,
    UnreadableError,
)

SOURCES = Path(deployer.state.__file__).parents[2]
HERE = Path(__file__).parent

ROUNDS = 100
"""How often two processes race for each backend's lock."""

WORKER = """
import sys
from pathlib import Path
from deployer.state import ConflictError, Entry, LockedError, open_backend

if sys.argv[1].startswith("sqlite:"):
    sys.path.append(sys.argv[3])
    import sqlite_medium

backend = open_backend(sys.argv[1].format(environment="staging"), root=Path(sys.argv[2]), environment="staging")

def say(text): print(text, flush=True)

def lock():
    try:
        with backend.lock("apply"):
            say("won")
            sys.stdin.readline()
    except LockedError:
        say("lost")
    else:
        say("free")

def write():
    state = backend.read()
    say("read")
    sys.stdin.readline()
    try:
        backend.write(state.with_entry("segment.mine", Entry("Segment", "api")), expected_serial=state.serial)
        say("won")
    except (ConflictError, LockedError):
        say("lost")

say("ready")
for line in sys.stdin:
    {"lock": lock, "write": write}[line.strip()]()
"""


class Worker:
    """A process of its own that opened the same place."""

    def __init__(self, place):
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, place.url, str(place.root), str(HERE)],
            env={**os.environ, "PYTHONPATH": str(SOURCES), "GITHUB_ACTOR": "ann"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.hear() == "ready"

    def tell(self, text):
        """Tell it what to do next."""
        self.process.stdin.write(f"{text}\n")
        self.process.stdin.flush()

    def hear(self):
        """Wait for what it says next."""
        return self.process.stdout.readline().strip()

    def kill(self):
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def workers(place, number=1):
    """Start processes that end with the block."""
    made = []
    try:
        made += [Worker(place) for _ in range(number)]
        yield made
    finally:
        for worker in made:
            worker.process.kill()
            worker.process.communicate()


@contextmanager
def held_elsewhere(place):
    """Another process holds the lock during the block."""
    with workers(place) as (worker,):
        worker.tell("lock")
        assert worker.hear() == "won"
        yield worker


def take_away(place, backend):
    """Free a lock whose holder is still at work: what a person does who takes it for dead."""
    if place.lock_lives:
        place.open().unlock(backend.holder().id)
    else:
        (place.root / "staging.json.lock").unlink()


@pytest.fixture
def impatient(monkeypatch):
    """A write outside a lock doesn't wait for its turn."""
    monkeypatch.setattr("deployer.state.backend._WRITE_TIMEOUT", 0)


def test_nothing_is_stored_at_first(place):
    """If nothing was written yet, reading gives nothing, and nobody holds the lock."""
    assert place.open().read() is None
    assert place.open().holder() is None


def test_what_is_written_is_read(place):
    """If a state is written, every other process reads it, under the next serial."""
    state = State("staging").with_entry("segment.é", Entry("Segment", "api", fields={"name": "Tëst \U0001f4e6"}))
    written = place.open().write(state, expected_serial=0)
    assert written == replace(state, serial=1)
    assert place.open().read() == written
    again = place.open().write(written.without("segment.é"), expected_serial=1)
    assert place.open().read() == again
    assert again.serial == 2


def test_a_look_tells_whether_something_was_written(place):
    """A look without decoding is the mark of a read of the same, another after a write, and none while it is locked."""
    backend = place.open()
    assert backend.read() is None
    marks = [backend.mark]
    state = State("staging")
    for serial in (0, 1):
        state = backend.write(state.with_entry(f"segment.{serial}", Entry("Segment", "api")), expected_serial=serial)
        backend.read()
        marks.append(backend.mark)
        assert [place.open().look() for _ in range(2)] == [backend.mark] * 2
    assert len(set(marks)) == 3
    with backend.lock("apply"):
        assert place.open().look() == (None if place.lock_lives else marks[-1])


@pytest.mark.parametrize(("stored", "expected"), [(0, 1), (1, 0), (2, 1), (1, 2)])
def test_a_serial_that_moved_is_a_conflict(place, stored, expected):
    """If another serial is stored than the work began with, nothing is written."""
    state = State("staging")
    for serial in range(stored):
        state = place.open().write(replace(state, company_id=f"c{serial}"), expected_serial=serial)
    with pytest.raises(ConflictError, match="was expected") as caught:
        place.open().write(replace(state, serial=expected), expected_serial=expected)
    assert "run the command again" in caught.value.hint
    assert place.open().read() == (state if stored else None)


def test_another_lineage_is_a_conflict(place):
    """If the state was begun anew, its serial alone doesn't make it the same one, unless somebody says so."""
    written = place.open().write(State("staging"), expected_serial=0)
    with pytest.raises(ConflictError, match="lineage"):
        place.open().write(State("staging"), expected_serial=1)
    assert place.open().read() == written
    other = place.open().write(State("staging"), expected_serial=1, new_lineage=True)
    assert place.open().read() == other != written


def test_what_is_stored_already_is_not_written_again(place):
    """If a state is stored already, but for its serial, nothing is written: no log has an entry about nothing."""
    written = place.open().write(State("staging", lineage="l"), expected_serial=0)
    backend = place.open()
    with backend.lock("apply"):
        assert backend.write(replace(written, serial=0), expected_serial=1) == written
    assert place.open().write(written, expected_serial=1) == written
    assert place.open().read() == written


def test_environments_do_not_meet(place):
    """If two environments are kept in one place, each has a record and a lock of its own."""
    with place.open("production").lock("apply"), place.open().lock("apply"):
        staging = place.open().read()
        assert staging is None
    written = place.open().write(State("staging"), expected_serial=0)
    other = place.open("production").write(State("production"), expected_serial=0)
    assert (place.open().read(), place.open("production").read()) == (written, other)


def test_the_state_of_another_environment_is_refused(place):
    """If what stands there is another environment's, it is neither read nor written over."""
    written = place.open().write(State("staging"), expected_serial=0)
    with pytest.raises(OtherEnvironmentError):
        place.open("production").write(written, expected_serial=1)
    place.damage(json.dumps({**written.to_json(), "environment": "production"}).encode())
    with pytest.raises(OtherEnvironmentError, match="belongs to `production`"):
        place.open().read()
    with pytest.raises(OtherEnvironmentError):
        place.open().write(written, expected_serial=1)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"<<<<<<< ours\n", b'{"format": 99}', b"[]"])
def test_damaged_content_is_refused(place, content):
    """If what stands there is no state, reading and writing say so and what to do, and it stays."""
    written = place.open().write(State("staging"), expected_serial=0)
    place.damage(content)
    with pytest.raises(UnreadableError) as caught:
        place.open().read()
    assert caught.value.hint
    assert place.open().location in caught.value.message
    with pytest.raises(UnreadableError):
        place.open().write(written, expected_serial=1)


def test_a_held_lock_names_its_holder(place):
    """If another process holds the lock, the error says who, where, doing what, since when, its id and what to do."""
    with held_elsewhere(place) as worker:
        with pytest.raises(LockedError) as caught, place.open().lock("confirm"):
            pass
        error, now = caught.value, place.open().holder()
        assert error.holder == now
        assert (now.user, now.pid, now.operation) == ("ann", worker.process.pid, "apply")
        assert now.host == os.uname().nodename
        for part in (place.open().location, "ann", now.host, str(now.pid), "`apply`", now.since, now.id):
            assert part in error.message
        unlock = f"`deployer state unlock {now.id} --env staging` frees it"
        assert (unlock in error.hint) == place.lock_lives
    assert place.open().location in error.location


def test_reading_needs_no_lock(place):
    """If another process holds the lock, the state can still be read."""
    written = place.open().write(State("staging"), expected_serial=0)
    with held_elsewhere(place):
        assert place.open().read() == written


@pytest.mark.usefixtures("impatient")
def test_a_write_without_the_lock_respects_it(place):
    """If another process holds the lock, a write of ours is refused and changes nothing."""
    written = place.open().write(State("staging"), expected_serial=0)
    with held_elsewhere(place), pytest.raises(LockedError):
        place.open().write(written, expected_serial=1)
    assert place.open().read() == written


def test_the_holder_writes_under_its_lock(place):
    """If the backend holds the lock, it writes as often as it likes, and holds it still afterwards."""
    backend = place.open()
    with backend.lock("apply"):
        state = backend.write(State("staging"), expected_serial=0)
        state = backend.write(replace(state, company_id="c"), expected_serial=1)
        assert backend.read() == state
        with pytest.raises(LockedError), place.open().lock("confirm"):
            pass
    assert place.open().read() == state
    assert place.open().holder() is None


def test_a_lock_is_free_after_the_block(place):
    """If the work under a lock is over, also by an error, the lock is free and can be taken again."""
    backend = place.open()
    for error in (RuntimeError, KeyboardInterrupt, OSError):
        with pytest.raises(error), backend.lock("apply"):
            raise error
        assert place.open().holder() is None
    with place.open().lock("confirm"):
        assert place.open().holder().operation == "confirm"


def test_each_lock_has_an_id_of_its_own(place):
    """If the same process locks again, that is another lock: an id that was noted frees no later one."""
    backend, ids = place.open(), []
    for _ in range(2):
        with backend.lock("apply"):
            ids.append(backend.holder().id)
    assert len(set(ids)) == 2


def test_a_lock_can_be_waited_for(place):
    """If a time-out is given, the lock is taken as soon as its holder lets go."""
    with held_elsewhere(place) as worker:
        timer = threading.Timer(0.2, worker.tell, ["done"])
        timer.start()
        with place.open().lock("confirm", timeout=60):
            assert worker.hear() == "free"
        timer.join()


def test_waiting_ends(place):
    """If the holder doesn't let go within the time-out, the error is the same as without one."""
    with held_elsewhere(place), pytest.raises(LockedError), place.open().lock("confirm", timeout=0.2):
        pass


def test_a_killed_holder_can_be_unlocked(place, figures):
    """If the holder is killed, its lock can be freed by its id, or was freed by the kernel; then work goes on."""
    place.open().write(State("staging"), expected_serial=0)
    with held_elsewhere(place) as worker:
        held = place.open().holder()
        worker.kill()
        if place.lock_lives:
            with pytest.raises(LockedError), place.open().lock("apply"):
                pass
            assert place.open().unlock(held.id) == held
        assert place.open().holder() is None
        backend = place.open()
        with backend.lock("confirm"):
            backend.write(replace(backend.read(), company_id="c"), expected_serial=1)
    figures[f"killed holders of a lock that was freed ({place.name})"] += 1


def test_unlocking_what_is_free_is_refused(place):
    """If nothing is locked, freeing a lock is an error: the person meant something else."""
    with pytest.raises(StateError, match="isn't locked"):
        place.open().unlock("0badcafe")


def test_another_lock_is_not_freed(place):
    """If another lock is held than the one that was named, it stays, and the error names its holder."""
    with held_elsewhere(place) as worker:
        with pytest.raises(StateError, match=str(worker.process.pid)):
            place.open().unlock("0badcafe")
        assert place.open().holder().pid == worker.process.pid


@pytest.mark.parametrize("taken", [False, True])
def test_a_write_after_the_lock_was_taken_away_fails(place, taken):
    """If our lock was freed by somebody, held by another or not, our next write fails and overwrites nothing."""
    backend = place.open()
    with backend.lock("apply"):
        state = backend.write(State("staging"), expected_serial=0)
        take_away(place, backend)
        with workers(place) as (worker,):
            if taken:
                worker.tell("lock")
                assert worker.hear() == "won"
            with pytest.raises(LostLockError) as caught:
                backend.write(state, expected_serial=1)
            assert "taken away" in caught.value.message
            assert (caught.value.holder is not None) == taken
            assert place.open().read() == state


def test_a_lock_that_was_taken_away_is_left_to_its_holder(place):
    """If another took our lock while we worked, the end of our work doesn't free it."""
    backend = place.open()
    with workers(place) as (worker,):
        with backend.lock("apply"):
            take_away(place, backend)
            worker.tell("lock")
            assert worker.hear() == "won"
        assert place.open().holder().pid == worker.process.pid


def test_threads_of_one_holder_take_turns(place):
    """If threads write under one lock from the same serial, one succeeds and the others have a conflict."""
    backend, barrier, won = place.open(), threading.Barrier(4), []

    def write(number):
        barrier.wait()
        state = State("staging", lineage="l").with_entry(f"segment.{number}", Entry("Segment", "api"))
        try:
            won.append(backend.write(state, expected_serial=0))
        except ConflictError:
            return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    with backend.lock("apply"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert won == [place.open().read()]


def test_of_two_who_race_for_the_lock_one_wins(place, figures):
    """If two processes ask for the lock at once, exactly one gets it, each time."""
    with workers(place, 2) as both:
        for _ in range(ROUNDS):
            for worker in both:
                worker.tell("lock")
            answers = [worker.hear() for worker in both]
            figures[f"lock races of two processes ({place.name})"] += 1
            figures["lock races with none or two winners"] += answers.count("won") != 1
            assert sorted(answers) == ["lost", "won"]
            winner = both[answers.index("won")]
            winner.tell("done")
            assert winner.hear() == "free"


def test_of_two_who_write_at_once_one_wins(place, figures):
    """If two processes write from the same serial at once, exactly one succeeds, and no write is lost."""
    place.open().write(State("staging"), expected_serial=0)
    rounds = 5
    with workers(place, 2) as both:
        for _ in range(rounds):
            for worker in both:
                worker.tell("write")
                assert worker.hear() == "read"
            for worker in both:
                worker.tell("go")
            answers = sorted(worker.hear() for worker in both)
            figures[f"write races of two processes ({place.name})"] += 1
            figures["lost writes"] += max(answers.count("won") - 1, 0)
            assert answers == ["lost", "won"]
    assert place.open().read().serial == rounds + 1


def test_a_dead_lock_is_mentioned_by_whoever_reads(place, caplog):
    """If the holder is gone and its lock isn't, reading says so once, with the way to free it."""
    place.open().write(State("staging"), expected_serial=0)
    with held_elsewhere(place) as worker:
        place.open().read()
        assert "is locked" not in caplog.text
        held = place.open().holder()
        worker.kill()
        backend = place.open()
        backend.read()
        backend.read()
    mentions = caplog.text.count(f"`deployer state unlock {held.id} --env staging` frees it")
    assert mentions == (1 if place.lock_lives else 0)

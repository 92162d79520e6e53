"""The record is stored while requests go on: what is recorded meanwhile isn't lost, wherever the run is cut off."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine import apply
from deployer.engine.ledger import Ledger
from deployer.state import Backend, Entry, Journal, State, StateError
from tests.patience import PATIENCE

ADDRESSES = ["segment.old", "segment.new", "webhook.a", "webhook.b"]
STORED = State("staging", lineage="l", serial=3, entries={"segment.old": Entry("Segment", "api", version=2)})

records = st.lists(st.tuples(st.sampled_from(ADDRESSES), st.none() | st.text("ab", max_size=3)), max_size=6)


class Slow:
    """A backend in memory; ``during`` runs while it stores, ``cut`` says when the run is looked at as if it ended."""

    def __init__(self):
        self.stored = STORED
        self.during = lambda: None
        self.cut = lambda _when: None
        self.fails = ""

    def write(self, state, *, expected_serial):
        """Store a state under the next serial."""
        assert expected_serial == self.stored.serial
        self.during()
        self.cut("before it is stored")
        if self.fails == "not stored":
            raise StateError("the disk is full")
        self.stored = State(**{**{name: getattr(state, name) for name in State.__slots__}, "serial": state.serial + 1})
        self.cut("after it is stored")
        if self.fails:
            raise StateError("the answer was lost")
        return self.stored


def wrote(ledger, made):
    """Record what was written at Attentive."""
    for address, name in made:
        fields = {"name": name}
        ledger.amend(
            address, lambda _, n=name, f=fields: None if n is None else Entry("Segment", "api", fields=f), written=True
        )


def plain(entries):
    """What is recorded, without the versions."""
    return {address: entry.fields for address, entry in entries.items()}


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(records, records), max_size=3),
    st.tuples(records, records, records),
    st.sampled_from(["stored", "not stored"]),
)
def test_wherever_a_run_is_cut_off_all_that_was_written_is_recovered(rounds, last, what):
    """Before, during and after a write of the backend, also one that fails, stored or not: nothing is lost."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "staging.ndjson")
        backend, journal = Slow(), Journal(path, "staging")
        ledger = Ledger(backend, journal, STORED, lambda state: state)

        def look(when):
            copy = Path(folder, "copy.ndjson")
            shutil.copy(path, copy)
            recovered, _ = Journal(copy, "staging").recover(backend.stored)
            assert plain(recovered.entries) == plain(ledger.state.entries), when

        backend.cut = look
        ledger.open(recovered=False)
        for before, meanwhile in rounds:
            wrote(ledger, before)
            look("recorded")
            backend.during = lambda made=meanwhile: wrote(ledger, made)
            ledger.save()
            look("after the write")
        before, meanwhile, after = last
        wrote(ledger, [*before, ("segment.first", "a")])
        backend.during, backend.fails = (lambda: wrote(ledger, meanwhile)), what
        with pytest.raises(StateError):
            ledger.save()
        wrote(ledger, after)  # what was under way ends
        look("after a write that failed")
        assert ledger.unsaved


@settings(deadline=None)
@given(records, records)
def test_versions_of_an_address_only_grow(before, meanwhile):
    """What is recorded of an address while the backend is written has a later version than what is on its way."""
    with TemporaryDirectory() as folder:
        backend = Slow()
        ledger = Ledger(backend, Journal(Path(folder, "staging.ndjson"), "staging"), STORED, lambda state: state)
        ledger.open(recovered=False)
        wrote(ledger, [*before, ("segment.first", "a")])
        backend.during = lambda: wrote(ledger, meanwhile)
        ledger.save()
        first = backend.stored
        backend.during = lambda: None
        ledger.save()
        for address, _ in meanwhile:
            after = backend.stored.entry(address)
            assert after is None or after.version > first.version(address)


def hooks(make, number):
    """So many webhooks."""
    return [make.webhook(f"hook{one}", f"https://hooks.northwind.example/{one}") for one in range(number)]


def test_one_slow_answer_holds_up_no_other_request(world, make):
    """The first of many creates is answered when all others were asked for: no batch waits for its slowest."""
    world.resources = hooks(make, 150)
    lock, others, came = threading.Lock(), threading.Event(), 0

    def before(request):
        nonlocal came
        if request.method != "POST":
            return
        with lock:
            came += 1
            first, last = came == 1, came == 150
        if last:
            others.set()
        if first:
            assert others.wait(PATIENCE)

    world.before = before
    assert not world.apply().failed
    assert len(world.dump("webhooks")) == 150
    assert world.plan().empty


def test_requests_go_on_while_the_record_is_stored(world, make, monkeypatch):
    """The second batch's intents are being stored, and meanwhile more of the first are asked for at Attentive."""
    world.resources = hooks(make, 130)
    lock, more, came, writes = threading.Lock(), threading.Event(), 0, 0
    write = Backend.write

    def before(request):
        nonlocal came
        if request.method == "POST":
            with lock:
                came += 1
            if came > apply.WORKERS:
                more.set()

    def slow(self, *args, **kwargs):
        nonlocal writes
        writes += 1
        if writes == 3:  # the new record, the first intents, and now the second ones
            assert more.wait(PATIENCE)
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Backend, "write", slow)
    world.before = before
    assert not world.apply().failed
    assert writes > 3
    monkeypatch.undo()
    assert len(world.dump("webhooks")) == 130
    assert world.plan().empty


def test_what_is_recorded_is_stored_now_and_then(world, make, monkeypatch):
    """A long run of changes that need no intent doesn't wait for its end to be stored."""
    monkeypatch.setattr(apply, "PAUSE", 0.0)
    monkeypatch.setattr(apply, "LEISURE", 0)
    monkeypatch.setattr(apply, "BATCH", 4)
    serials = []
    world.resources = [make.event(f"event_{number}", name=f"Event {number}") for number in range(40)]
    write = Backend.write

    def watched(self, *args, **kwargs):
        serials.append(kwargs["expected_serial"])
        return write(self, *args, **kwargs)

    monkeypatch.setattr(Backend, "write", watched)
    assert not world.apply().failed
    assert len(serials) > 3
    assert serials == sorted(set(serials))
    assert world.plan().empty


def test_the_second_batch_cannot_be_stored(world, make, monkeypatch):
    """Where the intents of later changes can't be stored, those aren't begun; what runs ends, and is in the report."""
    world.resources = hooks(make, 150)
    write, writes = Backend.write, 0

    def failing(self, *args, **kwargs):
        nonlocal writes
        writes += 1
        if writes == 3:
            raise StateError("the disk is full", "make room")
        return write(self, *args, **kwargs)

    with world.connect() as connection:
        plan = deployer.plan(connection)
        monkeypatch.setattr(Backend, "write", failing)
        report = deployer.apply(connection, plan)
    monkeypatch.undo()
    assert (report.problem, report.failed) == ("the disk is full", True)
    made = len(world.dump("webhooks"))
    assert made == apply.BATCH
    assert sum(one.status == "done" for one in report.outcomes) == made
    world.settle()
    assert len(world.dump("webhooks")) == 150

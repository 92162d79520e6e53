"""What is stored of a run before it does anything, and what isn't left of what it couldn't do."""

from __future__ import annotations

import json
import threading

import deployer
from deployer.engine.guards import Overrides
from deployer.engine.report import Status
from deployer.sandbox import Response
from deployer.state import StateError
from deployer.state.model import ApplyResult
from tests.patience import PATIENCE

URL = "https://hooks.northwind.example/{}".format


def test_a_create_that_a_guard_refuses_leaves_no_intent(world, make):
    """An archived segment holds the id: the create certainly didn't happen, so nothing of it is recorded."""
    world.resources = [make.segment()]
    with world.connect() as connection:
        plan = deployer.plan(connection)
        client = connection.session.client("orders")
        client.create_segment(name="Testers", description="", external_id="northwind_testers")
        client.archive_segment("northwind_testers")
        [outcome] = deployer.apply(connection, plan).outcomes
    assert outcome.status is Status.FAILED
    assert "an archived one may hold that id" in outcome.message
    assert world.state().entries == {}


def test_an_answer_about_another_object_is_no_record(world, make):
    """If Attentive answers a create with another id than the one asked for, both are named and none is recorded."""
    world.resources = [make.segment()]
    other = json.dumps({"externalId": "northwind_buyers", "name": "Testers", "description": ""}).encode()
    answer = Response(201, {"content-type": "application/json"}, other)
    world.before = lambda request: answer if request.method == "POST" else None
    [outcome] = world.apply().outcomes
    assert outcome.status is Status.FAILED
    assert "answered with “northwind_buyers” to a request for “northwind_testers”" in outcome.message
    entry = world.state().entry("segment.testers")
    assert (entry.id, entry.intent is not None) == ("", True)  # it may have been made all the same: it is looked up


def test_how_an_apply_ended_is_recorded(world, make):
    """An apply of which something failed isn't recorded as done; the next one that does it all is."""
    world.resources = [make.segment()]
    world.before = lambda request: Response(400, {}) if request.method == "POST" else None
    assert world.apply().failed
    assert world.state().applied.result is ApplyResult.FAILED
    world.before = None
    assert not world.apply().failed
    assert world.state().applied.result is ApplyResult.DONE


def test_an_override_is_stored_before_anything_is_removed(world, make):
    """If the run is cut off in the midst of what it was allowed to do, the state says who allowed it."""
    world.resources = [make.event(), *(make.webhook(f"hook{one}", URL(one)) for one in range(6))]
    world.settle()
    world.resources = [make.event()]
    known = []

    def look(request):
        if request.method == "DELETE":
            state = json.loads(world.state_file.read_text(encoding="utf-8"))
            known.append([one["by"] for one in state.get("overrides", [])])

    options = deployer.ApplyOptions(overrides=Overrides(allow_removals=True), by="ana")
    with world.connect() as connection:
        plan = deployer.plan(connection, prune=True)
        world.before = look
        assert not deployer.apply(connection, plan, options).failed
    assert known == [["ana"]] * 6


def test_an_intent_that_could_not_be_stored_is_in_no_record(world, make, monkeypatch):
    """Nothing was sent, so that the record is as it was stored, and the report has none that should be kept."""
    world.resources = [make.event()]
    world.settle()
    world.put(make.webhook("a", URL(1)), make.webhook("b", URL(2)))

    def failing(state, *, expected_serial):
        del state, expected_serial
        raise StateError("the disk is full", "make room")

    with world.connect() as connection:
        plan = deployer.plan(connection)
        monkeypatch.setattr(connection.backend, "write", failing)
        report = deployer.apply(connection, plan)
    assert report.problem == "the disk is full"
    assert report.unsaved is None
    assert [one.status for one in report.outcomes] == [Status.NOT_STARTED] * 2
    assert world.dump("webhooks") == []


def test_a_run_that_is_left_says_of_each_change_what_became_of_it(world, make):
    """Of twenty creates one is done, sixteen are under way as the run is left, and three weren't begun."""
    world.resources = [make.webhook(f"hook{one}", URL(one)) for one in range(20)]
    options, released = deployer.ApplyOptions(), threading.Event()
    lock, sent = threading.Lock(), 0

    def before(request):
        nonlocal sent
        if request.method != "POST":
            return None
        with lock:
            sent += 1
            first, last = sent == 1, sent == 17
        if first:
            return None
        if last:
            options.stop.set()
            options.leave.set()
        released.wait(PATIENCE)
        return Response(422)

    world.before = before
    try:
        report = world.apply(options=options)
    finally:
        released.set()
    found = [one.status for one in report.outcomes]
    assert {status: found.count(status) for status in found} == {
        Status.DONE: 1,
        Status.FAILED: 16,
        Status.NOT_STARTED: 3,
    }
    assert "interrupted while it ran" in {one.message for one in report.outcomes}
    assert "only in this machine's journal" in report.problem
    assert report.unsaved is None


def test_a_run_that_is_stored_leaves_no_journal(world, make):
    """What is in the state needs no second place: nothing is left that a later run would have to recover."""
    world.resources = [make.webhook("a", URL(1))]
    world.settle()
    assert [*world.root.rglob("*.ndjson")] == []

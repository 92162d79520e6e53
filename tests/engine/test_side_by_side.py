"""Independent changes are done at the same time; what was done is recorded whatever became of the others."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

import deployer
from deployer.engine.changes import Action, PropertyHold
from deployer.engine.guards import Overrides
from deployer.engine.refresh import HOLD
from deployer.engine.report import Status
from deployer.sandbox import Response
from deployer.state import Journal, StateError
from tests.patience import PATIENCE


def hooks(make, number):
    """So many webhooks."""
    return [make.webhook(f"hook{one}", f"https://hooks.northwind.example/{one}") for one in range(number)]


def test_independent_creates_are_under_way_together(world, make):
    """Four webhooks are in flight at once: none is answered before all have been asked for."""
    world.resources = hooks(make, 4)
    together = threading.Barrier(4)

    def before(request):
        if request.method == "POST":
            together.wait(PATIENCE)

    world.before = before
    assert not world.apply().failed
    assert len(world.dump("webhooks")) == 4
    assert world.plan().empty


def test_no_more_are_under_way_than_are_of_use(world, make):
    """Twenty-four at most, however many there are."""
    world.resources = hooks(make, 40)
    lock, under_way, most = threading.Lock(), 0, 0

    def before(request):
        nonlocal under_way, most
        if request.method == "POST":
            with lock:
                under_way += 1
                most = max(most, under_way)

    def after(request):
        nonlocal under_way
        if request.method == "POST":
            with lock:
                under_way -= 1

    world.before, world.after = before, after
    assert not world.apply().failed
    assert 1 <= most <= 24
    assert len(world.dump("webhooks")) == 40


def test_one_that_fails_among_many_is_told_alone(world, make):
    """The others of its batch are done and recorded; a second apply does the one."""
    world.resources = hooks(make, 6)

    def before(request):
        if request.method == "POST" and b"/3" in request.body:
            return Response(400)
        return None

    world.before = before
    report = world.apply()
    assert [one.change.address for one in report.outcomes if one.status is Status.FAILED] == ["webhook.hook3"]
    assert len(world.state().entries) == 5
    world.before = None
    assert [change.address for change in world.plan().changes] == ["webhook.hook3"]
    world.settle()
    assert len(world.dump("webhooks")) == 6


def test_a_bug_in_one_change_is_raised_after_the_others_are_recorded(world, make, monkeypatch):
    """An error that nobody expected isn't swallowed, and what else was done isn't lost."""
    world.resources = hooks(make, 3)
    with world.connect() as connection:
        plan = deployer.plan(connection)
        client = connection.session.client("orders")
        create = client.create_webhook

        def broken(url, *args, **kwargs):
            if url.endswith("/1"):
                raise ZeroDivisionError
            return create(url, *args, **kwargs)

        monkeypatch.setattr(client, "create_webhook", broken)
        with pytest.raises(ZeroDivisionError):
            deployer.apply(connection, plan)
    recorded = {name for name, entry in world.state().entries.items() if entry.id}
    assert recorded == {"webhook.hook0", "webhook.hook2"}
    world.calendar.pass_(HOLD)  # whether the create reached Attentive isn't known: it is held that long
    world.settle()
    assert len(world.dump("webhooks")) == 3


def test_an_override_is_recorded(world, make):
    """A guard that was switched off stands in the report and in the state, with who did it."""
    world.resources = hooks(make, 6)
    world.settle()
    world.resources = [make.event()]
    options = deployer.ApplyOptions(overrides=Overrides(allow_removals=True), by="ana")
    with world.connect() as connection:
        plan = deployer.plan(connection, prune=True)
        assert [change.action for change in plan.changes if change.action is Action.DELETE] == [Action.DELETE] * 6
        report = deployer.apply(connection, plan, options)
        state = connection.backend.read()
    assert report.overrides == ("--allow-removals",)
    [override] = state.overrides
    assert (override.name, override.operation, override.by) == ("--allow-removals", "apply", "ana")


def test_what_waits_holds_everything_behind_it(world, make):
    """A change that waits for a person holds what needs it, and what needs that; the rest is done."""
    world.resources = [make.webhook(), make.segment(), make.attribute(), make.event()]
    with world.connect() as connection:
        plan = deployer.plan(connection)
        needs = {
            "segment.testers": {},
            "webhook.receipts": {"depends_on": ("segment.testers",)},
            "custom_attribute.tier": {"depends_on": ("webhook.receipts",)},
        }
        order = [*needs, "event_type.order_shipped"]
        changes = {change.address: change for change in plan.changes}
        chained = tuple(replace(changes[name], **needs.get(name, {})) for name in order)
        held = PropertyHold(
            address="segment.testers",
            kind="Segment",
            by="api",
            waits_for=("journey.order_shipped/turn_on",),
        )
        chained = (held, *chained[1:])
        report = deployer.apply(connection, replace(plan, changes=chained))
    assert {outcome.change.address: outcome.status for outcome in report.outcomes} == {
        **dict.fromkeys(needs, Status.WAITING),
        "event_type.order_shipped": Status.DONE,
    }
    assert not report.failed
    assert list(world.state().entries) == ["event_type.order_shipped"]


def test_what_the_journal_cannot_take_is_told_as_done(world, make, monkeypatch):
    """A write at Attentive whose record fails on this machine is in the report and in the state that comes with it."""
    world.resources = [make.webhook()]
    with world.connect() as connection:
        plan = deployer.plan(connection)

        def full(*_args, **_more):
            raise StateError("the disk is full", "make room")

        monkeypatch.setattr(Journal, "record", full)
        report = deployer.apply(connection, plan)
    [outcome] = report.outcomes
    assert (outcome.status, "it was done" in outcome.message) == (Status.FAILED, True)
    assert report.unsaved.entries["webhook.receipts"].id
    assert (report.problem, report.failed) == ("the disk is full", True)
    assert len(world.dump("webhooks")) == 1

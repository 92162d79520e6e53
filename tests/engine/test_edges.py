"""Edges that a slip would move unnoticed: boundaries of batches, what is kept, what is told apart."""

from __future__ import annotations

import json
import threading

import pytest

import deployer
from deployer.engine.changes import Action, ApiChange, Reason
from deployer.engine.claims import rearranged
from deployer.engine.guards import Overrides
from deployer.engine.plan_api import kind_objects
from deployer.engine.refresh import LiveObjects
from deployer.engine.report import Status
from deployer.kinds.base import LiveObject
from deployer.state.model import Entry, State

URL = "https://hooks.northwind.example/{}".format


def hooks(make, number):
    """So many webhooks."""
    return [make.webhook(f"hook{one:02}", URL(one)) for one in range(number)]


def test_no_more_is_begun_between_two_writes_than_can_be_looked_up(world, make):
    """While creates are under way, the stored record has the intents of one batch of 64, not of all 65."""
    world.resources = hooks(make, 65)
    most = 0

    def before(request):
        nonlocal most
        if request.method == "POST":
            entries = json.loads(world.state_file.read_text(encoding="utf-8"))["entries"]
            most = max(most, sum("intent" in entry for entry in entries.values()))

    world.before = before
    assert not world.apply().failed
    assert most == 64


def test_what_a_stopped_run_did_not_begin_leaves_no_intent(world, make):
    """If a run is stopped within a batch, what it didn't begin isn't recorded as a create whose answer was lost."""
    world.resources = hooks(make, 60)
    options = deployer.ApplyOptions()

    def before(request):
        if request.method == "POST":
            options.stop.set()

    world.before = before
    report = world.apply(options=options)
    not_begun = {one.change.address for one in report.outcomes if one.status is Status.NOT_STARTED}
    assert report.interrupted
    assert not_begun
    entries = world.state().entries
    assert not not_begun & entries.keys()
    assert all(entry.intent is None for entry in entries.values())


def test_a_removal_of_what_is_gone_already_is_done(world, make):
    """If somebody deletes a webhook between plan and apply, its removal is what was wanted, and no failure."""
    world.resources = [make.webhook("a", URL(1)), make.webhook("b", URL(2))]
    world.settle()
    world.drop("Webhook", "b")
    with world.connect() as connection:
        plan = deployer.plan(connection, prune=True)
        connection.session.client("orders").delete_webhook(connection.state().entries["webhook.b"].id)
    report = world.apply(plan)
    assert [one.status for one in report.outcomes] == [Status.DONE]
    assert [*world.state().entries] == ["webhook.a"]


def test_overrides_of_earlier_runs_stay_recorded(world, make):
    """A second override is recorded beside the first."""
    for by in ("ana", "ben"):
        world.resources = hooks(make, 6)
        world.settle()
        world.resources = [make.event()]
        options = deployer.ApplyOptions(overrides=Overrides(allow_removals=True), by=by)
        with world.connect() as connection:
            assert not deployer.apply(connection, deployer.plan(connection, prune=True), options).failed
    assert [one.by for one in world.state().overrides] == ["ana", "ben"]


def test_urls_that_are_not_known_here_are_not_the_same(world, make):
    """If the variables of two webhooks' URLs aren't set, neither is refused for having the other's URL."""
    world.resources = [make.webhook("a", {"env": "UNSET_ONE"}), make.webhook("b", {"env": "UNSET_TWO"})]
    assert [change.blocked for change in world.plan(offline=True).changes] == ["", ""]


def test_of_an_exchange_one_comes_after_the_other(world, make):
    """If two webhooks exchange their URLs, one waits for the other, and not both for each other."""
    world.resources = [make.webhook("a", URL(1)), make.webhook("b", URL(2))]
    world.settle()
    world.put(make.webhook("a", URL(2)), make.webhook("b", URL(1)))
    changes = world.plan().changes
    assert sorted(len(change.released_by) for change in changes) == [0, 1]
    assert changes[1].released_by == (changes[0].address,)


def test_what_follows_another_still_follows_it_where_that_one_moves_back():
    """If a change is moved behind one that releases its value, what depends on it moves along."""

    def change(address, **more):
        return ApiChange(address=address, kind="Webhook", action=Action.UPDATE, reason=Reason.CHANGED, **more)

    first = change("webhook.a", released_by=("webhook.c",))
    user = change("webhook.b", depends_on=("webhook.a",))
    last = change("webhook.c")
    assert [one.address for one in rearranged([first, user, last])] == ["webhook.c", "webhook.a", "webhook.b"]


def test_a_chain_of_moves_keeps_the_kind(world, make):
    """If an id changed twice before an apply, both moves say which kind they are of, and one object is left."""
    world.resources = [make.webhook("a", URL(1))]
    world.settle()
    world.resources = [make.webhook("c", URL(1))]
    world.settings["moved"] = [
        {"from": "webhook.a", "to": "webhook.b"},
        {"from": "webhook.b", "to": "webhook.c"},
    ]
    plan = world.plan()
    assert [(one.action, one.kind) for one in plan.changes] == [(Action.MOVE, "Webhook")] * 2
    world.settle()
    assert len(world.dump("webhooks")) == 1
    assert world.plan().empty


def test_a_deprecated_event_that_a_journey_uses_is_registered(world, make):
    """A deprecated type that nothing uses is left alone in a new account; one that a journey uses is sent."""
    world.resources = [make.event(deprecated=True)]
    assert world.plan().changes == ()
    world.put(make.text(), make.journey())
    assert ("send", "event_type.order_shipped") in make.changes(world.plan())


def test_an_id_is_taken_within_its_kind_only():
    """An id that a segment has recorded says nothing of a webhook with the same id."""
    live = LiveObject("7", {"app": "orders", "url": URL(1), "events": ["sms.sent"]})
    state = State("production", entries={"segment.testers": Entry(kind="Segment", by="api", id="7")})
    objects = kind_objects(LiveObjects({"Webhook": (live,)}), state)["Webhook"]
    assert (objects.taken, objects.free) == (frozenset(), (live,))


def test_of_an_object_that_is_listed_twice_the_first_counts():
    """If a list shows an id twice, as pages that move do, plan and look-up take the same one."""
    one, other = LiveObject("7", {"name": "first"}), LiveObject("7", {"name": "second"})
    reading = LiveObjects({"Segment": (one, other)})
    listed = kind_objects(reading, State("production"))["Segment"].listed
    assert listed is not None
    assert listed["7"] is reading.find("Segment", "7") is one


def test_what_the_api_settles_is_asked_of_nobody(world, make):
    """If an event type that its producer was to send is sent by us, the task of sending it is superseded."""
    world.resources = [make.event(registered_by="producer")]
    world.apply()
    assert world.state().open_tasks()
    world.put(make.event())
    assert not world.apply().failed
    assert world.state().open_tasks() == ()


def test_adopting_an_attribute_sends_nothing_that_is_known(world, make):
    """If an attribute is adopted, what its list doesn't show is trusted: there is nothing to send."""
    world.resources = [make.attribute()]
    world.settle()
    world.state_file.unlink()
    world.production["adopt"] = {"custom_attribute.tier": {"id": "Tier"}}
    [change] = world.plan().changes
    assert (change.action, change.fields, change.blocked) == (Action.ADOPT, (), "")
    world.settle()
    assert world.plan().empty


@pytest.mark.parametrize("size", [1, 3])
def test_a_run_of_one_batch_is_told_to_stop_once(world, make, size):
    """If a run is told to stop before it begins, nothing is done and nothing is recorded."""
    world.resources = hooks(make, size)
    stop = threading.Event()
    stop.set()
    report = world.apply(options=deployer.ApplyOptions(stop=stop))
    assert [one.status for one in report.outcomes] == [Status.NOT_STARTED] * size
    assert world.state().entries == {}
    assert world.dump("webhooks") == []

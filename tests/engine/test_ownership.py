"""What is ours: nothing is adopted by its name, nothing is deleted that wasn't recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

import deployer
from deployer.app.operations import ApplyOptions
from deployer.engine.changes import Action
from deployer.engine.guards import Overrides
from deployer.engine.report import Status
from deployer.kinds.base import GuardError


def make_by_hand(world, kind):
    """Create a segment or a webhook at Attentive without deployer, and give its id."""
    with world.connect() as connection:
        client = connection.session.client("orders")
        if kind == "segment":
            return client.create_segment("By hand", "Made by hand.", "northwind_testers").external_id
        return client.create_webhook("https://hooks.northwind.example/s3cr3t-t0ken", ["sms.sent"]).id


@pytest.mark.parametrize("kind", ["segment", "webhook"])
def test_what_exists_is_not_adopted_because_it_is_alike(world, make, kind):
    """Its like at Attentive blocks a create with the exact line that takes it over; that line does."""
    world.resources = [getattr(make, kind)()]
    [body] = world.resources
    address, identifier = f"{kind}.{body['id']}", make_by_hand(world, kind)
    change = make.change(world.plan(), address)
    assert f"adopt: {{{address}: {{id: {identifier}}}}}" in change.blocked
    assert world.apply().failed
    assert world.state().entry(address) is None
    world.production["adopt"] = {address: {"id": identifier}}
    change = make.change(world.plan(), address)
    assert (change.action, change.reason, change.blocked) == (Action.ADOPT, "adopted", "")
    world.settle()
    assert world.plan().empty
    assert world.state().entry(address).id == identifier
    assert len(world.dump(f"{kind}s")) == 1


def test_adopting_changes_what_differs(world, make):
    """What is adopted becomes as declared; the plan shows the way from what is live."""
    world.resources = [make.segment()]
    make_by_hand(world, "segment")
    world.production["adopt"] = {"segment.testers": {"id": "northwind_testers"}}
    [field] = make.change(world.plan(), "segment.testers").fields
    assert (field.path, field.old, field.new) == ("name", "By hand", "Testers")
    world.settle()
    assert world.dump("segments")[0]["name"] == "Testers"


def test_adopting_what_is_not_there(world, make):
    """An id that Attentive doesn't list is blocked, as is one that another resource has."""
    world.resources = [make.webhook()]
    world.production["adopt"] = {"webhook.receipts": {"id": "bm9uZQ"}}
    assert "lists nothing" in make.change(world.plan(), "webhook.receipts").blocked
    world.production["adopt"] = {}
    world.settle()
    taken = world.state().entry("webhook.receipts").id
    world.put(make.webhook("second", "https://hooks.northwind.example/2"))
    world.production["adopt"] = {"webhook.second": {"id": taken}}
    assert "another address" in make.change(world.plan(), "webhook.second").blocked


def test_adopted_and_then_deleted_at_attentive(world, make):
    """An adopt entry that did its work doesn't stand in the way of making the object again."""
    world.resources = [make.webhook()]
    identifier = make_by_hand(world, "webhook")
    world.production["adopt"] = {"webhook.receipts": {"id": identifier}}
    world.settle()
    with world.connect() as connection:
        connection.session.client("orders").delete_webhook(identifier)
    world.settle()
    assert len(world.dump("webhooks")) == 1
    assert world.plan().empty


def test_moved_keeps_what_stands(world, make):
    """Another id under `moved` keeps the object and everything that was confirmed."""
    world.resources = [make.event(), make.text(), make.journey(), make.webhook()]
    world.settle()
    world.drop("Webhook", "receipts")
    world.drop("Journey", "order_shipped")
    world.put(make.webhook("hooks"), make.journey("shipping", name="Order shipped"))
    world.settings["moved"] = [
        {"from": "webhook.receipts", "to": "webhook.hooks"},
        {"from": "journey.order_shipped", "to": "journey.shipping"},
    ]
    assert make.changes(world.plan()) == [("move", "webhook.hooks"), ("move", "journey.shipping")]
    world.settle()
    assert world.plan().empty
    assert world.plan().waiting == ()
    assert len(world.dump("webhooks")) == 1
    assert "webhook.receipts" not in world.state().entries


def test_moved_with_open_tasks(world, make):
    """Tasks that were open are asked under the new address, and the old tokens are superseded."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.apply()
    old = world.state().open_tasks()
    world.drop("Journey", "order_shipped")
    world.put(make.journey("shipping", name="Order shipped"))
    world.settings["moved"] = [{"from": "journey.order_shipped", "to": "journey.shipping"}]
    world.apply()
    now = world.state().open_tasks()
    assert {task.address for task in now} == {"journey.shipping"}
    assert len(now) == len(old)
    assert world.plan().empty
    world.confirm_all()
    assert world.plan().empty


def test_what_is_not_declared_any_more_is_kept_and_said(world, make):
    """Without --prune nothing is removed; the plan says what it keeps and how to let go of it."""
    world.resources = make.shop()
    world.settle()
    world.resources = [make.segment()]
    plan = world.plan()
    assert plan.empty
    hints = {note.address: note.hint for note in plan.notes}
    assert "--prune" in hints["webhook.receipts"]
    assert "forget" in hints["event_type.order_shipped"]
    assert "--prune" not in hints["event_type.tier_changed"]
    assert "--prune" not in hints["custom_attribute.tier"]


@pytest.fixture
def settled(world, make):
    """The whole shop applied and confirmed, with limits that allow to remove it."""
    world.resources = make.shop()
    world.settings["limits"] = {"remove": 10, "remove_percent": 100}
    world.settle()
    return world


def branching(make):
    """A journey that branches on the segment."""
    steps = [make.send("mail", "shipped_email", "email")]
    branch = {"cases": [{"when": {"segment": "testers"}, "steps": steps}], "else": []}
    return make.journey(steps=[{"id": "who", "branch": branch}], opt_in=["checkout"])


def test_pruning_takes_the_dependents_first(settled, make):
    """A journey is turned off before its segment goes; events and attributes stay at Attentive."""
    settled.put(branching(make))
    settled.settle()
    settled.resources = [make.webhook()]
    plan = settled.plan(prune=True)
    assert make.changes(plan) == [("delete", "journey.order_shipped"), ("delete", "opt_in_source.checkout")]
    assert any(note.address == "segment.testers" and "journey.order_shipped" in note.text for note in plan.notes)
    settled.settle(prune=True)
    assert make.changes(settled.plan(prune=True)) == [("delete", "segment.testers")]
    settled.settle(prune=True)
    left = set(settled.state().entries)
    assert left == {"webhook.receipts", "event_type.order_shipped", "event_type.tier_changed", "custom_attribute.tier"}
    assert settled.plan(prune=True).empty
    assert all(segment["archived"] for segment in settled.dump("segments"))


def test_a_segment_stays_until_the_journey_without_it_is_turned_on(settled, make):
    """A journey that no longer branches on a segment uses it until the change is live."""
    settled.put(branching(make))
    settled.settle()
    settled.put(make.journey(opt_in=["checkout"]))
    settled.drop("Segment", "testers")
    for _ in range(2):
        assert ("delete", "segment.testers") not in make.changes(settled.plan(prune=True))
        settled.apply(prune=True)
    settled.confirm_all()
    assert make.changes(settled.plan(prune=True)) == [("delete", "segment.testers")]


def test_forgetting_lets_go_of_the_record_only(settled, make):
    """What is forgotten stays at Attentive."""
    settled.drop("Webhook", "receipts")
    settled.settings["forget"] = ["webhook.receipts"]
    assert make.changes(settled.plan()) == [("forget", "webhook.receipts")]
    settled.settle()
    assert len(settled.dump("webhooks")) == 1
    assert settled.plan().empty


def test_a_journey_that_was_never_built_leaves_at_once(world, make):
    """Nothing of it was ever confirmed, so that nobody is asked to turn it off."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.apply()
    world.drop("Journey", "order_shipped")
    assert make.changes(world.plan(prune=True)) == [("forget", "journey.order_shipped")]
    world.settle(prune=True)
    assert world.state().open_tasks() == ()
    assert world.plan(prune=True).empty


def test_declared_again_before_it_was_turned_off(world, make):
    """Who declares a journey again withdraws the task to turn it off."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.settle()
    world.drop("Journey", "order_shipped")
    world.apply(prune=True)
    assert [task.id for task in world.state().open_tasks()] == ["journey.order_shipped/retire"]
    assert world.plan(prune=True).empty
    world.put(make.journey())
    world.apply()
    assert world.state().open_tasks() == ()
    assert world.plan().empty


def test_what_is_protected_takes_two_applies(world, make):
    """A recorded `protect` blocks the removal until an apply lifted it."""
    world.resources = [make.segment(), make.webhook(protect=True)]
    world.settle()
    world.drop("Webhook", "receipts")
    report = world.apply(prune=True)
    assert report.outcomes[0].status is Status.BLOCKED
    assert len(world.dump("webhooks")) == 1
    world.put(make.webhook())
    assert make.change(world.plan(), "webhook.receipts").reason == "protect"
    world.settle()
    world.drop("Webhook", "receipts")
    world.settle(prune=True)
    assert world.dump("webhooks") == []


def test_protecting_a_persons_work(world, make):
    """Protection of a journey is recorded, too, without a task for anybody."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.settle()
    world.put(make.journey(protect=True))
    [change] = world.plan().changes
    assert (change.reason, change.tasks) == ("protect", ())
    world.settle()
    assert world.plan().empty
    world.drop("Journey", "order_shipped")
    assert world.plan(prune=True).changes[0].blocked


def hooks(make, count):
    """Webhooks by number."""
    return [make.webhook(f"hook{n}", f"https://hooks.northwind.example/{n}") for n in range(count)]


@pytest.mark.parametrize(
    ("limits", "left", "code"),
    [
        ({"remove": 2, "remove_percent": 100}, 3, "too-many-removals"),
        ({"remove": 10, "remove_percent": 30}, 3, "too-many-removals"),
        ({"remove": 10, "remove_percent": 100}, 0, "removes-everything"),
        ({"remove": 0, "remove_percent": 0}, 5, ""),
        ({"remove": 3, "remove_percent": 50}, 3, ""),
    ],
    ids=["absolute", "relative", "everything", "one is always within", "within"],
)
def test_limits_of_removal(world, make, limits, left, code):
    """More than the limits is refused as a whole, before anything is removed; the override has its own name."""
    world.resources = hooks(make, 6)
    world.settle()
    world.settings["limits"] = limits
    world.resources = hooks(make, left) or [make.opt_in()]
    if not left:
        world.settings["forget"] = []
    if code:
        with pytest.raises(GuardError) as refused:
            world.apply(prune=True)
        assert refused.value.code == code
        [note] = (one for one in world.plan(prune=True).notes if "apply will refuse" in one.text)
        assert refused.value.message in note.text
        assert len(world.dump("webhooks")) == 6
        overridden = ApplyOptions(overrides=Overrides(allow_removals=True))
        report = world.apply(options=overridden, prune=True)
        assert report.overrides == ("--allow-removals",)
    else:
        report = world.apply(prune=True)
    assert not report.failed
    assert len(world.dump("webhooks")) == left


def test_nothing_that_was_not_recorded_is_removed(world, make):
    """Webhooks and segments of others outlive any pruning."""
    world.resources = [make.webhook(), make.segment("others")]
    with world.connect() as connection:
        connection.session.client("orders").create_webhook("https://others.example/", ["sms.sent"])
    world.settle()
    world.drop("Webhook", "receipts")
    world.settle(prune=True)
    assert [one["url"] for one in world.dump("webhooks")] == ["https://others.example/"]


def test_a_plan_without_a_key_for_what_is_recorded(world, make):
    """An app that lost its key leaves its objects unreadable, not gone, and they can be forgotten."""
    from deployer.sandbox import SandboxApp  # noqa: PLC0415 - used here only

    world.settings["apps"]["returns"] = {}
    world.production["apps"]["returns"] = {"name": "Returns", "api_key": {"env": "RETURNS_KEY"}}
    world.environ["RETURNS_KEY"] = "key-of-returns-2"
    world.account.ensure_app(SandboxApp("returns", "Returns", "key-of-returns-2"))
    world.resources = [make.segment(), make.webhook(app="returns")]
    world.settle()
    del world.production["apps"]["returns"], world.settings["apps"]["returns"]
    world.drop("Webhook", "receipts")
    plan = world.plan()
    assert any("returns" in note.text for note in plan.notes)
    with world.connect() as connection:
        found = {one.address: one for one in deployer.drift(connection)}
    assert found["webhook.receipts"].unreadable
    report = world.apply(prune=True)
    assert report.outcomes[0].status is Status.FAILED
    world.settings["forget"] = ["webhook.receipts"]
    world.settle()
    assert list(world.state().entries) == ["segment.testers"]
    assert replace(world.plan(), notes=()).empty


def test_a_journey_that_was_turned_off_leaves_without_another_task(world, make):
    """Nobody is asked to turn off what is confirmed to be off: its record ends at once."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.settle()
    world.put(make.journey(status="inactive"))
    world.settle()
    world.drop("Journey", "order_shipped")
    [change] = world.plan(prune=True).changes
    assert (change.action.value, change.reason) == ("forget", "removed")
    world.settle(prune=True)
    assert "journey.order_shipped" not in world.state().entries
    assert world.plan(prune=True).empty


def test_a_protected_journey_that_is_off_takes_two_applies_too(world, make):
    """Protection holds a record that nothing runs of as well."""
    world.resources = [make.event(), make.text(), make.journey(protect=True)]
    world.settle()
    world.put(make.journey(status="inactive", protect=True))
    world.settle()
    world.drop("Journey", "order_shipped")
    [change] = world.plan(prune=True).changes
    assert "protected" in change.blocked

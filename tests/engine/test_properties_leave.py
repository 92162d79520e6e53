"""A property isn't removed while a live journey shows it to customers, and isn't shown before an event carried it."""

from __future__ import annotations

import pytest

from deployer.engine.confirm import ConfirmError
from deployer.engine.report import Status

DAY = "Order {{triggerEvent.custom['day']}} left."
GONE = "It left."
EVENT = "event_type.order_shipped"
TURN_ON = "journey.order_shipped/turn_on"


def removal(plan):
    """The change that keeps a property until nobody reads it, if there is one."""
    return next((change for change in plan.changes if change.reason == "property-removed"), None)


@pytest.fixture
def reading(world, make):
    """A live journey whose text reads the property `day`."""
    world.resources = [make.event(), make.text(body=DAY), make.journey()]
    world.settle()
    assert world.plan().empty
    return world


def without_day(world, make, **more):
    """Declare the event without `day`, and a text that doesn't read it."""
    world.put(make.event(keys={"Order Id": "54321", **more}), make.text(body=GONE))


def test_a_property_waits_for_the_turn_on(reading, make):
    """Until the draft without it is turned on, the plan keeps the property and says why."""
    without_day(reading, make)
    plan = reading.plan()
    change = removal(plan)
    assert (change.address, change.waits_for, change.blocked) == (EVENT, (TURN_ON,), "")
    assert [(field.path, field.old, field.new) for field in change.fields] == [("keys.day", "string", None)]
    assert any(note.address == EVENT and "keep sending `day`" in note.text for note in plan.notes)
    report = reading.apply()
    assert not report.failed
    assert {one.change.reason: one.status for one in report.outcomes}["property-removed"] is Status.WAITING
    assert removal(reading.plan()).waits_for == (TURN_ON,)
    reading.confirm_all()
    assert reading.plan().empty
    assert reading.plan().notes == ()


def test_a_new_key_is_sent_while_an_old_one_waits(reading, make):
    """Adding a property isn't held up by one that leaves."""
    without_day(reading, make, hour="9")
    report = reading.apply()
    assert not report.failed
    assert set(reading.state().entry(EVENT).fields["keys"]) == {"Order Id", "day", "hour"}
    assert [task.id for task in reading.state().open_tasks()][-2] == TURN_ON
    reading.confirm_all()
    assert reading.plan().empty


def test_a_journey_that_is_kept_blocks_the_removal(reading, make):
    """A journey that left the YAML runs on: nothing turns it off, so that its property stays."""
    reading.drop("Journey", "order_shipped")
    reading.drop("Message", "shipped_text")
    reading.put(make.event(keys={"Order Id": "54321"}))
    change = removal(reading.plan())
    assert "journey.order_shipped still shows `day`" in change.blocked
    assert reading.apply().failed
    assert removal(reading.plan(prune=True)).waits_for == ("journey.order_shipped/retire",)
    reading.settle(prune=True)
    assert reading.plan(prune=True).empty


@pytest.mark.parametrize("status", ["inactive", "draft"])
def test_turning_off_ends_the_reading(reading, make, status):
    """A journey that is to be off reads nothing once that is confirmed."""
    reading.put(make.event(keys={"Order Id": "54321"}), make.text(body=GONE), make.journey(status=status))
    assert removal(reading.plan()).waits_for == ("journey.order_shipped/turn_off",)
    reading.settle()
    assert removal(reading.plan()) is None


def test_nobody_reads_it(reading, make):
    """A property that no live text mentions may leave at once: nothing is asked of anybody."""
    reading.put(make.event(keys={"day": "May 10"}))
    assert reading.plan().empty


def test_a_journey_that_was_never_turned_on_reads_nothing(world, make):
    """Customers get nothing of a draft."""
    world.resources = [make.event(), make.text(body=DAY), make.journey(status="draft")]
    world.settle()
    without_day(world, make)
    assert removal(world.plan()) is None


def test_media_and_designs_elsewhere_count(world, make):
    """An image by property reads it; a design in Attentive's editor may read anything."""
    keys = {"Order Id": "1", "day": "x", "mediaUrl": "https://northwind.example/box.jpg"}
    with_image = make.event(keys=keys)
    with_image["properties"]["mediaUrl"]["format"] = "uri"
    design = make.email()
    del design["html"]
    world.resources = [
        with_image,
        make.text(body=GONE, media={"property": "mediaUrl"}),
        {**design, "design": "external"},
        make.journey(steps=[make.send("text", "shipped_text"), make.send("mail", "shipped_email", "email")]),
    ]
    world.settle()
    world.put(make.event(keys={"Order Id": "1"}), make.text(body=GONE), make.email(html="<p>It left.</p>"))
    assert {field.path for field in removal(world.plan()).fields} == {"keys.mediaUrl", "keys.day"}
    world.settle()
    assert world.plan().empty


def test_a_former_journey_that_still_runs_counts(reading, make):
    """A journey that a new one replaced may show anything until it is turned off."""
    reading.put(
        make.event("parcel_sent"), make.text(event="parcel_sent", body=DAY), make.journey(trigger="parcel_sent")
    )
    reading.apply()
    on = [task.token for task in reading.state().open_tasks() if "former" not in task.id]
    reading.confirm(*on)
    reading.put(make.event(keys={"Order Id": "54321"}))
    change = removal(reading.plan())
    assert change.address == EVENT
    assert all("/turn_off.former." in task for task in change.waits_for)
    reading.settle()
    assert removal(reading.plan()) is None


@pytest.fixture
def vendors(world, make):
    """A journey on a vendor's event, built and live."""
    world.resources = [
        make.event(app="loyalty"),
        make.text(body=DAY),
        make.journey(),
    ]
    world.settle()
    return world


def test_a_vendors_property_waits_as_well(vendors, make):
    """An event that somebody else sends is guarded the same way."""
    vendors.put(make.event(app="loyalty", keys={"Order Id": "54321"}), make.text(body=GONE))
    change = removal(vendors.plan())
    assert (change.by, change.waits_for) == ("person", (TURN_ON,))
    vendors.settle()
    assert vendors.plan().empty
    assert vendors.state().entry(EVENT).by == "person"


def test_turning_on_before_the_event_carried_it_is_refused(vendors, make):
    """A text that reads a new property isn't confirmed live before the vendor's event carried it."""
    keys = {"Order Id": "54321", "day": "May 10", "hour": "9"}
    vendors.put(make.event(app="loyalty", keys=keys), make.text(body="At {{triggerEvent.custom['hour']}}."))
    vendors.apply()
    own = [task.token for task in vendors.state().open_tasks() if task.id.startswith("journey.")]
    with pytest.raises(ConfirmError, match=r"event_type\.order_shipped/first_event"):
        vendors.confirm(*own)
    vendors.confirm("event_type.order_shipped/first_event", *own)
    assert vendors.plan().empty


def test_a_turn_on_that_reads_nothing_new_is_accepted(vendors, make):
    """A property that the text doesn't read holds nobody up."""
    keys = {"Order Id": "54321", "day": "May 10", "hour": "9"}
    vendors.put(make.event(app="loyalty", keys=keys), make.text(body=DAY + " Soon."))
    vendors.apply()
    vendors.confirm(*[task.token for task in vendors.state().open_tasks() if task.id.startswith("journey.")])
    assert [task.id for task in vendors.state().open_tasks()] == ["event_type.order_shipped/first_event"]


def test_a_first_turn_on_needs_the_first_event(world, make):
    """Before an event was seen at all, nothing that it triggers can be live."""
    world.resources = [make.event(app="loyalty"), make.text(body=GONE), make.journey()]
    world.apply()
    own = [task.token for task in world.state().open_tasks() if task.id.startswith("journey.")]
    with pytest.raises(ConfirmError, match="first_event"):
        world.confirm(*own)


def test_a_superseded_turn_on_is_a_truth(vendors, make):
    """What was turned on under an older token was done, whatever is asked of the vendor by now."""
    keys = {"Order Id": "54321", "day": "May 10", "hour": "9"}
    vendors.put(make.event(app="loyalty", keys=keys), make.text(body="At {{triggerEvent.custom['hour']}}."))
    vendors.apply()
    late = [task.token for task in vendors.state().open_tasks() if task.id.startswith("journey.")]
    vendors.put(make.text(body="At {{triggerEvent.custom['hour']}} or so."))
    vendors.apply()
    vendors.confirm(*[token for token in late if vendors.state().task(token).superseded])

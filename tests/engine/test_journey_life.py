"""A journey's life: what is asked is exactly what Attentive would need, from what stands there now."""

from __future__ import annotations

import pytest

from deployer.app.confirming import tasks
from deployer.engine.changes import fresh_tasks
from deployer.engine.confirm import DOUBTED, ConfirmError
from deployer.engine.tokens import Tokens

ADDRESS = "journey.order_shipped"
A, B, C = (f"Order {{{{triggerEvent.custom['Order Id']}}}} {word}." for word in ("left", "is away", "is on its way"))


@pytest.fixture
def shipped(world, make):
    """An event, a text and a journey that is built and runs."""
    world.resources = [make.event(), make.text(body=A), make.journey()]
    world.settle()
    return world


def open_ids(world):
    """The open tasks of the journey, without its address, as a fresh plan sees them."""
    plan = world.plan()
    asked = [task for one in plan.changes for task in fresh_tasks(one)] + list(plan.waiting)
    return [task.id.partition("/")[2] for task in asked if task.address == ADDRESS]


def asked(world, key):
    """The open task of the journey with this key."""
    [task] = [task for task in world.state().open_tasks() if task.id == f"{ADDRESS}/{key}"]
    return task


def declare_text(world, make, body):
    """Change the text and apply."""
    world.put(make.text(body=body))
    assert not world.apply().failed


def done(world, *keys):
    """Confirm tasks of the journey by their keys."""
    world.confirm(*(f"{ADDRESS}/{key}" for key in keys))


EVERYTHING = ["create", "send.text", "review.text", "turn_on", "verify"]
EDITED = ["send.text", "review.text", "turn_on", "verify"]


def test_a_whole_life(world, make):
    """Built, changed twice with only the first confirmed, reverted, turned off and on: only what is needed is asked."""
    world.resources = [make.event(), make.text(body=A), make.journey()]
    world.apply()
    assert open_ids(world) == EVERYTHING
    assert asked(world, "send.text").before is None
    done(world, *EVERYTHING)
    assert open_ids(world) == []

    declare_text(world, make, B)
    assert open_ids(world) == EDITED
    first = asked(world, "send.text")
    assert (first.before["text"], first.value["text"]) == (A, B)

    declare_text(world, make, C)
    second = asked(world, "send.text")
    assert (second.before["text"], second.value["text"]) == (A, C)
    assert second.token != first.token
    assert world.state().task(first.token).superseded

    world.confirm(first.token)  # late: B stands in the draft now, customers still get A
    entry = world.state().entry(ADDRESS)
    assert entry.live["send.text"]["text"] == A
    assert entry.draft["send.text"]["text"] == B
    assert open_ids(world) == EDITED
    world.apply()
    assert (asked(world, "send.text").before["text"], asked(world, "send.text").value["text"]) == (B, C)

    declare_text(world, make, A)  # reverted: only the draft must go back, and customers get A as it is
    assert open_ids(world) == ["send.text"]
    assert (asked(world, "send.text").before["text"], asked(world, "send.text").value["text"]) == (B, A)
    done(world, "send.text")
    assert open_ids(world) == []
    assert dict(world.state().entry(ADDRESS).draft) == {}
    assert world.plan().empty

    world.put(make.journey(status="inactive"))
    world.apply()
    assert open_ids(world) == ["turn_off"]
    done(world, "turn_off")
    assert open_ids(world) == []
    assert world.state().entry(ADDRESS).live["turn_on"] == {"status": "inactive"}

    world.put(make.journey())
    world.apply()
    assert open_ids(world) == ["turn_on"]
    assert asked(world, "turn_on").before == {"status": "inactive"}
    done(world, "turn_on")
    assert world.plan().empty
    assert world.plan().waiting == ()


def test_a_change_that_was_never_made_is_withdrawn(shipped, make):
    """Reverting before anybody did anything asks for nothing and withdraws what was asked."""
    declare_text(shipped, make, B)
    shipped.put(make.text(body=A))
    plan = shipped.plan()
    [change] = plan.changes
    assert (change.reason, change.tasks, len(change.withdrawn)) == ("withdrawn", (), 4)
    shipped.apply()
    assert shipped.state().open_tasks() == ()
    assert shipped.plan().empty


def test_a_superseded_turn_on_records_what_was_live(shipped, make):
    """Who turned B on while C was asked made B live; the way from B to C stays open."""
    declare_text(shipped, make, B)
    late = [task.token for task in shipped.state().open_tasks()]
    declare_text(shipped, make, C)
    shipped.confirm(*late)
    entry = shipped.state().entry(ADDRESS)
    assert entry.live["send.text"]["text"] == B
    assert dict(entry.draft) == {}
    shipped.apply()
    assert open_ids(shipped) == EDITED
    assert asked(shipped, "send.text").before["text"] == B
    shipped.confirm_all()
    assert shipped.state().entry(ADDRESS).live["send.text"]["text"] == C


def test_a_late_turn_on_has_people_look_where_its_successor_is_done(shipped, make):
    """If B is confirmed after C, no one knows which is live: the record says B, and people are asked to look."""
    declare_text(shipped, make, B)
    late = [task.token for task in shipped.state().open_tasks()]
    declare_text(shipped, make, C)
    shipped.confirm_all()
    assert shipped.plan().empty
    shipped.confirm(*late)
    assert shipped.state().entry(ADDRESS).live["send.text"]["text"] == B
    shipped.apply()
    assert open_ids(shipped) == EDITED
    assert asked(shipped, "turn_on").context[DOUBTED]
    shipped.confirm_all()
    assert shipped.state().entry(ADDRESS).live["send.text"]["text"] == C
    assert shipped.plan().empty


def test_a_late_turn_on_whose_successor_waits_leaves_no_doubt(shipped, make):
    """If B is confirmed while C still waits, B is live, and nobody is asked to look whether C is."""
    declare_text(shipped, make, B)
    late = [task.token for task in shipped.state().open_tasks()]
    declare_text(shipped, make, C)
    shipped.confirm(*late)
    shipped.apply()
    assert not asked(shipped, "turn_on").context.get(DOUBTED)


def test_another_trigger_is_another_journey(shipped, make):
    """A journey can't change its trigger: a new one is built from nothing, and the former turned off."""
    shipped.put(make.event("parcel_sent"), make.text(event="parcel_sent"), make.journey(trigger="parcel_sent"))
    plan = shipped.plan()
    assert make.change(plan, ADDRESS).irreversible
    shipped.apply()
    off = open_ids(shipped)[-1]
    assert open_ids(shipped) == [*EVERYTHING, off]
    assert off.startswith("turn_off.former.")
    assert asked(shipped, "create").before["trigger"] == "Order Shipped"
    assert asked(shipped, "send.text").before is None
    done(shipped, *EVERYTHING)
    assert open_ids(shipped) == [off]
    done(shipped, off)
    assert shipped.plan().empty
    assert shipped.plan().waiting == ()


def test_two_new_triggers_in_a_row(shipped, make):
    """If the trigger changes again before the first journey was turned off, both former ones are to be turned off."""
    for event in ("parcel_sent", "parcel_gone"):
        shipped.put(make.event(event), make.text(event=event), make.journey(trigger=event))
        shipped.apply()
        done(shipped, *EVERYTHING)
    left = open_ids(shipped)
    assert len(left) == 2
    assert {asked(shipped, key).value["trigger"] for key in left} == {"Order Shipped", "Parcel Sent"}
    shipped.confirm_all()
    assert shipped.plan().empty


def test_a_new_trigger_taken_back(shipped, make):
    """A trigger that is changed back, once the new journey was begun, still leads to one running journey only."""
    shipped.put(make.event("parcel_sent"), make.text(event="parcel_sent"), make.journey(trigger="parcel_sent"))
    shipped.apply()
    done(shipped, "create")
    shipped.put(make.text(), make.journey())
    shipped.apply()
    off = open_ids(shipped)[-1]
    assert asked(shipped, off).value["trigger"] == "Order Shipped"
    shipped.confirm_all()
    assert shipped.plan().empty
    assert shipped.plan().waiting == ()


def test_an_inactive_journey_leaves_no_former_one_running(shipped, make):
    """Declared inactive, a journey whose former one still runs asks for that to be turned off."""
    shipped.put(make.event("parcel_sent"), make.text(event="parcel_sent"), make.journey(trigger="parcel_sent"))
    shipped.apply()
    done(shipped, "create")
    shipped.put(make.journey(trigger="parcel_sent", status="inactive"))
    shipped.apply()
    [off] = open_ids(shipped)
    assert asked(shipped, off).value["status"] == "inactive"
    assert asked(shipped, off).value["trigger"] == "Order Shipped"


def test_parts_of_a_new_journey_come_after_its_beginning(shipped, make):
    """A step of the new journey can't be confirmed before the new journey is; together with it, it can."""
    shipped.put(make.event("parcel_sent"), make.text(event="parcel_sent"), make.journey(trigger="parcel_sent"))
    shipped.apply()
    with pytest.raises(ConfirmError, match=r"order_shipped/create"):
        done(shipped, "send.text")
    done(shipped, "send.text", "create")
    assert "send.text" in shipped.state().entry(ADDRESS).draft


TWO = ["create", "send.text", "review.text", "wait.pause", "send.more", "review.more", "arrange", "turn_on", "verify"]


@pytest.fixture
def longer(world, make):
    """A journey of three steps that runs."""
    steps = [make.send("text", "shipped_text"), make.wait("pause"), make.send("more", "more_text")]
    world.resources = [make.event(), make.text(), make.text("more_text", "It has left."), make.journey(steps=steps)]
    world.apply()
    assert open_ids(world) == TWO
    world.confirm_all()
    return world


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["text", "pause"], ["send.more", "arrange", "turn_on", "verify"]),
        (["text", "pause", "more", "later"], ["wait.later", "arrange", "turn_on", "verify"]),
        (["pause", "text", "more"], ["arrange", "turn_on", "verify"]),
        (["more"], ["send.text", "wait.pause", "turn_on", "verify"]),
    ],
    ids=["removed", "added", "reordered", "one left"],
)
def test_steps_come_and_go(longer, make, order, expected):
    """Only the steps that differ are asked about, then their order, then turning on."""
    known = {
        "text": make.send("text", "shipped_text"),
        "pause": make.wait("pause"),
        "more": make.send("more", "more_text"),
        "later": make.wait("later"),
    }
    longer.put(make.journey(steps=[known[step] for step in order]))
    longer.apply()
    assert sorted(open_ids(longer)) == sorted(expected)
    done(longer, *open_ids(longer))
    assert longer.plan().empty
    assert set(longer.state().entry(ADDRESS).live) >= {f"send.{step}" for step in order if step in {"text", "more"}}


def test_a_step_that_is_taken_out_is_gone_after_the_turn_on(longer, make):
    """A removed step stands until the draft is turned on, and its task leads from it to nothing."""
    longer.put(make.journey(steps=[make.send("text", "shipped_text")]))
    longer.apply()
    task = asked(longer, "send.more")
    assert task.value is None
    assert task.before["text"] == "It has left."
    longer.confirm_all()
    assert not {"send.more", "wait.pause", "review.more"} & set(longer.state().entry(ADDRESS).live)


def test_toggles_need_no_review(shipped, make):
    """Quiet hours alone change the step and the turn-on, but no text that Attentive would review."""
    shipped.put(make.journey(steps=[make.send("text", "shipped_text", quiet="ignore")]))
    shipped.apply()
    assert open_ids(shipped) == ["send.text", "turn_on", "verify"]


def test_a_new_name_keeps_the_journey(shipped, make):
    """Renaming changes the journey that stands: nothing is built anew and no text is reviewed."""
    shipped.put(make.journey(name="Parcel shipped"))
    shipped.apply()
    assert open_ids(shipped) == ["create", "turn_on", "verify"]
    assert asked(shipped, "create").before["name"] == "Order shipped"
    [rename] = [one for one in tasks(shipped.state()) if one.task.id.endswith("/create")]
    assert rename.instruction.title == "Rename “Order shipped”"
    shipped.confirm_all()
    assert shipped.plan().empty


def test_another_way_of_entering_again(shipped, make):
    """A cooldown is set when the journey is turned on, and nothing else is asked."""
    shipped.put(make.journey(re_entry={"cooldown": "12 hours"}))
    shipped.apply()
    assert open_ids(shipped) == ["turn_on"]


def test_a_draft_is_built_and_not_turned_on(world, make):
    """A journey declared as a draft ends with its parts; declared active later, only turning it on is asked."""
    world.resources = [make.event(), make.text(), make.journey(status="draft")]
    world.settle()
    assert world.plan().empty
    world.put(make.journey())
    world.apply()
    assert open_ids(world) == ["turn_on", "verify"]


def test_an_inactive_journey_is_never_built(world, make):
    """A journey that never ran and is declared inactive asks for nothing."""
    world.resources = [make.event(), make.text(), make.journey(status="inactive")]
    world.settle()
    assert open_ids(world) == []


def test_a_vendors_event_comes_before_its_journey(world, make):
    """The journey's first task waits for the vendor's first event, and says so."""
    world.resources = [
        make.event("tier_changed", {"tier": "Gold"}, app="loyalty"),
        make.text("tier_text", "You are {{triggerEvent.custom['tier']}}.", event="tier_changed"),
        make.journey("tier_changed", [make.send("text", "tier_text")], trigger="tier_changed"),
    ]
    world.apply()
    [create] = [one for one in tasks(world.state()) if one.task.id == "journey.tier_changed/create"]
    assert create.after == ("event_type.tier_changed/first_event",)


def test_a_token_is_its_task_and_its_value():
    """The same task with the same value has the same token, whatever the order of keys."""
    token = Tokens("northwind", "production").token
    assert token("a/b", {"x": 1, "y": 2}) == token("a/b", {"y": 2, "x": 1})
    assert len({token("a/b", 1), token("a/b", 2), token("a/c", 1)}) == 3

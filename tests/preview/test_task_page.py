"""The task page as values: from a record alone, and with what a checkout knows around it."""

from __future__ import annotations

import json

import pytest

from deployer.preview.tasks import task_page
from deployer.preview.tasks_declared import declared
from deployer.state import State

JOURNEY = "journey.order_shipped"
MACRO = "triggerEvent.custom['Order Id']"


@pytest.fixture
def asked(world, make):
    """The shop, applied and not confirmed."""
    world.resources = make.shop()
    world.apply()
    return world


def around(world):
    """What the checkout knows."""
    return declared(world.workspace().linked("production").project)


def task(page, key):
    """A task of the page by its id."""
    return next(one for one in page.tasks if one.id == key)


def test_every_open_task_is_there_in_order(asked):
    """Each open task stands once, below its resource, in the order in which it can be done."""
    state = asked.state()
    page = task_page(state)
    assert {one.token for one in page.tasks} == {one.token for one in state.open_tasks()}
    assert len(page.tasks) == len(state.open_tasks())
    assert [group.kind for group in page.groups] == ["opt_in_source", "event_type", "journey"]
    place = {one.token: number for number, one in enumerate(page.tasks)}
    assert all(place[need] < place[one.token] for one in page.tasks for need in one.after)


def test_a_journey_that_is_turned_on_again(asked, make):
    """Of a journey that was turned off no re-entry is recorded, so none is shown as what stands there now."""
    asked.confirm_all()
    for status in ("inactive", "active"):
        asked.put(make.journey(status=status))
        asked.apply()
        if status == "inactive":
            asked.confirm_all()
    [block] = [one for one in task(task_page(asked.state()), f"{JOURNEY}/turn_on").blocks if "Re-entry" in one.label]
    assert block.was == ""


def test_a_record_is_enough(asked):
    """Without a checkout names and pictures come from the record, and macros read as their names."""
    page = task_page(asked.state(), state_url="s3://a bucket/it's")
    [group] = [one for one in page.groups if one.address == JOURNEY]
    assert (group.name, page.checkout, page.brand) == ("Order shipped", False, "")
    assert group.picture is not None
    assert [(step.kind, step.id) for step in group.picture.steps] == [
        ("text", "text"),
        ("wait", "pause"),
        ("email", "mail"),
    ]
    assert group.minis["send.text"] == "Order Order Id left."
    assert page.options == """--env production --state 's3://a bucket/it'"'"'s'"""
    bubble = task(page, f"{JOURNEY}/send.text").bubble
    assert [(run.origin, run.text) for run in bubble.runs] == [
        ("author", "Order "),
        ("data", "Order Id"),
        ("author", " left."),
    ]
    assert bubble.sample == ""


def test_a_checkout_adds_to_it(asked):
    """With a checkout there are the brand, a sample's words, each sample's values, and the journey's picture."""
    page = task_page(asked.state(), declared=around(asked))
    text = task(page, f"{JOURNEY}/send.text")
    assert "".join(run.text for run in text.bubble.runs) == "Northwind: Order 54321 left."
    assert text.bubble.sample == "happy"
    assert {one.name: one.values[MACRO] for one in text.samples}["happy"] == "54321"
    [picture] = [group.picture for group in page.groups if group.picture]
    assert [step.id for step in picture.steps] == ["text", "pause", "mail"]
    [journey] = [group for group in page.groups if group.picture]
    assert journey.minis["send.text"] == "Order 54321 left."


def test_no_command_is_on_the_page(asked):
    """An instruction on the page asks for an answer there and names no command: who reads it has no terminal."""
    page = task_page(asked.state(), state_url="file:x.json")
    review = task(page, f"{JOURNEY}/review.text")
    words = "\n".join(block.text for block in review.blocks)
    assert "Choose below what became of it." in words
    assert "deployer confirm" not in words
    assert "TOKEN" not in json.dumps(page.data())


def test_what_was_before(asked, make):
    """Of a text that changes the words before it are told, and of a setting what it is now."""
    asked.confirm_all()
    asked.put(make.text(body="Order {{triggerEvent.custom['Order Id']}} has left."))
    steps = [make.send("text", "shipped_text", quiet="ignore"), make.wait("pause", "3 days")]
    asked.put(make.journey(steps=[*steps, make.send("mail", "shipped_email", "email")], opt_in=["checkout"]))
    asked.apply()
    page = task_page(asked.state(), declared=around(asked))
    text = task(page, f"{JOURNEY}/send.text")
    assert [(one.op, one.text) for one in text.texts[0].pieces if one.op != "same"] == [("new", "has ")]
    assert "".join(run.text for run in text.bubble.before) == "Northwind: Order 54321 left."
    fields = {block.label: (block.text, block.was) for block in text.blocks if block.type == "field"}
    assert fields == {"Quiet Hours": ("off (ignore)", "on (respect)"), "Smart Sending": ("off (ignore)", "")}
    wait = task(page, f"{JOURNEY}/wait.pause")
    assert [(block.text, block.was) for block in wait.blocks if block.type == "field"] == [("3 days", "2 days")]
    [group] = [one for one in page.groups if one.address == JOURNEY]
    assert group.done > 0


def test_a_step_that_goes_and_a_journey_that_ends(asked, make):
    """What is taken out or turned off has its clicks too, from the record alone."""
    asked.confirm_all()
    asked.put(make.journey(steps=[make.send("text", "shipped_text")], opt_in=["checkout"]))
    asked.apply()
    page = task_page(asked.state(), declared=around(asked))
    assert task(page, f"{JOURNEY}/wait.pause").blocks[0].type == "step"
    asked.confirm_all()
    asked.drop("Journey", "order_shipped")
    asked.apply(prune=True)
    [group] = task_page(asked.state(), declared=around(asked)).groups
    assert (group.name, group.picture) == ("Order shipped", None)
    assert "Turn it off" in "\n".join(block.text for block in group.tasks[0].blocks)


def test_an_older_text_of_a_newer_event(asked, make):
    """A task whose text reads what today's samples don't have shows names where it can't be filled in."""
    state = asked.state()
    asked.put(make.text(body="It left."), make.event(keys={"day": "May 10"}))
    page = task_page(state, declared=around(asked))
    assert "".join(run.text for run in task(page, f"{JOURNEY}/send.text").bubble.runs).startswith("Northwind: Order ")


def test_same_input_same_page(asked):
    """The page is a value: made twice, it is the same; narrowed, it has the rest's dependencies by token still."""
    state = asked.state()
    assert task_page(state, declared=around(asked)) == task_page(state, declared=around(asked))
    narrow = task_page(state, address=f"{JOURNEY}/send.text")
    assert [one.id for one in narrow.tasks] == [f"{JOURNEY}/send.text"]
    assert narrow.tasks[0].after == task(task_page(state), f"{JOURNEY}/send.text").after


def test_nothing_is_recorded():
    """Where nothing is recorded there is an empty page."""
    page = task_page(State("production", lineage=""))
    assert (page.groups, page.tasks, page.changed_at) == ((), (), "")


def test_what_was_asked_is_shown_and_not_the_work_tree(asked, make):
    """Files that changed since nothing was asked of them change no picture, no words and no name."""
    before = task_page(asked.state(), declared=around(asked))
    asked.put(make.text(body="Something else."))
    asked.put(make.journey(name="Another name", steps=[make.send("text", "shipped_text")], opt_in=["checkout"]))
    after = task_page(asked.state(), declared=around(asked))
    assert after.groups == before.groups


def test_branches_and_tests_are_drawn_from_the_record(world, make):
    """A branch on a segment keeps its lanes in order, under the segment's name at Attentive; so does an A/B test."""
    branch = {
        "id": "who",
        "branch": {
            "cases": [
                {"when": {"segment": "testers"}, "steps": [make.send("in", "shipped_text")]},
                {"when": {"subscription": "both"}, "steps": []},
            ],
            "else": [make.wait("pause", "1 day")],
        },
    }
    variants = [
        {"name": "short", "share": 40, "steps": []},
        {"name": "long", "share": 60, "steps": [make.send("last", "shipped_text")]},
    ]
    test = {"id": "words", "ab_test": {"variants": variants}}
    world.resources = [make.event(), make.text(), make.segment(), make.journey(steps=[branch, test])]
    world.apply()
    [group] = [one for one in task_page(world.state()).groups if one.address == JOURNEY]
    who, words = group.picture.steps
    assert [(lane.name, [step.id for step in lane.steps]) for lane in who.lanes] == [
        ("Segment: Testers", ["in"]),
        ("Subscription type: subscribed to both", []),
        ("Else", ["pause"]),
    ]
    assert [(lane.name, [step.id for step in lane.steps]) for lane in words.lanes] == [
        ("short, 40 %", []),
        ("long, 60 %", ["last"]),
    ]


def test_what_became_of_a_task(asked, make):
    """A task that is confirmed is done; one that asks for something else is replaced."""
    tokens = {one.id: one.token for one in asked.state().open_tasks()}
    asked.confirm(f"{JOURNEY}/create")
    asked.put(make.text(body="It has left."))
    asked.put(make.journey(steps=[make.send("text", "shipped_text")], opt_in=["checkout"]))
    asked.apply()
    page = task_page(asked.state())
    assert page.ended[tokens[f"{JOURNEY}/create"]].how == "done"
    changed = page.ended[tokens[f"{JOURNEY}/send.text"]]
    assert (changed.how, changed.by) == ("replaced", task(page, f"{JOURNEY}/send.text").token)
    gone = page.ended.get(tokens[f"{JOURNEY}/wait.pause"])
    assert gone is None or gone.how == "withdrawn"

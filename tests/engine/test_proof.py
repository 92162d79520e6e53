"""The last task of a journey, as it can be done: who must be subscribed, what is sent, what may come."""

from __future__ import annotations

import json

import pytest

import deployer
from deployer.engine.tasks import instruction
from deployer.sandbox import Response

JOURNEY = "journey.order_shipped"


def proof(world, address=JOURNEY):
    """The last task of a journey as it is asked."""
    [found] = [task for task in world.state().open_tasks() if task.id == f"{address}/verify"]
    return found


def shown(task):
    """The blocks of a task's instruction, each as one line."""
    return [": ".join(part for part in block if part) for block in instruction(task).blocks]


@pytest.fixture
def shop(world, make):
    """A shop with a text after a shipped order, and the opt-in at its checkout; everything but the proof is done."""
    world.resources = [make.event(), make.text(), make.opt_in(), make.journey(opt_in=["checkout"])]
    return world


def built(world):
    """Apply, and confirm everything but the proofs."""
    world.apply()
    world.confirm(*(task.token for task in world.state().open_tasks() if task.confirmable and not task.proof))


def reasons(world):
    """The reasons of the checklist's last step."""
    with world.connect() as connection:
        return deployer.launch(connection).steps[5].reasons


def test_the_test_contact_is_subscribed_first(shop):
    """The task begins with the command that subscribes the test contact; the checklist looks whether it is needed."""
    built(shop)
    command = "deployer subscribe checkout --env production"
    assert f"text: Command: {command}" in shown(proof(shop))
    [before] = reasons(shop)
    assert f"the test contact isn't subscribed to texts: first `{command}`" in before
    with shop.connect() as connection:
        assert deployer.subscribe(connection, "checkout", None) == "subscribed"
    [after] = reasons(shop)
    assert "isn't subscribed" not in after
    assert "deployer verify order_shipped" in after


def test_without_an_id_people_look_themselves(shop, make):
    """Where no opt-in source has its ID, people look in Attentive: no command is offered that can't work."""
    source = make.opt_in()
    del source["sign_up_source_id"]
    shop.put(source)
    built(shop)
    blocks = shown(proof(shop))
    assert not any("deployer subscribe" in block for block in blocks)
    assert any("see that the environment's test contact is subscribed" in block for block in blocks)
    assert "isn't subscribed to texts" in reasons(shop)[0]


def test_an_eligibility_that_cannot_be_read_is_not_guessed(shop):
    """Without the permission nothing is claimed about the test contact."""
    built(shop)
    shop.before = lambda request: Response(403, {}, b"{}") if request.path == "/v1/subscriptions" else None
    assert "subscribed" not in reasons(shop)[0]


def test_emails_need_no_subscription(world, make):
    """A journey that sends transactional emails only says nothing of a subscription."""
    steps = [make.send("mail", "shipped_email", "email")]
    world.resources = [make.event(), make.email(), make.journey(steps=steps)]
    built(world)
    assert not any("subscribe" in block for block in shown(proof(world))[:2])
    assert "subscribed" not in reasons(world)[0]


def split(make, *variants):
    """An A/B test of messages."""
    ways = [{"name": name, "share": 50, "steps": [make.send(name, message)]} for name, message in variants]
    return {"id": "copy", "ab_test": {"variants": ways}}


def test_an_ab_test_expects_one_of_its_texts(world, make):
    """All variants are listed as alternatives, beside what comes in any case; the checklist names the first ones."""
    plain, warm, later = (
        make.text(name, f"Order {{{{triggerEvent.custom['Order Id']}}}} {words}.")
        for name, words in (("plain", "left"), ("warm", "is on its way"), ("later", "should be there"))
    )
    steps = [split(make, ("plain", "plain"), ("warm", "warm")), make.send("later", "later")]
    world.resources = [make.event(), plain, warm, later, make.journey(steps=steps)]
    built(world)
    task = proof(world)
    blocks = shown(task)
    [note] = [index for index, block in enumerate(blocks) if "the messages of one variant come" in block]
    assert "plain / warm" in blocks[note]
    assert [block.rpartition("54321 ")[2] for block in blocks[note + 1 : note + 4]] == [
        "left.",
        "is on its way.",
        "should be there.",
    ]
    assert [bool(send.get("test")) for send in task.context["sends"]] == [True, True, False]
    assert "Confirm when the words are those of one variant" in "\n".join(blocks)
    [reason] = reasons(world)
    assert "left.” or “" in reason
    assert "should be there" not in reason


def test_what_comes_after_a_wait_and_in_one_branch_only_is_named(world, make):
    """A text that comes days later, or to some only, isn't missed by who looks at the phone right after the event."""
    now, later, asked = (
        make.text(name, f"Order {{{{triggerEvent.custom['Order Id']}}}} {words}.")
        for name, words in (("now", "left"), ("later", "should be there"), ("asked", "is what we ask about"))
    )
    case = {"when": {"subscription": "both"}, "steps": [make.send("asked", "asked")]}
    steps = [
        make.send("now", "now"),
        {"id": "pause", "wait": {"for": "2 days"}},
        make.send("later", "later"),
        {"id": "who", "branch": {"cases": [case], "else": []}},
    ]
    world.resources = [make.event(), now, later, asked, make.journey(steps=steps)]
    built(world)
    blocks = shown(proof(world))
    first, second, third = (
        next(number for number, block in enumerate(blocks) if block.endswith(words))
        for words in ("left.", "should be there.", "ask about.")
    )
    pauses = [number for number, block in enumerate(blocks) if "comes after the wait of 2 days" in block]
    assert first < pauses[0] < second < pauses[1] < third
    assert not any("of one branch come" in block for block in blocks[:second])
    assert "branch by subscription type" in blocks[third - 1]
    assert any("Confirm when the words are those of one branch" in block for block in blocks)


def test_the_checklist_expects_either_way_of_a_branch(world, make):
    """Which text the test contact gets depends on the contact, so the checklist names both."""
    both, other = (
        make.text(name, f"Order {{{{triggerEvent.custom['Order Id']}}}} {words}.")
        for name, words in (("both", "left"), ("other", "is on its way"))
    )
    case = {"when": {"subscription": "both"}, "steps": [make.send("both", "both")]}
    steps = [{"id": "who", "branch": {"cases": [case], "else": [make.send("other", "other")]}}]
    world.resources = [make.event(), both, other, make.journey(steps=steps)]
    built(world)
    [reason] = reasons(world)
    assert "left.” or “" in reason


@pytest.mark.parametrize("cooldown", ["none", "7 days"])
def test_a_cooldown_is_named(world, make, cooldown):
    """Who entered lately isn't taken in again: a test in that time would show nothing."""
    world.resources = [make.event(), make.text(), make.journey(re_entry={"cooldown": cooldown})]
    built(world)
    blocks = shown(proof(world))
    assert any("cooldown is 7 days" in block for block in blocks) == (cooldown != "none")


def test_a_vendors_event_comes_with_its_payload(world, make):
    """What to ask the vendor for is a whole body; a personal value and the test contact stay out of the task."""
    told = {"tier": "Gold", "first name": "Ana"}
    event = make.event("tier_changed", told, app="loyalty")
    event["properties"]["first name"]["pii"] = True
    steps = [make.send("text", "tier_text")]
    text = make.text("tier_text", "You are {{triggerEvent.custom['tier']}} now.", event="tier_changed")
    world.resources = [event, text, make.journey("tier_changed", steps, trigger="tier_changed")]
    built(world)
    task = proof(world, "journey.tier_changed")
    body = json.loads(task.context["payload"])
    assert body["type"] == "Tier Changed"
    assert body["properties"] == {"tier": "Gold", "first name": "***"}
    assert make.phone not in task.context["payload"]
    assert any(block.startswith("text: The event to ask for") for block in shown(task))


def test_in_a_sandbox_we_play_the_vendor(world, make):
    """No vendor sends to a sandbox: the task has the command that does."""
    text = make.text("tier_text", "You are {{triggerEvent.custom['tier']}} now.", event="tier_changed")
    event = make.event("tier_changed", {"tier": "Gold"}, app="loyalty")
    steps = [make.send("text", "tier_text")]
    world.resources = [event, text, make.journey("tier_changed", steps, trigger="tier_changed")]
    with deployer.connect(world.workspace(), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))
        [task] = [one for one in connection.state().open_tasks() if one.proof]
    assert task.context["command"].startswith("deployer verify tier_changed --env sandbox")
    assert "ask" not in task.context

"""The plan is a value: same inputs, same bytes; a saved plan is applied only while it speaks of what is there."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

import deployer
from deployer.app.operations import ApplyOptions
from deployer.engine.plan import Mode, Plan
from deployer.engine.report import Status
from deployer.kinds.base import GuardError
from deployer.kinds.journey import units as journey_units
from deployer.kinds.message import MessageReading
from deployer.messages import RenderError
from deployer.views.plan import plan_text

SAVED = ApplyOptions(saved=True)

PLAN_IN_A_PROCESS = """
import json, sys
import deployer
with deployer.connect(deployer.load(sys.argv[1]), "production", environ={}) as connection:
    print(json.dumps(deployer.plan(connection, offline=True).to_json(), sort_keys=True))
"""


def text(plan):
    """A plan as it is saved."""
    return json.dumps(plan.to_json(), sort_keys=True)


def test_the_same_inputs_give_the_same_bytes(shop_world):
    """Two plans of one world are byte for byte the same, live and offline, fresh and applied."""
    for _ in range(2):
        assert text(shop_world.plan()) == text(shop_world.plan())
        assert text(shop_world.plan(offline=True)) == text(shop_world.plan(offline=True))
        shop_world.apply()


def test_the_order_of_declarations_does_not_matter(shop_world):
    """Resources in another order are the same plan."""
    plan = text(shop_world.plan())
    shop_world.resources.reverse()
    assert text(shop_world.plan()) == plan


def test_another_process_gives_the_same_bytes(shop_world):
    """Another process with another hash seed makes the same plan."""
    here = text(shop_world.plan(offline=True))
    for seed in ("1", "2"):
        command = [sys.executable, "-c", PLAN_IN_A_PROCESS, str(shop_world.root)]
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == here


@pytest.mark.parametrize("applied", [False, True])
def test_a_plan_survives_a_file(shop_world, make, applied):
    """A plan that was written and read again is the same plan."""
    if applied:
        shop_world.settle()
        shop_world.put(
            make.text(body="Gone."), make.webhook(events=["sms.sent", "email.opened"]), make.event(keys={"a": 1})
        )
        shop_world.drop("Segment", "testers")
    plan = shop_world.plan(prune=applied)
    assert plan.changes
    assert Plan.from_json(json.loads(text(plan))) == plan


def test_a_plan_of_a_later_version_is_refused(shop_world):
    """A plan file of another format isn't guessed at."""
    with pytest.raises(ValueError, match="version 99"):
        Plan.from_json({**shop_world.plan().to_json(), "version": 99})


def test_a_saved_plan_is_applied(shop_world):
    """A plan that went through a file is applied as it is."""
    plan = Plan.from_json(json.loads(text(shop_world.plan())))
    assert not shop_world.apply(plan, SAVED).failed
    assert shop_world.plan().empty


def refused(world, plan, code):
    """Applying the plan is refused with a code, before anything was written."""
    world.requests.clear()
    with pytest.raises(GuardError) as error:
        world.apply(plan, SAVED)
    assert error.value.code == code
    assert {request.method for request in world.requests} <= {"GET"}


def test_a_plan_of_another_environment_is_refused(shop_world):
    """A plan says for which environment it is."""
    refused(shop_world, replace(shop_world.plan(), environment="sandbox"), "other-environment")


def test_an_offline_plan_is_refused(shop_world):
    """What was made without looking at Attentive is never applied."""
    plan = shop_world.plan(offline=True)
    assert plan.mode is Mode.OFFLINE
    refused(shop_world, plan, "offline-plan")


def test_a_plan_from_before_the_first_record_says_so(shop_world):
    """A plan that was made when nothing was recorded isn't applied to a record that somebody began since."""
    plan = shop_world.plan()
    shop_world.apply()
    with pytest.raises(GuardError) as stale:
        shop_world.apply(plan, SAVED)
    assert (stale.value.code, stale.value.hint) == ("other-lineage", "plan again: `deployer plan --env production`")
    assert "when nothing was recorded" in stale.value.message
    shop_world.state_file.unlink()
    with pytest.raises(GuardError, match="now nothing is recorded"):
        shop_world.apply(replace(plan, lineage="l"), SAVED)


def test_a_plan_of_another_state_is_refused(shop_world):
    """A state that was begun anew isn't the one that the plan was made from."""
    shop_world.apply()
    shop_world.drop("Segment", "testers")
    plan = shop_world.plan(prune=True)
    shop_world.state_file.unlink()
    shop_world.apply(shop_world.plan())
    refused(shop_world, plan, "other-lineage")


@pytest.mark.parametrize("change", ["text", "forget", "sample"])
def test_a_plan_of_another_yaml_is_refused(shop_world, make, change):
    """Whatever of the YAML the plan was made from may not have changed since."""
    plan = shop_world.plan()
    if change == "text":
        shop_world.put(make.text(body="Gone."))
    elif change == "forget":
        shop_world.settings["forget"] = ["webhook.old"]
    else:
        shop_world.put(make.event(keys={"Order Id": "54321", "day": "May 11"}))
    refused(shop_world, plan, "config-changed")


def test_a_comment_does_not_spoil_a_plan(shop_world, make):
    """What isn't deployed may change: a description says nothing to Attentive."""
    plan = shop_world.plan()
    shop_world.put(make.event(description="The carrier scanned it."))
    assert not shop_world.apply(plan, SAVED).failed


def test_a_record_that_moved_spoils_a_plan(shop_world, make):
    """A confirmation on an address that the plan touches makes it stale."""
    shop_world.apply()
    shop_world.put(make.text(body="Gone."))
    plan = shop_world.plan()
    shop_world.confirm("journey.order_shipped/create")
    refused(shop_world, plan, "state-moved")


def test_an_unrelated_confirmation_does_not_spoil_a_plan(shop_world, make):
    """A confirmation on another address leaves the plan good."""
    shop_world.apply()
    shop_world.put(make.text(body="Gone."))
    plan = shop_world.plan()
    shop_world.confirm("opt_in_source.checkout/place")
    assert not shop_world.apply(plan, SAVED).failed


def edit_live(world, method, **change):
    """Change the one webhook or the one segment at Attentive, as somebody with the key would."""
    with world.connect() as connection:
        client = connection.session.client("orders")
        if method == "webhook":
            [hook] = client.webhooks()
            client.update_webhook(hook.id, hook.url, change.get("events", hook.events), disabled=hook.disabled)
        elif method == "segment":
            client.update_segment("northwind_testers", **change)
        else:
            [hook] = client.webhooks()
            client.delete_webhook(hook.id)


def test_an_object_edited_since_fails_alone(world, make):
    """A live object that isn't the one that the plan saw fails its change and what needs it; the rest goes on."""
    branch = {"cases": [{"when": {"segment": "testers"}, "steps": [make.send("text", "shipped_text")]}], "else": []}
    world.resources = [make.event(), make.text(), make.segment(), make.webhook()]
    world.settle()
    world.put(make.segment(name="All testers"), make.webhook(events=["email.opened"]))
    world.put(make.journey(steps=[{"id": "who", "branch": branch}]))
    plan = world.plan()
    edit_live(world, "segment", name="Somebody's")
    report = world.apply(plan, SAVED)
    assert {outcome.change.address: outcome.status for outcome in report.outcomes} == {
        "segment.testers": Status.FAILED,
        "webhook.receipts": Status.DONE,
        "journey.order_shipped": Status.BLOCKED,
    }
    assert report.failed
    assert [one["name"] for one in world.dump("segments")] == ["Somebody's"]


def test_an_object_gone_since_fails(world, make):
    """A live object that was deleted after the plan isn't written to."""
    world.resources = [make.webhook()]
    world.settle()
    world.put(make.webhook(events=["email.opened"]))
    plan = world.plan()
    edit_live(world, "gone")
    [outcome] = world.apply(plan, SAVED).outcomes
    assert outcome.status is Status.FAILED
    assert "gone" in outcome.message


def test_an_object_edited_since_is_not_removed(world, make):
    """Removal, too, is of the object that the plan saw; one that is gone already is no failure."""
    world.resources = [make.webhook(), make.segment()]
    world.settle()
    world.drop("Webhook", "receipts")
    plan = world.plan(prune=True)
    edit_live(world, "webhook", events=["email.opened"])
    [outcome] = world.apply(plan, SAVED).outcomes
    assert outcome.status is Status.FAILED
    assert world.dump("webhooks")
    plan = world.plan(prune=True)
    edit_live(world, "gone")
    assert not world.apply(plan, SAVED).failed
    assert "webhook.receipts" not in world.state().entries


def test_an_object_that_appeared_since_is_not_made_twice(world, make):
    """A create fails where its like was made by somebody else after the plan."""
    world.resources = [make.webhook()]
    plan = world.plan()
    with world.connect() as connection:
        connection.session.client("orders").create_webhook(make.hook_url, ["sms.sent"])
    [outcome] = world.apply(plan, SAVED).outcomes
    assert outcome.status is Status.FAILED
    assert len(world.dump("webhooks")) == 1


def test_an_apply_that_is_asked_to_stop_reports(shop_world):
    """A first Ctrl-C lets what runs finish and be recorded, and begins nothing more."""
    options = deployer.ApplyOptions()

    def stop(change, status, why):
        del change, status, why
        options.stop.set()

    with shop_world.connect() as connection:
        report = deployer.apply(connection, deployer.plan(connection), options, stop)
        done = [outcome.change.address for outcome in report.outcomes if outcome.status is not Status.NOT_STARTED]
        assert sorted(done) == sorted(connection.backend.read().entries)
    assert (report.interrupted, report.failed) == (True, True)
    assert report.count(Status.NOT_STARTED) >= 1
    shop_world.settle()
    assert shop_world.plan().empty


def test_what_instructions_tell_is_made_when_it_is_looked_at(world, make, monkeypatch):
    """A plan is shown without counting a text and filling it in; it has both where it is saved."""
    world.resources = [make.event(), make.text(), make.journey()]
    with monkeypatch.context() as patched:
        patched.setattr(journey_units, "estimate", lambda *_: pytest.fail("a text was counted"))
        patched.setattr(MessageReading, "part", lambda *_: pytest.fail("a text was filled in"))
        plan = world.plan(offline=True)
        assert "Add the text" in plan_text(plan, verbose=True)
    contexts = {task["id"]: task["context"] for change in plan.to_json()["changes"] for task in change.get("tasks", ())}
    assert contexts["journey.order_shipped/send.text"]["estimate"] == [1, 1]
    assert contexts["journey.order_shipped/verify"]["sends"][0]["reads"].endswith("left.")
    assert text(world.plan(offline=True)) == text(plan) == text(copy.deepcopy(plan))


def test_words_that_can_not_be_filled_in_are_no_plan(world, make):
    """Where the rule is off that finds it, words that a sample can't fill in end a plan, shown or saved."""
    world.settings["rules"] = {"message/render-error": "off"}
    steps = [make.send("mail", "shipped_email", "email")]
    world.resources = [make.event(), make.email(subject="{{ 1 | divided_by: 0 }}"), make.journey(steps=steps)]
    with pytest.raises(RenderError, match="can't divide by 0"):
        world.plan(offline=True)

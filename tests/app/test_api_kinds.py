"""What the API does: events sent once, objects compared and changed, secrets by their hash."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

import deployer
from deployer.engine.changes import Action, Provenance
from deployer.engine.tasks import instruction
from deployer.kinds.base import GuardError


def test_an_event_is_sent_once_and_long_ago(world, make):
    """A registration carries every key, optional ones too, is a day old, and starts no journey."""
    day = {"type": "string", "minLength": 1, "optional": True, "examples": ["May 10"]}
    event = make.event(keys={"Order Id": "54321"})
    event["properties"]["day"] = day
    world.resources = [event]
    plan = world.plan()
    assert make.change(plan, "event_type.order_shipped").irreversible
    world.apply()
    world.apply()
    [sent] = world.dump("events")
    assert sent["properties"] == {"Order Id": "54321", "day": "May 10"}
    assert sent["starts_journeys"] is False
    age = datetime.fromisoformat(sent["received_at"]) - datetime.fromisoformat(sent["occurred_at"])
    assert timedelta(hours=23) < age < timedelta(hours=25)
    assert sent["user"] == {"email": [make.email_address], "phone": [make.phone]}


def test_an_event_sent_before_the_state_was_lost_is_the_same_event(world, make):
    """The same type, keys and app give the same external id, so that Attentive has one event."""
    world.resources = [make.event()]
    world.apply()
    world.state_file.unlink()
    assert not world.apply().failed
    assert len(world.dump("events")) == 1


def test_keys_are_added_and_never_taken_away(world, make):
    """A new key is sent; one that is no longer declared stays at Attentive and is no change; both stay recorded."""
    world.resources = [make.event(keys={"a": "1"})]
    world.apply()
    world.put(make.event(keys={"a": "1", "b": "2"}))
    change = make.change(world.plan(), "event_type.order_shipped")
    assert (change.action, change.reason) == (Action.SEND, "changed")
    world.apply()
    assert [sorted(one["properties"]) for one in world.dump("events")] == [["a"], ["a", "b"]]
    world.put(make.event(keys={"b": "2"}))
    assert world.plan().empty
    world.put(make.event(keys={"b": "2", "c": "3"}))
    world.apply()
    assert sorted(world.state().entry("event_type.order_shipped").fields["keys"]) == ["a", "b", "c"]
    assert world.plan().empty


def test_a_renamed_event_is_another_one(world, make):
    """Another name is sent as a type of its own, and the plan says that there is no way back."""
    world.resources = [make.event()]
    world.apply()
    world.put(make.event(name="Order sent"))
    change = make.change(world.plan(), "event_type.order_shipped")
    assert change.action is Action.SEND
    assert change.irreversible
    assert {one.path for one in change.fields} == {"name"}
    world.apply()
    assert sorted(world.dump("event_types")) == ["Order Shipped", "Order sent"]
    assert world.plan().empty


def test_a_vendors_event_is_asked_for_and_never_sent(world, make):
    """Nothing is sent for a vendor's type; a new key is asked for again, a key less isn't."""
    world.resources = [make.event("tier_changed", {"tier": "Gold"}, app="loyalty")]
    world.settle()
    assert world.dump("events") == []
    world.put(make.event("tier_changed", {"tier": "Gold", "until": "May"}, app="loyalty"))
    [task] = make.change(world.plan(), "event_type.tier_changed").tasks
    assert sorted(task.value["keys"]) == ["tier", "until"]
    world.settle()
    world.put(make.event("tier_changed", {"until": "May"}, app="loyalty"))
    assert world.plan().empty


def shown(task):
    """The blocks of a task's instruction, each as one line."""
    return [": ".join(part for part in block if part) for block in instruction(task).blocks]


def test_a_vendor_is_asked_for_a_whole_body(world, make):
    """Whoever asks the vendor can send the body on as it is: every key is in it, and no personal value."""
    event = make.event("tier_changed", {"tier": "Gold", "first name": "Ana"}, app="loyalty")
    event["properties"]["first name"]["pii"] = True
    world.resources = [event]
    world.apply()
    [task] = world.state().open_tasks()
    body = json.loads(task.context["payload"])
    assert body["type"] == "Tier Changed"
    assert body["properties"] == {"tier": "Gold", "first name": "***"}
    blocks = shown(task)
    assert blocks[0].startswith("step: Ask the vendor of the app")
    assert any(block.startswith("text: The event to ask for") for block in blocks)


def test_in_a_sandbox_the_first_event_of_a_vendor_is_sent_by_a_command(world, make):
    """No vendor sends to a sandbox, so the task has the command that plays the vendor, and it works."""
    world.resources = [make.event("tier_changed", {"tier": "Gold"}, app="loyalty")]
    with deployer.connect(world.workspace(), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))
        [task] = connection.state().open_tasks()
    assert task.context["command"] == "deployer send tier_changed --env sandbox"
    assert not any("Ask" in block for block in shown(task))


def test_an_event_left_to_its_producer(world, make):
    """A type of ours that its producer registers is a task; taken back by us, it is sent and the task is gone."""
    world.resources = [make.event(registered_by="producer")]
    world.apply()
    assert world.dump("events") == []
    assert len(world.state().open_tasks()) == 1
    world.put(make.event())
    world.apply()
    assert len(world.dump("events")) == 1
    assert world.state().open_tasks() == ()
    assert world.plan().empty
    assert world.plan().waiting == ()


def test_an_attributes_type_is_locked(world, make):
    """Another type is blocked with the way out, and nothing is sent."""
    world.resources = [make.attribute()]
    world.settle()
    world.put(make.attribute(schema={"type": "number", "examples": [3]}))
    change = make.change(world.plan(), "custom_attribute.tier")
    assert "another name" in change.blocked
    assert world.apply().failed
    assert world.dump("attributes") == {"Tier": "String"}


def test_another_attribute_in_its_place(world, make):
    """Under another name it is another attribute, which may have another type."""
    world.resources = [make.attribute()]
    world.settle()
    world.put(make.attribute(name="Tier Number", schema={"type": "number", "examples": [3]}))
    world.settle()
    assert world.dump("attributes") == {"Tier": "String", "Tier Number": "Number"}
    assert world.plan().empty


def test_an_attribute_that_another_contact_lacks_is_set_there(world, make):
    """The record trusts the test contact: a new one gets the attribute."""
    world.resources = [make.attribute()]
    world.settle()
    world.environ |= {"TEST_PHONE": "+12065550178", "TEST_EMAIL": "other@northwind.example"}
    assert make.change(world.plan(), "custom_attribute.tier").reason == "gone"
    world.settle()
    assert world.plan().empty


def test_a_segments_external_id_stays(world, make):
    """Another external id is blocked with the way out."""
    world.resources = [make.segment()]
    world.settle()
    world.put(make.segment(external_id="other"))
    assert "keeps its external id" in make.change(world.plan(), "segment.testers").blocked


def test_a_segment_without_a_description(world, make):
    """Attentive's own description isn't ours to compare; a declared one is changed and compared."""
    world.resources = [make.segment()]
    world.settle()
    assert world.plan().empty
    world.put(make.segment(description="Who tries first."))
    [field] = make.change(world.plan(), "segment.testers").fields
    assert (field.path, field.new, field.provenance) == ("description", "Who tries first.", Provenance.LIVE)
    world.settle()
    world.put(make.segment())
    assert world.plan().empty
    assert world.dump("segments")[0]["description"] == "Who tries first."


def test_a_segment_edited_at_attentive_is_put_right(world, make):
    """The plan compares with what is live, not with what was recorded; drift says what somebody changed."""
    world.resources = [make.segment(), make.webhook()]
    world.settle()
    with world.connect() as connection:
        connection.session.client("orders").update_segment("northwind_testers", name="Somebody's")
    [field] = make.change(world.plan(), "segment.testers").fields
    assert (field.old, field.new) == ("Somebody's", "Testers")
    with world.connect() as connection:
        found = {one.address: one for one in deployer.drift(connection)}
    assert found["webhook.receipts"].outcome == "same"
    assert found["segment.testers"].outcome == "changed"
    assert [(one.path, one.old, one.new) for one in found["segment.testers"].fields] == [
        ("name", "Testers", "Somebody's")
    ]
    world.settle()
    assert world.dump("segments")[0]["name"] == "Testers"


def test_a_disabled_webhook(world, make):
    """The create call can't disable, so that it is disabled right after; enabling later is one change."""
    world.resources = [make.webhook(status="disabled")]
    world.settle()
    assert world.dump("webhooks")[0]["disabled_at"]
    assert world.plan().empty
    world.put(make.webhook())
    world.settle()
    assert not world.dump("webhooks")[0]["disabled_at"]


def test_events_of_a_webhook_have_no_order(world, make):
    """The same events in another order are no change."""
    world.resources = [make.webhook(events=["sms.sent", "email.opened"])]
    world.settle()
    world.put(make.webhook(events=["email.opened", "sms.sent"]))
    assert world.plan().empty


def test_a_webhook_stays_with_its_app(world, make):
    """Another app is blocked with the way out: the old webhook would stay and everything arrive twice."""
    world.settings["apps"]["returns"] = {}
    world.production["apps"]["returns"] = {"name": "Returns", "api_key": {"env": "RETURNS_KEY"}}
    world.environ["RETURNS_KEY"] = "key-of-returns"
    from deployer.sandbox import SandboxApp  # noqa: PLC0415 - used here only

    world.account.ensure_app(SandboxApp("returns", "Returns", "key-of-returns"))
    world.resources = [make.webhook()]
    world.settle()
    world.put(make.webhook(app="returns"))
    assert "stays with the app" in make.change(world.plan(), "webhook.receipts").blocked
    assert world.apply().failed
    assert len(world.dump("webhooks")) == 1


@pytest.fixture
def secret_hook(world, make):
    """A webhook whose URL is a secret, applied."""
    world.resources = [make.webhook(url={"env": "HOOK_URL"})]
    world.settle()
    return world


def test_a_secret_url_is_compared_by_its_hash(secret_hook, make):
    """The same secret is no change, another one is; neither stands in plan, state or report."""
    assert secret_hook.dump("webhooks")[0]["url"] == make.hook_url
    assert secret_hook.plan().empty
    secret_hook.environ["HOOK_URL"] = "https://hooks.northwind.example/another-t0ken"
    plan = secret_hook.plan()
    [field] = make.change(plan, "webhook.receipts").fields
    assert field.path == "url"
    report = secret_hook.apply(plan)
    assert secret_hook.dump("webhooks")[0]["url"].endswith("another-t0ken")
    shown = json.dumps([plan.to_json(), report.to_json(), secret_hook.state().to_json()])
    assert "t0ken" not in shown
    assert secret_hook.plan().empty


def test_a_secret_that_is_not_set(secret_hook):
    """Plan and apply name the variable; an offline plan says that it couldn't compare."""
    del secret_hook.environ["HOOK_URL"]
    with pytest.raises(GuardError, match="HOOK_URL"):
        secret_hook.plan()
    offline = secret_hook.plan(offline=True)
    assert offline.empty
    [note] = offline.notes
    assert "HOOK_URL" in note.text


def test_a_secret_url_changed_at_attentive(secret_hook, make):
    """Drift says that the URL is another one, without showing either."""
    with secret_hook.connect() as connection:
        client = connection.session.client("orders")
        [hook] = client.webhooks()
        client.update_webhook(hook.id, "https://elsewhere.example/x", hook.events, disabled=False)
        [found] = deployer.drift(connection)
    assert found.outcome == "changed"
    assert "elsewhere" not in repr(found)
    assert make.hook_url not in repr(found)


def test_a_secret_url_that_is_written_out_later(secret_hook, make):
    """The plan that replaces a secret URL by one in clear doesn't show the secret one."""
    secret_hook.put(make.webhook(url="https://hooks.northwind.example/open"))
    plan = secret_hook.plan()
    assert make.hook_url not in json.dumps(plan.to_json())
    secret_hook.settle()
    assert secret_hook.plan().empty


def test_an_object_that_is_gone_is_made_again(world, make):
    """A webhook that somebody deleted is created anew, and recorded under its new id."""
    world.resources = [make.webhook()]
    world.settle()
    former = world.state().entry("webhook.receipts").id
    with world.connect() as connection:
        connection.session.client("orders").delete_webhook(former)
        [found] = deployer.drift(connection)
    assert found.outcome == "gone"
    change = make.change(world.plan(), "webhook.receipts")
    assert (change.action, change.reason) == (Action.CREATE, "gone")
    world.settle()
    assert world.state().entry("webhook.receipts").id != former
    assert world.plan().empty

"""An explanation says why a change is there or isn't, what each value was, and where it is written."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

import deployer
from deployer.errors import UsageError
from deployer.source import schema
from deployer.views.explain import explanation_json, explanation_markdown, explanation_text


def explained(world, address, **options):
    """The explanation of an address; each way to show it works, and its JSON is what the schema says."""
    with world.connect() as connection:
        found = deployer.explain(connection, deployer.plan(connection, **options), address)
    data = json.loads(explanation_json(found))
    assert [error.message for error in Draft202012Validator(schema("explanation")).iter_errors(data)] == []
    assert address.partition("/")[0] in explanation_text(found)
    assert explanation_markdown(found)
    return found


def line(world, words):
    """The place of some words in the one file of resources, as a source writes it."""
    text = (world.root / "shop.yaml").read_text(encoding="utf-8")
    return f"shop.yaml:{text[: text.index(words)].count(chr(10)) + 1}"


def field(found, path):
    """The one explained field of this path."""
    [one] = [one for change in found.changes for one in change.fields if one.path == path]
    return one


def test_a_new_resource(shop_world):
    """What isn't recorded yet says so, and shows what comes before and after it."""
    found = explained(shop_world, "event_type.order_shipped")
    [change] = found.changes
    assert (found.verdict, found.kind) == ("changes", "EventType")
    assert "nothing of it is recorded" in change.why
    assert change.then == ("journey.order_shipped",)
    assert any(guard.startswith("irreversible") for guard in change.guards)
    assert str(found.declared) == line(shop_world, '"kind": "EventType", "id": "order_shipped"')
    journey = explained(shop_world, "journey.order_shipped").changes[0]
    assert ("event_type.order_shipped", True) in [(one.address, one.changes) for one in journey.first]


def test_a_value_that_attentive_shows(world, make):
    """A field that differs tells what is live now, and in which line the new value stands."""
    world.resources = [make.webhook()]
    world.settle()
    world.put(make.webhook(events=["email.opened"]))
    found = explained(world, "webhook.receipts")
    events = field(found, "events")
    assert (events.old, events.new, events.known) == (["sms.sent"], ["email.opened"], "Attentive shows it now")
    assert [str(place) for place in events.written] == [line(world, "email.opened")]
    assert any("at Attentive before the apply" in guard for guard in found.changes[0].guards)


def test_a_value_that_was_recorded_or_confirmed(shop_world, make):
    """What an apply recorded and what a person confirmed are told apart, each with its day."""
    shop_world.settle()
    shop_world.put(make.event(keys={"Order Id": "54321", "day": "May 10", "hour": 9}), make.text(body="Gone."))
    key = field(explained(shop_world, "event_type.order_shipped"), "keys.hour")
    assert (key.old, key.new) == (None, "integer")
    text = field(explained(shop_world, "journey.order_shipped"), "send.text.text")
    assert (text.new, text.known) == ("Gone.", "confirmed by ana on 2026-05-10")
    assert [str(place) for place in text.written] == [line(shop_world, "Gone."), line(shop_world, '"kind": "Journey"')]


def test_a_value_from_a_patch_a_file_and_a_macro(world, make):
    """A value of one environment, a text in a file, and words from a macro are each found where they are written."""
    world.root.mkdir()
    (world.root / "macros").mkdir()
    (world.root / "macros" / "links.jinja").write_text("[% macro help() %]Help.[% endmacro %]\n", encoding="utf-8")
    (world.root / "mail.html").write_text("<p>[[ help() ]]</p>", encoding="utf-8")
    world.resources = [
        make.event(),
        make.email(html={"file": "mail.html"}),
        make.journey(
            steps=[make.send("mail", "shipped_email", "email")],
            per_environment={"production": {"name": "Parcels"}},
        ),
    ]
    found = explained(world, "journey.order_shipped")
    assert [str(place) for place in field(found, "create.name").written] == [line(world, "Parcels")]
    written = [str(place) for place in field(found, "send.mail.html").written]
    assert written[1:3] == ["mail.html:1", "macros/links.jinja:1"]


def test_a_shared_property(world, make):
    """The type of a key that uses a Property leads to both declarations."""
    event = make.event()
    event["properties"]["Order Id"] = {"use": "order_id"}
    shared = {"kind": "Property", "id": "order_id", "schema": {"type": "string", "minLength": 1}}
    world.resources = [event, shared]
    key = field(explained(world, "event_type.order_shipped"), "keys.Order Id")
    assert [str(place) for place in key.written] == [line(world, '"Order Id"'), line(world, '"kind": "Property"')]
    part = explained(world, "property.order_id")
    assert (part.verdict, part.part_of) == ("part", ("event_type.order_shipped",))


def test_no_change_says_why(shop_world):
    """An address without a change agrees, waits for people, or is kept."""
    shop_world.apply()
    waiting = explained(shop_world, "journey.order_shipped/turn_on")
    assert waiting.verdict == "waits"
    assert "journey.order_shipped/turn_on" in [task.id for task in waiting.tasks]
    shop_world.confirm_all()
    webhook = explained(shop_world, "webhook.receipts")
    assert (webhook.verdict, webhook.changes) == ("agrees", ())
    assert "Attentive shows" in webhook.why
    assert "recorded" in explained(shop_world, "webhook.receipts", offline=True).why
    shop_world.drop("Webhook", "receipts")
    kept = explained(shop_world, "webhook.receipts")
    assert (kept.verdict, kept.declared) == ("kept", None)
    assert "--prune" in kept.notes[0].hint


def test_entries_of_the_settings_are_found(world, make):
    """An adoption, a move and a forgotten record lead to the entry of deployer.yaml that asks for it."""
    world.resources = [make.webhook(), make.segment()]
    world.settle()
    world.drop("Webhook", "receipts")
    world.drop("Segment", "testers")
    world.put(make.webhook("hooks"))
    world.settings["moved"] = [{"from": "webhook.receipts", "to": "webhook.hooks"}]
    world.settings["forget"] = ["segment.testers"]
    for address in ("webhook.hooks", "webhook.receipts", "segment.testers"):
        [change] = explained(world, address).changes
        assert change.source.path == "deployer.yaml"


def test_a_removal_and_what_waits(world, make):
    """A removal tells the limits, and a property that leaves what it waits for."""
    world.resources = [make.event(), make.text(body="Order {{triggerEvent.custom['day']}}."), make.journey()]
    world.resources += [make.webhook(protect=True)]
    world.settle()
    world.drop("Webhook", "receipts")
    world.put(make.event(keys={"Order Id": "1"}), make.text(body="Gone."))
    guards = explained(world, "webhook.receipts", prune=True).changes[0].guards
    assert any(guard.startswith("blocked: it is protected") for guard in guards)
    assert any("--allow-removals" in guard for guard in guards)
    leaves = explained(world, "event_type.order_shipped")
    assert leaves.changes[0].change.waits_for == ("journey.order_shipped/turn_on",)
    assert "keep sending `day`" in leaves.notes[0].text


@pytest.mark.parametrize("address", ["journey.order_shiped", "order_shipped", "nothing", "", "/turn_on"])
def test_an_unknown_address(shop_world, address):
    """An address that isn't there is refused, with the one that was probably meant."""
    with pytest.raises(UsageError) as error, shop_world.connect() as connection:
        deployer.explain(connection, deployer.plan(connection), address)
    assert ("order_shipped" in error.value.hint) == (address != "nothing" or "event_type" in error.value.hint)


def test_every_address_of_a_shop_can_be_explained(shop_world):
    """Before and after an apply, online and offline, there is an explanation of everything that is declared."""
    for offline in (True, False, True):
        for body in shop_world.resources:
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in body["kind"]).strip("_")
            assert explained(shop_world, f"{snake}.{body['id']}", offline=offline).why
        if not offline:
            shop_world.apply()
    assert deployer.load(shop_world.root).settings is not None

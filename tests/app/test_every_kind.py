"""For every kind: applied and confirmed is nothing to do; what runs already is taken over, not built twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import deployer
from deployer.engine.baseline import DifferentTextError
from deployer.engine.baseline_folder import file_names
from deployer.engine.confirm import ConfirmError
from deployer.engine.desired import desired, units
from deployer.engine.plan_tasks import tasks_for
from deployer.engine.tokens import Tokens
from deployer.kinds import KINDS

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"

CASES = {
    "Property": ["Property order_id", "EventType order_shipped"],
    "EventType": ["EventType order_shipped", "EventType tier_changed"],
    "CustomAttribute": ["CustomAttribute tier"],
    "Segment": ["Segment testers"],
    "Webhook": ["Webhook receipts"],
    "OptInSource": ["OptInSource checkout"],
    "Message": ["EventType order_shipped", "Message shipped_text", "Message shipped_email"],
    "Journey": [
        "EventType order_shipped",
        "Message shipped_text",
        "Message shipped_email",
        "Journey order_shipped",
        "OptInSource checkout",
    ],
    "JourneyTest": ["EventType order_shipped", "JourneyTest shipped_late"],
}
"""What a kind's own case declares of the shop and a test of its journeys; a kind without a case fails."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_settles(world, make, kind):
    """A kind that is applied and confirmed leaves nothing to do, and while its tasks wait nothing new is planned."""
    world.resources = [
        body for body in [*make.shop(), make.journey_test()] if f"{body['kind']} {body['id']}" in CASES[kind]
    ]
    assert kind in {body["kind"] for body in world.resources}
    assert not world.apply().failed
    waiting = world.plan()
    assert waiting.empty
    assert {task.id for task in waiting.waiting} == {task.id for task in world.state().open_tasks()}
    world.confirm_all()
    settled = world.plan()
    assert settled.empty
    assert settled.waiting == ()
    assert settled.notes == ()


def test_everything_together_settles(shop_world):
    """One of every kind in one project settles in one apply."""
    shop_world.settle()
    assert shop_world.plan().empty
    assert shop_world.plan().waiting == ()
    assert shop_world.dump("webhooks")
    assert shop_world.dump("segments")


def test_northwind_settles(tmp_path, make):
    """The example is applied, confirmed, and then there is nothing to do."""
    root = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    with deployer.connect(deployer.load(root), environ={}) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
        assert deployer.plan(connection).empty
        tokens = [task.token for task in connection.state().open_tasks() if task.confirmable]
        deployer.confirm(connection.backend, "sandbox", tokens, make.said())
        after = deployer.plan(connection)
        assert after.empty
        assert after.waiting == ()


def texts(connection):
    """The composer text of each message that people set somewhere, as Attentive shows it."""
    found = {}
    for one in desired(connection.project):
        if one.wanted.by == "person":
            found |= {unit.source: unit.composer for unit in units(one, connection.project, {}) if unit.composer}
    return found


def paste_everything(connection, folder):
    """Put every text into a folder, as Attentive's composer shows it."""
    folder.mkdir()
    for one in desired(connection.project):
        if one.wanted.by == "person":
            for unit in units(one, connection.project, {}):
                for part, text in unit.texts.items():
                    name = file_names(one.address, unit, part)[-1]
                    (folder / name).write_bytes((text.replace("\n", "\r\n") + "\n\n").encode())


def take_over(connection, folder, said):
    """Baseline every journey from a folder of texts, then everything else that can be."""
    paste_everything(connection, folder)
    taken = deployer.baseline_all(connection, folder, said)
    assert (taken.failed, taken.unused) == (False, ())
    for one in desired(connection.project):
        if one.kind.name != "Journey" and (one.wanted.by == "person" or one.kind.name == "EventType"):
            deployer.baseline(connection, one.address, None, said)


def test_baseline_of_everything(shop_world, make, tmp_path):
    """Whatever people or events made is taken over from pasted texts; only what the API can list is left to apply."""
    with shop_world.connect() as connection:
        take_over(connection, tmp_path / "pasted", make.said())
        plan = deployer.plan(connection)
    assert make.changes(plan) == [
        ("send", "custom_attribute.tier"),
        ("create", "segment.testers"),
        ("create", "webhook.receipts"),
    ]
    assert plan.waiting == ()
    assert shop_world.dump("events") == []


def test_baseline_of_northwind(tmp_path, make):
    """The example, running already, is taken over without a task or an event left."""
    root = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    with deployer.connect(deployer.load(root), environ={}) as connection:
        take_over(connection, tmp_path / "pasted", make.said())
        plan = deployer.plan(connection)
    assert {change.kind for change in plan.changes} == {"CustomAttribute", "Segment", "Webhook"}
    assert plan.waiting == ()


def test_baseline_of_a_single_text_at_once(world, make):
    """A journey with one text is taken over in one go, with the text that Attentive shows."""
    world.resources = [make.event(), make.text(), make.journey()]
    with world.connect() as connection:
        pasted = texts(connection)["message.shipped_text"]
        recorded = deployer.baseline(connection, "journey.order_shipped", pasted, make.said())
        assert "journey.order_shipped/turn_on" in recorded
        assert make.changes(deployer.plan(connection)) == [("send", "event_type.order_shipped")]


def test_baseline_refuses_another_text(world, make):
    """Where Attentive shows another text, the difference is told and nothing is recorded."""
    world.resources = [make.event(), make.text(), make.journey()]
    with world.connect() as connection, pytest.raises(DifferentTextError, match="isn't the declared text") as refused:
        deployer.baseline(connection, "journey.order_shipped", "Another text", make.said())
    [difference] = refused.value.differences
    assert (difference.source, difference.shown) == ("message.shipped_text", "Another text")
    assert difference.declared == "Order {{triggerEvent.custom['Order Id']}} left."
    assert not world.state_file.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("journey.order_shipped", "must be compared first"),
        ("message.shipped_text", "isn't recorded as built"),
        ("webhook.receipts", "through Attentive's API"),
        ("segment.testers", "through Attentive's API"),
        ("custom_attribute.tier", "through Attentive's API"),
        ("journey.order_shiped", "isn't declared"),
    ],
)
def test_baseline_needs_what_it_compares(shop_world, make, address, words):
    """Text is asked for, what can be read is adopted instead, a misspelt address is pointed at."""
    with shop_world.connect() as connection, pytest.raises(ConfirmError, match=words):
        deployer.baseline(connection, address, None, make.said())
    assert not shop_world.state_file.exists()


def test_baseline_twice(world, make):
    """What was taken over isn't taken over again."""
    world.resources = [make.opt_in()]
    with world.connect() as connection:
        assert deployer.baseline(connection, "opt_in_source.checkout", None, make.said())
        assert deployer.baseline(connection, "opt_in_source.checkout", None, make.said()) == ()
    assert world.plan().empty


def test_open_tasks_is_stable_across_kinds(shop_world):
    """Every task of a person has an id under its resource's address and a token that no other task has."""
    shop_world.apply()
    tasks = shop_world.state().open_tasks()
    assert len({task.token for task in tasks}) == len(tasks)
    assert all(task.id.startswith(f"{task.address}/") for task in tasks)
    assert tasks_for("journey.none", (), None, Tokens("northwind", "production")) == []

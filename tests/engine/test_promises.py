"""Promises that a reviewer broke once: each of these lost, leaked or undid something."""

from __future__ import annotations

import pytest

import deployer
from deployer.attentive import User
from deployer.engine.report import Status
from deployer.kinds.base import GuardError
from deployer.state import StateError


def test_a_token_from_before_a_move_is_still_accepted(world, make):
    """A task that was asked under the old address is confirmed by its token after the move."""
    world.resources = [make.event(), make.text(), make.journey(steps=[make.send("text", "shipped_text")])]
    world.apply()
    token = next(task.token for task in world.state().open_tasks() if task.id.endswith("/create"))
    world.resources = [make.event(), make.text(), make.journey("parcel", steps=[make.send("text", "shipped_text")])]
    world.settings["moved"] = [{"from": "journey.order_shipped", "to": "journey.parcel"}]
    world.apply()
    world.confirm(token)
    assert "create" in world.state().entry("journey.parcel").existing


def test_who_said_stop_to_any_text_is_not_subscribed(world, make):
    """Not eligible on the channel refuses, whatever type of message the person stopped."""
    world.resources = [make.opt_in()]
    world.settle()
    with world.connect() as connection:
        client, person = connection.session.client("orders"), User(phone=make.phone)
        seen = client.eligibilities(person)
        assert not seen
        subscribed = [type("Eligibility", (), {"type": "MARKETING", "channel": "TEXT", "eligible": False})()]
        connection.session._clients["orders"] = _Answering(client, subscribed)
        with pytest.raises(GuardError) as refused:
            deployer.subscribe(connection, "checkout", None)
        connection.session._clients["orders"] = client
    assert refused.value.code == "not-eligible"
    assert all(not one["subscriptions"] for one in world.dump("people"))


class _Answering:
    """A client that says what it is told about eligibility, and does the rest as ever."""

    def __init__(self, client, eligibilities):
        self._client, self._eligibilities = client, eligibilities

    def __getattr__(self, name):
        return getattr(self._client, name)

    def eligibilities(self, user):
        """Say what was told."""
        del user
        return self._eligibilities


def test_a_url_that_becomes_a_secret_leaves_the_record(world, make):
    """Where a plain value is declared a secret later, the state keeps its hash only."""
    world.resources = [make.webhook()]
    world.apply()
    assert make.hook_url in world.state_file.read_text(encoding="utf-8")
    world.put(make.webhook(url={"env": "HOOK_URL"}))
    world.apply()
    assert make.hook_url not in world.state_file.read_text(encoding="utf-8")
    assert world.plan().empty


def test_an_app_that_becomes_the_producers_and_ours_again_leaves_no_task(world, make):
    """Where an event type goes to its producer and back, nothing stays asked of anybody."""
    world.resources = [make.event()]
    world.apply()
    world.put(make.event(registered_by="producer"))
    world.apply()
    world.put(make.event())
    world.apply()
    assert world.state().open_tasks() == ()
    assert world.state().entry("event_type.order_shipped").by == "api"
    assert world.plan().empty


def failing_after(connection, monkeypatch, good):
    """Let only the first ``good`` writes of the state through."""
    write, calls = connection.backend.write, []

    def failing(state, *, expected_serial):
        calls.append(state)
        if len(calls) > good:
            raise StateError("the disk is full", "make room")
        return write(state, expected_serial=expected_serial)

    monkeypatch.setattr(connection.backend, "write", failing)


def test_nothing_is_done_where_nothing_could_be_recorded(world, make, monkeypatch):
    """A backend that takes no write stops the run before anything reaches Attentive."""
    world.resources = [make.attribute(), make.event(), make.segment()]
    with world.connect() as connection:
        plan = deployer.plan(connection)
        failing_after(connection, monkeypatch, 0)
        report = deployer.apply(connection, plan)
    assert [outcome.status for outcome in report.outcomes] == [Status.NOT_STARTED] * 3
    assert (report.problem, report.hint, report.failed) == ("the disk is full", "make room", True)
    assert world.dump("events") == []


def test_a_state_that_cannot_be_written_ends_in_a_report(world, make, monkeypatch):
    """Where the record can't be kept any more, it comes with the report, and the journal knows it here."""
    world.resources = [make.attribute(), make.event(), make.segment()]
    with world.connect() as connection:
        plan = deployer.plan(connection)
        failing_after(connection, monkeypatch, 2)
        report = deployer.apply(connection, plan)
        monkeypatch.undo()
        assert (report.problem, report.hint, report.failed) == ("the disk is full", "make room", True)
        assert set(report.unsaved.entries) == {change.address for change in plan.changes}
        assert deployer.plan(connection).empty
        assert connection.backend.read().entry("event_type.order_shipped") is None
    world.put(make.segment("buyers"))
    later = world.apply()
    assert "event_type.order_shipped" in later.recovered
    assert len(world.dump("events")) == 1
    with world.connect() as connection:
        assert set(connection.backend.read().entries) == {*report.unsaved.entries, "segment.buyers"}


def test_a_running_journey_that_becomes_a_draft_is_turned_off(world, make):
    """Where an active journey is declared a draft, somebody is asked to turn it off: customers would still get it."""
    world.resources = [make.event(), make.text(), make.journey(steps=[make.send("text", "shipped_text")])]
    world.settle()
    world.put(make.journey(steps=[make.send("text", "shipped_text")], status="draft"))
    [change] = world.plan().changes
    assert [task.id for task in change.tasks] == ["journey.order_shipped/turn_off"]


def test_an_event_without_samples_is_sent_with_its_examples(world, make):
    """The event that a task tells to send can be sent, also where only the definitions hold examples."""
    event = make.event()
    examples = event.pop("samples")["happy"]
    for key, definition in event["properties"].items():
        definition["examples"] = [examples[key]]
    world.resources = [event]
    world.apply()
    with world.connect() as connection:
        deployer.send(connection, "order_shipped", deployer.sample(connection.project, "order_shipped", ""), None)
    assert world.dump("events")[-1]["properties"] == examples


@pytest.mark.parametrize("early", ["subscribe", "baseline"])
def test_a_move_comes_before_a_new_record(world, make, early):
    """Where a move wasn't applied yet, nothing makes a second record under the new address."""
    world.resources = [make.opt_in()]
    world.apply()
    world.resources = [make.opt_in("till")]
    world.settings["moved"] = [{"from": "opt_in_source.checkout", "to": "opt_in_source.till"}]
    calls = {
        "subscribe": lambda connection: deployer.subscribe(connection, "till", None),
        "baseline": lambda connection: deployer.baseline(connection, "opt_in_source.till", None, make.said("done")),
    }
    with world.connect() as connection, pytest.raises(GuardError, match="has to move"):
        calls[early](connection)
    assert world.plan().changes[0].action.value == "move"


def test_nothing_turned_on_is_nothing_tested(world, make):
    """Where no journey is turned on, the checklist doesn't claim that anything was tested on a phone."""
    world.resources = [make.event(), make.text(), make.journey(status="inactive")]
    world.settle()
    with world.connect() as connection:
        steps = deployer.launch(connection).steps
    assert [one.outcome for one in steps if one.number == 6] == ["open"]

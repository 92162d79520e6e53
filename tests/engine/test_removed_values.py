"""How what is no longer declared leaves: records written out, and the change or the note that each of them gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from deployer.engine.changes import Action, ApiChange, ForgetChange, PersonChange, Reason
from deployer.engine.plan_api import kind_objects
from deployer.engine.refresh import LiveObjects
from deployer.engine.removals import Leaving, Removals
from deployer.engine.tokens import Tokens
from deployer.kinds.base import LiveObject
from deployer.source.secret import Sealer
from deployer.state import Effect, Entry, Intent, State, TaskRecord

FIELDS = {"app": "orders", "url": "https://hooks.northwind.example/1", "events": ["sms.sent"]}
HOOK = Entry("Webhook", "api", id="7", app="orders", fields=FIELDS)
LOST = Entry("Webhook", "api", app="orders", intent=Intent("create", FIELDS))
RUNNING = {"turn_on": {"status": "active"}, "create": {"name": "Order shipped"}}
JOURNEY = Entry("Journey", "person", live=RUNNING, depends_on=("webhook.a",))


def task(**more: Any) -> TaskRecord:
    """A task that somebody was asked."""
    return TaskRecord("journey.a/send", "send", "Set the text", "send", {"text": "x"}, None, Effect.DRAFT, **more)


def leaving(
    entries: dict[str, Entry],
    *live: LiveObject,
    busy: tuple[str, ...] = (),
    declared: tuple[str, ...] = (),
    **more: Any,
) -> list[Leaving]:
    """How what a state records leaves, where Attentive lists these webhooks."""
    state = State("production", "lineage", entries=entries)
    reading = more.pop("reading", LiveObjects({"Webhook": live}))
    objects = kind_objects(reading, state)
    sealer, tokens = Sealer("lineage", {}), Tokens("northwind", "production")
    removals = Removals(more.pop("forget", ()), more.pop("prune", True), reading, objects, sealer, tokens)
    return list(removals.of(state, declared, busy))


def test_what_is_open_stays_open() -> None:
    """The open tasks of what is kept, or of what people were asked to remove, go on waiting; done ones don't."""
    entry = replace(JOURNEY, tasks={"send": task(), "old": replace(task(), token="old", superseded=True)})
    [kept] = leaving({"journey.a": entry}, prune=False)
    assert kept.change is None
    assert kept.note is not None
    assert [one.token for one in kept.waiting] == ["send"]
    [asked] = leaving({"journey.a": JOURNEY})
    assert isinstance(asked.change, PersonChange)
    before = replace(JOURNEY, tasks={one.token: one for one in asked.change.tasks})
    [again] = leaving({"journey.a": before})
    assert (again.change, again.note) == (None, None)
    assert again.waiting == asked.change.tasks


def test_a_removal_knows_what_it_removes() -> None:
    """It names the object, its app and what was seen of it, so that an apply notices a change in between."""
    [one] = leaving({"webhook.a": replace(HOOK, protect=True)}, LiveObject("7", FIELDS))
    assert isinstance(one.change, ApiChange)
    assert (one.change.action, one.change.id, one.change.app) == (Action.DELETE, "7", "orders")
    assert one.change.fingerprint
    assert one.change.protect
    assert "protected" in one.change.blocked
    [other] = leaving({"webhook.a": HOOK}, LiveObject("7", {**FIELDS, "events": []}))
    assert isinstance(other.change, ApiChange)
    assert other.change.fingerprint not in {"", one.change.fingerprint}


def test_what_depends_on_others_leaves_first() -> None:
    """Of two that leave, the one that uses the other comes first; a person's work holds up what it uses."""
    user = replace(HOOK, id="8", depends_on=("webhook.b",))
    entries = {"webhook.b": HOOK, "webhook.a": user}
    changes = [one.change for one in leaving(entries, LiveObject("7", FIELDS), LiveObject("8", FIELDS))]
    assert [change.address for change in changes if change] == ["webhook.a", "webhook.b"]


@pytest.mark.parametrize(
    ("user", "busy", "kept"),
    [(JOURNEY, (), False), (JOURNEY, ("journey.a",), True), (replace(JOURNEY, live={}), ("journey.a",), False)],
    ids=["settled", "busy", "not there"],
)
def test_what_people_still_use_is_kept(user: Entry, busy: tuple[str, ...], kept: bool) -> None:
    """A declared journey that goes on without a webhook keeps it until people are done; one without work doesn't."""
    entries = {"journey.a": user, "webhook.a": HOOK}
    [one] = leaving(entries, LiveObject("7", FIELDS), declared=("journey.a",), busy=busy)
    assert (one.change is None) is kept
    assert (one.note is not None and "kept while journey.a uses it" in one.note.text) is kept


def test_a_user_holds_up_nothing_that_people_remove() -> None:
    """What only people can take away is asked for at once, although another journey still uses it."""
    used = replace(JOURNEY, depends_on=())
    entries = {"journey.a": replace(JOURNEY, depends_on=("journey.b",)), "journey.b": used}
    [one] = leaving(entries, declared=("journey.a",), busy=("journey.a",))
    assert isinstance(one.change, PersonChange)


def test_a_lost_create_is_found_forgotten_or_left() -> None:
    """Listed: removed. Not listed after its hold: the record ends. Within the hold, or with tasks: kept."""
    [found] = leaving({"webhook.a": LOST}, LiveObject("9", FIELDS))
    assert isinstance(found.change, ApiChange)
    assert (found.change.action, found.change.id) == (Action.DELETE, "9")
    [gone] = leaving({"webhook.a": LOST})
    assert isinstance(gone.change, ForgetChange)
    assert gone.change.reason is Reason.REMOVED
    held = LiveObjects({"Webhook": ()}, held={"webhook.a": datetime.now(UTC)})
    for reading in (held, LiveObjects(unreadable={"Webhook": "no scope"}), None):
        [left] = leaving({"webhook.a": LOST}, reading=reading)
        assert left.change is None
        assert left.note is not None
        assert "unknown whether it was created" in left.note.text
    [recorded] = leaving({"webhook.a": replace(LOST, id="7")}, reading=held)
    assert isinstance(recorded.change, ApiChange)
    [asked] = leaving({"webhook.a": replace(LOST, tasks={"send": task()})})
    assert asked.change is None
    assert [one.token for one in asked.waiting] == ["send"]


def test_forgetting_is_said_to_be_that() -> None:
    """What is listed under `forget` ends as forgotten, also where nothing was ever made of it."""
    for entry in (HOOK, LOST, JOURNEY):
        [one] = leaving({"webhook.a": entry}, forget=("webhook.a",), prune=False)
        assert isinstance(one.change, ForgetChange)
        assert one.change.reason is Reason.FORGOTTEN


@pytest.mark.parametrize(
    "entry",
    [replace(JOURNEY, live={}), replace(JOURNEY, live={"turn_on": {"status": "off"}})],
    ids=["nothing", "off"],
)
def test_what_does_not_run_is_only_forgotten(entry: Entry) -> None:
    """Of a journey that is off or was never built there is nothing for people to stop: its record ends at once."""
    for address in ("journey.a", "opt_in_source.a") if not entry.live else ("journey.a",):
        [one] = leaving({address: entry})
        assert isinstance(one.change, ForgetChange)
        assert one.change.reason is Reason.REMOVED


@pytest.mark.parametrize(
    "entry",
    [Entry("EventType", "api", id="Order Shipped", fields={"name": "Order Shipped"}), replace(HOOK, id="")],
    ids=["sent", "no id"],
)
def test_what_attentive_cannot_delete_is_kept(entry: Entry) -> None:
    """An event type that was sent, and an object of no known id, stay with a note that says how to forget them."""
    address = f"{'event_type' if entry.kind == 'EventType' else 'webhook'}.a"
    [one] = leaving({address: entry})
    assert one.change is None
    assert one.note is not None
    assert f"forget: [{address}]" in one.note.hint


def test_what_only_people_can_take_away_is_their_task() -> None:
    """An opt-in has no switch that says it is off: as long as something of it is there, people take it away."""
    [one] = leaving({"opt_in_source.a": Entry("OptInSource", "person", live={"place": {"page": "checkout"}})})
    assert isinstance(one.change, PersonChange)
    assert [task.slot for task in one.change.tasks] == ["retire"]


def test_a_lost_create_is_looked_for_only_without_an_id_and_keeps_its_secret() -> None:
    """A record with an id is of that object, whatever is like it; what was secret isn't in the plan in clear."""
    made_again = replace(HOOK, intent=Intent("create", FIELDS))
    [same] = leaving({"webhook.a": made_again}, LiveObject("9", FIELDS))
    assert isinstance(same.change, ApiChange)
    assert same.change.id == "7"
    sealer = Sealer("lineage", {"HOOK_URL": str(FIELDS["url"])})
    sealed = sealer.wanted({**FIELDS, "url": {"$env": "HOOK_URL"}})
    [found] = leaving({"webhook.a": replace(LOST, intent=Intent("create", sealed))}, LiveObject("9", FIELDS))
    assert isinstance(found.change, ApiChange)
    assert found.change.id == "9"
    assert str(FIELDS["url"]) not in str(found.change)

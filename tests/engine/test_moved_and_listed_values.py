"""What a move makes of records, and what a reading of Attentive's lists says: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from deployer.engine.desired import desired
from deployer.engine.moving import applicable, moved_entry, moved_state
from deployer.engine.refresh import refresh
from deployer.kinds.base import GuardError
from deployer.sandbox import Response
from deployer.source.settings import Move
from deployer.state import Effect, Entry, Intent, State, TaskRecord

URL = "https://hooks.northwind.example/1"


def task(key, *needs):
    """A task of the journey `a`."""
    return TaskRecord(f"journey.a/{key}", key, key, key, {}, None, Effect.DRAFT, needs=needs)


def moves(*pairs):
    """Moves of journeys, each from one id to another."""
    return tuple(Move(f"journey.{old}", f"journey.{new}") for old, new in pairs)


def test_moves_that_wait_for_others_come_in_a_later_turn():
    """A move to an id that is still taken comes after all that can be done as written, and in its order."""
    written = moves("ab", "bc", "de")
    assert applicable(written, {"journey.a", "journey.b", "journey.d"}) == moves("bc", "de", "ab")


def test_a_chain_leads_from_its_beginning_to_its_end():
    """Moves one after another lead to the last id, in the same record, and nothing stays under another."""
    state = State("production", entries={"journey.a": Entry("Journey", "person", id="1")})
    assert dict(moved_state(state, moves("ab", "bc")).entries) == {"journey.c": state.entries["journey.a"]}


def test_what_speaks_of_a_moved_address_speaks_of_the_new_one():
    """Dependencies and tasks name the new one; its own tasks are requested again under the new id."""
    entry = Entry("Journey", "person", depends_on=("segment.s",), tasks={"on": task("on", "journey.a/send")})
    moved = moved_entry(entry, "journey.a", "journey.b")
    assert (moved.tasks["on"].id, moved.tasks["on"].needs) == ("journey.b/on", ("journey.b/send",))
    assert moved.tasks["on"].superseded
    user = Entry("Journey", "person", depends_on=("journey.a",), tasks={"on": task("on", "journey.a/send")})
    after = moved_state(State("production", entries={"journey.a": entry, "journey.u": user}), moves("ab"))
    assert after.entries["journey.u"].depends_on == ("journey.b",)
    assert after.entries["journey.u"].tasks["on"].needs == ("journey.b/send",)


@pytest.fixture
def hook(world, make):
    """A shop with one webhook, at Attentive and recorded."""
    world.resources = [make.webhook("a", URL)]
    world.settle()
    return world


def never(_):
    """No list is late."""
    raise AssertionError


def reading(world, state, pause=never):
    """What the lists say; ``pause`` gets the seconds before each further look."""
    with world.connect() as connection:
        return refresh(connection.session, desired(connection.project), state, pause)


def lost(world, minutes, **more):
    """An entry whose create was sent so many minutes ago and never answered."""
    at = (world.calendar.now() - timedelta(minutes=minutes)).isoformat(timespec="seconds")
    fields = {"app": "orders", "url": URL, "events": ["sms.sent"]}
    return Entry("Webhook", "api", app="orders", intent=Intent("create", fields), changed_at=at, **more)


@pytest.mark.parametrize(("minutes", "held"), [(19, True), (21, False)])
def test_a_lost_create_is_held_for_as_long_as_clocks_may_be_off(hook, minutes, held):
    """For 10 minutes and twice the skew of a clock; what has no lost answer is never held."""
    state = hook.state()
    state = replace(state, entries={**state.entries, "webhook.b": lost(hook, minutes)})
    assert ("webhook.b" in reading(hook, state).held) is held
    assert "webhook.a" not in reading(hook, state).held


def test_a_lost_create_is_late_until_its_kind_lists_another(hook):
    """An object that no webhook has recorded may be the one, also where a segment has the same id; else it is late."""
    state = hook.state()
    known = state.entries["webhook.a"]
    pauses: list[float] = []
    other = {"webhook.a": known, "webhook.b": lost(hook, 1)}
    found = reading(hook, replace(state, entries=other), pauses.append)
    assert (found.late, len(pauses)) == ({"webhook.b"}, 3)
    same_id = {"segment.s": Entry("Segment", "api", id=known.id), "webhook.b": lost(hook, 1)}
    assert reading(hook, replace(state, entries=same_id)).late == frozenset()


def test_what_is_recorded_of_an_app_without_a_key_is_unknown(hook):
    """If a webhook was made with another app, which has no key here, its kind isn't known, and the reason is kept."""
    state = hook.state()
    other = replace(state.entries["webhook.a"], id="77", app="loyalty")
    found = reading(hook, replace(state, entries={**state.entries, "webhook.b": other}))
    assert found.of("Webhook") is None
    assert "no key for the app `loyalty`" in found.unreadable["Webhook"]


def test_a_key_of_another_company_ends_the_reading(hook):
    """What a guard refuses for another reason than a missing key isn't a kind that can't be read."""

    class Refusing:
        def client(self, _):
            raise GuardError("wrong-company", "the key belongs to another company", "")

    with hook.connect() as connection, pytest.raises(GuardError, match="another company"):
        refresh(Refusing(), desired(connection.project), hook.state(), never)


def test_a_list_that_is_not_there_is_unknown_and_not_empty(hook):
    """If Attentive answers that there is no such list, the kind isn't known, and the reason is kept."""
    hook.before = lambda request: Response(404, {}) if request.path.endswith("/webhooks") else None
    found = reading(hook, hook.state())
    assert found.of("Webhook") is None
    assert "Webhook" in found.unreadable

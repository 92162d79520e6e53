"""What guards let pass and refuse at their edges, and what a plan says of the record that it was made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deployer.attentive import Me
from deployer.engine.changes import Action
from deployer.engine.guards import (
    Overrides,
    check_clock,
    check_identity,
    check_plan,
    check_recorded_company,
    check_removals,
    check_secrets,
    missing_secrets,
)
from deployer.engine.planner import make_plan
from deployer.engine.refresh import LiveObjects
from deployer.kinds.base import GuardError
from deployer.source import Environment
from deployer.source.settings import AppBinding, Limits
from deployer.state import Effect, Entry, State, TaskRecord
from tests.changes import HOOK, LIVE, SECRET, URL, change, plan, wanted

PRODUCTION = Environment("production", "attentive")


def test_a_blocked_removal_counts_for_no_limit(world: Any) -> None:
    """What isn't removed isn't counted among the removals."""
    settings = replace(world.workspace().settings, limits=Limits(remove=1, remove_percent=100))
    state = State("production", entries={f"webhook.n{number}": HOOK for number in range(4)})
    removals = [change(Action.DELETE, f"webhook.n{number}", id=str(number)) for number in range(3)]
    held = [replace(one, blocked="it is protected") for one in removals[1:]]
    check_removals(plan(removals[0], *held), state, settings, Overrides())
    with pytest.raises(GuardError, match="removes 2"):
        check_removals(plan(removals[0], removals[1], held[1]), state, settings, Overrides())


def test_a_variable_that_is_empty_is_missing() -> None:
    """An empty value is no secret: it is refused before anything is sent."""
    one = wanted("webhook.a", SECRET)
    assert missing_secrets([one], {"HOOK_URL": ""}) == ("HOOK_URL",)
    with pytest.raises(GuardError, match="HOOK_URL"):
        check_secrets([one], {"HOOK_URL": ""}, PRODUCTION)


@pytest.mark.parametrize(("number", "more"), [(5, ""), (6, " and 1 more")])
def test_five_addresses_are_named_and_of_more_their_number(world: Any, make: Any, number: int, more: str) -> None:
    """By a guard that refuses a plan and by the note about an interrupted apply alike."""
    world.resources = [make.webhook("a", URL(1))]
    addresses = [f"webhook.n{one}" for one in range(number)]
    names = ", ".join(addresses[:5]) + more
    stale = plan(versions=dict.fromkeys(addresses, 3))
    with pytest.raises(GuardError) as refused:
        check_plan(stale, State("production", "lineage"), PRODUCTION, "config")
    assert f"the state of {names} changed" in str(refused.value)
    with world.connect() as connection:
        made = make_plan(connection.project, State("production", "lineage"), None, {}, recovered=addresses)
    assert any(note.text.endswith(f": {names}") for note in made.notes)


def test_a_record_of_some_company_is_fine_where_none_is_named() -> None:
    """An environment that names no company has nothing to compare."""
    state = State("production", "lineage", company_id="MDc6one")
    check_recorded_company(PRODUCTION, state, "here")
    check_recorded_company(replace(PRODUCTION, company_id="MDc6one"), state, "here")
    for other in ("MDc6other", "MDc6another"):
        with pytest.raises(GuardError, match=f"MDc6one, not of {other}"):
            check_recorded_company(replace(PRODUCTION, company_id=other), state, "here")


@pytest.mark.parametrize(
    ("company", "name", "code"),
    [
        ("", "", ""),
        ("MDc6one", "Northwind Orders", ""),
        ("MDc6another", "", "wrong-company"),
        ("MDc6other", "", "wrong-company"),
        ("MDc6other", "Northwind Loyalty", "wrong-company"),
        ("MDc6one", "Northwind Loyalty", "wrong-app"),
        ("", "Northwind Loyalty", "wrong-app"),
    ],
)
def test_a_key_is_of_the_company_and_the_app_that_are_named(company: str, name: str, code: str) -> None:
    """What an environment doesn't name isn't compared; the company comes first."""
    me = Me("Northwind Orders", "Northwind", "MDc6one", "northwind", "ana@northwind.example")
    apps = {"orders": AppBinding("orders", name)} if name else {}
    environment = replace(PRODUCTION, company_id=company, apps=apps)
    if not code:
        check_identity(environment, "orders", me)
        return
    with pytest.raises(GuardError) as refused:
        check_identity(environment, "orders", me)
    assert refused.value.code == code


@pytest.mark.parametrize(("minutes", "way"), [(7, "ahead of"), (-7, "behind")])
def test_a_clock_is_ahead_or_behind(minutes: int, way: str) -> None:
    """The refusal says in which direction the clock is off."""
    with pytest.raises(GuardError, match=f"7 minutes {way} Attentive's"):
        check_clock(timedelta(minutes=minutes))


def test_a_plan_knows_the_record_that_it_was_made_from(world: Any, make: Any) -> None:
    """A plan whose record moved on isn't taken for edited, also where what moved isn't in it; open tasks are listed."""
    world.resources = [make.webhook("a", URL(1))]
    task = TaskRecord("journey.a/send", "t", "Set the text", "send", {"text": "x"}, None, Effect.DRAFT)
    gone = Entry("Journey", "person", live={"create": {}}, tasks={"t": task}, version=3)
    reading = LiveObjects({"Webhook": (LIVE,)})
    with world.connect() as connection:
        project = connection.project
        state = State("production", "lineage", entries={"journey.a": gone})
        made = make_plan(project, state, reading, {})
        later = replace(state, entries={"journey.a": replace(gone, version=4)})
        assert make_plan(project, state, reading, {}).seen == made.seen
        assert make_plan(project, later, reading, {}).seen != made.seen
        other = make_plan(project, replace(state, company_id="MDc6other"), reading, {})
    assert made.waiting == (task,)
    assert other.company_id == project.environment.company_id

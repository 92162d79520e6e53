"""A saved plan is made again as it is applied: what was edited in it is refused, what moved on at Attentive isn't."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.app.basis import Basis
from deployer.app.operations import ApplyOptions
from deployer.engine.plan import Plan
from deployer.engine.report import Status
from deployer.kinds.base import GuardError
from deployer.source import canonical
from deployer.state.shape_error import ShapeError

SAVED = ApplyOptions(saved=True)


@pytest.fixture
def planned(shop_world, make):
    """A shop with a plan of every action: creates, sends, updates, removals, tasks, and something to forget."""
    world = shop_world
    world.put(make.segment("buyers"), make.segment("movers"), make.webhook("clicks", url="https://hooks.example/c"))
    world.settle()
    world.drop("Segment", "buyers")
    world.drop("Segment", "movers")
    world.drop("Webhook", "clicks")
    world.settings["forget"] = ["segment.movers"]
    world.put(make.segment("owners"), make.segment("testers", name="All testers"), make.attribute(id="level", name="L"))
    world.put(make.text(body="It left: {{triggerEvent.custom['Order Id']}}."), make.event("order_packed"))
    world.put(make.webhook(events=["email.opened"]))
    return world


def places(value, path=()):
    """The way to every value in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@st.composite
def edits(draw, data):
    """A plan's JSON in which something was left out, doubled, put elsewhere or written differently."""
    edited = copy.deepcopy(data)
    path = draw(st.sampled_from(sorted(places(edited), key=str)))
    within = edited
    for step in path[:-1]:
        within = within[step]
    how = draw(st.sampled_from(["leave out", "double", "first", "write", "borrow"]))
    if how == "leave out":
        del within[path[-1]]
    elif how in {"double", "first"} and isinstance(within, list):
        item = copy.deepcopy(within[path[-1]]) if how == "double" else within.pop(path[-1])
        within.insert(0, item)
    elif how == "borrow":
        other = draw(st.sampled_from(sorted(places(data), key=str)))
        found = data
        for step in other:
            found = found[step]
        within[path[-1]] = copy.deepcopy(found)
    else:
        simple = st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=4)
        within[path[-1]] = draw(simple | st.lists(simple, max_size=2) | st.dictionaries(st.text(max_size=3), simple))
    return edited


def test_any_edit_is_refused_or_means_the_same(planned):
    """Whatever is edited in the file of a plan, it isn't applied unless it does the very same."""
    with planned.connect() as connection:
        basis = Basis.recorded(connection).read()
        saved = basis.plan(prune=True).to_json()
        basis.check_replanned(Plan.from_json(copy.deepcopy(saved)))

        @given(st.data())
        @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
        def holds(data):
            edited = data.draw(edits(saved))
            try:
                if data.draw(st.booleans(), "made to look older"):
                    edited["seen"] = "0" * 64
                plan = Plan.from_json(json.loads(json.dumps(edited)))
                basis.check_current(plan)
                basis.check_replanned(plan)
            except (ShapeError, GuardError):
                return
            assert canonical(plan.to_json()["changes"]) == canonical(saved["changes"])
            assert plan.seen != saved["seen"] or canonical(plan.to_json()) == canonical(saved)

        holds()


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda data: data["changes"].clear(), "this change is missing"),
        (lambda data: data["changes"].pop(0), "this change is missing"),
        (lambda data: data["changes"].append(data["changes"].pop(0)), "another order"),
        (lambda data: data["changes"].append(data["changes"][0]), "doubled"),
        (lambda data: data["changes"][-1].update(reason="gone"), "`reason` is "),
        (lambda data: data.update(prune=False), "there is nothing to"),
        (lambda data: data.update(only=["segment.owners"]), "there is nothing to"),
        (lambda data: data["notes"].append({"address": "", "text": "fine", "hint": ""}), r"`notes\[\d\]` is "),
        (lambda data: data.update(company_id="MDc6other"), "`company_id` is "),
    ],
)
def test_the_first_difference_is_named(planned, edit, sentence):
    """An edited plan is refused before anything is written, with what is different in it."""
    data = planned.plan(prune=True).to_json()
    edit(data)
    planned.forbid_writes()
    with pytest.raises(GuardError, match=f"was changed after .* saved it: .*({sentence})") as refused:
        planned.apply(Plan.from_json(data), SAVED)
    assert "plan again" in refused.value.hint


def test_an_address_that_is_nowhere_is_refused(planned):
    """A plan that says to be for an address that isn't there is refused like any other edit."""
    data = {**planned.plan().to_json(), "only": ["segment.nowhere"]}
    with pytest.raises(GuardError, match=r"`segment.nowhere` is nothing by itself"):
        planned.apply(Plan.from_json(data), SAVED)


def test_a_change_that_was_made_up_is_refused_whatever_moved(planned):
    """If the record moved on elsewhere, a removal that nobody planned is refused still."""
    data = planned.plan(prune=True).to_json()
    [removal] = [one for one in data["changes"] if one["address"] == "segment.buyers"]
    data["changes"].append({**removal, "address": "segment.testers", "id": "northwind_testers", "fingerprint": ""})
    data["seen"] = "0" * 64
    planned.forbid_writes()
    with pytest.raises(GuardError, match=r"segment.testers: `action` is \"delete\" instead of"):
        planned.apply(Plan.from_json(data), SAVED)


def test_what_moved_on_at_attentive_fails_alone(planned):
    """If somebody edits one object at Attentive after a plan was saved, the rest of that plan is applied."""
    plan = planned.plan(prune=True)
    with planned.connect() as connection:
        connection.session.client("orders").update_segment("northwind_testers", name="Some")
    outcomes = {one.change.address: one.status for one in planned.apply(plan, SAVED).outcomes}
    assert outcomes.pop("segment.testers") is Status.FAILED
    assert Status.FAILED not in outcomes.values()
    assert outcomes["segment.owners"] is Status.DONE


def test_what_came_up_since_is_left_for_the_next_plan(planned):
    """If something drifted that the saved plan doesn't touch, that plan is applied and the next one has the drift."""
    planned.put(planned_segment := {"kind": "Segment", "id": "quiet", "name": "Quiet", "external_id": "quiet"})
    planned.settle(prune=True)
    planned.put({"kind": "Segment", "id": "late", "name": "Late", "external_id": "late"})
    plan = planned.plan()
    with planned.connect() as connection:
        connection.session.client("orders").update_segment("quiet", name="Loud")
    report = planned.apply(plan, SAVED)
    assert not report.failed
    assert [one.address for one in report.unplanned] == ["segment.quiet"]
    assert [one.address for one in planned.plan().changes] == [f"segment.{planned_segment['id']}"]


def test_an_unrelated_confirmation_leaves_the_plan_as_it_is(shop_world, make):
    """If a task of something else is confirmed after a plan was saved, that plan is applied."""
    shop_world.apply()
    shop_world.put(make.segment("owners"))
    plan = shop_world.plan()
    shop_world.confirm(next(task.token for task in shop_world.state().open_tasks() if task.confirmable))
    assert not shop_world.apply(plan, SAVED).failed


@pytest.mark.parametrize("dropped", ["segment.owners", "segment.testers"])
def test_a_change_is_missed_whatever_was_confirmed_since(shop_world, make, dropped):
    """If something else was confirmed since a plan was saved, a change that was taken out is missed all the same."""
    shop_world.apply()
    shop_world.put(make.segment("owners"), make.segment("testers", name="All testers"))
    data = shop_world.plan().to_json()
    shop_world.confirm(next(task.token for task in shop_world.state().open_tasks() if task.confirmable))
    data["changes"] = [one for one in data["changes"] if one["address"] != dropped]
    shop_world.forbid_writes()
    with pytest.raises(GuardError, match=f"{dropped}: this change is missing"):
        shop_world.apply(Plan.from_json(data), SAVED)


@pytest.mark.parametrize("dropped", ["segment.owners", "segment.testers"])
def test_a_change_that_is_called_blocked_is_missed_too(shop_world, make, dropped):
    """If a change was marked as blocked in the file, so that nothing would be done, the plan is refused."""
    shop_world.apply()
    shop_world.put(make.segment("owners"), make.segment("testers", name="All testers"))
    data = shop_world.plan().to_json()
    shop_world.confirm(next(task.token for task in shop_world.state().open_tasks() if task.confirmable))
    next(one for one in data["changes"] if one["address"] == dropped)["blocked"] = "later"
    with pytest.raises(GuardError, match=f"{dropped}: `blocked` is"):
        shop_world.apply(Plan.from_json(data), SAVED)


def test_a_plan_for_few_addresses_is_made_again_for_them(planned):
    """A plan that was saved with `--only` is applied as it is."""
    plan = planned.plan(only=["segment.owners"])
    assert plan.only == ("segment.owners",)
    report = planned.apply(plan, SAVED)
    assert (report.failed, report.only, report.unplanned) == (False, ("segment.owners",), ())


def without_fingerprint(data, address):
    """The plan as if nothing had been known of an address."""
    del data["fingerprints"][address]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (lambda _: None, "webhook.clicks: this change is missing"),
        (lambda data: without_fingerprint(data, "segment.testers"), "segment.testers: its fingerprint is missing"),
    ],
)
def test_what_was_taken_out_of_a_plan_is_missed_whatever_it_says_to_have_seen(planned, more, sentence):
    """If changes were taken out, and what the plan saw too, so that it looks older, the plan is refused."""
    data = planned.plan(prune=True).to_json()
    taken = [one for one in data["changes"] if one["address"] in {"segment.buyers", "webhook.clicks"}]
    data["changes"] = [one for one in data["changes"] if one not in taken]
    data["seen"] = "0" * 64
    more(data)
    planned.forbid_writes()
    with pytest.raises(GuardError, match=f"was changed after .* saved it: {sentence}"):
        planned.apply(Plan.from_json(data), SAVED)

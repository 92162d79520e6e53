"""Whom a change meets: what is declared now, what is recorded as live, and what was declared where nothing tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deployer.contracts.compat import Live, Sides, Verdict, compare, live_of, merged, with_ways_out
from deployer.state import Confirmation, Entry, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.contracts.compat import ContractChange
    from deployer.project import Project

    Build = Callable[..., Project]

TEXT = {"type": "string", "minLength": 1}
MACRO = "{{triggerEvent.custom['tracking_url']}}"
CONFIRMED = "2026-11-03T09:12:00+00:00"


def event(*keys: str, **more: Any) -> dict[str, Any]:
    """An event type with texts under the keys."""
    fixed = {"kind": "EventType", "id": "order_shipped", "name": "Order Shipped", "app": "shop"}
    return {**fixed, "properties": dict.fromkeys(keys, TEXT), **more}


def message(body: str) -> dict[str, Any]:
    """A text about the event."""
    return {"kind": "Message", "id": "shipped_text", "channel": "text", "event": "order_shipped", "body": body}


def journey(**more: Any) -> dict[str, Any]:
    """A journey that sends the text."""
    sends = {"message": "shipped_text", "quiet_hours": "respect", "smart_sending": "ignore"}
    fixed = {"kind": "Journey", "id": "shipped", "name": "Shipped", "category": "transactional"}
    rest = {"trigger": "order_shipped", "re_entry": {"cooldown": "none"}, "status": "active"}
    return {**fixed, **rest, "steps": [{"id": "text", "send_text": sends}], **more}


def state(text: str, *, status: str = "active", **more: Any) -> State:
    """A record in which the journey was turned on with a text."""
    live = {
        "create": {"name": "Shipped", "category": "transactional", "trigger": "Order Shipped", "app": "shop"},
        "send.text": {"channel": "text", "text": text, **more},
        "turn_on": {"status": status},
    }
    said = {"turn_on": Confirmation("ana", CONFIRMED)}
    entry = Entry("Journey", "person", live=live, confirmations=said)
    return State("sandbox", entries={"journey.shipped": entry})


def only(changes: tuple[ContractChange, ...], change: str) -> ContractChange:
    """The one change of a row."""
    [found] = [one for one in changes if one.change == change]
    return found


@pytest.fixture
def dropped(project: Build) -> tuple[Project, Project]:
    """A property that left the event and the text in one change."""
    before = project([event("order_id", "tracking_url"), message(f"Left: {MACRO}"), journey()])
    after = project([event("order_id", reserved=["tracking_url"]), message("Left."), journey()])
    return before, after


def test_a_live_text_is_met_although_the_declared_one_let_go(dropped: tuple[Project, Project]) -> None:
    """Customers read a hole until the journey is turned on anew, and the record says where and since when."""
    found = only(compare(Sides(*dropped, live_of(state(f"Left: {MACRO}"), dropped[0]))), "property-removed-reserved")
    assert found.readers is Verdict.BREAKING
    [impact] = found.impacts
    assert (impact.message, impact.journeys) == ("message.shipped_text", ("journey.shipped",))
    [standing] = impact.live
    assert (standing.environment, standing.at, standing.by) == ("sandbox", CONFIRMED, "ana")


@pytest.mark.parametrize("record", [state("Left."), state(f"Left: {MACRO}", status="inactive"), State("sandbox"), None])
def test_nothing_is_met_where_the_record_shows_no_reader(
    record: State | None, dropped: tuple[Project, Project]
) -> None:
    """A text that was turned on anew, a journey that is off and one that never ran read nothing."""
    found = only(compare(Sides(*dropped, live_of(record, dropped[0]))), "property-removed-reserved")
    assert (found.readers, found.impacts) == (Verdict.SAFE, ())


def test_where_nothing_tells_what_was_declared_counts(dropped: tuple[Project, Project]) -> None:
    """Without a record the former words count as running."""
    found = only(compare(Sides(*dropped, None)), "property-removed-reserved")
    assert found.readers is Verdict.BREAKING
    assert found.impacts[0].live == ()


@pytest.mark.parametrize("more", [{"design": "external"}, {"media": {"property": "tracking_url"}}])
def test_what_is_no_text_reads_too(more: dict[str, Any], dropped: tuple[Project, Project]) -> None:
    """A picture reads its property, and a design in Attentive's editor may read anything."""
    found = only(compare(Sides(*dropped, live_of(state("Left.", **more), dropped[0]))), "property-removed-reserved")
    assert found.readers is Verdict.BREAKING


def test_a_former_journey_that_runs_may_read_everything(dropped: tuple[Project, Project]) -> None:
    """Its words aren't recorded."""
    former = {"name": "Old", "trigger": "Order Shipped", "app": "shop", "category": "transactional", "status": "active"}
    record = State("sandbox", entries={"journey.shipped": Entry("Journey", "person", live={"former.abc123": former})})
    found = only(compare(Sides(*dropped, live_of(record, dropped[0]))), "property-removed-reserved")
    assert [impact.journeys for impact in found.impacts] == [("journey.shipped",)]


def test_a_text_that_cannot_be_composed_any_more_reads_what_it_did(project: Build) -> None:
    """The property that a `[[ prop() ]]` names is gone: the words fail, and another property isn't blamed."""
    body = message('Left: [[ prop("tracking_url") ]]')
    before, after = project([event("order_id", "tracking_url"), body]), project([event(), body])
    found = compare(Sides(before, after, Live()))
    readers = {one.path[1]: one.readers for one in found}
    assert readers == {"tracking_url": Verdict.BREAKING, "order_id": Verdict.SAFE}


def test_a_moved_event_keeps_its_readers(project: Build) -> None:
    """With another id here, the journeys that run are still those of the event."""
    before = project([event("tracking_url"), message(f"Left: {MACRO}"), journey()])
    later = {**event(), "id": "parcel_sent", "name": "Order Shipped"}
    moved = [{"from": "event_type.order_shipped", "to": "event_type.parcel_sent"}]
    after = project([later], moved=moved)
    found = compare(Sides(before, after, live_of(state(f"Left: {MACRO}"), before)))
    assert only(found, "event-id-changed").verdict is Verdict.SAFE
    assert only(found, "property-removed").impacts[0].message == "message.shipped_text"


def test_an_app_that_is_only_called_otherwise_here_is_the_same(project: Build) -> None:
    """Another id of an app that has the same name at Attentive moves nothing."""
    account = {"target": "sandbox", "apps": {"shop": {"name": "Tea"}, "depot": {"name": "Tea"}}}
    sides = [project([event(app=app)], environments={"sandbox": account}) for app in ("shop", "depot")]
    assert compare(Sides(*sides, Live())) == ()


def test_two_environments_tell_a_change_once(dropped: tuple[Project, Project]) -> None:
    """The gravest verdict counts, and the impacts of both are told."""
    calm = compare(Sides(*dropped, Live()))
    hit = compare(Sides(*dropped, live_of(state(f"Left: {MACRO}"), dropped[0])))
    found = only(merged([calm, hit]), "property-removed-reserved")
    assert found.readers is Verdict.BREAKING
    assert found.environments == ("sandbox",)
    assert len(found.impacts) == 1


def test_what_breaks_has_its_way_out(dropped: tuple[Project, Project]) -> None:
    """Expand, migrate, contract, in this order, with commands that name the sides and the environment."""
    settings = dropped[1].settings
    found = with_ways_out(compare(Sides(*dropped, live_of(state(MACRO), dropped[0]))), settings, "main")
    steps = only(found, "property-removed-reserved").way_out
    order = ["expand", "migrate", "contract"]
    assert [step.phase for step in steps] == sorted((step.phase for step in steps), key=order.index)
    assert "message.shipped_text" in steps[0].what
    commands = [command for step in steps for command in step.commands]
    assert "deployer compat --against main" in commands
    assert "deployer apply plan.json --env sandbox" in commands


def test_the_way_out_of_a_rename_tells_what_the_gate_stops(project: Build) -> None:
    """A property that becomes required breaks, so that the step before has it allowed."""
    sides = Sides(project([event("tracking_url")]), project([event("parcel_url")]), Live())
    found = with_ways_out(compare(sides), sides.after.settings, "main")
    steps = [step.what for step in only(found, "property-renamed").way_out]
    assert any("change: property-made-required" in step for step in steps[:-1])


def test_the_way_out_of_a_removed_event_declares_no_other(project: Build) -> None:
    """Whoever retires an event type wants no new one: it is deprecated first, and goes when nobody sends it."""
    other = {**event("tracking_url"), "id": "other", "name": "Other"}
    sides = Sides(project([event("tracking_url")]), project([other]))
    found = with_ways_out(compare(sides), sides.after.settings, "main")
    steps = [step.what for step in only(found, "event-removed").way_out]
    assert "`deprecated: true`" in steps[0]
    assert not any("beside it" in step for step in steps)


def test_the_last_step_of_a_removal_passes(project: Build) -> None:
    """Reserved and read by nobody, the property may go: risky for producers, and no more."""
    before, after = project([event("tracking_url")]), project([event(reserved=["tracking_url"])])
    found = only(compare(Sides(before, after, Live())), "property-removed-reserved")
    assert found.verdict is Verdict.RISKY

"""What moved on since a plan was made: live objects written out, and which changes they refuse or leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from deployer.engine.changes import Action, PersonChange, PropertyHold, Reason
from deployer.engine.live_now import LiveNow
from deployer.engine.plan_api import KindObjects
from deployer.engine.replanned import check_replanned
from deployer.kinds.base import GuardError, LiveObject
from deployer.source import digest
from tests.changes import FIELDS, LIVE, SEALER, SECRET, URL, change, plan

if TYPE_CHECKING:
    from deployer.source.secret import Sealer


def now(*live: LiveObject, sealer: Sealer = SEALER) -> LiveNow:
    """Webhooks and segments as an apply reads them; two webhooks are recorded."""
    listed = {one.id: one for one in live}
    objects = {"Webhook": KindObjects(listed, free=live), "Segment": KindObjects(listed, free=live)}
    return LiveNow(objects, sealer, {"webhook.a": "7", "webhook.b": "8"})


def test_what_was_secret_is_compared_as_a_secret() -> None:
    """If a URL was secret and is to be in clear, the plan saw it sealed: unchanged, it is taken for unchanged."""
    before = SEALER.wanted(SECRET)
    seen = digest(SEALER.like(FIELDS, FIELDS, before))
    update = change(Action.UPDATE, id="7", wanted=FIELDS, before=before, fingerprint=seen)
    assert now(LIVE).moved(update) == ""
    assert "changed at Attentive" in now(LiveObject("7", {**FIELDS, "url": URL(2)})).moved(update)


def test_a_create_under_a_known_id_is_refused_where_that_is_listed_again() -> None:
    """Also where the object is now so different that it isn't recognized by its fields."""
    again = change(Action.CREATE, id="7", wanted=FIELDS)
    assert "lists it again" in now(LiveObject("7", {**FIELDS, "url": URL(2)})).moved(again)
    assert now().moved(again) == ""


def test_what_the_plan_had_not_seen_is_not_held_against_it() -> None:
    """A change that was planned without a reading has no fingerprint: so no change can show."""
    assert now(LIVE).moved(change(Action.UPDATE, id="7", wanted=FIELDS)) == ""
    unread = LiveNow({}, SEALER, {})
    assert unread.moved(change(Action.UPDATE, id="7")) == ""
    assert "could not read it" in unread.moved(change(Action.UPDATE, id="7", fingerprint="x"))


def test_only_a_removal_is_gone_and_only_where_a_list_lacks_it() -> None:
    """Without a list nothing is known to be gone."""
    removal = change(Action.DELETE, id="7", fingerprint="x")
    assert now().gone(removal)
    assert now().moved(removal) == ""
    assert not now(LIVE).gone(removal)
    assert not LiveNow({}, SEALER, {}).gone(removal)
    assert not now().gone(change(Action.UPDATE, id="7"))


def test_an_id_that_was_never_recorded_is_not_gone() -> None:
    """If a removal has another id than the record, what is recorded may still be there: the removal was edited."""
    removal = change(Action.DELETE, id="9", fingerprint="x")
    assert not now(LIVE).gone(removal)
    with pytest.raises(GuardError, match=r"webhook\.a: `id` is"):
        check_replanned(plan(removal), plan(replace(removal, id="7"), seen="now"), now(LIVE), ())


def test_what_an_apply_leaves_alone_need_not_be_planned_again() -> None:
    """Where something moved on: a blocked change, and a removal of what is gone; any other is refused."""
    blocked = change(Action.UPDATE, id="7", blocked="it is locked")
    removed = change(Action.DELETE, "webhook.b", id="8", fingerprint="x")
    check_replanned(plan(blocked, removed), plan(seen="now"), now(LIVE), ())
    for done, live in ((replace(blocked, blocked=""), now(LIVE)), (removed, now(LiveObject("8", FIELDS)))):
        other = replace(done, fingerprint="") if done is removed else done
        with pytest.raises(GuardError, match="there is nothing to"):
            check_replanned(plan(other), plan(seen="now"), live, ())


def test_two_changes_of_an_address_are_both_held_against_the_plan() -> None:
    """An event type that people have a task for and that holds a property has two changes of the same action."""
    tasks = PersonChange(address="event_type.a", kind="EventType", action=Action.UPDATE, reason=Reason.CHANGED)
    holds = PropertyHold(address="event_type.a", kind="EventType", by="person", waits_for=("journey.a/turn_on",))
    assert check_replanned(plan(tasks, holds), plan(tasks, holds, seen="now"), now(), ()) == ()
    assert check_replanned(plan(tasks), plan(tasks, holds, seen="now"), now(), ()) == (holds,)
    with pytest.raises(GuardError, match=r"event_type\.a"):
        check_replanned(plan(tasks, holds), plan(holds, seen="now"), now(), ())


def test_the_order_is_held_also_where_something_moved_on() -> None:
    """Two changes that changed places are an edit, whatever else a plan made now has between them."""
    one, two = change(Action.UPDATE, id="7"), change(Action.UPDATE, "webhook.b", id="8")
    between = change(Action.UPDATE, "webhook.c", id="9")
    live = now(LIVE, LiveObject("8", FIELDS))
    assert check_replanned(plan(one, two), plan(one, between, two, seen="now"), live, ()) == (between,)
    with pytest.raises(GuardError, match="another order"):
        check_replanned(plan(two, one), plan(one, between, two, seen="now"), live, ())

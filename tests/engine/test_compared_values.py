"""One resource against what is recorded and live, and values that may exist once: what each is blocked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from deployer.engine.changes import Action, ApiChange, Provenance, RecordChange
from deployer.engine.claims import Values, settle_values
from deployer.engine.plan_api import Comparison, KindObjects, plan_object
from deployer.kinds.base import LiveObject
from deployer.source.secret import Sealer
from deployer.state import Entry, State
from tests.changes import FIELDS, HOOK, LIVE, SEALER, SECRET, URL, change, wanted


def settled(changes: list[Any], recorded: dict[str, Entry], declared: dict[str, Any]) -> dict[str, ApiChange]:
    """The changes by address, once values are settled between them."""
    declared_now = {address: wanted(address, fields) for address, fields in declared.items()}
    values = Values(State("production", "lineage", entries=recorded), declared_now, None, SEALER)
    return {one.address: cast("ApiChange", one) for one in settle_values(changes, values)}


def segment(external_id: str, name: str) -> dict[str, str]:
    """The fields of a segment."""
    return {"external_id": external_id, "name": name}


def people(external_id: str, name: str) -> Entry:
    """A recorded segment."""
    return Entry("Segment", "api", id=external_id, fields=segment(external_id, name))


def test_a_url_is_taken_within_its_app() -> None:
    """Two new webhooks of one app may not share a URL, which the second is blocked for; of two apps they may."""
    creates = [change(Action.CREATE, "webhook.a"), change(Action.CREATE, "webhook.b")]
    both = settled(creates, {}, {"webhook.a": FIELDS, "webhook.b": FIELDS})
    assert both["webhook.a"].blocked == ""
    assert "that of webhook.a too" in both["webhook.b"].blocked
    apart = settled(creates, {}, {"webhook.a": FIELDS, "webhook.b": {**FIELDS, "app": "loyalty"}})
    assert [one.blocked for one in apart.values()] == ["", ""]


def test_what_is_adopted_takes_values_too() -> None:
    """Taking over an object and giving it a URL that another one keeps is refused."""
    adopted = change(Action.ADOPT, "webhook.b", id="8")
    found = settled([adopted], {"webhook.a": HOOK}, {"webhook.a": FIELDS, "webhook.b": FIELDS})
    assert "that of webhook.a too" in found["webhook.b"].blocked


def test_what_it_refers_to_is_no_release() -> None:
    """An address that a resource depends on anyway stays a dependency of its record, also where it releases a value."""
    for depends_on in ((), ("webhook.b",)):
        changes = [
            change(Action.UPDATE, "webhook.a", depends_on=depends_on),
            change(Action.UPDATE, "webhook.b"),
        ]
        declared = {"webhook.a": FIELDS, "webhook.b": {**FIELDS, "url": URL(2)}}
        recorded = {"webhook.a": replace(HOOK, id="8", fields={**FIELDS, "url": URL(3)}), "webhook.b": HOOK}
        taker = settled(changes, recorded, declared)["webhook.a"]
        assert taker.depends_on == ("webhook.b",)
        assert taker.uses == depends_on


def test_the_first_reason_is_given_and_holds_back_removals_only() -> None:
    """Of two values that aren't released the first is named; what goes on under other values isn't held back."""
    recorded = {"segment.kept": people("one", "One"), "segment.also": people("two", "Two")}
    taker = change(Action.CREATE, "segment.new")
    found = settled([taker], recorded, {"segment.new": segment("one", "Two")})
    assert "segment.kept has this `external_id`" in found["segment.new"].blocked
    on = change(Action.UPDATE, "segment.kept")
    declared = {"segment.new": segment("one", "Two"), "segment.kept": segment("three", "Three")}
    found = settled([on, taker], recorded, declared)
    assert "segment.also has this `name`" in found["segment.new"].blocked
    assert found["segment.kept"].blocked == ""


def objects(*live: LiveObject, **more: Any) -> KindObjects:
    """What is listed of a kind; of which nothing is recorded."""
    return KindObjects({one.id: one for one in live}, free=live, **more)


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (objects(LIVE, taken=frozenset({"7"})), "another address has the id 7"),
        (KindObjects(unreadable=True), "couldn't be read"),
        (objects(), "lists nothing with the id 7"),
        (objects(LIVE), ""),
    ],
    ids=["taken", "unreadable", "not listed", "free"],
)
def test_only_what_can_be_looked_at_and_is_free_is_adopted(seen: KindObjects, why: str) -> None:
    """Each hindrance is named."""
    made, _ = plan_object(wanted("webhook.a", FIELDS), Comparison(None, seen, SEALER, "7"))
    assert isinstance(made, ApiChange)
    assert made.action is Action.ADOPT
    assert why in made.blocked
    assert bool(made.blocked) is bool(why)


def test_what_is_recorded_without_an_id_is_no_other_object() -> None:
    """An `adopt` entry is no contradiction to a record that has no id."""
    one = wanted("webhook.a", FIELDS)
    assert plan_object(one, Comparison(replace(HOOK, id=""), objects(LIVE), SEALER, "7")) == (None, [])


def test_of_two_alike_the_first_is_meant() -> None:
    """If Attentive has a webhook twice and it isn't recorded, the way out names the first of them."""
    seen = objects(LIVE, LiveObject("8", FIELDS))
    made, _ = plan_object(wanted("webhook.a", FIELDS), Comparison(None, seen, SEALER))
    assert isinstance(made, ApiChange)
    assert "{id: 7}" in made.blocked


def test_an_archived_segment_that_is_listed_again_is_there() -> None:
    """If it was restored, the way out is to adopt it, and no longer to have it restored."""
    fields = segment("one", "One")
    seen = objects(LiveObject("one", fields), archived={"one": "2026-05-01T12:00:00+00:00"})
    made, _ = plan_object(wanted("segment.a", fields), Comparison(None, seen, SEALER))
    assert isinstance(made, ApiChange)
    assert "Attentive has this already" in made.blocked
    archived = replace(seen, listed={}, free=())
    made, _ = plan_object(wanted("segment.a", fields), Comparison(None, archived, SEALER))
    assert isinstance(made, ApiChange)
    assert "was archived on 2026-05-01, " in made.blocked


def test_a_secret_that_is_not_known_here_is_compared_with_nothing() -> None:
    """Where there is something to compare it with the plan says so; a create has nothing."""
    one, blind = wanted("webhook.a", SECRET), Sealer("lineage", {})
    made, notes = plan_object(one, Comparison(None, objects(), blind))
    assert isinstance(made, ApiChange)
    assert (made.action, notes) == (Action.CREATE, [])
    known = replace(HOOK, fields=SEALER.wanted(SECRET))
    made, notes = plan_object(one, Comparison(known, objects(LIVE), blind))
    assert made is None
    assert [note.text for note in notes] == ["HOOK_URL isn't set here, so its field wasn't compared"]


def test_where_a_value_is_known_from() -> None:
    """A field that the list doesn't show is known from the record, also where the rest is seen live."""
    entry = replace(HOOK, fields={**FIELDS, "status": "enabled"})
    one = wanted("webhook.a", {**FIELDS, "url": URL(2), "status": "disabled"})
    made, _ = plan_object(one, Comparison(entry, objects(LIVE), SEALER))
    assert made is not None
    assert {field.path: field.provenance for field in made.fields} == {
        "url": Provenance.LIVE,
        "status": Provenance.RECORDED,
    }


def test_a_value_that_becomes_a_secret_is_learned_once() -> None:
    """The record learns that a URL is a secret now; that it has the same value is no news."""
    made, _ = plan_object(wanted("webhook.a", SECRET), Comparison(HOOK, objects(LIVE), SEALER))
    assert isinstance(made, RecordChange)
    assert [(field.path, field.old) for field in made.fields] == [("url", "in clear")]


def test_what_a_person_did_is_learned_to_be_the_apis() -> None:
    """If an event type is sent by us from now on, the record learns who brings it about."""
    made, _ = plan_object(wanted("webhook.a", FIELDS), Comparison(replace(HOOK, by="person"), objects(LIVE), SEALER))
    assert isinstance(made, RecordChange)
    assert [(field.path, field.new) for field in made.fields] == [("by", "api")]

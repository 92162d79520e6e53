"""A value that may exist once at Attentive moves from resource to resource in order, or is refused with a way out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.engine.changes import Action, ApiChange, Reason
from deployer.engine.claims import rearranged

ONE, TWO = "https://hooks.northwind.example/1", "https://hooks.northwind.example/2"


def urls(world):
    """Every webhook's URL at Attentive."""
    return sorted(one["url"] for one in world.dump("webhooks"))


def test_a_url_is_let_go_of_before_it_is_taken(world, make):
    """If one webhook takes the URL that another one gives up, it comes second, whatever their names."""
    world.resources = [make.webhook("a", ONE), make.webhook("b", TWO)]
    world.settle()
    world.put(make.webhook("a", TWO), make.webhook("b", "https://hooks.northwind.example/3"))
    plan = world.plan()
    assert make.changes(plan) == [("update", "webhook.b"), ("update", "webhook.a")]
    taker = make.change(plan, "webhook.a")
    assert (taker.depends_on, taker.released_by, taker.uses) == (("webhook.b",), ("webhook.b",), ())
    world.settle()
    assert urls(world) == [TWO, "https://hooks.northwind.example/3"]
    assert world.plan().empty


def test_a_url_is_removed_before_it_is_taken(world, make):
    """With --prune the webhook that is gone from the YAML goes before another one takes its URL."""
    world.resources = [make.webhook("a", ONE), make.webhook("z", TWO)]
    world.settle()
    world.resources = [make.webhook("a", TWO)]
    assert make.changes(world.plan(prune=True)) == [("delete", "webhook.z"), ("update", "webhook.a")]
    world.settle(prune=True)
    assert urls(world) == [TWO]
    assert world.plan(prune=True).empty


def test_a_url_that_is_kept_is_not_taken(world, make):
    """Without --prune the old webhook stays, so that its URL isn't taken; `moved` is the way out of a rename."""
    world.resources = [make.webhook("old", ONE)]
    world.settle()
    world.resources = [make.webhook("new", ONE)]
    blocked = make.change(world.plan(), "webhook.new").blocked
    assert "webhook.old has this `url`" in blocked
    assert "moved: [{from: webhook.old, to: webhook.new}]" in blocked
    assert "--prune" in blocked
    assert world.apply().failed
    assert urls(world) == [ONE]
    world.settings["moved"] = [{"from": "webhook.old", "to": "webhook.new"}]
    world.settle()
    assert urls(world) == [ONE]
    assert world.plan().empty


def test_what_is_moved_and_changed_keeps_its_own_url(world, make):
    """A webhook that gets another id and other events has its URL itself: no one has to release it."""
    world.resources = [make.webhook("old", ONE)]
    world.settle()
    world.resources = [make.webhook("new", ONE, events=["email.opened"])]
    world.settings["moved"] = [{"from": "webhook.old", "to": "webhook.new"}]
    assert [(one.action, one.blocked) for one in world.plan().changes] == [("move", ""), ("update", "")]
    world.settle()
    assert (urls(world), world.plan().empty) == ([ONE], True)


def test_a_name_that_is_the_id_of_another_segment_is_free(world, make):
    """Two fields that may exist once each are two: a segment's name takes nothing from another one's id."""
    world.resources = [make.segment("gold", external_id="gold", name="First")]
    world.settle()
    world.put(make.segment("other", name="gold"))
    assert [(one.action, one.blocked) for one in world.plan().changes] == [("create", "")]
    world.settle()
    assert world.plan().empty


def test_a_forgotten_url_stays_taken(world, make):
    """Letting go of the record lets go of nothing at Attentive."""
    world.resources = [make.webhook("old", ONE)]
    world.settle()
    world.resources = [make.webhook("new", ONE)]
    world.settings["forget"] = ["webhook.old"]
    assert "only the state" in make.change(world.plan(), "webhook.new").blocked


def test_a_protected_removal_frees_nothing(world, make):
    """A removal that is blocked blocks who takes its value."""
    world.resources = [make.webhook("old", ONE, protect=True)]
    world.settle()
    world.resources = [make.webhook("new", ONE)]
    blocked = make.change(world.plan(prune=True), "webhook.new").blocked
    assert "can't release it" in blocked
    assert "protected" in blocked


def test_secrets_are_compared_by_their_hash(world, make):
    """A URL in clear and the same URL from a variable are one value; neither stands in the plan."""
    world.resources = [make.webhook("a", make.hook_url), make.webhook("b", TWO)]
    world.settle()
    world.put(make.webhook("a", ONE), make.webhook("b", {"env": "HOOK_URL"}))
    world.put(make.webhook("a", "https://hooks.northwind.example/3"))
    assert make.change(world.plan(), "webhook.b").released_by == ("webhook.a",)
    world.settle()
    world.put(make.webhook("c", {"env": "SECOND_URL"}))
    world.environ["SECOND_URL"] = make.hook_url
    plan = world.plan()
    assert "that of webhook.b too" in make.change(plan, "webhook.c").blocked
    assert make.hook_url not in str(plan)


def test_urls_that_change_places_are_not_refused(world, make):
    """Attentive doesn't say that a URL is unique, so that an exchange goes through."""
    world.resources = [make.webhook("a", ONE), make.webhook("b", TWO)]
    world.settle()
    world.put(make.webhook("a", TWO), make.webhook("b", ONE))
    assert not any(change.blocked for change in world.plan().changes)
    world.settle()
    assert world.plan().empty
    assert urls(world) == [ONE, TWO]


def test_an_archived_segment_keeps_its_external_id(world, make):
    """Removing a segment frees nothing, so that a rename by removal is refused before anything is archived."""
    world.resources = [make.segment("testers"), make.segment("others")]
    world.settle()
    world.drop("Segment", "testers")
    world.put(make.segment("people", external_id="northwind_testers"))
    for prune in (False, True):
        blocked = make.change(world.plan(prune=prune), "segment.people").blocked
        assert "moved: [{from: segment.testers, to: segment.people}]" in blocked
    assert "frees nothing" in blocked


def test_what_is_gone_at_attentive_holds_nothing(world, make):
    """A webhook that somebody deleted is made again, and its URL isn't in anybody's way."""
    world.resources = [make.webhook("a", ONE)]
    world.settle()
    with world.connect() as connection:
        client = connection.session.client("orders")
        client.delete_webhook(client.webhooks()[0].id)
    world.put(make.webhook("a", TWO), make.webhook("b", ONE))
    assert not any(change.blocked or change.released_by for change in world.plan().changes)


def named(number, depends_on=(), released_by=()):
    """A change of a numbered webhook."""
    known = {"depends_on": tuple(depends_on), "released_by": tuple(released_by)}
    return ApiChange(address=f"webhook.n{number}", kind="Webhook", action=Action.UPDATE, reason=Reason.CHANGED, **known)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(st.integers(1, 8).flatmap(lambda size: st.lists(st.tuples(st.integers(0, size), st.integers(0, size)))))
def test_any_arrangement_keeps_every_change_once(pairs):
    """Each change stands once; where the wishes form no ring, who takes a value stands after who lets go of it."""
    wishes: dict[int, set[int]] = {}
    for taker, holder in pairs:
        if taker > holder:  # no ring
            wishes.setdefault(taker, set()).add(holder)
    size = 1 + max((number for pair in pairs for number in pair), default=0)
    order = sorted(range(size), reverse=True)
    changes = [named(n, *[[f"webhook.n{h}" for h in sorted(wishes.get(n, ()))]] * 2) for n in order]
    result = [change.address for change in rearranged(changes)]
    assert sorted(result) == sorted(change.address for change in changes)
    for taker, holders in wishes.items():
        assert all(result.index(f"webhook.n{taker}") > result.index(f"webhook.n{holder}") for holder in holders)


@pytest.mark.parametrize("size", [2, 3])
def test_a_ring_is_not_lost(size):
    """A ring that should never be there is still carried out, in some order."""
    changes = [named(n, released_by=[f"webhook.n{(n + 1) % size}"]) for n in range(size)]
    assert len(rearranged(changes)) == size

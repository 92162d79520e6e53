"""An operator who is killed at any moment, and runs again: the same account and the same record, nothing twice."""

from __future__ import annotations

import signal
from itertools import count

import pytest

from deployer.engine.refresh import HOLD
from deployer.kinds import BY_SNAKE, KINDS
from deployer.state import StateError

SCENARIOS = ("begin", "change", "remove")
POINTS = ("attentive", "journal", "state")
MEANWHILE = ("journal", "beginning", "state")
"""Where a run is killed that stores its record while changes are under way."""


def changed(make):
    """The shop as it shall be later: keys added, objects changed, moved, made and no longer declared."""
    return [
        make.event("order_shipped", ["Order Id", "day", "carrier"]),
        make.event("order_paid", ["Order Id"]),
        make.event("tier_changed", ["tier"], app="loyalty"),
        make.attribute(name="Level"),
        make.segment("testers", name="All testers"),
        make.segment("buyers"),
        make.segment("owners"),
        make.hook("receipts", "a", events=["email.opened"], status="disabled"),
        make.hook("presses", "b", url={"env": "HOOK_URL"}),
        make.hook("opened", "c"),
        make.opt_in(placement="account"),
        make.text("shipped_text", "Your order left on {{triggerEvent.custom['day']}}."),
        make.journey("shipped_text"),
    ]


def prepared(shop, scenario, make):
    """Declare what shall stand, after applying what stands first; whether the rest is removed."""
    if scenario != "begin":
        shop.declare(make.everything())
        assert not shop.apply()["failed"]
        shop.confirm_all()
    if scenario == "begin":
        shop.declare(make.everything())
    elif scenario == "change":
        shop.declare(changed(make), moved=[{"from": "webhook.clicks", "to": "webhook.presses"}])
    else:
        shop.declare(make.everything()[:1], forget=["event_type.order_paid", "custom_attribute.tier"])
    return scenario == "remove"


def at_once(shop, prune):
    """Run again at once: what may have been created and isn't listed is held, and nothing is done twice."""
    assert "failed" not in {one["status"] for one in shop.apply(prune=prune)["outcomes"]}
    return shop


def kill_at_each(shop, tmp_path, figures, prune, point, when, unlock):
    """Kill at the k-th passing of a point for every k, each on a copy of the shop; run again, and compare."""
    undisturbed = shop.copy(tmp_path / "undisturbed")
    assert not undisturbed.apply(prune=prune)["failed"]
    wanted = undisturbed.existing()
    for number in count(1):
        disturbed = shop.copy(tmp_path / f"killed{number}")
        ended = disturbed.apply(prune=prune, kill={"point": point, "when": when, "number": number})
        if not ended["killed"]:
            assert number > 1
            return
        assert ended["killed"] == signal.SIGKILL
        unlock(disturbed)
        if point == "attentive":
            figures["duplicates"] += len(at_once(disturbed, prune).duplicates())
        again = disturbed.apply(prune=prune, later=HOLD.seconds)
        assert not again["failed"], again["outcomes"]
        figures[f"processes killed {when} a write ({point})"] += 1
        figures["duplicates"] += len(disturbed.duplicates())
        figures["lost writes"] += disturbed.existing() != wanted
        assert disturbed.duplicates() == []
        assert disturbed.existing() == wanted
        assert disturbed.apply(prune=prune, later=HOLD.seconds)["outcomes"] == []


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_killed_at_every_write_and_run_again(shop, tmp_path, figures, make, scenario, point, when):
    """Killed before or after the k-th write (at Attentive, of the journal, of the state), for every k: the same end."""
    prune = prepared(shop, scenario, make)
    kill_at_each(shop, tmp_path, figures, prune, point, when, lambda _: None)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", MEANWHILE)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_killed_while_the_record_is_stored_beside_requests(shop, tmp_path, figures, make, scenario, point, when):
    """With two changes prepared at once and the record stored all the time, each kill leads to the same end too."""
    prune = prepared(shop, scenario, make)
    shop.batch = 2
    kill_at_each(shop, tmp_path, figures, prune, point, when, lambda _: None)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("scenario", ["begin", "change"])
def test_killed_with_the_record_in_git(git_shop, tmp_path, figures, make, scenario, when):
    """With `state: git` the lock outlives the killed process: the next apply names it, and unlocked it goes on."""
    prune = prepared(git_shop, scenario, make)

    def unlock(disturbed):
        held = disturbed.backend.holder()
        refused = disturbed.apply(prune=prune)
        assert refused["locked"] == held.id
        assert f"`deployer state unlock {held.id} --env production`" in refused["hint"]
        with pytest.raises(StateError, match="process"):
            disturbed.backend.unlock("0badcafe")
        assert disturbed.backend.unlock(held.id) == held
        figures["locks of killed processes freed by their id"] += 1

    kill_at_each(git_shop, tmp_path, figures, prune, "state", when, unlock)


def test_every_kind_with_something_to_write_was_killed_at_it(shop, tmp_path, make):
    """Each kind is begun, changed and let go in the scenarios: by the API as far as it can, and by people."""
    done = set()
    for scenario in SCENARIOS:
        tried = shop.copy(tmp_path / scenario)
        prune = prepared(tried, scenario, make)
        for one in tried.apply(prune=prune)["outcomes"]:
            kind = BY_SNAKE[one["address"].partition(".")[0]]
            done.add((kind.name, one["by"], one["action"]))
    for kind in KINDS.values():
        if kind.api:
            ways = {"send", "forget"} if kind.api.sends else {"create", "update", "delete"}
            assert {(kind.name, "api", action) for action in ways} <= done
        if kind.person:
            ways = {"create"} if kind.name == "EventType" else {"create", "update", "delete"}  # a type never goes away
            assert {(kind.name, "person", action) for action in ways} <= done

"""A plan is made of what is said, not of how, where or when; and its changes stand in an order that works."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.planner import make_plan
from deployer.engine.removals import Removals
from deployer.engine.tokens import Tokens
from deployer.source.secret import Sealer
from deployer.state import Entry, State


def text(plan):
    """A plan as it is saved."""
    return json.dumps(plan.to_json(), sort_keys=True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(0, 4))
def test_how_the_yaml_is_written_does_not_matter(worlds, make, chance, files):
    """Other files, another order of documents and of keys, another folder and another hour: the same bytes."""
    first = worlds()
    first.resources = make.shop()
    wanted = text(first.plan(offline=True))
    shuffled = worlds()
    shuffled.resources = []
    shuffled.workspace()
    bodies = [_shuffled(body, chance) for body in make.shop()]
    chance.shuffle(bodies)
    for number, body in enumerate(bodies):
        folder = shuffled.root / f"part{number % (files + 1)}"
        folder.mkdir(exist_ok=True)
        (folder / f"{chance.randrange(10**6)}_{number}.yaml").write_text(json.dumps(body), encoding="utf-8")
    (shuffled.root / "shop.yaml").unlink()
    workspace = deployer.load(shuffled.root)
    with deployer.connect(workspace, "production", environ=shuffled.environ) as connection:
        assert text(deployer.plan(connection, offline=True)) == wanted


def _shuffled(value, chance):
    """The same JSON value with the keys of each object in another order, but for samples: theirs means something."""
    if isinstance(value, dict):
        items = [(key, item if key == "samples" else _shuffled(item, chance)) for key, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def test_the_clock_does_not_matter(shop_world, monkeypatch):
    """A plan made at another hour, in another folder, is the same: no clock and no path is in it."""
    shop_world.apply()
    here = text(shop_world.plan())
    monkeypatch.chdir(shop_world.root.parent)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    with shop_world.connect() as connection:
        connection.session.clock = lambda: datetime(2031, 1, 1, tzinfo=UTC)
        assert text(make_plan(connection.project, connection.state(), None, connection.environ)) == text(
            shop_world.plan(offline=True)
        )
    assert text(shop_world.plan()) == here


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_removals_are_in_reverse_of_what_they_used(data):
    """Whatever is removed goes before what it depended on, by the dependencies that the record kept."""
    names = [f"webhook.n{number}" for number in range(data.draw(st.integers(1, 7)))]
    needs = {
        name: tuple(data.draw(st.lists(st.sampled_from(names[:index]), unique=True))) if index else ()
        for index, name in enumerate(names)
    }
    order = data.draw(st.permutations(names))
    entries = {name: Entry(kind="Webhook", by="api", id=name, depends_on=needs[name]) for name in order}
    tokens = Tokens("shop", "production")
    removals = Removals((), prune=True, reading=None, objects={}, sealer=Sealer("key", {}), tokens=tokens)
    found = [one.change.address for one in removals.of(State("production", entries=entries), (), ())]
    assert sorted(found) == sorted(names)
    assert all(found.index(name) < found.index(need) for name, used in needs.items() for need in used)


def test_every_change_stands_after_what_it_depends_on(shop_world, make):
    """In each plan of a life, a change comes after the changes of what it depends on; moves stand first."""
    plans = [shop_world.plan()]
    shop_world.settle()
    shop_world.drop("Segment", "testers")
    shop_world.put(make.segment("people", external_id="northwind_testers"), make.event(keys={"Order Id": "5", "x": 1}))
    shop_world.put(make.text(body="Gone."), make.email(html="<p>Gone.</p>"))
    shop_world.settings["moved"] = [{"from": "segment.testers", "to": "segment.people"}]
    plans.append(shop_world.plan())
    assert plans[1].changes[0].reason == "moved"
    for plan in plans:
        seen = [change.address for change in plan.changes]
        for index, change in enumerate(plan.changes):
            assert not set(change.depends_on) & set(seen[index:]) - {change.address}

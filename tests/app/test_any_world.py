"""Whatever is declared, one apply and its confirmations bring it about, and nobody else's things are touched."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.engine.plan import Plan
from deployer.state import State


def variants(make):
    """A pool of resources, each in several variations; ``None``: not declared."""
    two = [make.send("text", "shipped_text"), make.wait("pause")]
    return {
        "event": [make.event(), make.event(keys={"Order Id": "1", "day": "x", "hour": 3})],
        "vendor": [None, make.event("tier_changed", {"tier": "Gold"}, app="loyalty")],
        "attribute": [None, make.attribute()],
        "segment": [None, make.segment(), make.segment(name="All", description="All of them.")],
        "webhook": [
            None,
            make.webhook(),
            make.webhook(events=["email.opened"], status="disabled"),
            make.webhook(protect=True),
        ],
        "hidden": [None, make.webhook("hidden", {"env": "HOOK_URL"})],
        "source": [None, make.opt_in(), make.opt_in(placement="account")],
        "text": [make.text(), make.text(body="Gone."), make.text(body="Order {{triggerEvent.custom['day']}}.")],
        "journey": [
            None,
            make.journey(),
            make.journey(steps=two),
            make.journey(steps=two[::-1]),
            make.journey(status="inactive"),
        ],
    }


def test_any_sequence_of_worlds_settles(worlds, make):
    """After each of several random declarations: apply, confirm everything, and there is nothing left to do."""
    pool = variants(make)
    # archiving a segment keeps its external id, so that a segment which was removed can't come back
    choice = st.fixed_dictionaries({name: st.sampled_from(range(len(found))) for name, found in pool.items()})

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(choice, min_size=1, max_size=4), st.booleans())
    def check(picks, prune):
        world = worlds()
        world.environ["HOOK_URL"] = "https://hooks.northwind.example/hidden"
        world.settings["limits"] = {"remove": 20, "remove_percent": 100}
        world.resources = [make.event()]
        with world.connect() as connection:
            connection.session.client("orders").create_webhook("https://others.example/", ["sms.sent"])
        segment_was = False
        for pick in picks:
            chosen = {name: pool[name][index] for name, index in pick.items()}
            if segment_was and chosen["segment"] is None:
                chosen["segment"] = make.segment()
            segment_was = segment_was or chosen["segment"] is not None
            world.resources = [body for body in chosen.values() if body is not None]
            if chosen["webhook"] is None:
                world.put(make.webhook())  # protected, it could not be removed
            settle(world, prune)
        assert "https://others.example/" in [one["url"] for one in world.dump("webhooks")]

    check()


def settle(world, prune):
    """Apply, confirm everything, and look that plan and state are as they should be."""
    plan = world.plan(prune=prune)
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan
    report = world.apply(plan)
    assert not report.failed, report.outcomes
    assert world.plan(prune=prune).empty
    world.confirm_all()
    again = world.plan(prune=prune)
    assert again.empty, again.changes
    assert [task for task in again.waiting if task.confirmable] == []
    state = world.state()
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state

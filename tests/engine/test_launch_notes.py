"""Whose doing a ticked step of the launch checklist was: Attentive's API doesn't show what the shop does by itself."""

from __future__ import annotations

import deployer
from tests.shop import said


def steps(world):
    """The steps of the checklist by number."""
    with world.connect() as connection:
        return {one.number: one for one in deployer.launch(connection).steps}


def test_events_of_our_own_test_say_so(shop_world):
    """What `apply` sent once is named as that; a vendor's event, which a person saw, as its producer's."""
    shop_world.settle()
    step = steps(shop_world)[3]
    assert step.outcome == "done"
    assert step.notes == (
        "event_type.tier_changed: sent by its producer, confirmed by ana",
        "event_type.order_shipped: by our own test event; Attentive's API doesn't list the shop's",
    )


def test_a_vendor_that_was_played_in_a_sandbox_is_no_producer(world, make):
    """No vendor sends to a sandbox, so its event there isn't called the producer's."""
    world.resources = [make.event("tier_changed", {"tier": "Gold"}, app="loyalty")]
    with deployer.connect(world.workspace(), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))
        tokens = [task.token for task in connection.state().open_tasks()]
        deployer.confirm(connection.backend, "sandbox", tokens, said("done"))
        [step] = [one for one in deployer.launch(connection).steps if one.number == 3]
    assert step.notes == ("event_type.tier_changed: sent in the sandbox, confirmed by ana",)


def test_an_open_step_has_no_event_to_speak_of(shop_world):
    """Before anything is applied nothing is said of who sent it."""
    assert steps(shop_world)[3].notes == ()


def test_a_subscription_of_our_own_test_says_so(shop_world, make):
    """`subscribe` ticks the fifth step as our own test; once more, the person was subscribed before."""
    shop_world.settle()
    for words in ("the one of our own test", "the one subscribed before"):
        with shop_world.connect() as connection:
            deployer.subscribe(connection, "checkout", None)
        step = steps(shop_world)[5]
        assert step.outcome == "done"
        assert step.notes == (
            f"opt_in_source.checkout: {words}; Attentive's API doesn't list whom the shop subscribes",
        )
    assert make.phone not in str(step)

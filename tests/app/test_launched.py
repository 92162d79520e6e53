"""What a catalog says is live, by what is recorded: nothing more than that, and nothing that was undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.app.cataloging import catalog
from deployer.app.deploying import Deployment, deployments
from deployer.app.launched import Launched, Presence, launched
from deployer.engine.confirm import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.shop import World


def seen(world: World) -> Mapping[str, Launched]:
    """What is live in the shop's production now."""
    with world.connect() as connection:
        return launched(connection.state(), deployments(connection))


def test_nothing_is_live_before_anything_is_applied(shop_world: World) -> None:
    """Everything that has a presence is there, absent and new; messages, properties and tests have none."""
    found = seen(shop_world)
    assert {one.presence for one in found.values()} == {Presence.ABSENT}
    assert {one.deployment for one in found.values()} == {Deployment.NEW}
    assert {one.since for one in found.values()} == {""}
    assert not [one for one in found if one.startswith(("message.", "property."))]


def test_what_the_api_wrote_and_what_people_have_yet_to_do(shop_world: World) -> None:
    """After an apply the API's part is live, since then; a journey isn't, and has open tasks."""
    assert not shop_world.apply().failed
    found = seen(shop_world)
    event, journey = found["event_type.order_shipped"], found["journey.order_shipped"]
    assert (event.presence, event.written, event.by, bool(event.since)) == (Presence.LIVE, True, "", True)
    assert (journey.presence, journey.deployment) == (Presence.ABSENT, Deployment.WAITING)
    assert journey.open_tasks > 0


def test_a_journey_is_live_once_it_is_turned_on(shop_world: World) -> None:
    """Who turned it on and when is the word for it; each part has who confirmed it."""
    shop_world.apply()
    for _ in range(3):
        shop_world.confirm_all()
    journey = seen(shop_world)["journey.order_shipped"]
    assert (journey.presence, journey.by, journey.since) == (Presence.LIVE, "ana", "2026-05-10T12:00:00+00:00")
    assert "Turn on “Order shipped”" in [part.title for part in journey.confirmed]
    assert {part.by for part in journey.confirmed} == {"ana"}
    opt_in = seen(shop_world)["opt_in_source.checkout"]
    assert (opt_in.presence, opt_in.by) == (Presence.LIVE, "ana")


def test_a_journey_that_was_never_turned_on_is_not_off(shop_world: World) -> None:
    """What was built and reviewed and no one has turned on is absent: off is what was on."""
    shop_world.apply()
    for _ in range(3):
        for task in shop_world.state().open_tasks():
            if task.confirmable and task.slot not in ("turn_on", "verify"):
                shop_world.confirm(task.id)
    journey = seen(shop_world)["journey.order_shipped"]
    assert (journey.presence, journey.since) == (Presence.ABSENT, "")
    assert len(journey.confirmed) > 1


def test_an_opt_in_that_is_only_reviewed_is_not_live(shop_world: World) -> None:
    """A unit that Attentive approved and no one has put on the page reaches no one."""
    shop_world.apply()
    shop_world.confirm("opt_in_source.checkout/design")
    shop_world.confirm("opt_in_source.checkout/review")
    opt_in = seen(shop_world)["opt_in_source.checkout"]
    assert (opt_in.presence, opt_in.since, opt_in.by) == (Presence.ABSENT, "", "")
    assert len(opt_in.confirmed) == 2


def test_a_journey_that_was_turned_off(shop_world: World) -> None:
    """After it was turned off it is off, and what is declared is what is recorded."""
    shop_world.apply()
    for _ in range(3):
        shop_world.confirm_all()
    declared = next(one for one in shop_world.resources if one["kind"] == "Journey")
    shop_world.put({**declared, "status": "inactive"})
    assert seen(shop_world)["journey.order_shipped"].deployment is Deployment.CHANGED
    shop_world.settle()
    journey = seen(shop_world)["journey.order_shipped"]
    assert (journey.presence, journey.deployment) == (Presence.OFF, Deployment.DONE)


def test_a_stopped_journey_says_who_stopped_it(shop_world: World) -> None:
    """A stop that no one carried out yet leaves it live, with the stop beside it."""
    shop_world.apply()
    for _ in range(3):
        shop_world.confirm_all()
    with shop_world.connect() as connection:
        statement = Statement("done", "bo", "2026-06-01T08:00:00+00:00", "wrong link")
        deployer.stop(connection, "journey.order_shipped", statement)
    journey = seen(shop_world)["journey.order_shipped"]
    assert journey.presence is Presence.LIVE
    assert journey.stopped == "stopped by bo on 2026-06-01: wrong link"


def test_what_is_no_longer_declared_is_still_there(shop_world: World) -> None:
    """A segment whose YAML is gone is live until it is removed, and no file declares it."""
    shop_world.apply()
    shop_world.drop("Segment", "testers")
    segment = seen(shop_world)["segment.testers"]
    assert (segment.presence, segment.deployment) == (Presence.LIVE, None)


def test_a_catalog_of_several_environments(shop_world: World) -> None:
    """Each environment says for itself what is live in it, the first one is the one that is shown."""
    shop_world.apply()
    shown = catalog(shop_world.workspace(), ("production", "sandbox"))
    assert shown.preview.environment == "production"
    places = {one.environment: one.presence for one in shown.live["event_type.order_shipped"]}
    assert places == {"production": Presence.LIVE, "sandbox": Presence.ABSENT}

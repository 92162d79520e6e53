"""A guard that was asked for and can't be evaluated is an error, and each override has a name of its own."""

from __future__ import annotations

from dataclasses import fields

import pytest

from deployer.app.operations import ApplyOptions
from deployer.engine.guards import Overrides
from deployer.engine.plan import Plan
from deployer.engine.report import Status
from deployer.sandbox import Response


def unreadable(path):
    """Deny reading the objects of a path, as Attentive does to a key without the permission."""

    def deny(request):
        if request.method == "GET" and request.path.startswith(path):
            return Response(403, {}, b'{"message": "Forbidden"}')
        return None

    return deny


@pytest.mark.parametrize("prune", [False, True])
def test_what_can_no_longer_be_read_is_not_written(world, make, prune):
    """A plan that saw an object is carried out only where the object can be compared; the rest goes on."""
    world.resources = [make.webhook(), make.segment()]
    world.settle()
    world.put(make.segment(name="All testers"))
    if prune:
        world.drop("Webhook", "receipts")
    else:
        world.put(make.webhook(events=["email.opened"]))
    plan = Plan.from_json(world.plan(prune=prune).to_json())
    world.before = unreadable("/v1/webhooks")
    report = world.apply(plan, ApplyOptions(saved=True))
    found = {one.change.address: one for one in report.outcomes}
    assert found["webhook.receipts"].status is Status.FAILED
    assert "could not read it from Attentive" in found["webhook.receipts"].message
    assert found["segment.testers"].status is Status.DONE
    world.before = None
    assert [one["events"] for one in world.dump("webhooks")] == [["sms.sent"]]


def test_every_override_is_an_option_of_its_own():
    """Each guard that can be switched off is switched off by its own name."""
    for field in fields(Overrides):
        assert Overrides(**{field.name: True}).names == (f"--{field.name.replace('_', '-')}",)
    assert Overrides().names == ()

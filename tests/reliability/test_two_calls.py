"""A create that takes two calls, whose second one fails: what was made is found again, not made twice."""

from __future__ import annotations

import pytest

from deployer.sandbox import Fault, FaultKind, Faults

REFUSALS = {"revoked": (FaultKind.REVOKE, {}), "limited": (FaultKind.STATUS, {"status": 429, "times": 6})}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_webhook_that_could_not_be_disabled_is_found_again(trial, make, refusal):
    """If a webhook was made and its disabling is certainly refused, the next apply knows it, and disables it."""
    kind, more = REFUSALS[refusal]
    trial.resources = [make.hook("receipts", "a", status="disabled")]
    report = trial.apply(faults=Faults([Fault("PUT /v1/webhooks/*", kind, **more)]))
    assert report.failed
    trial.new_key()
    assert not trial.apply().failed
    assert [one["disabled_at"] is not None for one in trial.account.account()["webhooks"]] == [True]
    assert trial.plan().empty

"""The life of a pull request on GitHub, from the action and the example workflows: jobs in the order of their needs.

Attentive is a served sandbox, GitHub a local server with the faults that it documents, the record a branch of a real
git remote.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.forge.github_runner import Actions, Run
from tests.forge.github_shop import PullRequest, Shop
from tests.forge.merged import git, served_account

COMMENTS = "/repos/shop/texts/issues/7/comments"


@pytest.fixture
def shop(tmp_path, github):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield Shop(tmp_path, url, github)


@pytest.mark.long
def test_the_life_of_a_pull_request(shop, github, fault):
    """Opened red, made green, merged, planned, approved, applied, ticked by two at once, run again, drifted, mended."""
    crowded(github)
    actions = Actions(shop)
    first = actions.begin("deploy.yml")
    assert set(first.results.values()) == {"success"}, first.log
    opened(shop, actions, github, fault)
    merged(shop, actions, github, fault)
    assert not [one for one in github.faults if one.times]

    ticked(shop, actions)
    before = git(shop.origin, "rev-parse", "deployer-state")
    stale = actions.again("deploy.yml", first)
    assert stale.results["apply"] == "failure", stale.log
    assert git(shop.origin, "rev-parse", "deployer-state") == before
    drifted(shop, actions)


def crowded(github) -> None:
    """Comments of people and older issues of the workflow's own account, on several pages each."""
    for number in range(7):
        github.add_comment(github.accounts["ana-token"], {"body": f"remark {number}"}, 7)
        old = github.add_issue(github.accounts["robot-token"], {"title": f"report {number}", "body": "done"})
        old["state"] = "closed"


def opened(shop: Shop, actions: Actions, github, fault) -> None:
    """A pull request that breaks an event is red; mended it is green, in a comment that was deleted meanwhile."""
    pull = PullRequest(shop)
    pull.edit("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    event = pull.push()
    limit = {"message": "You have exceeded a secondary rate limit."}
    github.faults.append(fault("GET", COMMENTS, 403, {"retry-after": "1"}, data=limit))
    github.faults.append(fault("POST", COMMENTS, 422, data=invalid("IssueComment", "body", "is too long")))
    refused = checked(actions, event)
    assert refused.results == {"check": "failure"}
    assert "422" in refused.log
    assert "body is too long" in refused.log
    assert ours(github) == []
    red = checked(actions, event)
    assert red.results == {"check": "failure"}, red.log
    (comment,) = ours(github)
    assert "**Fails:** " in comment["body"]
    assert "breaking" in comment["body"]
    assert {one["level"] for one in found(red)} >= {"error"}
    assert [one.name for one in red.artifacts["preview-northwind"].iterdir()] == ["production.html"]

    pull.edit("events/order_shipped.yaml", "  tracking_link:", "  tracking_url:")
    pull.edit("messages/parcels.yaml", "is on its way", "has left our warehouse")
    github.faults.append(fault("GET", COMMENTS, 502))
    github.comments[7].remove(comment)
    green = checked(actions, pull.push())
    assert green.results == {"check": "success"}, green.log
    (comment,) = ours(github)
    assert "has left our warehouse" in comment["body"]
    assert "breaking" not in comment["body"]
    assert "error" not in {one["level"] for one in found(green)}
    (page,) = green.artifacts["preview-northwind"].iterdir()
    assert "has left our warehouse" in page.read_text(encoding="utf-8")
    pull.merge()


def checked(actions: Actions, event: dict[str, Any]) -> Run:
    """The run of the pull request's workflow."""
    return actions.begin("pull-request.yml", event, "refs/pull/7/merge")


def ours(github) -> list[dict]:
    """The comments of the workflow's own account."""
    return [one for one in github.comments[7] if one["user"]["type"] == "Bot"]


def found(run: Run) -> list[dict]:
    """What was uploaded to code scanning."""
    (one,) = run.findings["deployer-northwind"]["runs"]
    return one["results"]


def invalid(resource: str, field: str, what: str) -> dict[str, Any]:
    """What GitHub answers with 422."""
    error = {"resource": resource, "code": "custom", "field": field, "message": f"{field} {what}"}
    return {"message": "Validation Failed", "errors": [error]}


def merged(shop: Shop, actions: Actions, github, fault) -> None:
    """The repository is renamed meanwhile and GitHub has no call left: the plan is applied, and the status says so."""
    shop.repository = github.former = "shop/words"
    commit = git(shop.origin, "rev-parse", "main")
    statuses = f"/repos/shop/words/statuses/{commit}"
    none_left = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()))}
    github.faults += [fault("POST", statuses, 403, none_left), fault("POST", statuses, 502)]
    run = actions.begin("deploy.yml")
    assert set(run.results.values()) == {"success"}, run.log
    assert "GitHub limits how often it is called" in run.log
    waited, applied = (told["description"] for of, told in github.statuses if of == commit)
    assert "not applied yet" in waited
    assert applied.startswith("applied; ")
    shop.repository, github.former = "shop/texts", ""


def test_a_pull_request_from_a_fork_is_checked_without_a_secret(shop, github):
    """A fork's token only reads: nothing is written and nothing uploaded, and the summary and the page are made."""
    pull = PullRequest(shop)
    pull.edit("messages/parcels.yaml", "is on its way", "has left our warehouse")
    shop.known["github.token"] = "fork-token"
    run = checked(Actions(shop), pull.push(fork=True))
    assert run.results == {"check": "success"}, run.log
    assert "not posted, as this pull request comes from a fork" in run.log
    assert (github.comments, run.findings) == ({}, {})
    (page,) = run.artifacts["preview-northwind"].iterdir()
    assert "has left our warehouse" in page.read_text(encoding="utf-8")


def ticked(shop: Shop, actions: Actions) -> None:
    """Two people tick at once and both count, once; the run of a tick that is repeated confirms nothing more."""
    who = {"ana": "Order shipped", "ben": "Delivery delayed"}
    events = [shop.tick(shop.token(f"Create the journey “{name}”"), by=by) for by, name in who.items()]
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda one: actions.begin("tasks.yml", one), events))
    assert [one.results for one in runs] == [{"confirm": "success"}] * 2, [one.log for one in runs]
    again = actions.begin("tasks.yml", events[0])
    assert again.results == {"confirm": "success"}, again.log
    for by, name in who.items():
        assert shop.issue["body"].count(f"Create the journey “{name}”, by {by}, ") == 1, shop.issue["body"]


def drifted(shop: Shop, actions: Actions) -> None:
    """What goes at Attentive opens an issue and turns the night red; the next apply and look close it."""
    assert actions.begin("drift.yml").results == {"drift": "success"}
    shop.remove_webhook()
    night = actions.begin("drift.yml")
    assert night.results == {"drift": "failure"}
    assert "::error::something was changed at Attentive" in night.log
    assert shop.github.issues[-1]["title"].startswith("Attentive: changed outside of the YAML")
    assert set(actions.begin("deploy.yml").results.values()) == {"success"}
    assert actions.begin("drift.yml").results == {"drift": "success"}
    assert shop.github.issues[-1]["state"] == "closed"

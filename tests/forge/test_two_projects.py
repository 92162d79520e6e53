"""Two projects in folders of one repository, each with its account, on both forges: comment, apply, tick.

Both declare the same events, journeys and environment, so that nothing but the project's name keeps them apart.
"""

from __future__ import annotations

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from deployer.kinds.records import open_record
from tests.forge.github_runner import Actions
from tests.forge.github_shop import PullRequest, Shop
from tests.forge.gitlab_pipeline import included, jobs_of
from tests.forge.gitlab_shop import GitLabShop
from tests.forge.merged import git, two_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.forge.merged import Repository

NAMES = ("northwind", "southwind")
NUMBERS = itertools.count(1)
"""Those of comments."""
CREATE = "Create the journey “Order shipped”"


@pytest.fixture
def accounts(tmp_path) -> Iterator[dict[str, str]]:
    """The URL of each project's account."""
    with two_served(tmp_path) as urls:
        yield urls


def of_project(name: str):
    """How a team changes the example workflows for the project in the folder of its name."""
    return lambda text: text.replace("PROJECT: .", f"PROJECT: {name}").replace("northwind", name)


def registered(url: str) -> int:
    """How many webhooks an account has."""
    with httpx.Client(base_url=url, headers={"authorization": "Bearer sandbox-orders"}) as client:
        return len(client.get("/v1/webhooks").json()["webhooks"])


def kept(shop: Repository) -> list[str]:
    """The files of the branch with the records."""
    names = git(shop.origin, "ls-tree", "-r", "--name-only", "deployer-state").splitlines()
    return [name for name in names if name.endswith("production.json")]


def done_by(issue_text: str) -> int:
    """How many tasks of an issue Ana did."""
    return len(re.findall(r", by ana, ", issue_text))


@pytest.mark.long
def test_two_projects_side_by_side_on_github(tmp_path, github, accounts):
    """Each has its comment, apply, record, issue and status; a tick in one's issue confirms nothing in the other."""
    shop = Shop(tmp_path, accounts["northwind"], github, accounts)
    actions = {name: Actions(shop, of_project(name)) for name in NAMES}
    pull = PullRequest(shop)
    pull.edit("northwind/messages/parcels.yaml", "is on its way", "has left our warehouse")
    event = pull.push()
    for name in NAMES:
        run = actions[name].begin("pull-request.yml", event, "refs/pull/7/merge")
        assert run.results == {"check": "success"}, run.log
        assert set(run.findings) == {f"deployer-{name}"}
    north, south = sorted((one["body"] for one in github.comments[7]), key=lambda body: "southwind/" in body)
    assert ("1 message changed" in north, "no message changed" in south) == (True, True)
    commanded(shop, actions, github)
    pull.merge()

    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda one: one.begin("deploy.yml"), actions.values()))
    assert [set(one.results.values()) for one in runs] == [{"success"}] * 2, [one.log for one in runs]
    assert kept(shop) == ["northwind/production.json", "southwind/production.json"]
    assert [registered(url) for url in accounts.values()] == [1, 1]
    last = {told["context"]: told["description"] for _, told in github.statuses}
    assert set(last) == {f"deployer/{name}/production" for name in NAMES}
    assert all(text.startswith("applied; ") for text in last.values())

    issue = shop.issue_of("southwind/production")
    event = shop.tick(shop.token(CREATE, issue=issue), issue=issue)
    runs = [actions[name].begin("tasks.yml", event) for name in NAMES]
    assert [one.results["confirm"] for one in runs] == ["skipped", "success"], [one.log for one in runs]
    bodies = [shop.issue_of(f"{name}/production")["body"] for name in NAMES]
    assert [done_by(body) for body in bodies] == [0, 1]
    assert {one.begin("deploy.yml").results["apply"] for one in actions.values()} == {"skipped"}


def commanded(shop: Shop, actions: dict[str, Actions], github) -> None:
    """A collaborator's command in a comment is for all projects or for the one that it names; others give none."""
    for text, asked in (("/deployer plan", NAMES), ("/deployer plan southwind/production", NAMES[1:])):
        github.comments[7].clear()
        for name in NAMES:
            run = actions[name].begin("commands.yml", said(text))
            # A name that isn't its own may be no project's: the run looks, and leaves it to the project that it names.
            mine = name in asked
            assert run.results == {
                "plan": "success" if mine else "skipped",
                "answer": "skipped" if mine else "success",
            }, run.log
        bodies = [one["body"] for one in github.comments[7]]
        assert [any(f"deployer:{name}/production " in body for body in bodies) for name in NAMES] == [
            name in asked for name in NAMES
        ]

    stores = {name: open_record("git", root=shop.job() / name, environment="production") for name in NAMES}
    with stores["northwind"].lock("apply"), stores["southwind"].lock("apply"):
        text = f"/deployer unlock southwind/production {stores['southwind'].holder().id}"
        for event, result in ((said(text, by="NONE"), "skipped"), (said(text), "success")):
            before = len(github.comments[7])
            runs = [actions[name].begin("commands.yml", event) for name in NAMES]
            assert [run.results["answer"] for run in runs] == [result] * 2, [run.log for run in runs]
            assert len(github.comments[7]) - before == (result == "success")
        assert github.comments[7][-1]["body"].startswith("    ")
        assert [store.holder() is None for store in stores.values()] == [False, True]
        before, event = len(github.comments[7]), said("/deployer unlock 1f0a9c3e")
        runs = [actions[name].begin("commands.yml", event) for name in NAMES]
        assert [run.results["answer"] for run in runs] == ["failure"] * 2
        (answer,) = (one["body"] for one in github.comments[7][before:])
        assert all(f"`/deployer unlock {name}/production 1f0a9c3e`" in answer for name in NAMES)
        assert stores["northwind"].holder() is not None


def said(text: str, by: str = "MEMBER") -> dict:
    """The event of a comment on the pull request, by an account that is this to the repository."""
    pull = {"url": "https://forge.example/pulls/7"}
    return {
        "comment": {"id": next(NUMBERS), "body": text, "author_association": by},
        "issue": {"number": 7, "pull_request": pull},
    }


@pytest.mark.long
def test_two_projects_side_by_side_on_gitlab(tmp_path, gitlab, accounts):
    """Each has its jobs, note, apply, record, issue and status; a tick in one's issue confirms nothing in the other."""
    work = {}
    for name in NAMES:
        work |= jobs_of(included(name=name, folder=name))
    shop = GitLabShop(tmp_path, accounts["northwind"], gitlab, accounts, work)
    shop.replace("northwind/messages/parcels.yaml", "is on its way", "has left our warehouse")
    request = shop.merge_request("other words")
    assert request.green, request.log
    north, south = sorted(
        (one["body"] for one in gitlab.notes["merge_requests", 7]), key=lambda one: "southwind/" in one
    )
    assert ("1 message changed" in north, "no message changed" in south) == (True, True)

    merged = shop.merge()
    assert merged.green, merged.log
    with ThreadPoolExecutor(2) as both:
        codes = list(both.map(lambda name: shop.play(merged, f"attentive-{name}-production-apply"), NAMES))
    assert codes == [0, 0], merged.log
    assert kept(shop) == ["northwind/production.json", "southwind/production.json"]
    assert [registered(url) for url in accounts.values()] == [1, 1]
    last = {context: told["description"] for (_, context), told in gitlab.statuses.items()}
    assert set(last) == {f"deployer/{name}/production" for name in NAMES}
    assert all(text.startswith("applied; ") for text in last.values())

    issue = shop.issue("tasks for people in southwind/production")
    gitlab.tick(issue["iid"], shop.token(CREATE, issue), by="ana")
    tasks = shop.schedule("tasks")
    assert tasks.green, tasks.log
    bodies = [shop.issue(f"tasks for people in {name}/production")["description"] for name in NAMES]
    assert [done_by(body) for body in bodies] == [0, 1]

    stores = {name: open_record("git", root=shop.job() / name, environment="production") for name in NAMES}
    with stores["northwind"].lock("apply"), stores["southwind"].lock("apply"):
        known = {"ATTENTIVE_SCOPE": "southwind/production", "ATTENTIVE_LOCK": stores["southwind"].holder().id}
        freed = shop.pipeline(CI_PIPELINE_SOURCE="web", ATTENTIVE_COMMAND="unlock", **known)
        assert freed.codes == {"southwind-production-unlock": 0}, freed.log
        assert [store.holder() is None for store in stores.values()] == [False, True]

"""The example workflows after the merge, script by script with bash: plan, apply, tick, form, drift.

Attentive is a served sandbox, GitHub a local server, the record a branch of a real git remote.
"""

from __future__ import annotations

import pytest

from deployer.kinds.records import open_record
from tests.forge.github_shop import Shop
from tests.forge.merged import git, served_account


@pytest.fixture
def shop(tmp_path, github):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield Shop(tmp_path, url, github)


def test_from_the_merge_to_the_last_tick(shop, github):
    """A plan is made, handed over and applied; the issue asks, a tick and the form confirm, the night finds nothing."""
    plan = shop.job()
    ran = shop.run("deploy.yml", "Plan", plan)
    assert (ran.failed, ran.outputs["plan.changes"]) == (False, "true"), ran.log
    ran = shop.run("deploy.yml", "Say that it waits", shop.job())
    assert not ran.failed, ran.log
    assert github.statuses[-1][1]["state"] == "pending"
    assert "not applied yet" in github.statuses[-1][1]["description"]
    apply = shop.job(plan / "plan.json")
    ran = shop.run("deploy.yml", "Apply exactly that plan", apply)
    assert not ran.failed, ran.log
    ran = shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert not ran.failed, ran.log
    assert github.statuses[-1][0] == git(shop.source, "rev-parse", "HEAD")
    assert github.statuses[-1][1]["state"] == "pending"
    assert github.statuses[-1][1]["description"].startswith("applied;")

    create = shop.token("Create the journey “Order shipped”")
    ran = shop.run("tasks.yml", "Record what was ticked", shop.job(), shop.tick(create))
    assert not ran.failed, ran.log
    shop.run("tasks.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert "Create the journey “Order shipped”, by ana, " in shop.issue["body"]

    tokens = "\n".join(shop.token(f"Create the journey “{name}”") for name in ("Delivery delayed", "Order confirmed"))
    ran = shop.run("confirm.yml", "Record it, in the name of who runs this", shop.job(), **form(tokens, "done"))
    assert not ran.failed, ran.log
    text = shop.token("Have Attentive review", "journey.order_shipped")
    ran = shop.run(
        "confirm.yml",
        "Record it, in the name of who runs this",
        shop.job(),
        **form(text, "refused", "link"),
    )
    assert not ran.failed, ran.log
    shop.run("confirm.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert shop.issue["body"].count(", by ben, ") == 2, "a token on each line, none is lost"
    assert "refused by Attentive's review" in shop.issue["body"]
    assert github.statuses[-1][1]["state"] == "failure"

    ran = shop.run("drift.yml", "Look for drift", shop.job())
    assert not ran.failed, ran.log
    assert shop.run("deploy.yml", "Plan", shop.job()).outputs == {"plan.changes": "false"}


def test_a_commit_that_was_not_applied_is_no_success(shop, github, monkeypatch):
    """Where the plan or the apply failed, or nobody approved it, the status fails though no task waits."""
    for plan, apply in (("failure", "skipped"), ("success", "failure")):
        monkeypatch.setitem(shop.known, "needs.plan.result", plan)
        monkeypatch.setitem(shop.known, "needs.apply.result", apply)
        ran = shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
        assert not ran.failed, ran.log
        assert github.statuses[-1][1]["state"] == "failure"
    monkeypatch.setitem(shop.known, "needs.apply.result", "skipped")
    shop.run("deploy.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert github.statuses[-1][1]["state"] == "pending"
    shop.run("tasks.yml", "Bring the issue and the commit's status up to date", shop.job())
    assert github.statuses[-1][1]["state"] == "pending"
    assert "not applied yet" in github.statuses[-1][1]["description"]


def form(tokens: str, outcome: str, remark: str = "") -> dict[str, str]:
    """What somebody fills in."""
    choices = {"done": "done", "refused": "refused by Attentive's review"}
    return {"tokens": tokens, "outcome": choices[outcome], "remark": remark}


def test_a_plan_that_waited_too_long_is_refused(shop):
    """What is applied is exactly what was approved: after another merge the plan is stale, and nothing is written."""
    plan = shop.job()
    assert not shop.run("deploy.yml", "Plan", plan).failed
    shop.replace("messages/parcels.yaml", "is on its way", "has left")
    shop.push("other words")
    ran = shop.run("deploy.yml", "Apply exactly that plan", shop.job(plan / "plan.json"))
    assert ran.failed
    assert "deployer-state" not in git(shop.origin, "branch", "--list")


def test_what_somebody_types_into_the_form_is_never_run(shop):
    """A token that is a command is an unknown token."""
    assert not shop.run("deploy.yml", "Plan", work := shop.job()).failed
    assert not shop.run("deploy.yml", "Apply exactly that plan", work).failed
    marker = shop.folder / "ran"
    given = form(f"$(touch {marker}) --by `touch {marker}`", "done")
    ran = shop.run("confirm.yml", "Record it, in the name of who runs this", shop.job(), **given)
    assert ran.failed, ran.log
    assert not marker.exists()


def test_a_collaborator_asks_in_a_comment(shop, github):
    """`/deployer plan` brings the comment up to date; `/deployer unlock NAME ID` frees a lock, and answers."""
    shop.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    git(shop.source, "commit", "-q", "-a", "-m", "other words")
    head = git(shop.source, "rev-parse", "HEAD")
    tree, base = git(shop.source, "rev-parse", "HEAD^{tree}"), git(shop.source, "rev-parse", "HEAD^")
    merge = git(shop.source, "commit-tree", tree, "-p", base, "-p", head, "-m", "merge")
    git(shop.source, "push", "-q", "origin", f"{merge}:refs/pull/7/merge")
    work = shop.job()
    git(work, "fetch", "-q", "--depth=2", "origin", "refs/pull/7/merge")
    git(work, "checkout", "-q", "FETCH_HEAD")
    ran = shop.run("commands.yml", "Bring the comment up to date", work)
    assert not ran.failed, ran.log
    (comment,) = github.comments[7]
    assert "has left our warehouse" in comment["body"]
    assert head[:12] in comment["body"]


def said(text: str, number: int, by: str = "MEMBER") -> dict:
    """The event of a comment on pull request 7, by an account that is this to the repository."""
    return {"comment": {"id": number, "body": text, "author_association": by}, "issue": {"number": 7}}


def test_a_collaborator_frees_a_lock_in_a_comment(shop, github):
    """`/deployer unlock NAME ID` frees a lock and is answered, `/deployer unlock ID` too where there is one project."""
    store = open_record("git", root=shop.job(), environment="production")
    for number, name in enumerate(("northwind/production ", "")):
        with store.lock("apply"):
            for place, (text, failed, answer) in enumerate(
                (
                    (f"/deployer unlock {name}$(touch ran)", True, "    error: "),
                    (f"/deployer unlock {name}{store.holder().id} please", False, "    freed the lock: "),
                )
            ):
                asked = said(text, 10 * number + place)
                ran = shop.run("commands.yml", "Free the lock, and answer", shop.job(), asked)
                assert ran.failed is failed, ran.log
                assert github.comments[7][-1]["body"].startswith(answer), github.comments[7][-1]["body"]
            assert store.holder() is None
    assert len(github.comments[7]) == 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/deployer aply", "`/deployer aply` isn't a command"),
        ("/deployer unlock", "`/deployer unlock` isn't a command"),
        ("/deployer plan\nand quick", "has to be all of a comment"),
        (
            "/deployer unlock northwind/prod 1f0a9c3e",
            "no project of this repository has an environment `northwind/prod`",
        ),
        ("/deployer plan eastwind/production", "has an environment `eastwind/production`"),
        ("/deployer @everyone\n<!-- deployer:northwind/production -->", "`/deployer @everyone` isn't a command"),
    ],
)
def test_what_is_no_command_is_answered_once_with_what_to_write(shop, github, text, why):
    """The answer is code, is written once however many runs see the comment, and the run is red."""
    for _ in range(2):
        ran = shop.run("commands.yml", "Free the lock, and answer", shop.job(), said(text, 5))
        assert ran.failed, ran.log
    (answer,) = (one["body"] for one in github.comments[7])
    first, second = answer.splitlines()[:2]
    assert (first.startswith("    error: "), why in first) == (True, True)
    assert second.startswith("    hint: write `/deployer plan`, ")
    assert "`northwind/production`" in second


@pytest.mark.parametrize(("text", "by"), [("/deployer aply", "NONE"), ("/deployerish", "MEMBER"), ("thanks", "MEMBER")])
def test_a_stranger_and_other_comments_get_no_answer(shop, github, text, by):
    """Only a collaborator's command is looked at, also where the workflow's condition was taken out."""
    shop.run("commands.yml", "Free the lock, and answer", shop.job(), said(text, 5, by))
    assert not github.comments.get(7)

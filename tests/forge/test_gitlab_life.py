"""The life of a merge request on GitLab, from the component's own jobs: each pipeline's jobs by their rules, with bash.

Attentive is a served sandbox, GitLab a local server that fails now and then, the record a branch of a real git remote.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from deployer.kinds.records import open_record
from tests.forge.gitlab_shop import CONTEXT, GitLabShop, Pipeline
from tests.forge.merged import served_account


@pytest.fixture
def shop(tmp_path, gitlab):
    """A shop that was pushed, with its account served."""
    with served_account(tmp_path) as url:
        yield GitLabShop(tmp_path, url, gitlab)


APPLY = "attentive-northwind-production-apply"


@pytest.mark.long
def test_the_life_of_a_merge_request(shop, gitlab, fault):
    """Opened red, made green, merged, planned, approved, applied, ticked by two at once, run again, drifted, mended."""
    first = shop.pipeline()
    assert first.green, first.log
    assert shop.status()[0] == "pending"
    assert "not applied yet" in shop.status()[1]
    assert shop.play(first, APPLY) == 0, first.log
    assert shop.status()[1].startswith("applied; ")

    opened(shop, gitlab, fault)
    merged = shop.merge()
    assert merged.green, merged.log
    gitlab.faults.append(fault("POST", f"/projects/42/statuses/{merged.known['CI_COMMIT_SHA']}", 502))
    assert shop.play(merged, APPLY) == 0, merged.log
    assert shop.status()[1].startswith("applied; ")

    ticked(shop, gitlab)
    before = shop.record()
    stale = shop.play(first, APPLY)
    assert (stale, shop.record()) == (1, before), first.log
    assert gitlab.statuses[first.known["CI_COMMIT_SHA"], CONTEXT]["state"] == "failed"
    assert shop.status()[0] == "pending"

    drifted(shop)


def opened(shop: GitLabShop, gitlab, fault) -> None:
    """A merge request that breaks an event is red; mended it is green, with one note that says both in turn."""
    shop.replace("events/order_shipped.yaml", "  tracking_url:", "  tracking_link:")
    red = shop.merge_request("a change that breaks")
    assert {name for name, code in red.codes.items() if code} == {
        f"northwind-{name}" for name in ("validate", "test", "compat", "production-comment", "production-preview")
    }, red.log
    assert "breaking" in gitlab.notes["merge_requests", 7][0]["body"]
    shop.replace("events/order_shipped.yaml", "  tracking_link:", "  tracking_url:")
    shop.replace("messages/parcels.yaml", "is on its way", "has left our warehouse")
    notes = "/projects/42/merge_requests/7/notes"
    gitlab.faults += [fault("GET", notes, 429, {"retry-after": "1"}), fault("GET", notes, 502)]
    green = shop.merge_request("other words")
    assert green.green, green.log
    (note,) = gitlab.notes["merge_requests", 7]
    assert "has left our warehouse" in note["body"]
    assert "breaking" not in note["body"]
    (page,) = (one for one in green.artifacts if one.suffix == ".html")
    number = page.parent.name.removeprefix("job")
    pages = f"https://shop.pages.example/-/brand/texts/-/jobs/{number}/artifacts"
    assert f"[preview]({pages}/{page.name}#at=message.order_shipped_text)" in note["body"]


def ticked(shop: GitLabShop, gitlab) -> None:
    """Two people tick while two schedules run at once: both count, once, and a run more changes nothing."""
    shipped, delayed = (shop.token(f"Create the journey “{name}”") for name in ("Order shipped", "Delivery delayed"))
    number = shop.issue("tasks for people")["iid"]
    gitlab.tick(number, shipped, by="ana")
    gitlab.tick(number, delayed, by="ben")
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(shop.schedule, ("tasks", "tasks")))
    assert all(one.green for one in runs), [one.log for one in runs]
    for name, who in (("Order shipped", "ana"), ("Delivery delayed", "ben")):
        text = shop.issue("tasks for people")["description"]
        assert text.count(f"Create the journey “{name}”, by {who}, ") == 1, text
    before = shop.record()
    again = shop.schedule("tasks")
    assert (again.green, shop.record()) == (True, before), again.log


def drifted(shop: GitLabShop) -> None:
    """What goes at Attentive opens an issue and turns the night red; the next apply and look close it."""
    assert shop.schedule("drift").green
    shop.remove_webhook()
    night = shop.schedule("drift")
    assert night.codes == {"northwind-production-drift": 2}, night.log
    assert "webhook.receipts" in shop.issue("changed outside")["description"]
    mended = shop.pipeline()
    assert shop.play(mended, APPLY) == 0, mended.log
    assert shop.schedule("drift").green
    assert shop.issue("changed outside")["state"] == "closed"


def test_a_plan_that_fails_is_no_success(shop, gitlab):
    """Without its key the plan can't be made: the pipeline is red and so is the commit, though only the app waits."""
    shop.environ = lambda: {**GitLabShop.environ(shop), "ATTENTIVE_ORDERS_KEY": ""}
    failed = shop.pipeline()
    assert failed.codes == {"northwind-production-plan": 1}, failed.log
    assert shop.status()[0] == "failed"
    (issue,) = gitlab.issues
    assert "**1 task for people in `northwind/production`.**" in issue["description"]
    assert "`app.orders` Create the app “Orders”" in issue["description"]


def test_a_person_confirms_and_unlocks_by_hand(shop):
    """A pipeline begun by hand records the tokens that it is given, in its person's name, or frees a lock."""
    first = shop.pipeline()
    assert shop.play(first, APPLY) == 0, first.log
    tokens = [shop.token(f"Create the journey “{name}”") for name in ("Order shipped", "Delivery delayed")]
    other = by_hand(shop, "southwind/production", "confirm", ATTENTIVE_TOKENS="\n".join(tokens))
    assert other.codes == {}
    done = by_hand(shop, "northwind/production", "confirm", ATTENTIVE_TOKENS="\n".join(tokens))
    assert done.codes == {"northwind-production-confirm": 0}, done.log
    assert shop.issue("tasks for people")["description"].count(", by ana, ") == 2
    unknown = by_hand(shop, "northwind/production", "confirm", ATTENTIVE_TOKENS="* $(touch ran)")
    assert unknown.codes == {"northwind-production-confirm": 1}, unknown.log
    assert not list(shop.folder.glob("*/ran"))

    store = open_record("git", root=shop.job(), environment="production")
    with store.lock("apply"):
        wrong = by_hand(shop, "northwind/production", "unlock", ATTENTIVE_LOCK="00000000")
        freed = by_hand(shop, "northwind/production", "unlock", ATTENTIVE_LOCK=store.holder().id)
        assert [one.codes["northwind-production-unlock"] for one in (wrong, freed)] == [1, 0], wrong.log + freed.log
        assert store.holder() is None


def by_hand(shop: GitLabShop, scope: str, command: str, **more: str) -> Pipeline:
    """Somebody begins a pipeline on GitLab's page, with variables."""
    known = {"CI_PIPELINE_SOURCE": "web", "ATTENTIVE_SCOPE": scope, "ATTENTIVE_COMMAND": command}
    return shop.pipeline(**known, **more)

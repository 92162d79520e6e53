"""What must hold before anything is written, and what is reported when something fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

import deployer
from deployer.attentive import AttentiveError
from deployer.engine.guards import check_protected
from deployer.engine.report import Status
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.sandbox import Response, SandboxApp
from deployer.source import Environment, ProblemsError
from deployer.state import LockedError

ME = {"companyName": "Other Company", "attentiveDomainName": "other.attn.tv", "contactEmail": "it@other.example"}


def answering(world, *, company, name="Northwind Orders", ahead=timedelta(0), date=True):
    """A connection to a network that answers /me as it is told to, and fails the test on anything else."""

    def handle(request):
        assert request.method == "GET"
        assert request.url.path == "/v1/me"
        at = format_datetime(datetime.now(UTC) + ahead, usegmt=True)
        body = {**ME, "companyId": company, "applicationName": name}
        return httpx.Response(200, json=body, headers={"date": at} if date else {})

    transport = httpx.MockTransport(handle)
    return deployer.connect(world.workspace(), "production", environ=world.environ, transport=transport)


@pytest.mark.parametrize(
    ("network", "code"),
    [
        ({"company": "MDc6Q29tcGFueTk5"}, "wrong-company"),
        ({"company": "MDc6Q29tcGFueTI", "name": "Northwind Orders Staging"}, "wrong-app"),
        ({"company": "MDc6Q29tcGFueTI", "ahead": timedelta(minutes=6)}, "clock-skew"),
        ({"company": "MDc6Q29tcGFueTI", "ahead": -timedelta(minutes=6)}, "clock-skew"),
        ({"company": "MDc6Q29tcGFueTI", "date": False}, "no-clock"),
    ],
)
def test_a_wrong_account_stops_before_anything_is_read(shop_world, network, code):
    """Another company's or app's key, or a wrong clock, stops plan and apply after the first GET."""
    plan = shop_world.plan()
    with answering(shop_world, **network) as connection:
        for run in (deployer.plan, lambda connected: deployer.apply(connected, plan), deployer.drift):
            with pytest.raises(GuardError) as refused:
                run(connection)
            assert refused.value.code == code
        [check] = deployer.whoami(connection)
        assert check.me is None
        assert check.hint
    assert not shop_world.state_file.exists()


def test_a_clock_that_is_a_little_off_is_fine(world):
    """Five minutes are allowed."""
    world.resources = []
    world.put({"kind": "Property", "id": "order_id", "schema": {"type": "string"}})
    with answering(world, company="MDc6Q29tcGFueTI", ahead=timedelta(minutes=4)) as connection:
        assert deployer.plan(connection).empty


@pytest.mark.parametrize("name", ["ORDERS_KEY", "TEST_PHONE", "TEST_EMAIL"])
def test_a_missing_variable_is_named(shop_world, name):
    """Applying without a key or without the test contact names the variable, and writes nothing."""
    plan = shop_world.plan()
    shop_world.environ[name] = ""
    shop_world.forbid_writes()
    with pytest.raises(GuardError) as refused:
        shop_world.apply(plan)
    assert name in refused.value.message
    assert refused.value.hint


def test_status_says_what_is_missing(shop_world):
    """A missing variable is a reason in the checklist and no failure of it."""
    shop_world.environ["TEST_PHONE"] = ""
    with shop_world.connect() as connection:
        steps = {one.number: one for one in deployer.launch(connection).steps}
    assert steps[2].outcome == "open"
    assert "TEST_PHONE" in steps[2].reasons[0]


def test_an_environment_without_a_test_contact(world, make):
    """Nobody to send to: the project says so before anything is connected."""
    world.resources = [make.event()]
    del world.production["test_contacts"]
    assert any("test_contacts" in problem.message for problem in world.workspace().check())
    with pytest.raises(ProblemsError), deployer.connect(world.workspace(), "production", environ=world.environ):
        pass


def test_a_protected_environment_applies_saved_plans_only():
    """Without a saved plan a protected environment refuses and says what to do; another doesn't."""
    protected = Environment("production", "attentive", protected=True)
    with pytest.raises(GuardError, match="saved plans only") as refused:
        check_protected(protected, saved=False)
    assert "`deployer plan --env production --out plan.json`" in refused.value.hint
    assert "`deployer apply plan.json --env production`" in refused.value.hint
    check_protected(protected, saved=True)
    check_protected(Environment("staging", "attentive"), saved=False)


def test_an_account_is_never_the_default(world, make):
    """Without a name it is the sandbox; without a sandbox it is an error that lists the names."""
    world.resources = [make.event()]
    assert world.workspace().environment().name == "sandbox"
    del world.settings["environments"]["sandbox"]
    with pytest.raises(UsageError, match="never the default") as refused:
        world.workspace().environment()
    assert "production" in refused.value.hint
    with pytest.raises(UsageError) as refused:
        world.workspace().environment("producton")
    assert "did you mean `production`?" in refused.value.hint


def test_a_project_with_problems_is_not_connected(world, make):
    """Everything is checked first: a message about nothing stops the whole project."""
    world.resources = [make.text()]
    with pytest.raises(ProblemsError), deployer.connect(world.workspace(), "production", environ=world.environ):
        pass
    with pytest.raises(ProblemsError), deployer.connect(deployer.load(world.root / "nowhere"), "sandbox", environ={}):
        pass


def test_somebody_else_at_work(shop_world):
    """While the state is locked nothing is applied or confirmed, and the message names the holder."""
    plan = shop_world.plan()
    with (
        shop_world.connect() as connection,
        connection.backend.lock("apply"),
        pytest.raises(LockedError, match="apply"),
    ):
        shop_world.apply(plan)
    assert shop_world.dump("events") == []


def deny(world, status, method, path):
    """Answer requests of one kind with an error."""

    def before(request):
        return Response(status) if (request.method, request.path) == (method, path) else None

    world.before = before


def test_a_failed_change_blocks_what_needs_it(shop_world):
    """A refused event blocks its journey and nothing else; the report says so and is a failure."""
    deny(shop_world, 400, "POST", "/v1/events/custom")
    report = shop_world.apply()
    found = {outcome.change.address: outcome for outcome in report.outcomes}
    assert found["event_type.order_shipped"].status is Status.FAILED
    assert found["journey.order_shipped"].status is Status.BLOCKED
    assert "event_type.order_shipped" in found["journey.order_shipped"].message
    assert found["webhook.receipts"].status is Status.DONE
    assert found["event_type.tier_changed"].status is Status.WAITING
    assert report.failed
    assert report.to_json()["ok"] is False
    shop_world.before = None
    shop_world.settle()
    assert shop_world.plan().empty


def test_a_list_that_may_not_be_read_is_no_empty_list(shop_world):
    """Without the permission the record is trusted, the plan says so, drift marks it, and other kinds go on."""
    shop_world.settle()
    deny(shop_world, 403, "GET", "/v2/segments")
    plan = shop_world.plan()
    assert plan.empty
    [note] = plan.notes
    assert "could not read Segment from Attentive" in note.text
    assert "segments" in note.text
    with shop_world.connect() as connection:
        found = {one.address: one for one in deployer.drift(connection)}
        scopes = dict(deployer.whoami(connection)[0].scopes)
    assert found["segment.testers"].unreadable
    assert found["webhook.receipts"].outcome == "same"
    assert scopes["webhooks:write"] == "yes"
    assert scopes["events:write"] == "unknown"


def test_nothing_is_adopted_unseen(world, make):
    """What can't be looked at isn't taken over."""
    world.resources = [make.webhook()]
    world.production["adopt"] = {"webhook.receipts": {"id": "abc"}}
    deny(world, 403, "GET", "/v1/webhooks")
    assert "couldn't be read" in make.change(world.plan(), "webhook.receipts").blocked


def test_a_missing_permission_is_named(world, make):
    """A key without the permission to write fails its change with the page where to give it."""
    key = world.environ["ORDERS_KEY"]
    scopes = frozenset({"segments:read", "events:write"})
    world.account.ensure_app(SandboxApp("orders", "Northwind Orders", key, scopes))
    world.resources = [make.event(), make.segment()]
    report = world.apply()
    [failed] = [outcome for outcome in report.outcomes if outcome.status is Status.FAILED]
    assert failed.change.address == "segment.testers"
    assert "segments:write" in failed.message
    assert "Built by you" in failed.hint
    with world.connect() as connection:
        steps = {one.number: one for one in deployer.launch(connection).steps}
    assert any("webhooks:write is missing" in reason for reason in steps[2].reasons)


def test_a_revoked_key_stops_the_run(shop_world):
    """A key that Attentive refuses is an error and no empty account."""
    shop_world.account.revoke(shop_world.environ["ORDERS_KEY"])
    with pytest.raises(AttentiveError):
        shop_world.plan()


def test_the_checklist_is_ticked_step_by_step(shop_world, make):
    """Nothing done, then everything: each of the six steps says why not, then is done."""
    with shop_world.connect() as connection:
        fresh = deployer.launch(connection)
    assert [one.number for one in fresh.steps if one.outcome == "done"] == [2]
    assert all(one.reasons for one in fresh.steps if one.outcome != "done")
    shop_world.settle()
    with shop_world.connect() as connection:
        deployer.subscribe(connection, "checkout", None)
        steps = deployer.launch(connection).steps
    assert {one.outcome for one in steps} == {"done"}
    assert fresh.to_json()["version"] == 1
    shop_world.put(make.text(body="Gone."))
    with shop_world.connect() as connection:
        steps = {one.number: one.outcome for one in deployer.launch(connection).steps}
    assert (steps[4], steps[6]) == ("open", "open")

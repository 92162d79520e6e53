"""Crash anywhere, run again, same end: no object and no event twice."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

import deployer
from deployer.engine.guards import MAX_SKEW
from deployer.engine.refresh import FRESH, HOLD
from deployer.engine.report import Status
from deployer.sandbox import Response, Sandbox, SandboxApp
from deployer.state import State


def lose_answers(world, method, path):
    """Let each request of this kind reach Attentive and lose its answer."""

    def after(request):
        if (request.method, request.path) == (method, path):
            raise httpx.ReadTimeout("lost")

    world.after = after


def outcome(report):
    """The one outcome of a report."""
    [found] = report.outcomes
    return found


CREATED = {"webhook": ("/v1/webhooks", "webhooks"), "segment": ("/v2/segments", "segments")}


def resource(make, kind, **more):
    """The webhook or the segment of the tests."""
    return make.webhook(url={"env": "HOOK_URL"}, **more) if kind == "webhook" else make.segment(**more)


@pytest.mark.parametrize("kind", CREATED)
def test_a_create_whose_answer_was_lost_is_recognised(world, make, kind):
    """The object is there though nobody heard so: the next run takes it over and makes no second one."""
    path, part = CREATED[kind]
    world.resources = [resource(make, kind)]
    lose_answers(world, "POST", path)
    assert outcome(world.apply()).status is Status.FAILED
    with world.connect() as connection:
        [found] = deployer.drift(connection)
    assert (found.outcome, "interrupted" in found.reason) == ("unknown", True)
    world.after = None
    [change] = world.plan().changes
    assert (change.action.value, change.reason) == ("adopt", "interrupted")
    world.settle()
    assert len(world.dump(part)) == 1
    assert world.plan().empty


@pytest.mark.parametrize("kind", CREATED)
def test_a_create_that_never_arrived_is_made(world, make, kind):
    """Where the request was lost on its way, the next run creates."""
    path, part = CREATED[kind]
    world.resources = [resource(make, kind)]

    def before(request):
        if (request.method, request.path) == ("POST", path):
            raise httpx.ConnectError("no route")

    world.before = before
    assert world.apply().failed
    world.before = None
    assert world.plan().changes[0].action.value == "create"
    world.settle()
    assert len(world.dump(part)) == 1


@pytest.mark.parametrize("kind", CREATED)
def test_what_was_interrupted_may_have_changed_since(world, make, kind):
    """A declaration that changed after the lost answer changes the object that was made, and makes no second one."""
    path, part = CREATED[kind]
    world.resources = [resource(make, kind)]
    lose_answers(world, "POST", path)
    world.apply()
    world.after = None
    changed = {"events": ["email.opened"]} if kind == "webhook" else {"name": "All testers"}
    world.put(resource(make, kind, **changed))
    world.settle()
    assert len(world.dump(part)) == 1
    assert world.plan().empty


def test_a_create_that_is_not_listed_yet_is_held(world, make):
    """A list without it proves nothing for a while: the plan says when it was sent, and until when it is held."""
    world.resources = [make.webhook()]
    lose_answers(world, "POST", "/v1/webhooks")
    world.apply()
    world.after = None
    other = b'{"webhooks": [{"id": "77", "url": "https://others.example/a", "events": ["sms.sent"]}]}'
    world.before = lambda request: (
        Response(200, {}, other) if request.method == "GET" and "hooks" in request.path else None
    )
    [change] = world.plan().changes
    sent = datetime.fromisoformat(world.state().entry("webhook.receipts").changed_at)
    assert f"it was sent at {sent:%Y-%m-%d %H:%M:%S} UTC, the answer was lost" in change.blocked
    assert f"{sent + HOLD:%H:%M:%S} UTC" in change.blocked
    assert outcome(world.apply()).status is Status.BLOCKED
    assert len(world.dump("webhooks")) == 1
    world.before = None
    world.settle()
    assert len(world.dump("webhooks")) == 1
    assert world.plan().empty


def test_the_hold_of_a_create_ends(world, make):
    """What isn't listed after its hold was never made, and is created."""
    world.resources = [make.webhook()]
    world.before = lambda request: Response(503) if request.method == "POST" and "hooks" in request.path else None
    assert world.apply().failed
    world.before = None
    assert outcome(world.apply()).status is Status.BLOCKED
    world.calendar.pass_(HOLD)
    assert not world.apply().failed
    assert len(world.dump("webhooks")) == 1
    assert world.plan().empty


def test_a_create_on_a_machine_with_another_clock_is_held(world, make):
    """If the other clock was five minutes behind and this one is five ahead, ten minutes still have to pass."""
    world.resources = [make.webhook()]
    world.before = lambda request: Response(503) if request.method == "POST" and "hooks" in request.path else None
    world.apply()
    world.before = None
    world.calendar.pass_(2 * MAX_SKEW + FRESH - timedelta(seconds=30))
    assert outcome(world.apply()).status is Status.BLOCKED
    assert world.dump("webhooks") == []


def test_a_lost_create_that_came_through_the_journal_is_held(world, make):
    """The record of the machine that died says what was sent: here and elsewhere it is held, and found when listed."""
    world.resources = [make.webhook("first"), make.webhook("second", url="https://hooks.northwind.example/2")]
    answers = iter([False, True])

    def after(request):
        if (request.method, request.path) == ("POST", "/v1/webhooks") and next(answers):
            raise httpx.ReadTimeout("lost")

    world.after = after
    world.apply()
    world.after = None
    assert sorted(bool(entry.id) for entry in world.state().entries.values()) == [False, True]
    shutil.rmtree(world.root / ".deployer")  # another machine has the record, and no journal
    world.settle()
    assert len(world.dump("webhooks")) == 2
    assert world.plan().empty


def test_a_segment_is_made_under_its_own_id_at_once(world, make):
    """Attentive refuses a second segment of the same id by itself, so there is nothing to hold."""
    world.resources = [make.segment()]
    world.before = lambda request: Response(503) if request.method == "POST" and "segments" in request.path else None
    world.apply()
    world.before = None
    world.settle()
    assert len(world.dump("segments")) == 1


def test_a_lost_answer_before_disabling(world, make):
    """A webhook that should be disabled and wasn't yet is disabled by the run that recognises it."""
    world.resources = [make.webhook(status="disabled")]
    lose_answers(world, "POST", "/v1/webhooks")
    world.apply()
    assert not world.dump("webhooks")[0]["disabled_at"]
    world.after = None
    world.settle()
    assert world.dump("webhooks")[0]["disabled_at"]
    assert world.plan().empty


def test_making_something_again_is_interrupted(world, make):
    """A webhook that is gone is made again once, also if the answer to that is lost."""
    world.resources = [make.webhook()]
    world.settle()
    with world.connect() as connection:
        connection.session.client("orders").delete_webhook(world.state().entry("webhook.receipts").id)
    lose_answers(world, "POST", "/v1/webhooks")
    assert world.apply().failed
    world.after = None
    world.settle()
    assert len(world.dump("webhooks")) == 1
    assert world.plan().empty


def test_an_interrupted_create_that_cannot_be_looked_up_waits(world, make):
    """Without the list nobody knows whether the create went through, so none is sent."""
    world.resources = [make.webhook()]
    lose_answers(world, "POST", "/v1/webhooks")
    world.apply()
    world.after = None
    world.before = lambda request: Response(403) if request.path == "/v1/webhooks" else None
    [change] = world.plan().changes
    assert "couldn't be read" in change.blocked
    world.before = None
    world.settle()
    assert len(world.dump("webhooks")) == 1


def test_a_removed_declaration_after_an_interrupted_create(world, make):
    """What was begun and is no longer declared is looked up like anything else, and removed with --prune."""
    world.resources = [make.webhook(), make.segment()]
    lose_answers(world, "POST", "/v1/webhooks")
    world.apply()
    world.after = None
    world.drop("Webhook", "receipts")
    [note] = world.plan().notes
    assert note.text == "no longer declared, and kept"
    world.settle(prune=True)
    assert list(world.state().entries) == ["segment.testers"]
    assert world.dump("webhooks") == []


def test_a_removed_declaration_after_a_create_that_nobody_can_find(world, make):
    """What was begun a moment ago and isn't listed may still come: a note says so, and it can be forgotten."""
    world.resources = [make.webhook(), make.segment()]
    world.before = lambda request: Response(503) if request.method == "POST" and "webhooks" in request.path else None
    world.apply()
    world.before = None
    world.drop("Webhook", "receipts")
    [note] = world.plan(prune=True).notes
    assert "answer was lost" in note.text
    world.settings["forget"] = ["webhook.receipts"]
    world.settle()
    assert list(world.state().entries) == ["segment.testers"]


def test_a_lost_answer_to_an_event_is_asked_for_again(world, make):
    """A registration is repeated under the same id; Attentive has one event."""
    lost = iter([True])

    def after(request):
        if request.path == "/v1/events/custom" and next(lost, False):
            raise httpx.ReadTimeout("lost")

    world.resources = [make.event()]
    world.after = after
    assert not world.apply().failed
    assert len(world.dump("events")) == 1


KILLED = """
import os, pathlib, signal, sys
import deployer
from deployer.sandbox import Sandbox
from deployer.sandbox.transport import transport

root, account, path = sys.argv[1:4]
sandbox = Sandbox.open(pathlib.Path(account), company_name="Northwind")

def before(request):
    if request.method != "GET" and request.path == path:
        sandbox.handle(request)
        os.kill(os.getpid(), signal.SIGKILL)

through = transport(sandbox, before=before)
with deployer.connect(deployer.load(root), "production", transport=through) as connection:
    deployer.apply(connection, deployer.plan(connection))
print("not killed")
"""


@pytest.mark.parametrize(
    ("resources", "path", "part"),
    [
        (["event"], "/v1/events/custom", "events"),
        (["attribute"], "/v1/attributes/custom", "attributes"),
        (["segment"], "/v2/segments", "segments"),
        (["webhook"], "/v1/webhooks", "webhooks"),
    ],
)
def test_a_killed_process_leaves_nothing_twice(world, make, resources, path, part):
    """Killed after Attentive did it and before that was recorded, a second run comes to the same end."""
    file = world.root.parent / "account.sqlite"
    account = Sandbox.open(file, company_name="Northwind", company_id=make.company)
    account.ensure_app(SandboxApp("orders", "Northwind Orders", world.environ["ORDERS_KEY"]))
    world.account.close()
    world.account = account
    world.resources = [getattr(make, name)() for name in resources]
    world.workspace()
    command = [sys.executable, "-c", KILLED, str(world.root), str(file), path]
    here = {"PYTHONPATH": str(Path(deployer.__file__).parents[2]), **world.environ}
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(world.dump(part)) == 1
    world.settle()
    assert len(world.dump(part)) == 1
    assert world.plan().empty


def test_a_plan_says_what_an_interrupted_apply_did(world, make):
    """If an apply's record couldn't be stored, the next plan counts what it did, and says that it isn't stored yet."""
    world.resources = [make.segment()]
    report = world.apply()
    assert world.plan().notes == ()
    with world.connect() as connection:
        state = connection.state()
        before = State(state.environment, lineage=state.lineage, serial=state.serial)
        connection.backend.write(before, expected_serial=state.serial)
        connection.journal.begin(before)
        for outcome in report.outcomes:
            address = outcome.change.address
            connection.journal.record(address, state.entries[address], version=0)
    plan = world.plan()
    assert plan.empty
    [note] = plan.notes
    assert [outcome.change.address in note.text for outcome in report.outcomes] == [True]
    assert "apply on this machine" in note.hint
    world.apply(plan)
    assert world.plan().notes == ()

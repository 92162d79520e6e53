"""What keeps a write from doing harm: late lists, other answers, removals that something needs, fixed things."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from deployer.engine.changes import Action, Reason
from deployer.engine.confirm import ConfirmError, confirm
from deployer.engine.report import Status
from deployer.sandbox import Response

JOURNEY = "journey.order_shipped"


def hidden(world, path):
    """Let a list show nothing, as one that is late."""
    empty = b'{"webhooks": []}' if "webhook" in path else b'{"segments": []}'

    def before(request):
        late = request.method == "GET" and request.path == path
        return Response(200, {"content-type": "application/json"}, empty) if late else None

    world.before = before


def by_status(report):
    """What became of each address."""
    return {one.change.address: one.status for one in report.outcomes}


def token(world, task_id):
    """The token of a task as it was asked last."""
    entry = world.state().entry(task_id.partition("/")[0])
    return [one.token for one in entry.tasks.values() if one.id == task_id][-1]


def test_a_webhook_whose_id_is_recorded_is_never_made_twice(world, make):
    """However long a list is late: what is recorded is asked for by its id, and only made again where it is gone."""
    world.resources = [make.webhook()]
    world.settle()
    made = world.state().entry("webhook.receipts").id
    hidden(world, "/v1/webhooks")
    [change] = world.plan().changes
    assert (change.action, change.reason, change.id) == (Action.CREATE, Reason.GONE, made)
    assert not world.apply().failed
    world.before = None
    assert len(world.dump("webhooks")) == 1
    assert world.state().entry("webhook.receipts").id == made
    assert world.plan().empty


def test_a_webhook_that_is_gone_is_made_again(world, make):
    """Asked for by its id, Attentive knows no such webhook: a new one is made and recorded."""
    world.resources = [make.webhook()]
    world.settle()
    made = world.state().entry("webhook.receipts").id
    with world.connect() as connection:
        connection.session.client("orders").delete_webhook(made)
    assert not world.apply().failed
    assert len(world.dump("webhooks")) == 1
    assert world.state().entry("webhook.receipts").id != made
    assert world.plan().empty


def test_a_late_list_after_a_lost_answer_is_read_again(world, make):
    """A create whose answer was lost isn't repeated because the first look at the list came too early."""
    world.resources = [make.webhook()]

    def lose(request):
        if (request.method, request.path) == ("POST", "/v1/webhooks"):
            raise httpx.ReadTimeout("lost")

    world.after = lose
    assert world.apply().failed
    world.after = None
    hidden(world, "/v1/webhooks")
    late, looks = world.before, iter(range(2))

    def twice(request):
        answer = late(request)
        return answer if answer and next(looks, None) is not None else None

    world.before = twice
    [change] = world.plan().changes
    assert (change.action, change.reason) == (Action.ADOPT, Reason.INTERRUPTED)
    world.settle()
    assert len(world.dump("webhooks")) == 1


def test_an_answer_about_another_object_is_a_failure(world, make):
    """A segment made under another external id than asked for isn't recorded as ours."""
    world.resources = [make.segment()]

    def other(request):
        if (request.method, request.path) != ("POST", "/v2/segments"):
            return None
        answer = world.account.handle(request)
        return replace(answer, body=answer.body.replace(b"northwind_testers", b"northwind_others"))

    world.before = other
    report = world.apply()
    assert by_status(report) == {"segment.testers": Status.FAILED}
    assert "northwind_others" in report.outcomes[0].message
    entry = world.state().entry("segment.testers")
    assert (entry.id, entry.fields) == ("", {})
    assert entry.intent is not None


def test_prune_keeps_what_a_blocked_change_needs(world, make):
    """A segment renamed without ``moved`` is blocked by its former self, which isn't archived meanwhile."""
    world.resources = [make.segment("testers")]
    world.settle()
    world.resources = [make.segment("beta", name="Testers", external_id="northwind_testers")]
    plan = world.plan(prune=True)
    assert {change.address: bool(change.blocked) for change in plan.changes} == {
        "segment.beta": True,
        "segment.testers": True,
    }
    assert "segment.beta is blocked" in make.change(plan, "segment.testers").blocked
    world.apply(plan)
    assert [one["external_id"] for one in world.dump("segments")] == ["northwind_testers"]


@pytest.mark.parametrize("name", ["loyalty", "orders"])
def test_an_event_type_never_moves_to_another_app(world, make, name):
    """An event type that another app sent first is blocked with the way back, whoever brings it about."""
    other = {"orders": "loyalty", "loyalty": "orders"}[name]
    world.resources = [make.event(app=other, owner="crm")]
    world.settle()
    world.put(make.event(app=name, owner="crm"))
    [change] = world.plan().changes
    assert "never moves to another app" in change.blocked
    assert world.apply().failed
    world.put(make.event(app=other, owner="crm"))
    assert world.plan().empty


def test_a_deprecated_type_that_nothing_uses_is_not_begun(world, make):
    """A new account doesn't get a deprecated event type, unless a journey still reads it."""
    world.resources = [make.event(deprecated=True), make.text()]
    plan = world.plan()
    assert (plan.empty, [note.address for note in plan.notes]) == (True, ["event_type.order_shipped"])
    world.put(make.journey())
    assert "event_type.order_shipped" in {change.address for change in world.plan().changes}


def test_a_deprecated_type_that_is_recorded_stays(world, make):
    """Deprecating a type that Attentive has changes nothing there."""
    world.resources = [make.event()]
    world.settle()
    world.put(make.event(deprecated=True))
    assert (world.plan().empty, world.plan().notes) == (True, ())


def test_a_turn_on_needs_the_draft_that_it_is_about(world, make):
    """Texts confirmed out of order: turning on is refused until the text that it is about is confirmed last."""
    world.resources = [make.event(), make.text(body="Four."), make.journey()]
    world.settle()
    tokens = []
    for body in ("Five.", "Six."):
        world.put(make.text(body=body))
        world.apply()
        tokens.append(token(world, f"{JOURNEY}/send.text"))
    five, six = tokens
    world.confirm(six)
    world.confirm(five)
    rest = [token(world, f"{JOURNEY}/{key}") for key in ("review.text", "turn_on")]
    with pytest.raises(ConfirmError, match=six):
        confirm(world.state(), rest, make.said())
    world.confirm(six)
    world.confirm(*rest)
    assert world.state().entry(JOURNEY).live["send.text"]["text"] == "Six."


def test_an_old_confirmation_again_changes_no_draft(world, make):
    """Only the task that was asked last for its place can be confirmed anew."""
    world.resources = [make.event(), make.text(body="Four."), make.journey()]
    world.settle()
    four = token(world, f"{JOURNEY}/send.text")
    world.put(make.text(body="Five."))
    world.apply()
    world.confirm(token(world, f"{JOURNEY}/send.text"))
    world.confirm(four)
    assert world.state().entry(JOURNEY).draft["send.text"]["text"] == "Five."


def test_a_step_that_comes_back_is_put_in_its_place_again(world, make):
    """In a draft a step is added, taken out and added again: the order is asked for again, until it is confirmed."""
    steps = [make.send("text", "shipped_text"), make.wait("pause")]
    world.resources = [make.event(), make.text(), make.journey(steps=steps, status="draft")]
    world.settle()
    world.put(make.journey(steps=steps[:1], status="draft"))
    world.settle()
    world.put(make.journey(steps=steps, status="draft"))
    world.apply()
    world.confirm(f"{JOURNEY}/wait.pause")
    assert [task.id for task in world.state().open_tasks()] == [f"{JOURNEY}/arrange"]
    assert [task.id for task in world.plan().waiting] == [f"{JOURNEY}/arrange"]
    world.confirm_all()
    plan = world.plan()
    assert (plan.empty, plan.waiting) == (True, ())


def test_an_archived_segment_that_comes_back_is_blocked_in_the_plan(world, make):
    """Declared again after --prune archived it, a segment is blocked with the way back; restored, it can be adopted."""
    world.resources = [make.segment(), make.segment("other")]
    world.settle()
    world.drop("Segment", "testers")
    world.settle(prune=True)
    world.put(make.segment())
    [change] = world.plan().changes
    assert "was archived on" in change.blocked
    assert "adopt: {segment.testers: {id: northwind_testers}}" in change.blocked
    world.forbid_writes()
    assert by_status(world.apply()) == {"segment.testers": Status.BLOCKED}
    world.put(make.segment(external_id="northwind_testers_2"))
    assert [change.blocked for change in world.plan().changes] == [""]


def test_a_create_that_was_refused_leaves_no_intent(world, make):
    """What Attentive certainly refused was never begun: the record has nothing of it."""
    world.resources = [make.webhook(), make.segment()]
    world.before = lambda request: Response(422) if (request.method, request.path) == ("POST", "/v1/webhooks") else None
    assert by_status(world.apply())["webhook.receipts"] is Status.FAILED
    assert list(world.state().entries) == ["segment.testers"]

"""A plan, a report and tasks that a shop could have, built by hand, and the comparison with golden files."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deployer.engine.changes import (
    Action,
    ApiChange,
    FieldChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    Provenance,
    Reason,
)
from deployer.engine.plan import Mode, Note, Plan
from deployer.engine.report import ApplyReport, Outcome, Status
from deployer.engine.tasks import OpenTask
from deployer.kinds.base import Instruction
from deployer.state.model import Effect, TaskRecord, TaskStatus

GOLDEN = Path(__file__).parent / "golden"

BEFORE = (
    "Order {{triggerEvent.custom['Order Id']}} is under way, should arrive {{triggerEvent.custom['delivery_date']}}."
)
AFTER = BEFORE.replace("should arrive", "will arrive on") + "\nQuestions? https://northwind.example/help"
FIXED = "a journey's trigger and category are fixed once it is created at Attentive"


@pytest.fixture
def golden():
    """Compare a text with a golden file, byte by byte.

    To make a golden file anew, delete it, run the test with ``UPDATE_GOLDEN=1`` and read the difference before it is
    committed. A file that exists is never written, and without the variable a missing one is a failure.
    """

    def compare(name, text):
        path = GOLDEN / name
        if not path.exists() and os.environ.get("UPDATE_GOLDEN") == "1":
            path.write_text(text + "\n", encoding="utf-8", newline="\n")
        assert text + "\n" == path.read_text(encoding="utf-8")

    return compare


def task(id_, token, title, value=None, **more):
    """Make a task whose slot is its key."""
    return TaskRecord(id=id_, token=token, title=title, slot=id_.partition("/")[2], value=value or {}, **more)


def confirmed(path, old, new):
    """Make a field change of what a person confirmed before."""
    return FieldChange(path, old, new, Provenance.CONFIRMED)


CREATE = task("journey.pickup_ready/create", "k3f9xq2", "Create the journey “Pickup ready”")
BRANCH = task("journey.pickup_ready/branch.who", "m2p7wzt", "Set the branch of step “who”", needs=[CREATE.id])
TURN_ON = task("journey.pickup_ready/turn_on", "3hq6bva", "Turn on “Pickup ready”", effect=Effect.PUBLISH)
TEXT = task("journey.order_shipped/send.text", "a5c2ncm", "Set the text of step “text”")
REVIEW = task(
    "journey.order_shipped/review.text",
    "z7w4pqd",
    "Have Attentive review the text of step “text”",
    value={"text": AFTER},
    review=True,
    status=TaskStatus.SUBMITTED,
    by="ana",
    at="2026-05-10T12:00:00+00:00",
)
OFF = task("journey.order_shipped/turn_off", "b6yd3ke", "Turn off “Order shipped”", {"status": "inactive"})
FORMER = task("journey.order_shipped/turn_off.former", "c4xe5jf", "Turn off the former “Order shipped”")
RETIRE = task("journey.delivery_delayed/retire", "q2r5t7u", "Turn off “Delivery delayed”, which is no longer declared")
SOURCE_ID = task(
    "opt_in_source.checkout/id",
    "5erg5gk",
    "Write Attentive's sign-up source ID into the YAML",
    value={"sign_up_source_id": "to come"},
    confirmable=False,
)

CHANGES = (
    ApiChange(
        address="event_type.pickup_ready",
        kind="EventType",
        action=Action.SEND,
        reason=Reason.NEW,
        fields=(
            FieldChange("name", None, "Pickup Ready"),
            FieldChange("app", None, "orders"),
            FieldChange("keys", None, {"Order Id": "string", "store_name": "string", "hold_until": "string"}),
        ),
        wanted={"name": "Pickup Ready"},
        payload={"Order Id": "54321", "store_name": "Harbor Street", "hold_until": "May 17"},
        app="orders",
        irreversible="an event type can't be deleted, renamed or moved to another app at Attentive",
    ),
    ApiChange(
        address="webhook.receipts",
        kind="Webhook",
        action=Action.UPDATE,
        reason=Reason.CHANGED,
        fields=(
            FieldChange("url", {"$secret": ""}, {"$secret": "RECEIPTS_WEBHOOK_URL"}, Provenance.LIVE),
            FieldChange("status", "disabled", "enabled", Provenance.LIVE),
            FieldChange("events", ["sms.sent"], ["sms.sent", "sms.message_link_click"], Provenance.RECORDED),
        ),
        id="MjU6V2ViaG9vazIy",
        protect=True,
    ),
    ApiChange(
        address="segment.vips",
        kind="Segment",
        action=Action.CREATE,
        reason=Reason.NEW,
        blocked="Attentive has this already; write `adopt:`",
    ),
    ApiChange(
        address="webhook.orders", kind="Webhook", action=Action.ADOPT, reason=Reason.ADOPTED, id="MjU6V2ViaG9vazIz"
    ),
    MoveChange(address="segment.staff", kind="Segment", old_address="segment.testers"),
    ForgetChange(address="event_type.trial", kind="EventType", reason=Reason.FORGOTTEN),
    ApiChange(
        address="segment.old",
        kind="Segment",
        action=Action.DELETE,
        reason=Reason.REMOVED,
        before={"name": "Old testers", "external_id": "northwind_old"},
        id="seg_1",
    ),
    PersonChange(
        address="journey.delivery_delayed", kind="Journey", action=Action.DELETE, reason=Reason.REMOVED, tasks=(RETIRE,)
    ),
    PersonChange(
        address="journey.pickup_ready",
        kind="Journey",
        action=Action.CREATE,
        reason=Reason.NEW,
        fields=(
            confirmed("create.app", None, "Northwind Orders"),
            confirmed("create.category", None, "transactional"),
            confirmed("create.name", None, "Pickup ready"),
            confirmed("create.trigger", None, "Pickup Ready"),
            confirmed("branch.who.cases", None, [{"subscription": "both"}]),
            confirmed("turn_on.status", None, "active"),
        ),
        tasks=(CREATE, BRANCH, TURN_ON),
        depends_on=("event_type.pickup_ready",),
        irreversible=FIXED,
    ),
    PersonChange(
        address="journey.order_shipped",
        kind="Journey",
        action=Action.UPDATE,
        reason=Reason.CHANGED,
        fields=(
            confirmed("send.text.quiet_hours", "respect", "ignore"),
            confirmed("send.text.text", BEFORE, AFTER),
            confirmed("turn_off.former.status", "active", "inactive"),
            confirmed("turn_off.status", "active", "inactive"),
        ),
        tasks=(TEXT, REVIEW, OFF, FORMER),
        withdrawn={"y6u8i9o": "Set the text of step “text”"},
        irreversible=FIXED,
    ),
)


@pytest.fixture
def plan():
    """A plan with everything in it that a plan can have."""
    return Plan(
        environment="production",
        mode=Mode.LIVE,
        lineage="0f1e",
        config="2d3c",
        prune=True,
        versions={"webhook.receipts": 3},
        changes=CHANGES,
        waiting=(SOURCE_ID, replace(BRANCH, status=TaskStatus.REJECTED, note="too long", by="ana")),
        notes=(
            Note("attribute.tier", "no longer declared, and kept", "plan with --prune to remove it"),
            Note(
                "",
                "could not read Segment from Attentive; planning from the recorded state instead "
                "(the key may not read segments)",
            ),
        ),
    )


@pytest.fixture
def report():
    """What became of some of the changes, one of each status."""
    reached = {
        "event_type.pickup_ready": Outcome(CHANGES[0], Status.DONE),
        "webhook.receipts": Outcome(CHANGES[1], Status.FAILED, "Attentive answered 403", "give the app webhooks:write"),
        "segment.vips": Outcome(CHANGES[2], Status.BLOCKED, CHANGES[2].blocked),
        "segment.staff": Outcome(CHANGES[4], Status.NOT_STARTED),
        "journey.pickup_ready": Outcome(CHANGES[8], Status.WAITING),
    }
    return ApplyReport("production", tuple(reached.values()), open_tasks=4, overrides=("--allow-removals",))


@pytest.fixture
def open_tasks():
    """Three tasks: one with a text to copy, one under review, one that the YAML ends."""
    sending = Instruction(
        "Send text message “text”",
        (
            ("note", "The step stands already.", ""),
            ("step", "Open Messaging > Journeys > “Order shipped”; choose to edit it.", ""),
            ("step", "Replace the whole text by this; paste without formatting (Ctrl/Cmd+Shift+V).", ""),
            ("text", "Composer text", AFTER),
            ("note", "Attentive puts the brand name in front by itself.", ""),
            ("field", "Quiet Hours", "on (respect)"),
            ("field", "Smart Sending", "off (ignore)"),
            ("step", "Save the step.", ""),
        ),
    )
    review = Instruction(
        "Attentive's review",
        (
            ("step", "Submit the text for Attentive's review.", ""),
            ("step", "Record it as sent with `deployer confirm TOKEN --submitted`.", ""),
        ),
    )
    source_id = Instruction("The ID", (("step", "Copy the number in the ID column, and commit.", ""),))
    return (
        OpenTask(TEXT, sending, ("event_type.order_shipped/first_event", "journey.order_shipped/create")),
        OpenTask(REVIEW, review, (TEXT.id,)),
        OpenTask(SOURCE_ID, source_id, ()),
    )

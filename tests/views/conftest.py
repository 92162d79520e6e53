"""A plan, a report and tasks that a shop could have, built by hand, and the comparison with golden files."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from deployer.engine.plan import Action, Change, FieldChange, Mode, Note, Plan, Provenance
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
    Change(
        "event_type.pickup_ready",
        "EventType",
        Action.SEND,
        "api",
        "new",
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
    Change(
        "webhook.receipts",
        "Webhook",
        Action.UPDATE,
        "api",
        "changed",
        fields=(
            FieldChange("url", {"$secret": ""}, {"$secret": "RECEIPTS_WEBHOOK_URL"}, Provenance.LIVE),
            FieldChange("status", "disabled", "enabled", Provenance.LIVE),
            FieldChange("events", ["sms.sent"], ["sms.sent", "sms.message_link_click"], Provenance.RECORDED),
        ),
        id="MjU6V2ViaG9vazIy",
        protect=True,
    ),
    Change(
        "segment.vips", "Segment", Action.CREATE, "api", "new", blocked="Attentive has this already; write `adopt:`"
    ),
    Change("webhook.orders", "Webhook", Action.ADOPT, "api", "adopted", id="MjU6V2ViaG9vazIz"),
    Change("segment.staff", "Segment", Action.MOVE, "api", "moved", old_address="segment.testers", record_only=True),
    Change("event_type.trial", "EventType", Action.FORGET, "api", "forgotten", record_only=True),
    Change(
        "segment.old",
        "Segment",
        Action.DELETE,
        "api",
        "removed",
        before={"name": "Old testers", "external_id": "northwind_old"},
        id="seg_1",
    ),
    Change("journey.delivery_delayed", "Journey", Action.DELETE, "person", "removed", tasks=(RETIRE,)),
    Change(
        "journey.pickup_ready",
        "Journey",
        Action.CREATE,
        "person",
        "new",
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
    Change(
        "journey.order_shipped",
        "Journey",
        Action.UPDATE,
        "person",
        "changed",
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
            Note("", "Segment couldn't be read, so the record is trusted: the key may not read segments"),
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

"""The record as people see it: on a terminal, byte by byte, and as JSON."""

import json

from deployer.app.records import EnvironmentRecord, Pushed
from deployer.state import Confirmation, Entry, Holder, Intent, Override, State
from deployer.views import state as views
from deployer.views import state_changes as changes

HOLDER = Holder("1f0a9c3e", "ana", "ci-7", 4711, "apply", "2026-05-10T12:00:00Z")
WEBHOOK = Entry(
    kind="Webhook",
    by="api",
    version=3,
    id="MjU6Q29tcGFueUFwcGxpY2F0aW9uV2ViaG9vazE",
    app="orders",
    fields={"events": ["sms.sent"], "url": {"$secret": "RECEIPTS_WEBHOOK_URL", "hash": "ab"}},
    depends_on=("event_type.order_shipped",),
    protect=True,
    changed_at="2026-05-10T12:00:00+00:00",
)
JOURNEY = Entry(
    kind="Journey",
    by="person",
    version=2,
    live={"create": {"name": "Order shipped"}, "send.text": "Order {{x}}\nis on its way"},
    draft={"turn_on": None},
    stopped=Confirmation(by="ana", at="2026-05-10T12:00:00+00:00"),
)
SEGMENT = Entry(kind="Segment", by="api", intent=Intent("create", {"name": "Testers"}))
STATE = State(
    "production",
    lineage="e55f4c5feb054b74a9210687953c68c8",
    serial=12,
    company_id="MDc6Q29tcGFueTI",
    overrides=(Override("--allow-removals", "apply", "ana", "2026-05-10T12:00:00+00:00"),),
    entries={"webhook.receipts": WEBHOOK, "journey.order_shipped": JOURNEY, "segment.testers": SEGMENT},
)
RECORD = EnvironmentRecord("production", "s3://states/northwind", STATE, HOLDER)
EMPTY = EnvironmentRecord("production", "git", None)


def test_the_overview_on_a_terminal(golden):
    """If a record is locked, its holder and the way to free it stand below what it holds."""
    golden("state.txt", views.record_text(RECORD))
    assert views.record_text(EMPTY).splitlines()[2] == "Nothing is recorded yet."


def test_the_list_on_a_terminal(golden):
    """If addresses are listed, what is said of them stands in a column."""
    golden("state-list.txt", views.list_text(RECORD))
    assert views.list_text(EMPTY) == "Nothing is recorded of production in git."


def test_an_entry_on_a_terminal(golden):
    """If an entry is shown, secrets are their variable's name and texts of several lines are shown in full."""
    shown = [views.entry_text(address, STATE.entries[address]) for address in sorted(STATE.entries)]
    golden("state-entry.txt", "\n\n".join(shown))


def test_the_question_and_what_was_done(golden):
    """If addresses are let go of or a copy is put back, it is said before and after."""
    asked = changes.to_remove_text(STATE.entries)
    pushed = Pushed("git", STATE, ("segment.a",), ("segment.b",), ("segment.c",))
    same = Pushed("git", STATE, written=False)
    said = [asked, changes.removed_text(STATE.entries), *map(changes.pushed_text, (pushed, same))]
    golden("state-changes.txt", "\n\n".join([*said, changes.unlocked_text(HOLDER)]))


def test_no_line_is_wider_than_the_terminal():
    """If the terminal is narrow, every line but a command to copy fits."""
    texts = [views.record_text(RECORD, width=50), views.list_text(RECORD, width=50)]
    wide = [line for text in texts for line in text.splitlines() if len(line) > 50]
    assert wide == ["  deployer state unlock 1f0a9c3e --env production"] * (len(wide))


def test_the_record_as_json():
    """If JSON is asked for, everything that the terminal shows is in it."""
    told = json.loads(views.record_json(RECORD))
    assert told == {
        "version": 1,
        "environment": "production",
        "location": "s3://states/northwind",
        "stored": True,
        "format": 2,
        "lineage": STATE.lineage,
        "serial": 12,
        "company_id": "MDc6Q29tcGFueTI",
        "resources": {"Journey": 1, "Segment": 1, "Webhook": 1},
        "open_tasks": 0,
        "overrides": [
            {"name": "--allow-removals", "operation": "apply", "by": "ana", "at": "2026-05-10T12:00:00+00:00"}
        ],
        "lock": HOLDER.to_json(),
    }
    listed = {one["address"]: one for one in json.loads(views.list_json(RECORD))["resources"]}
    assert (listed["webhook.receipts"]["protect"], listed["journey.order_shipped"]["stopped"]) == (True, True)
    assert listed["segment.testers"]["intent"] == "create"
    assert json.loads(views.entry_json("webhook.receipts", WEBHOOK))["entry"] == WEBHOOK.to_json()
    assert json.loads(changes.removed_json(["a.b"], 13)) == {"version": 1, "let_go": ["a.b"], "serial": 13}
    assert json.loads(changes.unlocked_json(HOLDER)) == {"version": 1, "freed": HOLDER.to_json()}

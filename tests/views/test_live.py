"""What Attentive and the record say: drift, the launch checklist, and whose keys these are."""

import json

from deployer.attentive import Me
from deployer.engine.apps import AppCheck
from deployer.engine.changes import FieldChange, Provenance
from deployer.engine.checklist import TITLES, Checklist, LaunchStep
from deployer.engine.drift import Drift
from deployer.views.apps import whoami_json, whoami_text
from deployer.views.drift import drift_json, drift_text
from deployer.views.status import status_json, status_markdown, status_text

PEOPLE = "Attentive's API doesn't show it; people confirm it"
DRIFTS = (
    Drift("segment.testers", "gone"),
    Drift("journey.order_shipped", "unknown", reason=PEOPLE),
    Drift("journey.pickup_ready", "unknown", reason=PEOPLE),
    Drift("event_type.order_shipped", "unknown", reason="Attentive's API doesn't list it; it is recorded as sent"),
    Drift("segment.vips", "same"),
    Drift(
        "webhook.receipts",
        "changed",
        (
            FieldChange("status", "enabled", "disabled", Provenance.LIVE),
            FieldChange("url", {"$secret": "RECEIPTS_WEBHOOK_URL"}, "another value", Provenance.LIVE),
        ),
    ),
)
REASONS = {
    1: ("done", ()),
    2: ("unknown", ("orders: the permission events:write can't be seen",)),
    3: ("done", ()),
    4: (
        "open",
        ("journey.pickup_ready/turn_on: waiting [3hq6bva]", "journey.pickup_ready/review.text: submitted [m2p7wzt]"),
    ),
    5: ("open", ("nobody was subscribed through checkout yet: deployer subscribe checkout --env production",)),
    6: ("open", ("journey.order_shipped/verify: waiting [4zm2q4e]",)),
}
CHECKLIST = Checklist(
    "production", tuple(LaunchStep(number, TITLES[number], *found) for number, found in REASONS.items())
)
CHECKS = (
    AppCheck(
        "orders",
        Me("Northwind Orders", "Northwind Trading", "MDc6Q29tcGFueTI", "northwind.attn.tv", "it@northwind.example"),
        scopes=(("webhooks:write", "yes"), ("segments:read", "no"), ("events:write", "unknown")),
    ),
    AppCheck("returns", None, "the key is of another company", "set ATTENTIVE_RETURNS_KEY to a key of Northwind"),
)


def test_drift_reads_well_at_80_columns(golden):
    """What changed is told first, field by field; what can't be seen by its reason."""
    golden("drift.txt", drift_text(DRIFTS, environment="production"))


def test_no_drift_needs_no_way_back():
    """Where everything is the same there is nothing to do; where nothing is recorded, that is said."""
    assert (
        drift_text([Drift("segment.vips", "same")], environment="staging")
        == "Drift in staging: 1 same\n\nsame\n= segment.vips"
    )
    assert drift_text([], environment="staging") == "Drift in staging: nothing is recorded"


def test_drift_is_json():
    """The JSON keeps every address with its outcome."""
    data = json.loads(drift_json(DRIFTS, environment="production"))
    assert [one["outcome"] for one in data["drift"]] == [one.outcome for one in DRIFTS]
    assert data["drift"][-1]["fields"][0] == {
        "path": "status",
        "old": "enabled",
        "new": "disabled",
        "provenance": "live",
    }


def test_the_checklist_reads_well_at_80_columns(golden):
    """Six steps, ticked or with reasons, wrapped."""
    golden("status.txt", status_text(CHECKLIST))


def test_the_checklist_is_a_task_list_in_markdown(golden):
    """Markdown has ticks of its own; what isn't known isn't ticked and says so."""
    golden("status.md", status_markdown(CHECKLIST))


def test_the_checklist_is_json():
    """The JSON is the checklist's own."""
    assert json.loads(status_json(CHECKLIST)) == CHECKLIST.to_json()


def test_keys_read_well_at_80_columns(golden):
    """Each app has its name, company and permissions, or what is wrong with its key; no address of a person."""
    text = whoami_text(CHECKS, environment="production")
    golden("whoami.txt", text)
    assert "it@northwind.example" not in text + whoami_json(CHECKS, environment="production")


def test_no_app_is_said():
    """An environment without apps says where they are bound."""
    assert whoami_text((), environment="staging").startswith("No app is bound in staging")


def test_keys_are_json():
    """The JSON has nulls where a key told nothing."""
    orders, returns = json.loads(whoami_json(CHECKS, environment="production"))["apps"]
    assert orders["scopes"] == {"webhooks:write": "yes", "segments:read": "no", "events:write": "unknown"}
    assert (returns["application"], returns["problem"]) == (None, "the key is of another company")

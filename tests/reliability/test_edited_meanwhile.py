"""Somebody edits, deletes or makes something at Attentive between the plan and its apply: that change alone fails."""

from __future__ import annotations

import pytest

import deployer
from deployer.engine.report import Status
from deployer.kinds import KINDS


def declared(make):
    """What stands and is recorded: one of each kind that Attentive lists, and a journey that depends on a segment."""
    sends = {"message": "shipped_text", "quiet_hours": "respect", "smart_sending": "ignore"}
    case = {"when": {"segment": "testers"}, "steps": [{"id": "text", "send_text": sends}]}
    return [
        make.event("order_shipped", ["Order Id"]),
        make.text("shipped_text", "Your order left."),
        make.journey("shipped_text", steps=[{"id": "who", "branch": {"cases": [case], "else": []}}]),
        make.attribute(),
        make.hook("receipts", "a"),
        make.hook("clicks", "b"),
        make.segment("testers"),
        make.segment("buyers"),
    ]


def changed(make):
    """What is wanted next: each of them changed, and a new one of each kind."""
    kept = [one for one in declared(make) if one["kind"] not in {"Webhook", "Segment"}]
    return [
        *kept,
        make.hook("receipts", "a", events=["email.opened"]),
        make.hook("opened", "c"),
        make.segment("testers", name="All testers"),
        make.segment("owners"),
        make.attribute(id="level", name="Level"),
    ]


def edit_hook(client, _):
    """Change the webhook that the plan changes."""
    one = next(one for one in client.webhooks() if one.url.endswith("/a"))
    client.update_webhook(one.id, one.url, ["sms.message_link_click"], disabled=False)


def delete_hook(client, _):
    """Delete the webhook that the plan changes."""
    client.delete_webhook(next(one.id for one in client.webhooks() if one.url.endswith("/a")))


def edit_doomed_hook(client, _):
    """Change the webhook that the plan removes."""
    one = next(one for one in client.webhooks() if one.url.endswith("/b"))
    client.update_webhook(one.id, one.url, ["sms.message_link_click"], disabled=False)


HAPPENINGS = {
    ("Webhook", "edited"): (edit_hook, "webhook.receipts", "it was changed"),
    ("Webhook", "edited, to be removed"): (edit_doomed_hook, "webhook.clicks", "it was changed"),
    ("Webhook", "deleted"): (delete_hook, "webhook.receipts", "it is gone"),
    ("Webhook", "appeared"): (
        lambda client, _: client.create_webhook("https://hooks.northwind.example/c", ["sms.sent"]),
        "webhook.opened",
        "it appeared",
    ),
    ("Segment", "edited"): (
        lambda client, _: client.update_segment("northwind_testers", name="Some"),
        "segment.testers",
        "it was changed",
    ),
    ("Segment", "edited, to be removed"): (
        lambda client, _: client.update_segment("northwind_buyers", name="Some"),
        "segment.buyers",
        "it was changed",
    ),
    ("Segment", "deleted"): (
        lambda client, _: client.archive_segment("northwind_testers"),
        "segment.testers",
        "it is gone",
    ),
    ("Segment", "appeared"): (
        lambda client, _: client.create_segment(name="Owners", description="Not ours.", external_id="northwind_owners"),
        "segment.owners",
        "it appeared",
    ),
    ("CustomAttribute", "appeared"): (lambda client, contact: client.set_attributes(contact, {"Level": "x"}), "", ""),
}
"""By kind and what happens: how, which address fails (empty: none, setting an attribute twice is setting it), why."""


def test_every_kind_that_can_be_listed_is_here():
    """If the objects of a kind can be listed, what others do to them meanwhile is tried."""
    listed = {kind.name for kind in KINDS.values() if kind.api and kind.api.read}
    assert {kind for kind, _ in HAPPENINGS} == listed


@pytest.mark.parametrize(("kind", "what"), HAPPENINGS)
def test_what_changed_since_the_plan_fails_alone(trial, make, figures, kind, what):
    """The change of what moved on is refused, what depends on it blocked, everything else done."""
    happen, address, why = HAPPENINGS[kind, what]
    trial.resources = declared(make)
    assert not trial.apply().failed
    trial.confirm_all()
    trial.resources = changed(make)
    with trial.connect() as connection:
        plan = deployer.plan(connection, prune=True)
        happen(connection.session.client("orders"), connection.session.test_contact)
        meanwhile = make.comparable(trial.account)
        report = deployer.apply(connection, plan)
    outcomes = {one.change.address: one for one in report.outcomes}
    others = {one.change.address: one.status for one in report.outcomes if one.change.address != address}
    if address:
        assert (outcomes[address].status, outcomes[address].hint) == (
            Status.FAILED,
            "plan again, and look at what changed",
        )
        assert why in outcomes[address].message
        assert others.pop("journey.order_shipped") is (
            Status.BLOCKED if address == "segment.testers" else Status.WAITING
        )
    assert set(others.values()) <= {Status.DONE, Status.WAITING}
    assert report.failed == bool(address)
    kept = one_of(make.comparable(trial.account), address)
    assert kept == one_of(meanwhile, address)
    figures["edits between plan and apply"] += 1


def one_of(account, address):
    """What stands in an account of the address that fails."""
    keys = {
        "webhook.receipts": ("webhooks", "url", "https://hooks.northwind.example/a"),
        "webhook.clicks": ("webhooks", "url", "https://hooks.northwind.example/b"),
        "webhook.opened": ("webhooks", "url", "https://hooks.northwind.example/c"),
        "segment.testers": ("segments", "external_id", "northwind_testers"),
        "segment.buyers": ("segments", "external_id", "northwind_buyers"),
        "segment.owners": ("segments", "external_id", "northwind_owners"),
    }
    part, key, value = keys.get(address, ("webhooks", "url", None))
    return [one for one in account[part] if one[key] == value]

"""Journey tests under check: what several journeys share isn't taken for missing."""

from __future__ import annotations

import pytest

import deployer
from tests.rules.conftest import SETTINGS

SHOP = """\
kind: EventType
id: paid
name: Paid
app: orders
identify_by: [phone]
properties: { Order Id: { type: string, minLength: 1, maxLength: 12 } }
samples: { happy: { Order Id: "54321" } }
---
kind: EventType
id: packed
name: Packed
app: orders
identify_by: [phone]
properties: { Order Id: { type: string, minLength: 1, maxLength: 12 } }
samples: { happy: { Order Id: "54321" } }
---
kind: OptInSource
id: checkout
channel: text
subscription_type: transactional
placement: checkout
consent: { control: checkbox, disclosure: Reply HELP for help and STOP to cancel. }
screenshot: checkout.png
"""
JOURNEY = """\
---
kind: Message
id: {0}_text
channel: text
event: {0}
body: Order {{{{triggerEvent.custom['Order Id']}}}} is {0}.
---
kind: Journey
id: {0}
name: {0}
category: transactional
trigger: {0}
opt_in: [checkout]
re_entry: {{ cooldown: none }}
steps:
  - {{ id: text, send_text: {{ message: {0}_text, quiet_hours: ignore, smart_sending: ignore }} }}
status: active
"""
TEST = """\
---
kind: JourneyTest
id: both
start: 2026-05-10 14:00
events: [{ event: paid }, { at: 1 hour, event: packed }]
expect:
  - { sent: { message: paid_text, step: text } }
  - { sent: { message: packed_text, journey: packed, step: text } }
"""
PROJECT = SHOP + JOURNEY.format("paid") + JOURNEY.format("packed")


def test_steps_of_one_id_in_two_journeys(checked):
    """If two journeys have a step of the same id, a test may expect what either sends."""
    assert checked(PROJECT + TEST, pin="journey-test") == ()


def test_a_message_of_another_journey(checked):
    """If an expectation names a journey, only that journey's steps count."""
    [problem] = checked(PROJECT + TEST.replace("journey: packed", "journey: paid"), pin="journey-test")
    assert (problem.rule, problem.excerpt[problem.position.column - 1 :][:11]) == ("journey-test/never", "packed_text")


@pytest.mark.parametrize(
    ("sound", "broken"), [("category: transactional", "category: transactionl"), ("expect:", "expects:")]
)
def test_what_broken_declarations_hold_is_not_known(tmp_path, sound, broken):
    """A broken journey makes no expectation impossible, and a broken test no journey untested."""
    (tmp_path / "deployer.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "checkout.png").write_bytes(b"a picture")
    (tmp_path / "shop.yaml").write_text((PROJECT + TEST).replace(sound, broken), "utf-8")
    rules = {one.rule for one in deployer.load(tmp_path).check()}
    assert any(one.startswith("schema/") for one in rules)
    assert not rules & {"journey-test/never", "journey/no-test"}


def test_which_journey_has_no_test(checked):
    """If no test sends a journey's trigger, the journey is named; one that isn't active needs no test."""
    rest = PROJECT + TEST.replace(", { at: 1 hour, event: packed }", "").replace(
        "  - { sent: { message: packed_text, journey: packed, step: text } }\n", ""
    )
    [problem] = checked(rest, pin="journey/no-test")
    assert (problem.rule, problem.severity, problem.address) == ("journey/no-test", "info", "journey.packed")
    off = rest.replace("status: active\n---\nkind: JourneyTest", "status: inactive\n---\nkind: JourneyTest")
    assert checked(off, pin="journey/no-test") == ()


def test_what_an_event_lacks_is_one_problem(checked):
    """Keys that `data` lacks are named together, and without a sample beside it the hint is to name one."""
    shop = SHOP.replace("properties: {", "properties: { name: { type: string }, city: { type: string },", 1)
    shop = shop.replace("happy: {", "happy: { name: Ada, city: Bern,", 1)
    shop += JOURNEY.format("paid") + JOURNEY.format("packed")
    test = TEST.replace("{ event: paid }", "{ event: paid, data: { Order Id: '1', wrong: 2 } }")
    expected = "  - { sent: { message: paid_text } }\n"
    found = checked(shop + test + expected, pin="journey-test/payload")
    assert [problem.message for problem in found] == [
        "the event isn't what `paid` declares: missing `name`, `city`",
        "`paid` declares no `wrong`",
    ]
    assert "`sample:`" in found[0].hint
    [beside] = checked(shop + test.replace("data:", "sample: happy, data:") + expected, pin="journey-test/payload")
    assert "wrong" in beside.message

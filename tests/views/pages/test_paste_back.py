"""What the composer shows, pasted back into the task page: the same, or what went wrong by name."""

from __future__ import annotations

import pytest

from tests.views.pages.conftest import expect

JOURNEY = "journey.order_shipped"
TEXT = f"{JOURNEY}/send.text"
WANTED = (
    "Order {{triggerEvent.custom['Order Id']}} is on its way and should arrive "
    "{{triggerEvent.custom['delivery_date']}}. Track it: {{triggerEvent.custom['tracking_url']}}"
)


def test_the_same_words_are_green(open_tasks, task_ids):
    """What was pasted back word for word is green, and the task can be ticked there."""
    seen = open_tasks(TEXT)
    seen.paste(WANTED)
    seen.reads(".verdict.good", "word for word")
    seen.page.get_by_role("button", name="Tick this task").click()
    expect(seen.box(task_ids[TEXT])).to_be_checked()
    expect(seen.page.locator(".verdict .button")).to_have_count(0)


@pytest.mark.parametrize(
    ("pasted", "named"),
    [
        (WANTED.replace("'Order Id'", "\u2018Order Id\u2019"), ["quotes", "altered"]),
        (WANTED.replace(" is on", "\u00a0is on"), ["nbsp"]),
        (WANTED.replace("{{triggerEvent.custom['delivery_date']}}", "May 10"), ["lost"]),
        (WANTED.replace("['Order Id']", "['order id']"), ["altered"]),
        (WANTED + " {{subscriber.firstName}}", ["strange"]),
        (WANTED + "  ", ["end"]),
        (WANTED.replace(". Track", ".\nTrack"), ["breaks-more"]),
        ("Northwind: " + WANTED, ["brand"]),
        ("NORTHWIND " + WANTED, ["brand"]),
        (WANTED.replace("way and", "way \u2013\u200b and"), ["hidden", "dashes"]),
        (WANTED.replace("is on", "is  on"), ["doubled"]),
        (WANTED.replace("on its way", "underway"), []),
    ],
)
def test_mishaps_have_names(open_tasks, pasted, named):
    """What went wrong on the way to the composer and back is named; the words that differ are told apart."""
    seen = open_tasks(TEXT)
    seen.paste(pasted)
    assert seen.causes() == named
    assert seen.page.locator(".verdict .diff del, .verdict .diff ins").count() > 0
    assert seen.page.get_by_role("button", name="Tick this task").count() == 0


def test_missing_lines_are_named(open_tasks, task_ids):
    """A line break that got lost is a cause of its own, and every lost macro is listed."""
    seen = open_tasks("journey.delivery_delayed/send.text")
    wanted = seen.body(task_ids["journey.delivery_delayed/send.text"]).locator("pre.code").inner_text()
    assert "\n" in wanted
    seen.paste(wanted.replace("\n", " "))
    assert seen.causes() == ["breaks"]
    seen.paste("Sorry, your order is late.")
    assert "lost" in seen.causes()
    assert len(seen.page.locator("[data-cause=lost] .macros li").all()) == 3


def test_the_length_of_what_was_pasted(open_tasks):
    """The pasted text is counted for every sample by both rules, and what makes it wide is shown."""
    seen = open_tasks(TEXT)
    seen.paste(WANTED)
    seen.reads(".check-back [role=status]", "1 to 2 segments by Attentive\u2019s published rule")
    seen.paste(WANTED.replace("way", "way 📦"))
    seen.reads(".glyphs", "📦")


def test_an_email_is_checked_part_by_part(open_tasks, task_ids):
    """Each part of an email is compared with itself; the task can be ticked once all were the same."""
    task = "journey.tier_changed/send.email"
    seen = open_tasks(task)
    for block in seen.body(task_ids[task]).locator(".paste-text").all():
        name = block.get_attribute("aria-label")
        if name in {"Subject", "Preheader", "HTML", "Plain text"}:
            seen.page.get_by_role("radio", name=name, exact=True).check()
            assert seen.page.get_by_role("button", name="Tick this task").count() == 0
            seen.paste(block.locator("pre").evaluate("pre => pre.textContent"))
            seen.reads(".verdict.good", "word for word")
    seen.page.get_by_role("button", name="Tick this task").click()
    expect(seen.box(task_ids[task])).to_be_checked()

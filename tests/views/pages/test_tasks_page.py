"""The task page in a real browser, as one file from disk with the network off."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import deployer
from deployer.engine.confirm import Statement
from deployer.state import State
from tests.views.pages.conftest import expect

JOURNEY = "journey.order_shipped"
TEXT = f"{JOURNEY}/send.text"
WANTED = (
    "Order {{triggerEvent.custom['Order Id']}} is on its way and should arrive "
    "{{triggerEvent.custom['delivery_date']}}. Track it: {{triggerEvent.custom['tracking_url']}}"
)


def tokens(state: State) -> dict[str, str]:
    """The tokens of the open tasks, by id."""
    return {task.id: task.token for task in state.open_tasks()}


def test_the_page_says_what_there_is_to_do(open_tasks, task_ids):
    """The overview has the environment, the brand and how many wait; every resource its tasks in the order of work."""
    seen = open_tasks()
    seen.is_at(f"{len(task_ids)} tasks in sandbox")
    seen.reads(".overview .lead", "Northwind")
    titles = seen.page.locator(f"[id='group-{JOURNEY}'] .task h3 button span:last-child").all_inner_texts()
    assert titles == [
        "Create the journey “Order shipped”",
        "Add the text “Order … is on its way and should arrive …”",
        "Have Attentive review the text “Order … is on its way and should arrive …”",
        "Turn on “Order shipped”",
        "See that the test contact gets “Order shipped”",
    ]


def test_a_task_says_what_it_waits_for(open_tasks, task_ids):
    """A task that rests on another is dimmed and leads there; once that is ticked, it isn't dimmed any more."""
    seen = open_tasks(TEXT)
    card = seen.page.locator(f"#task-{task_ids[TEXT]}")
    assert card.get_attribute("data-state") == "waiting"
    seen.body(task_ids[TEXT]).locator(".needs a").click()
    seen.leads_to(f"#{task_ids[f'{JOURNEY}/create']}")
    seen.box(task_ids[f"{JOURNEY}/create"]).check()
    expect(card).to_have_attribute("data-state", "ready")


def test_a_task_leads_click_by_click(open_tasks, task_ids):
    """The clicks are numbered, the composer text is marked, settings have Attentive's labels, the bubble the words."""
    seen = open_tasks(TEXT)
    told = seen.body(task_ids[TEXT])
    assert told.locator(".clicks > li").count() == 5
    assert told.locator("pre.code").inner_text() == WANTED
    assert told.locator(".setting").all_inner_texts()[1:] == [
        "Quiet Hours\non (respect)",
        "Smart Sending\noff (ignore)",
    ]
    assert told.locator(".bubble").inner_text().startswith("Northwind: Order 54321 is on its way")


def test_the_picture_marks_the_steps(open_tasks, task_ids):
    """The journey's picture marks the steps that are set, and one that sends leads to its task."""
    seen = open_tasks("journey.order_delivered/send.review")
    picture = seen.page.locator("[id='group-journey.order_delivered'] .picture")
    assert picture.locator(".node.changed").count() == 4
    picture.get_by_role("link", name="Delivered email").click()
    seen.leads_to(f"#{task_ids['journey.order_delivered/send.delivered']}")


def test_without_a_checkout_it_says_so(write_tasks, applied, record, look_at_tasks, task_ids):
    """From the record alone there is a picture of what was asked and no sample; macros read as their names."""
    seen = look_at_tasks(write_tasks(record(applied).read(), state_url="file:the state.json") + f"#{task_ids[TEXT]}")
    expect(seen.page.locator(f"[id='group-{JOURNEY}'] .picture")).to_have_count(1)
    assert seen.text(".bubble").startswith("Order Order Id is on its way")
    assert "an example needs the project\u2019s files" in seen.body(task_ids[TEXT]).inner_text()
    seen.box(task_ids[TEXT]).check()
    assert seen.line() == f"deployer confirm {task_ids[TEXT]} --env sandbox --state 'file:the state.json'"


def test_composer_text_is_copied(open_tasks, task_ids):
    """The button and the key copy the text as it has to stand, byte by byte."""
    seen = open_tasks(TEXT)
    keep = "() => { window.kept = null; navigator.clipboard.writeText = async (text) => { window.kept = text; }; }"
    seen.page.evaluate(keep)
    seen.body(task_ids[TEXT]).get_by_role("button", name="Copy Composer text").click()
    seen.page.get_by_text("Copied", exact=True).wait_for()
    assert seen.page.evaluate("window.kept") == WANTED
    seen.page.evaluate(keep)
    seen.page.keyboard.press("c")
    seen.page.wait_for_function("() => window.kept")
    assert seen.page.evaluate("window.kept") == WANTED


def test_a_refused_review_says_why(applied, record, write_tasks, look_at_tasks, task_ids):
    """What was told before stands at the task: that it is at the review, or why it was refused."""
    backend, task = record(applied), f"{JOURNEY}/review.text"
    deployer.confirm(
        backend, "sandbox", [task_ids[task]], Statement("rejected", "ana", "2026-05-10T12:00:00Z", "no <b>links</b>")
    )
    seen = look_at_tasks(write_tasks(backend.read(), applied) + f"#{task_ids[task]}")
    seen.reads(f"#body-{task_ids[task]} .fault", "no <b>links</b>")
    seen.reads(f"#task-{task_ids[task]} .tags", "refused by Attentive")


def test_before_and_after(applied, record, edit, write_tasks, look_at_tasks):
    """A text that changes shows its words before and after, and a setting what it is now."""
    backend = record(applied)
    everything = [task.token for task in backend.read().open_tasks() if task.confirmable]
    deployer.confirm(backend, "sandbox", everything, Statement("done", "ana", "2026-05-10T12:00:00Z"))
    edit(applied / "messages" / "parcels.yaml", "is on its way", "has left")
    edit(applied / "journeys" / "order_shipped.yaml", "quiet_hours: respect", "quiet_hours: ignore")
    with deployer.connect(deployer.load(applied)) as connection:
        deployer.apply(connection, deployer.plan(connection))
    state = backend.read()
    seen = look_at_tasks(write_tasks(state, applied) + f"#{tokens(state)[TEXT]}")
    told = seen.body(tokens(state)[TEXT])
    assert "has left" in told.locator(".diff ins").inner_text()
    assert "is on its way" in told.locator(".diff del").inner_text()
    assert told.locator(".reads figcaption").all_inner_texts() == ["Before", "After"]
    assert told.locator(".bubble").first.inner_text().startswith("Northwind: Order 54321 is on its way")
    assert "now on (respect)" in told.locator(".setting").first.inner_text().replace("\n", " ")


def test_the_keyboard_is_enough(open_tasks, task_ids):
    """The first task is open; next, previous, tick and search work without a mouse; typing into a field is text."""
    seen = open_tasks()
    press = seen.page.keyboard.press
    first = seen.page.locator(".task").first
    assert first.get_attribute("data-current") == "true"
    press("x")
    expect(first.locator(".tick input")).to_be_checked()
    press("n")
    press("k")
    expect(first).to_have_attribute("data-current", "true")
    press("/")
    seen.page.keyboard.type("jxk shipped")
    expect(seen.page.locator("#search")).to_have_value("jxk shipped")
    seen.reads("#none", "Nothing matches “jxk shipped”")
    press("Escape")
    press("/")
    seen.page.keyboard.type("order_shipped/turn")
    press("Enter")
    expect(seen.page).to_have_url(re.compile(f"#{task_ids[f'{JOURNEY}/turn_on']}"))
    expect(seen.page.locator(":focus")).to_have_attribute("aria-expanded", "true")


def test_tasks_of_one_team(open_tasks):
    """The list can be narrowed to one assignee; the page's address keeps that."""
    seen = open_tasks()
    seen.page.get_by_role("radio", name="crm").check()
    assert set(seen.page.locator(".task:visible .who").all_inner_texts()) == {"crm"}
    assert "for=crm" in seen.page.url


def test_nothing_to_do(look_at_tasks, write_tasks):
    """An environment without an open task is a pleasant sight."""
    seen = look_at_tasks(write_tasks(State("production", lineage="x")))
    seen.is_at("Nothing to do in production")
    expect(seen.page.locator(".tray")).not_to_be_visible()
    assert seen.faint() == []


def test_words_are_never_html(applied, record, write_tasks, look_at_tasks, task_ids):
    """Texts that look like HTML, or like the end of a script, are shown as they are written."""
    nasty = "</script><img src=x onerror=alert(1)>\u2028<!--"
    state = record(applied).read()
    entry = state.entries[JOURNEY]
    task = entry.tasks[task_ids[TEXT]]
    bad = replace(task, title=nasty, assignee=nasty, value={**task.value, "text": nasty}, note=nasty)
    changed = state.with_entry(JOURNEY, replace(entry, tasks={**entry.tasks, task_ids[TEXT]: bad}))
    seen = look_at_tasks(write_tasks(changed, applied) + f"#{task_ids[TEXT]}")
    assert seen.text(f"#task-{task_ids[TEXT]} h3").endswith("<!--")
    seen.reads(f"#body-{task_ids[TEXT]} pre.code", "</script><img src=x onerror=alert(1)>")
    seen.paste(nasty + nasty)
    expect(seen.page.locator("img")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(open_tasks, task_ids, scheme):
    """Every text of every kind of task has the contrast that WCAG's AA asks for, in both colours."""
    seen = open_tasks(scheme=scheme)
    assert seen.faint() == []
    for task in (TEXT, f"{JOURNEY}/review.text", "opt_in_source.checkout/place", "journey.order_delivered/branch.who"):
        seen.hash(task_ids[task])
        if task == TEXT:
            seen.paste("Northwind: Order \u2018x\u2019  {{subscriber.firstName}}")
            seen.box(task_ids[TEXT]).check()
        assert seen.faint() == [], task
    seen.hash(task_ids[TEXT])
    seen.paste(WANTED)
    assert seen.faint() == []


@pytest.mark.parametrize("width", [360, 390, 800, 1024, 1440, 2200])
def test_nothing_sticks_out(open_tasks, task_ids, width):
    """From a small phone to a wide screen nothing has to be scrolled sideways."""
    seen = open_tasks(width=width)
    for task in (TEXT, "journey.order_confirmed/send.receipt", "journey.out_for_delivery/ab_test.copy_test"):
        seen.box(task_ids[task]).check()
        seen.hash(task_ids[task])
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, task
    seen.hash(task_ids[TEXT])
    seen.paste("Northwind: Order {{triggerEvent.custom[\u2018Order Id\u2019]}}" + "x" * 80)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_everything_is_open(open_tasks, task_ids):
    """Printed, every task's clicks are there; back on the screen, only what was open is."""
    seen = open_tasks(TEXT)
    seen.page.emulate_media(media="print")
    seen.page.wait_for_function(
        f"() => document.querySelectorAll('.task .body:not([hidden])').length === {len(task_ids)}"
    )
    expect(seen.page.locator(".tray")).not_to_be_visible()
    seen.page.emulate_media(media="screen")
    seen.page.wait_for_function("() => document.querySelectorAll('.task .body:not([hidden])').length === 1")

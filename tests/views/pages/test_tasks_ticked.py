"""Ticks on the task page: remembered by the browser, collected into the line that records them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import deployer
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from deployer.state import State

JOURNEY = "journey.order_shipped"
TEXT = f"{JOURNEY}/send.text"


def tokens(state: State) -> dict[str, str]:
    """The tokens of the open tasks, by id."""
    return {task.id: task.token for task in state.open_tasks()}


def test_a_tick_is_remembered(open_tasks, task_ids):
    """What was ticked is ticked after a reload, in the progress and in the line."""
    seen = open_tasks(TEXT)
    seen.box(task_ids[TEXT]).check()
    seen.box(task_ids[f"{JOURNEY}/create"]).check()
    seen.page.reload()
    expect(seen.box(task_ids[TEXT])).to_be_checked()
    assert seen.page.locator(".overview [role=progressbar]").get_attribute("aria-valuenow") == "2"
    assert seen.line() == f"deployer confirm {task_ids[f'{JOURNEY}/create']} {task_ids[TEXT]} --env sandbox"


def test_a_new_token_is_not_ticked(open_tasks, task_ids, applied, record, edit, write_tasks):
    """A text that changed has another token, and isn't ticked; nor is one that was confirmed and is asked again."""
    seen = open_tasks(TEXT)
    seen.box(task_ids[TEXT]).check()
    before = record(applied).read()
    edit(applied / "messages" / "parcels.yaml", "is on its way", "left")
    with deployer.connect(deployer.load(applied)) as connection:
        deployer.apply(connection, deployer.plan(connection))
    after = record(applied).read()
    assert tokens(after)[TEXT] != task_ids[TEXT]
    write_tasks(after, applied)
    seen.page.reload()
    expect(seen.box(tokens(after)[TEXT])).not_to_be_checked()
    write_tasks(replace(before, serial=after.serial + 1), applied)
    seen.page.goto(seen.page.url.partition("#")[0] + f"#{task_ids[TEXT]}")
    seen.page.reload()
    expect(seen.box(task_ids[TEXT])).not_to_be_checked()


def test_another_environment_has_its_own_ticks(open_tasks, task_ids, applied, record, write_tasks):
    """A tick belongs to one record of one environment."""
    seen = open_tasks(TEXT)
    seen.box(task_ids[TEXT]).check()
    other = replace(record(applied).read(), lineage="another")
    write_tasks(other, applied)
    seen.page.reload()
    expect(seen.box(task_ids[TEXT])).not_to_be_checked()


def test_the_composers_count_goes_into_the_line(open_tasks, task_ids):
    """A count that was typed is part of the line for one task, and follows the line of several."""
    seen = open_tasks(TEXT)
    create = task_ids[f"{JOURNEY}/create"]
    seen.box(task_ids[TEXT]).check()
    seen.page.get_by_label("Segments that the composer\u2019s counter shows").fill("2")
    assert seen.line() == f"deployer confirm {task_ids[TEXT]} --segments 2 --env sandbox"
    seen.box(task_ids[f"{JOURNEY}/create"]).check()
    first, second = f"{create} {task_ids[TEXT]} --env sandbox", f"{task_ids[TEXT]} --segments 2 --env sandbox"
    assert seen.line() == f"deployer confirm {first} && deployer confirm {second}"
    seen.page.get_by_label("Segments that the composer\u2019s counter shows").fill("9")
    seen.reads(".segments", "Not what was estimated (1 to 2)")


def test_where_a_review_stands(open_tasks, task_ids):
    """A review is sent, approved or refused; each has its own line, and a refusal its reason, quoted for a shell."""
    task = f"{JOURNEY}/review.text"
    seen = open_tasks(task)
    seen.page.get_by_role("radio", name="Sent to review").check()
    assert seen.line() == f"deployer confirm {task_ids[task]} --submitted --env sandbox"
    seen.page.get_by_role("radio", name="Refused").check()
    seen.reads(".tray", "Describe what the review rejected")
    seen.page.get_by_label("What the review rejected").fill("it's $(promotional)")
    assert seen.line() == f"deployer confirm {task_ids[task]} --rejected 'it'\\''s $(promotional)' --env sandbox"
    seen.page.get_by_role("radio", name="Approved").check()
    assert seen.line() == f"deployer confirm {task_ids[task]} --env sandbox"
    seen.reads(".tray .warned", "rest")


def test_a_browser_that_forgets(open_tasks, task_ids):
    """Where nothing can be kept, ticking works all the same, and it is said."""
    seen = open_tasks(TEXT)
    seen.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    seen.box(task_ids[TEXT]).check()
    seen.reads(".tray", "doesn\u2019t remember ticks")

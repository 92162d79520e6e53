"""The way of a colleague who has nothing but a page: what it says, how far it is, what is handed back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.engine.confirm import Statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import SeenTasks

    from deployer.state import Backend

JOURNEY = "journey.order_shipped"
HAND_TO = "Ana Ruiz (ana@northwind.example)"
MOST_CLICKS, MOST_WORDS = 8, 350
READ = r"""
() => {
  const main = document.querySelector("main").cloneNode(true);
  document.body.append(main);
  for (const one of main.querySelectorAll("[hidden], .quiet, .picture, .tags .who")) one.remove();
  const words = main.innerText.split(/\s+/u).filter(Boolean);
  main.remove();
  return words;
}
"""
"""Every word of the page that is to be read; words in the journey's picture are those of its steps once more."""


@pytest.fixture
def reworded(
    applied: Path, record: Callable[[Path], Backend], edit: Callable[[Path, str, str], None]
) -> Callable[[], dict[str, str]]:
    """The shop with everything confirmed and one text changed since; gives the tokens of its tasks by id."""
    edit(applied / "deployer.yaml", "time_zone:", f"hand_to: {HAND_TO}\ntime_zone:")

    def ids() -> dict[str, str]:
        state = record(applied).read()
        assert state is not None
        return {task.id: task.token for task in state.open_tasks()}

    store = record(applied)
    deployer.confirm(store, "sandbox", tuple(ids().values()), Statement("done", "ana", "2026-05-10T12:00:00Z"))
    edit(applied / "messages" / "parcels.yaml", "is on its way and should arrive", "has left and arrives")
    with deployer.connect(deployer.load(applied)) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
    return ids


def test_a_changed_text_is_few_clicks_and_words(
    reworded: Callable[[], dict[str, str]], write_tasks, applied, record, look_at_tasks
) -> None:
    """The first task is open, each tick opens the next, and what was done is a message; there is no command."""
    ids = reworded()
    seen: SeenTasks = look_at_tasks(write_tasks(record(applied).read(), applied))
    text = ids[f"{JOURNEY}/send.text"]
    assert seen.body(text).is_visible()
    seen.reads(".lead", HAND_TO)
    assert len(seen.page.evaluate(READ)) <= MOST_WORDS
    assert "deployer " not in seen.page.locator("main").inner_text()
    clicks = 0
    seen.page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    for _ in range(2 * MOST_CLICKS):
        body = seen.page.locator(".task .body:visible")
        copy = body.get_by_role("button", name="Copy Composer text")
        if copy.count():
            copy.click()
            clicks += 1
        approved = body.get_by_role("radio", name="Approved")
        if approved.count():
            approved.click()
            clicks += 1
        left = seen.page.locator("[data-state=ready], [data-state=waiting]").count()
        if left or not approved.count():
            body.get_by_role("button", name="Next task" if approved.count() else "Tick as done").click()
            clicks += 1
        if not seen.page.locator("[data-state=ready], [data-state=waiting]").count():
            break
    message = seen.message()
    clicks += 1
    assert clicks <= MOST_CLICKS
    assert message.startswith("Done, Northwind sandbox:\n- Order shipped: Change the text")
    assert sorted(seen.line().removesuffix(" --env sandbox").split()[2:]) == sorted(ids.values())


def test_old_words_are_recognized(reworded, write_tasks, applied, record, look_at_tasks) -> None:
    """What was there before isn't saved; a line break at the end is nothing."""
    text = reworded()[f"{JOURNEY}/send.text"]
    seen = look_at_tasks(write_tasks(record(applied).read(), applied))
    wanted = seen.body(text).locator("pre.code").inner_text()
    seen.paste(wanted.replace("has left and arrives", "is on its way and should arrive"))
    seen.reads(".verdict", "These are the old words")
    seen.paste(f"{wanted}\n")
    seen.reads(".verdict", "word for word")


def test_times_are_those_of_the_company(reworded, write_tasks, applied, record, look_at_tasks) -> None:
    """Times are in the project's time zone, and say so."""
    reworded()
    seen = look_at_tasks(write_tasks(record(applied).read(), applied))
    assert any(zone in seen.text(".overview .facts") for zone in ("GMT-4", "GMT-5", "EDT", "EST"))


def test_an_old_page_says_so(reworded, write_tasks, applied, record, look_at_tasks) -> None:
    """A page of a day ago or more says how old it is; a fresh one doesn't."""
    reworded()
    url = write_tasks(record(applied).read(), applied)
    assert look_at_tasks(url).page.locator("#age").count() == 0
    seen = look_at_tasks(url)
    seen.page.add_init_script("const now = Date.now; Date.now = () => now() + 3 * 86400000;")
    seen.page.reload()
    seen.reads("#age", "3 days ago")


def test_a_journey_is_ticked_at_once(open_tasks, task_ids) -> None:
    """A journey that was built in one go is one tick; what a review answers is not part of it."""
    seen = open_tasks(f"{JOURNEY}/send.text")
    group = seen.page.locator(f"[id='group-{JOURNEY}']")
    group.get_by_role("button", name="I built this journey completely").click()
    ticked = {token for name, token in task_ids.items() if name.startswith(f"{JOURNEY}/")}
    boxes = {token: seen.box(token).is_checked() for token in ticked}
    reviews = {token for name, token in task_ids.items() if name.startswith(f"{JOURNEY}/review.")}
    assert {token for token, on in boxes.items() if on} == ticked - reviews


def test_without_a_name_it_goes_back(write_tasks, applied, record, look_at_tasks) -> None:
    """Where the project names no one, the result goes to who sent the page."""
    seen = look_at_tasks(write_tasks(record(applied).read(), applied))
    seen.reads(".lead", "for the person who sent you this page")

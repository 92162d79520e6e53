"""The served task page: a real server in a process of its own, a real browser, a real state file."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import deployer
from deployer.engine.confirm import Statement
from deployer.views.pages.own_requests import RefusedError
from deployer.views.pages.tasks_live import parse_statement
from tests.patience import PATIENCE
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()")
COUNT_DRAWN = """
window.drawn = 0;
new MutationObserver((records) => {
  window.drawn += records.filter(({ target, addedNodes }) => target.id === "groups" && addedNodes.length).length;
}).observe(document, { childList: true, subtree: true });
"""
JOURNEY = "journey.order_shipped"
CREATE, TEXT, REVIEW, ON = (f"{JOURNEY}/{key}" for key in ("create", "send.text", "review.text", "turn_on"))


@pytest.fixture
def serve(applied: Path) -> Iterator[Callable[..., str]]:
    """Serve the applied example's tasks; give the page's address."""
    running: list[subprocess.Popen[str]] = []

    def begin(*args: str) -> str:
        command = [*COMMAND, "--project", str(applied), "tasks", "--serve", *args]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[-1]

    yield begin
    for process in running:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130, told
        assert "Traceback" not in told


@pytest.fixture
def ids(applied: Path, record: Callable[..., Any]) -> dict[str, str]:
    """The tokens of the open tasks, by id."""
    return {task.id: task.token for task in record(applied).read().open_tasks()}


def confirmed(backend: Any, token: str) -> Any:
    """A task as it is recorded now."""
    return backend.read().task(token)


def gone(seen: Any, token: str) -> None:
    """Wait until a task is no longer on the page."""
    seen.page.locator(f"#task-{token}").wait_for(state="detached")


def test_a_task_is_confirmed_on_the_page(applied, record, serve, look, ids):
    """The button confirms in the record, by a handle; the page shows what is left without being loaded again."""
    backend = record(applied)
    seen = look(serve() + f"#{ids[CREATE]}", offline=False)
    seen.page.evaluate("window.here = true")
    seen.page.locator(f"#body-{ids[CREATE]}").get_by_role("button", name="Confirm now").click()
    gone(seen, ids[CREATE])
    expect(seen.page.locator(f"#task-{ids[TEXT]}")).to_have_attribute("data-current", "true")
    task = confirmed(backend, ids[CREATE])
    assert (task.status.value, bool(task.by)) == ("done", True)
    assert seen.page.evaluate("window.here")
    expect(seen.page.locator(".toast")).to_have_count(0)
    expect(seen.page.locator(".overview .sums").first).to_contain_text(f"1 of {len(ids)}")
    expect(seen.page.locator(f"[id='group-{JOURNEY}'] .sums").first).to_contain_text("1 confirmed before")


def test_ticked_tasks_are_confirmed_together(applied, record, serve, look, ids):
    """The tray confirms everything that is ticked, with the counts that the composer showed."""
    backend = record(applied)
    seen = look(serve() + f"#{ids[TEXT]}", offline=False)
    seen.page.get_by_label("Segments that the composer\u2019s counter shows").fill("2")
    for task in (TEXT, CREATE):
        seen.page.locator(f"#task-{ids[task]} .tick input").check()
    seen.page.get_by_role("button", name="Confirm 2").click()
    gone(seen, ids[TEXT])
    assert confirmed(backend, ids[CREATE]).status.value == "done"
    assert (confirmed(backend, ids[TEXT]).status.value, confirmed(backend, ids[TEXT]).segments) == ("done", 2)
    expect(seen.page.locator(".tray").first).to_contain_text("Nothing ticked yet")


def test_a_refusal_is_told_at_the_task(applied, record, serve, look, ids):
    """What can't be confirmed yet stays, with the reason and what to do, and nothing is recorded."""
    backend = record(applied)
    before = backend.read()
    seen = look(serve() + f"#{ids[ON]}", offline=False)
    with seen.page.expect_response("**/confirm"):
        seen.page.locator(f"#body-{ids[ON]}").get_by_role("button", name="Confirm now").click()
    told = seen.page.locator(f"#body-{ids[ON]} .told .fault")
    told.wait_for()
    assert "needs these confirmed first" in told.inner_text()
    assert backend.read() == before
    assert [one for one in seen.said if "409" not in one] == []
    seen.said.clear()


def test_where_a_review_stands_is_recorded(applied, record, serve, look, ids):
    """Sent, refused with a reason, and approved are each recorded from the page, which shows them."""
    backend = record(applied)
    seen = look(serve() + f"#{ids[REVIEW]}", offline=False)
    card = seen.page.locator(f"#task-{ids[REVIEW]}")
    seen.page.get_by_role("radio", name="Sent to review").check()
    seen.page.get_by_role("button", name="Record this answer").click()
    card.locator(".fault.info").wait_for()
    assert confirmed(backend, ids[REVIEW]).status.value == "submitted"
    seen.page.get_by_role("radio", name="Refused").check()
    seen.page.get_by_label("What the review rejected").fill("the link")
    seen.page.get_by_role("button", name="Record this answer").click()
    card.get_by_text("“the link”").wait_for()
    assert (confirmed(backend, ids[REVIEW]).status.value, confirmed(backend, ids[REVIEW]).note) == (
        "rejected",
        "the link",
    )
    seen.page.get_by_role("radio", name="Approved").check()
    seen.page.get_by_role("button", name="Record this answer").click()
    gone(seen, ids[REVIEW])
    assert confirmed(backend, ids[REVIEW]).status.value == "done"


def test_what_others_confirm_appears(applied, record, serve, look, ids):
    """Somebody else's confirmation shows on the open page; what was typed there stays."""
    seen = look(serve() + f"#{ids[TEXT]}", offline=False)
    seen.page.locator("#live", has_text="Live").wait_for()
    seen.page.locator("textarea:visible").fill("half a text")
    deployer.confirm(record(applied), "sandbox", [ids[CREATE]], Statement("done", "sam", "2026-05-10T12:00:00Z"))
    gone(seen, ids[CREATE])
    note = seen.page.get_by_role("log").locator(".toast", has_text="sam confirmed “")
    note.hover()  # while it is looked at, it stays
    expect(seen.page.locator("textarea:visible")).to_have_value("half a text")
    note.get_by_role("button").click()
    expect(seen.page.locator(".toast")).to_have_count(0)


def test_connecting_draws_nothing_again(serve, look, ids):
    """The page that the server gives is up to date: its first connection leaves everything as it is."""
    seen = look(serve() + f"#{ids[TEXT]}", offline=False)
    seen.page.add_init_script(COUNT_DRAWN)
    seen.page.reload()
    expect(seen.page.locator("#live")).to_have_text("Live")
    seen.page.evaluate("() => fetch('data.json').then((answer) => answer.text())")
    assert seen.page.evaluate("window.drawn") == 1


def test_what_changes_under_an_open_page_says_so(applied, record, serve, look, ids):
    """A task that asks for something else now says so, leads to what it asks, and doesn't count as done."""
    seen = look(serve() + f"#{ids[TEXT]}", offline=False)
    seen.page.locator("#live", has_text="Live").wait_for()
    path = applied / "messages" / "parcels.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("is on its way", "has left"), encoding="utf-8")
    with deployer.connect(deployer.load(applied)) as connection:
        deployer.apply(connection, deployer.plan(connection))
    gone(seen, ids[TEXT])
    now = next(task.token for task in record(applied).read().open_tasks() if task.id == TEXT)
    expect(seen.page.locator("#changed").first).to_contain_text("asks for something else now")
    expect(seen.page.locator("#changed ins", has_text="left").first).to_be_visible()
    expect(seen.page.locator("#changed del", has_text="way").first).to_be_visible()
    expect(seen.page.locator(f"#task-{now}")).to_have_attribute("data-current", "true")
    expect(seen.page.locator(".overview .sums").first).to_contain_text("0 of ")
    seen.page.get_by_role("button", name="Understood").click()
    expect(seen.page.locator("#changed")).to_have_count(0)


def test_a_record_that_cannot_be_read_is_told(applied, serve, look, ids):
    """A damaged record is told on the page, which goes on once it can be read again."""
    seen = look(serve() + f"#{ids[TEXT]}", offline=False)
    sign = seen.page.locator("#live")
    sign.get_by_text("Live", exact=True).wait_for()
    path = applied / ".deployer" / "state" / "sandbox.json"
    good = path.read_bytes()
    path.write_bytes(b"{")
    seen.page.get_by_text("The record can\u2019t be read").wait_for()
    path.write_bytes(good)
    sign.get_by_text("Live", exact=True).wait_for()


def test_the_end_of_all_tasks(applied, record, serve, look):
    """When the last task is confirmed, the page says that there is nothing to do."""
    backend = record(applied)
    seen = look(serve(), offline=False)
    seen.page.locator("#live", has_text="Live").wait_for()
    tokens = [task.token for task in backend.read().open_tasks() if task.confirmable]
    deployer.confirm(backend, "sandbox", tokens, Statement("done", "sam", "2026-05-10T12:00:00Z"))
    seen.page.get_by_role("heading", name="Nothing to do in sandbox").wait_for()


def test_only_the_page_itself_confirms(applied, record, serve, ids):
    """Another origin, another host, a form, and a guessed path are refused; headers keep the page to itself."""
    url = serve()
    own = {"Origin": re.match(r"http://[^/]+", url).group(), "Content-Type": "application/json"}
    said = json.dumps({"tokens": [ids[CREATE]], "how": "done"})
    before = record(applied).read()
    with httpx.Client(trust_env=False) as client:
        refused = {
            403: {**own, "Origin": "https://evil.example"},
            415: {**own, "Content-Type": "text/plain"},
            400: {**own, "Host": "evil.example"},
        }
        for status, headers in refused.items():
            assert client.post(url + "confirm", content=said, headers=headers).status_code == status
        assert (
            client.post(url + "confirm", content=said, headers={"Content-Type": "application/json"}).status_code == 403
        )
        assert (
            client.post(url + "confirm", content=said, headers={**own, "Sec-Fetch-Site": "cross-site"}).status_code
            == 403
        )
        assert client.post(url + "confirm", content="[" + "1," * 40_000, headers=own).status_code == 413
        assert client.post(url + "confirm", content="{}", headers=own).status_code == 400
        assert client.get(url + "confirm").status_code == 405
        assert client.get(re.sub(r"/[^/]+/$", "/guess/", url)).status_code == 404
        assert record(applied).read() == before
        shown = client.get(url)
        assert shown.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
        assert client.post(url + "confirm", content=said, headers=own).json() == {"recorded": [ids[CREATE]]}
    assert confirmed(record(applied), ids[CREATE]).status.value == "done"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"tokens": [], "how": "done"}',
        b'{"tokens": "k3f9xq2", "how": "done"}',
        b'{"tokens": [1], "how": "done"}',
        b'{"tokens": ["k3f9xq2"], "how": "gone"}',
        b'{"tokens": ["k3f9xq2"], "how": "rejected", "note": " "}',
        b'{"tokens": ["k3f9xq2"], "how": "done", "segments": 0}',
        b'{"tokens": ["k3f9xq2"], "how": "done", "segments": true}',
        b'{"tokens": ["k3f9xq2", "m2p7wzt"], "how": "done", "segments": 2}',
        b'{"tokens": ["k3f9xq2"], "how": ["done"]}',
    ],
)
def test_another_shape_is_refused(body):
    """What the page would never send is refused before anything is looked at."""
    with pytest.raises(RefusedError):
        parse_statement(body)

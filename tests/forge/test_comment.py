"""The comment as a reviewer reads it: what fails, what goes away, what reads differently, and only what is new."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from deployer.cli.main import run
from deployer.messages import Piece, near_changes, word_diff
from deployer.views.markdown_words import marked
from tests.commands import git, in_process

ROOT = Path(__file__).resolve().parents[2]
SHA = "b" * 40
READER = MarkdownIt("commonmark", {"html": True}).enable("table")
"""A reader of markdown that we didn't write; it knows the tables of both forges."""


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """No variable of a forge is set but by a test."""
    for name in [one for one in os.environ if re.match(r"GITHUB_|GITLAB_|CI", one)]:
        monkeypatch.delenv(name)


@pytest.fixture
def deployer(capsys):
    """Run a command in this process."""
    return in_process(capsys)


@pytest.fixture(scope="session")
def _launched(tmp_path_factory) -> Path:
    """Northwind in a repository, applied to its sandbox and confirmed: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("launched") / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "the shop")
    assert run(["apply", "--yes", "--quiet", "--project", str(folder)]) == 0
    return folder


@pytest.fixture
def shop(_launched, tmp_path, deployer) -> Path:
    """Northwind, launched in its sandbox: nothing waits."""
    folder = Path(shutil.copytree(_launched, tmp_path / "northwind"))
    tokens = re.findall(r"deployer confirm (\w{7}) --env", deployer("tasks", "--project", folder).out)
    assert deployer("confirm", "--project", folder, *tokens).code == 0
    return folder


def edit(shop: Path, name: str, old: str, new: str) -> None:
    """Change words of a file; they have to be there."""
    path = shop / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """The sections of a comment by their title; the head has none."""
    head, *more = re.split(r"^### ", text, flags=re.MULTILINE)
    return {"": head, **{one.partition("\n")[0]: one.partition("\n")[2] for one in more}}


def comment(deployer, shop: Path, *more: str) -> dict[str, str]:
    """The sections of the comment that compares with main."""
    return sections(deployer("comment", "--project", shop, "--against", "main", "--dry-run", *more).out)


def test_the_words_that_went_and_came_are_marked_in_one_row(shop, deployer):
    """A changed text is one row: its words as a customer reads them, what went and what came, segments, and senders."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse | Ohio")
    html = READER.render(comment(deployer, shop)["what customers read"])
    (row,) = re.findall(r"<tr>\n<td>.*?</tr>", html, re.DOTALL)
    assert "<code>message.order_shipped_text</code>" in row
    assert "sent by <code>journey.order_shipped</code>" in row
    assert "Northwind: Order 54321 <del>is on its way</del> <ins>has left our warehouse | Ohio</ins> and" in row
    assert row.count("<td>") == 2
    assert "what customers read" not in html, "the heading above says it"


@pytest.mark.parametrize(
    ("old", "new", "summary", "row"),
    [
        (
            "comes today, {{triggerEvent.custom['delivery_window']}}. [[",
            f"comes today, {{{{triggerEvent.custom['delivery_window']}}}}. {'We ring twice. ' * 8}[[",
            "1 message changed, 1 text with more segments;",
            r"→ <strong>[\d to]+</strong><br>.*<br>at worst 0\.04 USD</td>",
        ),
        (
            " Not at home? Tell the driver where to leave it.",
            "",
            "1 message changed, 1 text with fewer segments;",
            r"<td>1 to 3 → <strong>1 to 2</strong><br>at worst 0\.02 USD</td>",
        ),
        ("is on its way", "is on the way", "1 message changed;", r"<td>1 to 2<br>at worst 0\.035 USD</td>"),
    ],
)
def test_what_a_text_costs_is_in_its_row_and_the_summary(shop, deployer, old, new, summary, row):
    """Texts that take more or fewer segments are counted in the summary; a row has both numbers, and the price."""
    edit(shop, "deployer.yaml", "version: 1\n", "version: 1\nprices: {currency: USD, segment: 0.01, mms: 0.025}\n")
    edit(shop, "messages/parcels.yaml", old, new)
    found = comment(deployer, shop)
    assert summary in found[""]
    assert re.search(row, READER.render(found["what customers read"]))


def test_a_row_leads_to_the_file_and_the_line(shop, deployer, monkeypatch, tmp_path):
    """On a forge the message's name is a link to its line at the commit, in the folder of the project."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left")
    event = tmp_path / "event.json"
    event.write_text(
        f'{{"pull_request": {{"number": 7, "head": {{"sha": "{SHA}", "repo": {{"full_name": "eve/t"}}}}}}}}'
    )
    for name, value in {"REPOSITORY": "shop/texts", "EVENT_PATH": event, "SERVER_URL": "https://forge.example"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", str(value))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    text = comment(deployer, shop)["what customers read"]
    link = f"https://forge.example/eve/t/blob/{SHA}/northwind/messages/parcels.yaml#L2"
    assert f"[`message.order_shipped_text`]({link})" in text


def test_gitlab_has_its_own_address_of_a_file(shop, deployer, monkeypatch):
    """On GitLab the link leads to the project that the merge request comes from."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left")
    known = {"PROJECT_ID": "42", "COMMIT_SHA": SHA, "PROJECT_URL": "https://gitlab.example/shop/texts"}
    for name, value in known.items():
        monkeypatch.setenv(f"CI_{name}", value)
    link = f"(https://gitlab.example/shop/texts/-/blob/{SHA}/messages/parcels.yaml#L2)"
    assert link in comment(deployer, shop)["what customers read"]


def test_a_removed_live_journey_comes_first(shop, deployer):
    """A deleted journey that customers get is in the summary and the first removal, not a folded note."""
    shutil.rmtree(shop / "tests")
    (shop / "journeys" / "delivery_delayed.yaml").unlink()
    (shop / "webhooks" / "receipts.yaml").unlink()
    found = comment(deployer, shop)
    assert "1 journey removed that customers get now" in found[""]
    first = found["removals"].strip().splitlines()[0]
    assert first.startswith("- **`journey.delivery_delayed`**: no longer declared")
    assert "it is turned on in sandbox, and customers get it until it is turned off" in first
    assert "**`webhook.receipts`**: no longer declared, and kept" in found["removals"]
    assert re.search(r"^- \d+ journey tests no longer declared$", found["removals"], re.MULTILINE)


def test_a_removed_live_journey_is_named_though_the_project_has_errors(shop, deployer):
    """Where no plan can be made, the record is read all the same, and the first line says what fails and where."""
    (shop / "journeys" / "order_delivered.yaml").unlink()
    (shop / "messages" / "delivered.yaml").unlink()
    found = comment(deployer, shop)
    assert re.search(r"^\*\*Fails:\*\* \d+ errors, the first at `tests/delivered.yaml:15`", found[""], re.MULTILINE)
    assert "`journey.order_delivered`**: no longer declared; it is turned on in sandbox" in found["removals"]


def test_what_main_owes_already_is_apart(shop, deployer):
    """Tasks that main asks for without this change are counted and folded; the change's own are listed."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    git(shop, "commit", "-q", "-a", "-m", "words that nobody applied yet")
    edit(shop, "messages/pickup_ready_text.yaml", "is ready at", "waits at")
    edit(shop, "journeys/order_confirmed.yaml", "smart_sending: ignore", "smart_sending: respect")
    found = comment(deployer, shop)
    assert "journey.order_confirmed" in found["tasks for people"]
    assert "journey.order_shipped" not in found["tasks for people"]
    assert "<summary>4 tasks for people</summary>" in found["owed without this change"]
    assert "journey.order_shipped" in found["owed without this change"]
    assert "journey.order_shipped" not in found["what customers read"]


def test_a_change_that_asks_for_nothing_says_so(shop, deployer):
    """Where main owes tasks and this change adds none, the summary says that, and lists none as its own."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    git(shop, "commit", "-q", "-a", "-m", "words that nobody applied yet")
    edit(shop, "deployer.yaml", "project: northwind\n", "project: northwind # a shop\n")
    found = comment(deployer, shop)
    assert "nothing to do at Attentive for this change" in found[""]
    assert "tasks for people" not in found
    assert "owed without this change" in found


def test_known_infos_are_a_count(shop, deployer):
    """What `validate` finds on main too is counted in the summary and not listed; a new finding is listed."""
    shutil.rmtree(shop / "tests")
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "no tests")
    edit(shop, "messages/parcels.yaml", "is on its way", "is on its way 🎁")
    found = comment(deployer, shop)
    assert "journey/no-test" not in found.get("problems", "")
    assert re.search(r"new: .*; \d+ known; ", found[""])
    assert "message/wide-text" in found["problems"]


def test_the_worst_problem_is_the_first(shop, deployer):
    """An error comes before an info of a file that is earlier in the alphabet; its place and its message are apart."""
    edit(shop, "messages/orders.yaml", "We have your order", "We have your 🎁 order")
    edit(shop, "messages/parcels.yaml", "is on its way", "is on its way 🎁")
    edit(shop, "tests/parcels.yaml", "journey: ", "journey: no_")
    first, *more = re.findall(r"^- \*\*(\w+):\*\* (.*)", comment(deployer, shop)["problems"], re.MULTILINE)
    assert first[0] == "error"
    assert first[1].startswith("`tests/parcels.yaml:")
    assert re.match(r"`[^`]+`: ", first[1])
    assert more[-1][0] == "info"


def test_what_breaks_is_the_first_line(shop, deployer):
    """A breaking change of an event is named in the first line, with the way out in its own section."""
    edit(shop, "events/order_shipped.yaml", "  carrier:", "  shipper:")
    found = comment(deployer, shop)
    assert re.search(
        r"^\*\*Fails:\*\* .*1 breaking change of events: `event_type.order_shipped properties.shipper`",
        found[""],
        re.MULTILINE,
    )
    assert re.search(r"^  1\. \w+: ", found["impact on senders and readers of events"], re.MULTILINE)


def test_a_step_that_changes_is_shown_with_its_value(shop, deployer):
    """What a journey does differently is among what customers notice, from the former value to the new one."""
    edit(shop, "journeys/order_shipped.yaml", "quiet_hours: respect", "quiet_hours: ignore")
    text = comment(deployer, shop)["what else customers notice"]
    assert "quiet_hours: <del>respect</del> <ins>ignore</ins>" in text


def test_three_hundred_changed_messages_fit(shop, deployer):
    """Each of three hundred changed messages is named; what a live journey sends is first, and in full."""
    words = "Your parcel is on its way to you, and should be there soon. " * 4
    declared = "---\n".join(
        f"kind: Message\nid: words_of_message_{number}\nchannel: text\nevent: order_shipped\nbody: {words}\n"
        for number in range(300)
    )
    (shop / "messages" / "many.yaml").write_text(declared)
    git(shop, "add", "-A")
    git(shop, "commit", "-q", "-m", "many")
    edit(shop, "messages/many.yaml", "should be there soon", "will be there by tonight")
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    done = deployer("comment", "--project", shop, "--against", "main", "--dry-run")
    assert len(done.out) <= 65_536
    rows = [line for line in done.out.splitlines() if line.startswith("| `message.")]
    assert len(rows) == 301
    assert "left out" not in done.out
    assert "message.order_shipped_text" in rows[0]
    assert "<ins>has left our warehouse</ins>" in rows[0]
    assert "<ins>by tonight</ins>" in rows[1]


TEXTS = st.text(st.sampled_from("ab <>*_|`\n\\[]{}&~#@x. "), max_size=60)


@given(TEXTS, TEXTS)
def test_marked_words_are_the_texts(old, new):
    """A reader of markdown sees the old text without what came, and the new text without what went."""
    pieces = word_diff(old, new)
    html = READER.renderInline(f"x{marked(pieces)}x")
    assert _plain(re.sub(r"<ins>.*?</ins>", "", html)) == _plain_text(old)
    assert _plain(re.sub(r"<del>.*?</del>", "", html)) == _plain_text(new)


def _plain(html: str) -> str:
    """The letters that a reader sees, without blanks and the signs that stand for them."""
    text = re.sub(r"</?(?:del|ins|code)>|<br>", "", html)
    for name, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("amp", "&")):
        text = text.replace(f"&{name};", sign)
    return re.sub(r"[\s\N{RETURN SYMBOL}\N{MIDDLE DOT}]", "", text)[1:-1]


def _plain_text(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(st.lists(st.sampled_from(["one ", "two ", "three ", "four\n"]), max_size=80), st.integers(0, 80))
def test_a_cut_keeps_what_changed(words, place):
    """What is left out of a long text stayed the same: every word that went or came is there, and a sign of the cut."""
    old = "".join(words)
    new = "".join((*words[:place], "new ", *words[place:]))
    pieces = word_diff(old, new)
    cut = near_changes(pieces, 20)
    assert [piece for piece in cut if piece.op != "same"] == [piece for piece in pieces if piece.op != "same"]
    for whole, kept in zip(pieces, cut, strict=True):
        assert kept == whole or (kept.op == "same" and "…" in kept.text and len(kept.text) < len(whole.text))
    assert near_changes((Piece("same", "short"),)) == (Piece("same", "short"),)


def test_each_changed_message_links_to_itself_on_the_preview_page(deployer, shop):
    """Where the page can be opened, a message's link opens it at the message; without it there is no such link."""
    edit(shop, "messages/parcels.yaml", "is on its way", "has left our warehouse")
    words = ("comment", "--project", shop, "--env", "sandbox", "--against", "HEAD", "--dry-run")
    page = "https://shop.example/a%20b/production.html?x=1"
    done = deployer(*words, "--preview-url", page)
    links = re.findall(r"\[preview\]\(([^)]*)\)", done.out)
    assert links == [f"{page}#at=message.order_shipped_text"], done.err
    shown = READER.render(done.out)
    assert f'href="{page}#at=message.order_shipped_text"' in shown
    assert "[preview]" not in deployer(*words).out


@pytest.mark.parametrize("url", ["http://shop.example/x", "javascript:x", "https://x.example/a) [b](c", "https://x/#a"])
def test_an_address_that_markdown_would_read_otherwise_is_refused(deployer, shop, url):
    """Only https, and nothing that ends a link or has a place already."""
    done = deployer("comment", "--project", shop, "--env", "sandbox", "--dry-run", "--preview-url", url)
    assert (done.code, "--preview-url" in done.err) == (64, True)

"""The page that a review begins with: what changed since a commit, decided on item by item."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen


@pytest.fixture
def changed(shop: Path, edit: Callable[[Path, str, str], None]) -> Path:
    """The shop, changed since its first commit: a text, an email, a wait, an opt-in text; a journey is gone."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@northwind.example")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *command], cwd=shop, check=True, capture_output=True)
    edit(shop / "messages" / "parcels.yaml", "is on its way and should arrive", "has left our warehouse and arrives")
    edit(shop / "emails" / "delivered.html", "free for 60 days", "free for 90 days")
    edit(shop / "journeys" / "order_delivered.yaml", "for: 3 days", "for: 5 days")
    edit(shop / "legal" / "checkout.txt", "Reply HELP", "Text HELP")
    (shop / "messages" / "pickup_ready_text.yaml").unlink()
    (shop / "journeys" / "pickup_ready.yaml").unlink()
    (shop / "tests" / "others.yaml").unlink()
    return shop


def item(seen: Seen, address: str) -> str:
    """What stands in an item."""
    return seen.page.locator(f"[data-item='{address}']").inner_text()


def test_the_page_opens_with_what_changed(
    look: Callable[..., Seen], write_page: Callable[..., str], changed: Path
) -> None:
    """Against a commit the page begins with every change and nothing else, counted in words."""
    seen = look(write_page(changed, "main"))
    seen.is_at("What changed")
    seen.reads(".sums", "2 messages changed, 1 journey changed, 1 message gone")
    addresses = [one.get_attribute("data-item") for one in seen.page.locator("[data-item]").all()]
    assert sorted(addresses) == [
        "journey.order_delivered",
        "journey.pickup_ready",
        "message.delivered_email",
        "message.order_shipped_text",
        "message.pickup_ready_text",
        "opt_in_source.checkout",
    ]
    assert "3 days" in item(seen, "journey.order_delivered")
    assert "5 days" in item(seen, "journey.order_delivered")
    seen.reads("[data-item='opt_in_source.checkout'] del", "Reply")
    seen.reads("[data-item='opt_in_source.checkout'] ins", "Text")


def test_a_text_is_seen_before_and_after(
    look: Callable[..., Seen], write_page: Callable[..., str], changed: Path
) -> None:
    """A text that changed is two bubbles with their segments, and the words that went and came."""
    seen = look(write_page(changed, "main"))
    text = seen.page.locator("[data-item='message.order_shipped_text']")
    before, after = text.locator(".bubble").all_inner_texts()
    assert "is on its way" in before
    assert "has left our warehouse" in after
    assert text.locator("figcaption").all_inner_texts() == ["Before, 1 to 2 segments", "After, 1 to 2 segments"]
    assert "has left our warehouse" in text.locator("ins").first.inner_text()


def test_an_email_is_seen_before_and_after(
    look: Callable[..., Seen], write_page: Callable[..., str], changed: Path
) -> None:
    """An email that changed is two mails side by side, not its HTML."""
    seen = look(write_page(changed, "main"))
    mail = seen.page.locator("[data-item='message.delivered_email']")
    frames = mail.locator("iframe")
    assert frames.count() == 2
    expect(frames.nth(0).content_frame.get_by_text("free for 60 days")).to_have_count(1)
    expect(frames.nth(1).content_frame.get_by_text("free for 90 days")).to_have_count(1)
    assert mail.locator(".diff").count() == 0


def test_keys_lead_from_item_to_item(look: Callable[..., Seen], write_page: Callable[..., str], changed: Path) -> None:
    """Brackets lead to the next and the previous item, around the ends."""
    seen = look(write_page(changed, "main"))
    order = [one.get_attribute("data-item") for one in seen.page.locator("[data-item]").all()]
    for key, at in (("]", 0), ("]", 1), ("[", 0), ("[", -1), ("]", 0)):
        seen.page.keyboard.press(key)
        expect(seen.page.locator(":focus")).to_have_attribute("data-item", order[at])


def test_a_review_is_kept_and_copied(
    look: Callable[..., Seen], write_page: Callable[..., str], changed: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """What is approved or remarked on is kept by the page and copied as text; what changes again is looked at again."""
    url = write_page(changed, "main")
    seen = look(url)
    text = seen.page.locator("[data-item='message.order_shipped_text']")
    text.get_by_role("button", name="Approve").click()
    seen.page.get_by_label("Remark on Delivered email").fill("90 days: ask legal")
    seen.reads(".review", "1 of 6 approved, 1 remark")
    seen.page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.kept = text; }; }")
    seen.page.get_by_role("button", name="Copy the review").click()
    seen.page.wait_for_function("window.kept")
    copied = str(seen.page.evaluate("window.kept"))
    assert copied.startswith("Review of northwind since main (")
    assert "- Message `message.order_shipped_text`: approved" in copied
    assert "- Message `message.delivered_email`: remark: 90 days: ask legal" in copied
    assert "- Opt-in source `opt_in_source.checkout`: not looked at" in copied
    seen.page.reload()
    seen.reads(".review", "1 of 6 approved, 1 remark")
    edit(changed / "messages" / "parcels.yaml", "has left our warehouse", "left our warehouse")
    write_page(changed, "main")
    seen.page.reload()
    seen.reads(".review", "0 of 6 approved, 1 remark")


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1280, "dark"), (1920, "light")])
def test_it_fits_and_can_be_read(
    look: Callable[..., Seen], write_page: Callable[..., str], changed: Path, width: int, scheme: str
) -> None:
    """The page fits every width, and every text of it keeps its contrast."""
    seen = look(write_page(changed, "main"), width=width, scheme=scheme)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.faint() == []


def test_nothing_changed(look: Callable[..., Seen], write_page: Callable[..., str], changed: Path) -> None:
    """Where nothing differs the page says so."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@northwind.example")
    subprocess.run(["git", *who, "commit", "-qam", "second"], cwd=changed, check=True, capture_output=True)
    seen = look(write_page(changed, "main"))
    seen.reads("main", "Nothing that is declared differs from main")

"""The wall: every message at once, narrowed by choices, and on paper what a legal review needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.preview.previewer import preview
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen


def bricks(seen: Seen) -> list[str | None]:
    """The messages that are shown, by address."""
    return [one.get_attribute("data-brick") for one in seen.page.locator("[data-brick]").all()]


def test_every_message_is_on_the_wall(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Each text is a bubble, each email its row and itself, and each leads to its own page."""
    shown = preview(deployer.load(shop))
    seen = look(write_page(shop) + "#at=wall")
    assert bricks(seen) == [view.address for view in shown.messages]
    seen.reads("[data-brick='message.order_shipped_text'] .bubble", "Order 54321 is on its way")
    seen.reads("[data-brick='message.delivered_email'] .inbox", "Order 54321 has arrived")
    expect(seen.page.locator("[data-brick='message.delivered_email'] iframe")).to_have_count(1)
    seen.page.locator("[data-brick='message.order_shipped_text'] a").click()
    seen.is_at("Order shipped text")


def test_the_wall_is_narrowed(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Choices narrow the wall together, and one button takes them back."""
    shown = preview(deployer.load(shop))
    seen = look(write_page(shop) + "#at=wall")
    seen.page.get_by_label("Channel").select_option("Email")
    assert bricks(seen) == [view.address for view in shown.messages if view.channel == "email"]
    seen.page.get_by_label("Owner").select_option("fulfilment")
    wanted = [view.address for view in shown.messages if (view.channel, view.owner) == ("email", "fulfilment")]
    assert bricks(seen) == wanted
    seen.reads("main", f"{len(wanted)} of {len(shown.messages)} messages")
    seen.page.get_by_role("button", name="Show all").click()
    assert len(bricks(seen)) == len(shown.messages)


def test_the_legal_review_on_paper(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Printed, the wall has every text, every disclosure word for word and its screenshot, and nothing to click."""
    seen = look(write_page(shop) + "#at=wall", scheme="dark")
    seen.page.emulate_media(media="print")
    seen.page.locator("html[data-theme=light]").wait_for()
    expect(seen.page.locator(".filters")).not_to_be_visible()
    disclosure = (shop / "legal" / "checkout.txt").read_text(encoding="utf-8").strip()
    assert disclosure.split() == seen.page.locator(".disclosure").nth(1).inner_text().split()
    widths = seen.page.evaluate("[...document.querySelectorAll('.opt-in img')].map((one) => one.naturalWidth)")
    assert len(widths) == 2
    assert all(widths)
    assert seen.page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1280, "dark"), (1920, "light")])
def test_the_wall_fits(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, width: int, scheme: str
) -> None:
    """The wall fits every width, and each text keeps its contrast."""
    seen = look(write_page(shop) + "#at=wall", width=width, scheme=scheme)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.faint() == []

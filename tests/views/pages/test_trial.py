"""What a customer gets, under each journey: choices, the phone, the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen

SHIPPED = "#at=journey.order_shipped"


def choose(seen: Seen, name: str, label: str) -> None:
    """Choose one of what a menu offers."""
    seen.page.get_by_label(name, exact=True).select_option(label=label)


def told(seen: Seen) -> str:
    """The card's words."""
    return " ".join(seen.text(".trial").split())


def test_a_file_has_every_choice(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Sample, time and customer are chosen; the phone shows the texts with their times, the list says because."""
    seen = look(write_page(shop) + SHIPPED)
    assert seen.text(".trial .phone .when") == "Wed 12:00"
    seen.reads(".trial .bubble", "Order 54321 is on its way")
    choose(seen, "The event comes", "Wednesday 21:30, in quiet hours")
    assert seen.text(".trial .phone .when") == "Thu 12:00"
    assert "queued until Thu May 14 12:00 because quiet hours" in told(seen)
    assert "Times are those of America/New_York" in told(seen)
    seen.page.get_by_text("It assumes what Attentive").click()
    assert "transactional_texts_in_quiet_hours: as_set" in told(seen)
    choose(seen, "Sample", "longest")
    seen.reads(".trial .bubble", "Order NW-004829173")
    choose(seen, "Customer", "Opted out")
    assert seen.text(".trial .thread") == "No text arrives"
    assert "because the subscriber isn't subscribed to transactional texts" in told(seen)
    again = look(seen.page.url)
    assert told(again) == told(seen)


def test_texts_come_in_order_with_the_lane_that_leads_to_them(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """Several texts stand in one phone, in the order of their times, and an email is named with its subject."""
    first = "{ id: first, send_text: { message: review_request, quiet_hours: ignore, smart_sending: ignore } }"
    edit(
        shop / "journeys" / "order_delivered.yaml",
        "steps:\n  - { id: delivered",
        f"steps:\n  - {first}\n  - {{ id: delivered",
    )
    seen = look(write_page(shop) + "#at=journey.order_delivered&who=promotional")
    assert seen.page.locator(".trial .phone .when").all_inner_texts() == ["Wed 12:00", "Sat 12:00"]
    assert "“Order 54321 has arrived”" in told(seen)
    assert "takes the lane “subscription both” because the subscriber is subscribed to both" in told(seen)
    seen.page.locator(".trial").get_by_role("link", name="Delivered email").click()
    seen.is_at("Delivered email")


def test_a_journey_that_is_not_turned_on_says_so(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """What a draft or an inactive journey would do is shown, with its status."""
    seen = look(write_page(shop) + "#at=journey.pickup_ready")
    assert "Its status is inactive: customers get this once it is turned on." in told(seen)
    expect(seen.page.locator(".trial .bubble")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, scheme: str) -> None:
    """Every word of a trial has the contrast that WCAG's AA asks for."""
    seen = look(write_page(shop), scheme=scheme)
    for at in ("order_shipped&when=night", "order_shipped&who=neither", "out_for_delivery&sample=unicode"):
        seen.hash(f"at=journey.{at}")
        seen.page.locator(".trial .phone").wait_for()
        assert seen.faint() == [], at

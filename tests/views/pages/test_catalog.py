"""The catalog in a real browser, as a folder on a disk with the network off."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import pytest

import deployer
from deployer.app.cataloging import catalog
from deployer.views.pages.catalog import catalog_files
from tests.catalogs import PAGES, confirm_some, write_catalog
from tests.many import JOURNEYS, MESSAGES, TEXTS, write_many
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen

WIDTHS = [360, 768, 1280, 1920]


@pytest.fixture
def site(applied: Path, tmp_path: Path) -> Path:
    """The catalog of the example, of which some is live."""
    confirm_some(applied)
    return write_catalog(applied, tmp_path / "site")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog of a large project in five scripts."""
    folder = tmp_path_factory.mktemp("many")
    return write_catalog(write_many(folder / "project"), folder / "site")


def links(seen: Seen) -> list[str]:
    """Where everything on a page leads to, in its text and in its pictures."""
    return list(
        seen.page.evaluate("""() => Array.from(document.querySelectorAll("[href]:not(head *)"),
            (one) => new URL(one.getAttribute("href"), location.href).href)""")
    )


def test_every_link_leads_somewhere(look: Callable[..., Seen], site: Path) -> None:
    """From the first page every other is reached, each link leads to a page, and to something on it if it says so."""
    top = f"{site.as_uri()}/"
    left, anchors, wanted = [f"{top}index.html"], {}, set()
    seen = look(left[0])
    while left:
        address = left.pop()
        seen.page.goto(address)
        anchors[address] = set(seen.page.evaluate("Array.from(document.querySelectorAll('[id]'), (one) => one.id)"))
        for one in links(seen):
            page, anchor = urldefrag(one)
            assert page.startswith(top), (address, one)
            wanted.add((page, anchor))
            if page not in anchors and page not in left:
                left.append(page)
    assert set(anchors) == {f"{top}{path.relative_to(site)}" for path in site.rglob("*.html")}
    assert [one for one in wanted if one[1] and one[1] not in anchors[one[0]]] == []
    assert [one for one in seen.asked if not one.startswith((top, "data:", "about:"))] == []


def test_an_event_for_its_readers(look: Callable[..., Seen], site: Path) -> None:
    """An event's page has its properties in words, an example with personal values masked, its producer and readers."""
    seen = look(f"{site.as_uri()}/events/order_confirmed.html")
    properties = seen.page.get_by_role("table", name="Properties")
    row = properties.locator("tr", has_text="first_name")
    assert row.locator(".tag").all_inner_texts() == ["optional", "personal"]
    assert "1 to 40 characters" in row.inner_text()
    assert "items[].quantity" in properties.inner_text()
    assert '"first_name": "***"' in seen.text("pre.code")
    seen.page.get_by_role("radio", name="only what is required").check()
    assert "first_name" not in seen.text("pre.code")
    seen.reads("[aria-labelledby=card-producer]", "Orders")
    seen.reads("[aria-labelledby=card-readers]", "Order confirmed text")


def test_a_journey_with_its_messages(look: Callable[..., Seen], site: Path) -> None:
    """A journey's page shows its picture, what customers get, and who confirmed which part when."""
    seen = look(f"{site.as_uri()}/journeys/order_delivered.html")
    seen.page.locator(".flow").get_by_role("link", name="Review request").click()
    seen.leads_to("#review_request")
    seen.reads("#review_request .bubble", "How do you like")
    seen.page.get_by_text("Who confirmed what in sandbox").click()
    confirmed = seen.page.get_by_role("table", name="Confirmed in sandbox")
    assert "ana" in confirmed.inner_text()
    assert "May 10, 2026, 12:00 UTC" in confirmed.inner_text()


def test_a_message_for_each_sample(look: Callable[..., Seen], site: Path) -> None:
    """A message's page shows it as a phone does, for the sample that is chosen."""
    seen = look(f"{site.as_uri()}/messages/order_shipped_text.html")
    seen.reads(".phone .bubble", "Order 54321")
    seen.page.get_by_role("radio", name="longest").check()
    seen.reads(".phone .bubble", "Order NW-004829173")
    assert "NW-004829173" in seen.page.get_by_role("table", name="What the event fills in").inner_text()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("review", "Review request"),
        ("has ARRIVED", "Delivered email"),
        ("returns are free", "Delivered email"),
        ("optional personal", "Order Confirmed"),
        ("quiet hours", "Order delivered"),
        ("consent is not a condition", "Checkout, transactional texts"),
        ("message.tier_changed_email", "Tier changed email"),
        ("fulfilment shipped", "Order shipped"),
    ],
)
def test_the_search_finds_it(look: Callable[..., Seen], site: Path, words: str, title: str) -> None:
    """What was looked for is among the results, whatever its case, and leads to its page."""
    seen = look(f"{site.as_uri()}/events/order_shipped.html")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type(words)
    hit = seen.page.locator(".hit").filter(has=seen.page.get_by_text(title, exact=True)).first
    hit.click()
    seen.page.wait_for_url(lambda url: not url.endswith("events/order_shipped.html"))
    assert title in seen.page.inner_text("main")


def test_nothing_is_found(look: Callable[..., Seen], site: Path) -> None:
    """What is nowhere is said to be nowhere, and Escape brings the page back."""
    seen = look(f"{site.as_uri()}/index.html")
    seen.page.fill("#search", "zeppelin")
    seen.reads("main", "Nothing in the catalog matches.")
    seen.page.keyboard.press("Escape")
    seen.is_at("What Northwind sends")


def test_what_is_live(look: Callable[..., Seen], site: Path) -> None:
    """The page of what is live has every kind, the API's work and people's."""
    seen = look(f"{site.as_uri()}/live.html")
    segment = seen.page.get_by_role("table", name="Segments").locator("tbody tr")
    assert segment.count() == 1
    assert "deployer, through the API" in segment.inner_text()
    vendor = seen.page.get_by_role("table", name="Events").locator("tr", has_text="Rewards Tier Changed")
    assert "confirmed by ana" in vendor.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(look: Callable[..., Seen], site: Path, width: int, scheme: str) -> None:
    """Nothing sticks out at any width, and every text can be read, in both colors."""
    seen = look(f"{site.as_uri()}/index.html", width=width, scheme=scheme)
    for page in PAGES:
        seen.page.goto(f"{site.as_uri()}/{page}")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, page
        assert seen.faint() == [], page


def test_on_paper(look: Callable[..., Seen], site: Path) -> None:
    """Printed, a page is light, without what is clicked, with what was folded."""
    seen = look(f"{site.as_uri()}/journeys/order_delivered.html", scheme="dark")
    seen.page.emulate_media(media="print")
    seen.page.locator("html[data-theme=light]").wait_for()
    expect(seen.page.locator(".bar")).not_to_be_visible()
    expect(seen.page.locator(".zoom")).not_to_be_visible()
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert seen.page.get_by_role("table", name="Confirmed in sandbox").is_visible()


def test_a_large_project(look: Callable[..., Seen], many: Path) -> None:
    """Everything of a large project is on the first page, and its search reads five scripts."""
    seen = look(f"{many.as_uri()}/index.html")
    for name, count in (("Journeys", JOURNEYS), ("Messages", MESSAGES)):
        assert seen.page.get_by_role("table", name=name).locator("tbody tr").count() == count
    for words in ("warehouse", "طلبك", "お届け", "ההזמנה", "ПРИБУДЕТ"):
        seen.page.fill("#search", words)
        assert seen.page.locator(".hit").count() == (JOURNEYS + MESSAGES) // len(TEXTS), words


@pytest.mark.parametrize("page", ["journeys/arabic_11.html", "messages/hebrew_22_text.html", "graph.html"])
def test_a_large_project_is_whole(look: Callable[..., Seen], many: Path, page: str) -> None:
    """Its pages fit too, nested branches and right-to-left texts as well."""
    for width in WIDTHS:
        seen = look(f"{many.as_uri()}/{page}", width=width)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_same_project_gives_the_same_bytes(shop: Path) -> None:
    """A catalog can be compared and kept in git: the same project, record and day make the same files."""
    first, second = (catalog_files(catalog(deployer.load(shop))) for _ in range(2))
    assert first == second
    assert not [name for name, text in first.items() if str(shop) in text]

"""The graph's page in a real browser: a choice shows its way, words find boxes, and it is one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.project.overview import graph
from deployer.views.pages.graph import graph_page
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen

WAY = {
    *("property.order_id", "property.tracking_url", "property.media_url", "property.delivery_date", "property.carrier"),
    *("event_type.order_shipped", "opt_in_source.checkout", "journey.order_shipped", "message.order_shipped_text"),
}
"""What leads to the journey of a shipped order, and what it leads to."""


@pytest.fixture
def url(shop: Path, tmp_path: Path) -> str:
    """The page of the example."""
    project = deployer.load(shop).project()
    path = tmp_path / "graph.html"
    path.write_text(graph_page(graph(project), "Northwind", "sandbox").html, encoding="utf-8")
    return path.as_uri()


def in_front(seen: Seen) -> set[str]:
    """The addresses whose boxes don't step back."""
    return set(
        seen.page.evaluate(
            "Array.from(document.querySelectorAll('[data-address]:not(.back)'), (one) => one.dataset.address)"
        )
    )


def test_a_choice_shows_its_way(look: Callable[..., Seen], url: str) -> None:
    """The way of a chosen journey stays in front with its curves; Escape brings everything back."""
    seen = look(url)
    everything = in_front(seen)
    seen.page.locator("[data-address='journey.order_shipped']").click()
    seen.leads_to("#journey.order_shipped")
    expect(seen.page.locator("[data-address]:not(.back)")).to_have_count(len(WAY))
    assert in_front(seen) == WAY
    ways = "Array.from(document.querySelectorAll('.way:not(.back)'), (one) => [one.dataset.from, one.dataset.to])"
    assert {end for way in seen.page.evaluate(ways) for end in way} == WAY
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("[data-address]:not(.back)")).to_have_count(len(everything))


def test_the_address_brings_back_the_choice(look: Callable[..., Seen], url: str) -> None:
    """A link to the page with a choice in it shows another person the same."""
    assert in_front(look(f"{url}#journey.order_shipped")) == WAY


def test_words_find_boxes(look: Callable[..., Seen], url: str) -> None:
    """Every word has to be in a box's name or address."""
    seen = look(url)
    seen.page.fill("#search", "order SHIPPED journey")
    assert in_front(seen) == {"journey.order_shipped"}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(look: Callable[..., Seen], url: str, width: int, scheme: str) -> None:
    """The page is no wider than its window: the picture scrolls in its field."""
    seen = look(url, width=width, scheme=scheme)
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.faint() == []


def test_a_project_without_a_graph(look: Callable[..., Seen], tmp_path: Path) -> None:
    """Where nothing is declared that leads anywhere, the page says so."""
    (tmp_path / "deployer.yaml").write_text(
        "version: 1\nproject: bare\nbrand: {name: Bare}\napps: {a: {}}\nenvironments: {sandbox: {target: sandbox}}\n",
        encoding="utf-8",
    )
    (tmp_path / "a.yaml").write_text(
        "kind: Segment\nid: a\nname: A\nexternal_id: a\ndescription: People.\n", encoding="utf-8"
    )
    found = graph(deployer.load(tmp_path).project())
    path = tmp_path / "graph.html"
    path.write_text(graph_page(found, "bare", "sandbox").html, encoding="utf-8")
    assert "Nothing is declared" in look(path.as_uri()).text("main")

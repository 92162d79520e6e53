"""The catalog: a folder of pages for those who don't read YAML, with a search over all of them.

Pages share their style, their script and the search's entries; each has its own data only.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from deployer.views.graph_svg import graph_element
from deployer.views.pages.assemble import embedded, page_in_folder, script_of, style_of
from deployer.views.pages.catalog_links import Links
from deployer.views.pages.catalog_pages import Pages
from deployer.views.pages.catalog_search import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.cataloging import Catalog
    from deployer.views.pages.catalog_pages import CatalogPage

STYLES = ("base.css", "phone.css", "email.css", "journey.css", "preview.css", "wall.css", "catalog.css")
SCRIPTS = (
    *("dom.js", "copy.js", "theme.js", "direction.js", "bubble.js", "email.js", "journey.js", "optin.js"),
    *("catalog_parts.js", "catalog_messages.js", "catalog_pages.js", "catalog.js"),
)
STYLE, SCRIPT, SEARCH = "assets/catalog.css", "assets/catalog.js", "assets/search.js"
WAYS = (
    ("Overview", "index.html"),
    ("Opt-in", "opt-in.html"),
    ("Shared properties", "properties.html"),
    ("What is live", "live.html"),
    ("Graph", "graph.html"),
)
"""The ways in the bar of each page."""


def catalog_files(shown: Catalog) -> dict[str, str]:
    """Make every file of the catalog, by its path in the folder. Same catalog, same bytes."""
    links = Links.of(shown)
    assets = {
        STYLE: style_of(STYLES),
        SCRIPT: script_of(SCRIPTS),
        SEARCH: f"globalThis.catalogEntries = {embedded(entries(shown, links))};\n",
    }
    versions = {path: f"{path}?{hashlib.sha256(text.encode()).hexdigest()[:12]}" for path, text in assets.items()}
    return {**assets, **{page.path: _html(page, shown, versions) for page in _pages(shown, links)}}


def _pages(shown: Catalog, links: Links) -> Iterator[CatalogPage]:
    pages = Pages(shown, links)
    yield pages.overview()
    yield from (pages.event(event) for event in shown.events)
    yield from (pages.journey(journey) for journey in shown.preview.journeys)
    yield from (pages.message(message) for message in shown.preview.messages)
    yield pages.opt_in()
    yield pages.shared()
    yield pages.live()
    named = {address: links.titles[address] for address in shown.graph.nodes}
    yield pages.graph(graph_element(replace(shown.graph, nodes=named)))


def _html(catalog_page: CatalogPage, shown: Catalog, versions: dict[str, str]) -> str:
    root = "../" * catalog_page.path.count("/")
    data = {**asdict(catalog_page), "site": _site(shown, root)}
    styles, scripts = [f"{root}{versions[STYLE]}"], [f"{root}{versions[SEARCH]}", f"{root}{versions[SCRIPT]}"]
    return page_in_folder(
        f"{catalog_page.title} · {shown.preview.brand or shown.preview.project}", data, styles, scripts
    ).html


def _site(shown: Catalog, root: str) -> dict[str, Any]:
    return {
        "brand": shown.preview.brand,
        "project": shown.preview.project,
        "environment": shown.preview.environment,
        "environments": list(shown.environments),
        "day": shown.day.isoformat(),
        "commit": shown.commit,
        "root": root,
        "nav": [{"title": title, "href": href} for title, href in WAYS],
    }

"""The graph as a page: what leads to a declaration and what it leads to, shown when it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.graph_svg import LABEL, TITLE, graph_element
from deployer.views.pages.assemble import page

if TYPE_CHECKING:
    from deployer.project.overview import Graph
    from deployer.views.pages.assemble import Page

STYLES = ("base.css", "journey.css", "preview.css", "graph.css")
SCRIPTS = ("dom.js", "theme.js", "journey.js", "graph.js")


def graph_page(graph: Graph, brand: str, environment: str) -> Page:
    """Make the page of a graph, for the project with this brand (or name) in this environment."""
    data = {
        "brand": brand,
        "environment": environment,
        "nodes": [{"address": address, "name": name} for address, name in graph.nodes.items()],
        "edges": [list(edge) for edge in graph.edges],
        "drawing": graph_element(graph),
        "title": TITLE,
        "label": LABEL,
    }
    return page(f"Graph · {brand}", data, STYLES, SCRIPTS)

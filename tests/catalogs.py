"""Catalogs for the pages' tests: made of a project, with some of it live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import deployer
from deployer.app.cataloging import catalog
from deployer.atomic import write_file
from deployer.engine.confirm import Statement
from deployer.views.pages.catalog import catalog_files

if TYPE_CHECKING:
    from pathlib import Path

PAGES = (
    *("index.html", "live.html", "opt-in.html", "properties.html", "graph.html", "events/order_confirmed.html"),
    *("journeys/order_delivered.html", "messages/order_shipped_text.html", "messages/delivered_email.html"),
)
"""A page of each kind, of the example."""


def write_catalog(project: Path, folder: Path) -> Path:
    """Write a project's catalog into a folder; give the folder."""
    for name, text in catalog_files(catalog(deployer.load(project))).items():
        write_file(folder / name, text)
    return folder


def confirm_some(project: Path) -> None:
    """Ana confirms what can be confirmed first, twice."""
    with deployer.connect(deployer.load(project)) as connection:
        for _ in range(2):
            tokens = deployer.confirmable(connection.state())
            said = Statement("done", "ana", "2026-05-10T12:00:00+00:00")
            deployer.confirm(connection.backend, "sandbox", tokens, said)

"""Every kind of page, held to axe-core's rules of accessibility: a judge that others wrote."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.preview.previewer import preview
from deployer.views.pages import preview_page
from tests.catalogs import PAGES, confirm_some, write_catalog
from tests.many import write_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Seen

MODULES = os.environ.get("DEPLOYER_AXE") or os.environ.get("DEPLOYER_AJV", "")
"""The folder of node's modules that holds axe-core: that of ajv, where none of its own is named."""

RUN = "axe.run(document, { iframes: false, preload: false, resultTypes: ['violations'] })"
"""Without axe's own request for a style sheet that is a file: the catalog's policy refuses it, as it should."""
SHOP = (
    *("changes", "problems", "wall", "nothing.here", "message.order_shipped_text", "message.pickup_ready_text"),
    *("message.delivered_email", "message.delivered_email&width=plain", "message.delivered_email&width=source"),
    *("journey.order_delivered", "journey.pickup_ready", "journey.order_shipped&when=night&who=promotional"),
)
MANY = ("problems", "message.arabic_11_more", "message.latin_15_text", "journey.latin_15", "journey.arabic_11")


@pytest.fixture(scope="module")
def axe() -> str:
    """The program that looks at a page."""
    path = Path(MODULES) / "axe-core" / "axe.min.js"
    if not MODULES or not path.is_file():
        pytest.skip("axe-core isn't installed: `npm install axe-core`, and name its node_modules in DEPLOYER_AXE")
    return path.read_text(encoding="utf-8")


def violations(seen: Seen, axe: str) -> list[str]:
    """What axe finds, each with the element."""
    seen.page.evaluate(axe)
    found = seen.page.evaluate(RUN)
    assert found["testEngine"]["name"] == "axe-core"
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_the_preview(
    look: Callable[..., Seen],
    write_page: Callable[..., str],
    shop: Path,
    edit: Callable[[Path, str, str], None],
    axe: str,
    scheme: str,
    width: int,
) -> None:
    """No page of a shop that changed breaks a rule, in both colors and on a phone."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@northwind.example")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *command], cwd=shop, check=True, capture_output=True)
    edit(shop / "messages" / "parcels.yaml", "is on its way", "has left our warehouse – it’s")  # noqa: RUF001 - wide on purpose
    edit(shop / "emails" / "delivered.html", "60 days", "90 days")
    (shop / "messages" / "pickup_ready_text.yaml").unlink()
    seen = look(write_page(shop, "main"), scheme=scheme, width=width)
    for at in SHOP:
        seen.hash(f"at={at}")
        assert violations(seen, axe) == [], at
    seen.hash("at=message.order_shipped_text")
    seen.page.get_by_role("button", name="Try words").click()
    seen.page.get_by_label("Composer text to try").fill(
        "Order {{triggerEvent.custom['order']}} it\N{RIGHT SINGLE QUOTATION MARK}s"
    )
    assert violations(seen, axe) == []


def test_the_preview_in_five_scripts(look: Callable[..., Seen], tmp_path: Path, axe: str) -> None:
    """Nor does a page of a large project in other scripts."""
    path = tmp_path / "many.html"
    project = write_many(tmp_path / "many")
    path.write_text(preview_page(preview(deployer.load(project))).html, encoding="utf-8")
    seen = look(path.as_uri())
    for at in MANY:
        seen.hash(f"at={at}")
        assert violations(seen, axe) == [], at


@pytest.mark.parametrize("task", ["journey.order_shipped/send.text", "journey.order_delivered/review.review"])
def test_the_task_page(open_tasks: Callable[..., Seen], axe: str, task: str) -> None:
    """Nor does the task page, with an open task."""
    assert violations(open_tasks(task), axe) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_catalog(
    look: Callable[..., Seen], applied: Path, tmp_path: Path, axe: str, scheme: str, width: int
) -> None:
    """Nor does a page of the catalog, its search among them."""
    confirm_some(applied)
    top = write_catalog(applied, tmp_path / "site").as_uri()
    seen = look(f"{top}/index.html", scheme=scheme, width=width)
    for page in PAGES:
        seen.page.goto(f"{top}/{page}")
        for one in seen.page.locator("summary").all():
            one.click()
        assert violations(seen, axe) == [], page
    seen.page.fill("#search", "order")
    assert violations(seen, axe) == [], "search"

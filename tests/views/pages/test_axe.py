"""Every kind of page, held to axe-core's rules of accessibility: a judge that others wrote."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.kinds.event_type import EventType
from deployer.preview.previewer import preview
from deployer.preview.rendering import render_messages
from deployer.project.overview import graph
from deployer.views.pages import preview_page
from deployer.views.pages.graph import graph_page
from deployer.views.render_html import render_html
from tests.catalogs import PAGES, confirm_some, write_catalog
from tests.many import write_many
from tests.views.pages.conftest import Seen
from tests.views.pages.sandboxes import PHONE, served_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MODULES = os.environ.get("DEPLOYER_AXE") or os.environ.get("DEPLOYER_AJV", "")
"""The folder of node's modules that holds axe-core: that of ajv, where none of its own is named."""

RUN = """(only) => axe.run(document, {
    iframes: false, preload: false, resultTypes: ["violations"],
    ...(only && { runOnly: { type: "rule", values: only } }),
})"""
"""Without axe's own request for a style sheet that is a file: the catalog's policy refuses it, as it should."""
COLORS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colors: in the dark nothing else of a page is another than in the light."""
SHOP = (
    *("changes", "problems", "wall", "nothing.here", "message.order_shipped_text", "message.pickup_ready_text"),
    *("message.delivered_email", "message.delivered_email&width=plain", "message.delivered_email&width=source"),
    *("journey.order_delivered", "journey.pickup_ready", "journey.order_shipped&when=night&who=promotional"),
)
SETTLED = """(scheme) => (document.documentElement.dataset.theme || scheme) === scheme
    && !document.getAnimations().some((one) => one.playState === "running")"""
"""Whether the page wears its colors, and no button is still on its way to them."""

WIDTHS, SCHEMES = (1280, 360), ("light", "dark")
MAIL = "ana@northwind.example"
MANY = ("problems", "message.arabic_11_more", "message.latin_15_text", "journey.latin_15", "journey.arabic_11")


@pytest.fixture(scope="module")
def axe() -> str:
    """The program that looks at a page."""
    path = Path(MODULES) / "axe-core" / "axe.min.js"
    if not MODULES or not path.is_file():
        pytest.skip("axe-core isn't installed: `npm install axe-core`, and name its node_modules in DEPLOYER_AXE")
    return path.read_text(encoding="utf-8")


def violations(seen: Seen, axe: str, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What axe finds on a phone and on a desk, light and dark, each with the element."""
    if seen.page.evaluate("typeof axe === 'undefined'"):
        seen.page.evaluate(axe)
    return [one for width in widths for scheme in SCHEMES for one in _violations(seen, width, scheme)]


def _violations(seen: Seen, width: int, scheme: str) -> Iterator[str]:
    seen.page.set_viewport_size({"width": width, "height": 900})
    seen.page.emulate_media(color_scheme=scheme)
    seen.page.wait_for_function(SETTLED, arg=scheme)
    found = seen.page.evaluate(RUN, None if scheme == SCHEMES[0] else COLORS)
    assert found["testEngine"]["name"] == "axe-core"
    for one in found["violations"]:
        for node in one["nodes"]:
            yield f"{width} {scheme} {one['id']}: {node['html'][:120]}"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_preview(
    look: Callable[..., Seen],
    write_page: Callable[..., str],
    shop: Path,
    edit: Callable[[Path, str, str], None],
    axe: str,
    width: int,
) -> None:
    """No page of a shop that changed breaks a rule, in both colors, on a phone and on a desk."""
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@northwind.example")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *command], cwd=shop, check=True, capture_output=True)
    edit(shop / "messages" / "parcels.yaml", "is on its way", "has left our warehouse – it’s")  # noqa: RUF001 - wide on purpose
    edit(shop / "emails" / "delivered.html", "60 days", "90 days")
    (shop / "messages" / "pickup_ready_text.yaml").unlink()
    seen = look(write_page(shop, "main"))
    for at in SHOP:
        seen.hash(f"at={at}")
        assert violations(seen, axe, [width]) == [], at
    seen.hash("at=message.order_shipped_text")
    seen.page.get_by_role("button", name="Try words").click()
    seen.page.get_by_label("Composer text to try").fill(
        "Order {{triggerEvent.custom['order']}} it\N{RIGHT SINGLE QUOTATION MARK}s"
    )
    assert violations(seen, axe, [width]) == []


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


@pytest.mark.parametrize("width", WIDTHS)
def test_the_catalog(look: Callable[..., Seen], applied: Path, tmp_path: Path, axe: str, width: int) -> None:
    """Nor does a page of the catalog, its search among them."""
    confirm_some(applied)
    top = write_catalog(applied, tmp_path / "site").as_uri()
    seen = look(f"{top}/index.html")
    for page in PAGES:
        seen.page.goto(f"{top}/{page}")
        seen.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert violations(seen, axe, [width]) == [], page
    seen.page.fill("#search", "order")
    assert violations(seen, axe, [width]) == [], "search"


@pytest.mark.parametrize("at", ["", "#journey.order_shipped"])
def test_the_graph(look: Callable[..., Seen], shop: Path, tmp_path: Path, axe: str, at: str) -> None:
    """Nor does the graph, with what is chosen in it."""
    path = tmp_path / "graph.html"
    found = graph(deployer.load(shop).project())
    path.write_text(graph_page(found, "Northwind", "sandbox").html, encoding="utf-8")
    assert violations(look(f"{path.as_uri()}{at}"), axe) == []


def test_rendered_messages(look: Callable[..., Seen], shop: Path, tmp_path: Path, axe: str) -> None:
    """Nor does the page that messages are rendered into."""
    path = tmp_path / "messages.html"
    path.write_text(render_html(render_messages(deployer.load(shop).project(), sample="all")), encoding="utf-8")
    assert violations(look(path.as_uri()), axe) == []


def test_the_sandbox(opened: Callable[..., Seen], applied: Path, axe: str) -> None:
    """Nor does the sandbox's page, with a text, an email that is open, and an event whose journey waits."""
    with served_sandbox(applied) as served:
        served.post("/v1/subscriptions", {"user": {"phone": PHONE, "email": MAIL}, "signUpSourceId": "1001"})
        for name in ("Order Shipped", "Order Delivered"):
            event = next(one for one in deployer.load(applied).project().all(EventType) if one.name == name)
            body = {"type": name, "user": {"phone": PHONE, "email": MAIL}, "properties": event.samples["happy"]}
            served.post("/v1/events/custom", body)
        seen = opened(Seen, served.page, offline=False)
        seen.page.locator(".bubble.last .read").first.wait_for()
        seen.page.locator(".mail summary").first.click()
        assert violations(seen, axe) == []

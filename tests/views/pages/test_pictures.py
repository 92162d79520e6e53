"""Pictures of every page, compared with those of the last time: what is hidden, moved or colored otherwise is seen.

Each page of a large project in five scripts is photographed at four widths, light and dark. The eight photographs are
kept as one small sheet, ``pictures/PAGE.png``, an eighth as wide and high; all letters are boxes (``boxes.py``). A
sheet names the version of Chromium that it is from: another draws controls in its own way, and isn't compared. After a
change that is meant, run ``UPDATE_GOLDEN=1 pytest tests/views/pages/test_pictures.py`` and look at the sheets.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import reduce
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest

import deployer
from deployer.preview.previewer import preview
from deployer.preview.tasks import task_page
from deployer.preview.tasks_declared import declared
from deployer.project.overview import graph
from deployer.sandbox import SignUpUnit
from deployer.views.pages import preview_page, tasks_page
from deployer.views.pages.graph import graph_page
from deployer.views.pages.phones import phones_page
from tests.catalogs import write_catalog
from tests.many import write_many
from tests.views.pages.boxes import only_boxes
from tests.views.pages.sandboxes import PHONE, served_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PIL.Image import Image
    from playwright.sync_api import Browser, Page, Route

pillow = pytest.importorskip("PIL.Image", reason="Pillow isn't installed")
filters = pytest.importorskip("PIL.ImageFilter", reason="Pillow isn't installed")
chops = pytest.importorskip("PIL.ImageChops", reason="Pillow isn't installed")
png = pytest.importorskip("PIL.PngImagePlugin", reason="Pillow isn't installed")
PICTURES = Path(__file__).parent / "pictures"
WIDTHS = (360, 768, 1280, 1920)
SCHEMES = ("light", "dark")
CELL = 8
"""How many pixels wide and high a dot of a kept picture is: what is thinner, such as how an edge is drawn, is gone."""

HIGH = 1600
"""How much of a page is photographed, in pixels; pages that are longer go on like this."""

PLACES = {
    (width, scheme): (sum(WIDTHS[:x]) // CELL, y * HIGH // CELL, sum(WIDTHS[: x + 1]) // CELL, (y + 1) * HIGH // CELL)
    for y, scheme in enumerate(SCHEMES)
    for x, width in enumerate(WIDTHS)
}
"""Where each photograph is on a sheet: left, top, right, bottom, in dots."""

TOLERANCE = 12
"""How much red, green or blue (0 to 255) around a dot may differ: a text that is moved by one pixel is within."""

BROWSER = "chromium"
"""Under which a sheet names the version of the browser that it is from."""

STRAY = 12
"""How many dots may differ more in one photograph."""

TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)"), "2026-05-10T12:00:00+00:00"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b(?!T)"), "2026-05-10"),
)
"""When a page was made is always the same here."""

NOW = datetime(2026, 5, 10, 12, 5, tzinfo=UTC)

CHANGES = (
    ("messages/latin_15.yaml", "has left our warehouse", "is on its way"),
    ("messages/arabic_01.yaml", "شكرًا لتسوقك معنا!", "شكرًا!"),
    ("messages/hebrew_02.yaml", "תודה שקנית אצלנו!", "תודה!"),
    ("emails/latin_05_more.html", "Your orders", "All your orders"),
    ("journeys/latin_15.yaml", "for: 3 days", "for: 5 days"),
    ("legal/checkout.txt", "Reply HELP", "Text HELP"),
)
"""What changed since the first commit: the file, words in it, and what they are now."""

WATCH = "document.addEventListener('load', (event) => { event.target.arrived = true; }, true)"
SETTLED = """() => {
    const frames = Array.from(document.querySelectorAll("iframe"));
    for (const frame of frames) frame.loading = "eager";
    const moves = document.getAnimations().filter((one) => one.playState !== "finished");
    return frames.every((frame) => frame.arrived) && !moves.length;
}"""
"""Whether every email is there and nothing moves; emails are loaded when they come into view otherwise."""

RESTYLE = """(style) => {
    document.adoptedStyleSheets = [new CSSStyleSheet()];
    document.adoptedStyleSheets[0].replaceSync(style);
}"""
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

PREVIEW = {
    "changes": "changes",
    "problems": "problems",
    "wall": "wall",
    "text": "message.latin_15_text",
    "text-rtl": "message.arabic_11_more",
    "email": "message.latin_05_more",
    "journey": "journey.latin_15",
    "nothing": "message.gone",
}
CATALOG = {
    "catalog": "index.html",
    "catalog-live": "live.html",
    "catalog-opt-in": "opt-in.html",
    "catalog-graph": "graph.html",
    "catalog-event": "events/japanese_03.html",
    "catalog-journey": "journeys/latin_15.html",
    "catalog-text": "messages/hebrew_02_text.html",
    "catalog-email": "messages/latin_05_more.html",
}


TASK = "journey.cyrillic_29/send.more"
EVENTS = ("latin_05", "arabic_01", "hebrew_02", "japanese_03", "cyrillic_04", "latin_15")
MAIL, KEY = "ana@meridian.example", "sandbox-shop"
ADDRESS = "http://sandbox.example/"
GRAPH = {"graph": "", "graph-way": "journey.latin_15"}


@pytest.fixture(scope="module")
def page(launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One page for all pictures, in a Chromium that has no font but boxes."""
    if sys.platform != "linux":
        pytest.skip("a Chromium takes its fonts from fontconfig on Linux only")
    browser = launch(**only_boxes(tmp_path_factory.mktemp("fonts")))
    context = browser.new_context(offline=True, timezone_id="UTC", locale="en-US", reduced_motion="reduce")
    page = context.new_page()
    page.add_init_script(WATCH)
    page.clock.set_fixed_time(NOW)
    yield page
    browser.close()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with changes since its first commit: a text in each script, an email, a wait, an opt-in text."""
    folder = write_many(tmp_path_factory.mktemp("pictures") / "meridian")
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@meridian.example")
    for command in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    for name, before, after in CHANGES:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def previewed(project: Path, folder: Path) -> str:
    """The preview against the first commit; all give the page's address."""
    return _written(folder / "preview.html", preview_page(preview(deployer.load(project), None, "main")).html)


@pytest.fixture(scope="module")
def asked(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same project with everything to be done, whatever was photographed before."""
    folder = tmp_path_factory.mktemp("asked") / "meridian"
    shutil.copytree(project, folder)
    with deployer.connect(deployer.load(folder)) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
    return folder


@pytest.fixture(scope="module")
def tasks(asked: Path, folder: Path) -> dict[str, str]:
    """The page of tasks by name, with everything to be done."""
    workspace = deployer.load(asked)
    with deployer.connect(workspace) as connection:
        state = connection.state()
    page = tasks_page(task_page(state, declared=declared(workspace.linked().project)))
    token = {task.id: task.token for task in state.open_tasks()}[TASK]
    url = _written(folder / "tasks.html", page.html)
    return {"tasks": url, "task": f"{url}#{token}"}


@pytest.fixture(scope="module")
def graphed(project: Path, folder: Path) -> str:
    """The graph."""
    found = graph(deployer.load(project).project())
    return _written(folder / "graph.html", graph_page(found, "Meridian", "sandbox").html)


@pytest.fixture(scope="module")
def cataloged(asked: Path, folder: Path) -> str:
    """The catalog's folder, of a project whose tasks are all open."""
    site = write_catalog(asked, folder / "catalog")
    for path in (path for path in site.rglob("*") if path.is_file()):
        _written(path, path.read_text(encoding="utf-8"))
    return site.as_uri()


@pytest.fixture(scope="module")
def played(asked: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sandbox's page with events of each script that were played: texts, emails, and a journey that waits."""
    folder = tmp_path_factory.mktemp("played") / "meridian"
    shutil.copytree(asked, folder)
    with served_sandbox(folder) as served:
        for unit, kind in (("900", "TRANSACTIONAL"), ("901", "MARKETING")):
            served.phones.sandbox.ensure_sign_up_unit(SignUpUnit(unit, kind, ("TEXT", "EMAIL")))
            served.post("/v1/subscriptions", {"user": {"phone": PHONE, "email": MAIL}, "signUpSourceId": unit}, KEY)
        served.phones.reply(PHONE, "HELP")
        for script in EVENTS:
            event = {"type": script.title().replace("_", " "), "properties": {"order": "54321", "day": "May 10"}}
            served.post("/v1/events/custom", {**event, "user": {"phone": PHONE, "email": MAIL}}, KEY)
            while not all(_is_played(one) for one in served.phones.overview()["events"]):
                sleep(0.05)
        return phones_page(served.phones.overview()).html


def _is_played(event: dict[str, Any]) -> bool:
    """Whether everything that follows from an event at once has happened."""
    return bool(event["traces"]) and event["traces"][-1]["what"] in {"not_entered", "waits", "ended"}


def _written(path: Path, text: str) -> str:
    """Write a page, as if it had been made at another time; give its address."""
    path.write_text(_at_all_times(text), encoding="utf-8")
    return path.as_uri()


def _at_all_times(text: str) -> str:
    for time, always in TIMES:
        text = time.sub(always, text)
    return text


@pytest.mark.parametrize("name", PREVIEW)
def test_the_preview(page: Page, previewed: str, tmp_path: Path, name: str) -> None:
    """Each page of the preview looks as it did."""
    compare(page, f"{previewed}#at={PREVIEW[name]}", name, tmp_path)


@pytest.mark.parametrize("name", ["tasks", "task"])
def test_the_tasks(page: Page, tasks: dict[str, str], tmp_path: Path, name: str) -> None:
    """So do the tasks, and an open one."""
    compare(page, tasks[name], name, tmp_path)


@pytest.mark.parametrize("name", GRAPH)
def test_the_graph(page: Page, graphed: str, tmp_path: Path, name: str) -> None:
    """So does the graph, and what leads to a journey in it."""
    compare(page, f"{graphed}#{GRAPH[name]}", name, tmp_path)


@pytest.mark.parametrize("name", CATALOG)
def test_the_catalog(page: Page, cataloged: str, tmp_path: Path, name: str) -> None:
    """So does each kind of page of the catalog."""
    compare(page, f"{cataloged}/{CATALOG[name]}", name, tmp_path)


def test_the_sandbox(page: Page, played: str, tmp_path: Path) -> None:
    """So does the sandbox's page, which hears from its server that there is nothing new."""

    def answer(route: Route) -> None:
        if route.request.url == ADDRESS:
            route.fulfill(content_type="text/html", body=_at_all_times(played))
        else:
            route.fulfill(status=204, headers={"x-clock": NOW.isoformat()})

    page.route(f"{ADDRESS}**", answer)
    compare(page, ADDRESS, "sandbox", tmp_path)


@pytest.mark.parametrize(
    "style",
    [
        ".phone .bubble { visibility: hidden }",
        ".side { translate: 16px }",
        ".pane .tag { background: none !important }",
        ":root { --accent: var(--ink) !important }",
        "mark, ins, del { background: none !important; color: inherit !important }",
    ],
)
def test_what_is_otherwise_is_seen(page: Page, previewed: str, style: str) -> None:
    """What is hidden, moved by two dots, or without its color, however small, is a difference."""
    assert restyled(page, f"{previewed}#at={PREVIEW['text']}", style)


@pytest.mark.parametrize("style", ["body { translate: 0 1px }", "body { translate: 0.5px -0.5px }"])
def test_what_machines_differ_in_is_no_difference(page: Page, previewed: str, style: str) -> None:
    """A page that is drawn a pixel lower, or between pixels, is the same."""
    assert restyled(page, f"{previewed}#at={PREVIEW['text']}", style) == ""


def restyled(page: Page, url: str, style: str) -> str:
    """What is otherwise in a page's photograph with another style."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": HIGH})
    page.goto("about:blank")
    page.goto(url)
    before = photograph(page)
    page.evaluate(RESTYLE, style)
    return difference(before, photograph(page))


def compare(page: Page, url: str, name: str, folder: Path) -> None:
    """Photograph a page, and compare it with its kept sheet; keep it where that is what is wanted."""
    kept, update = PICTURES / f"{name}.png", bool(os.environ.get("UPDATE_GOLDEN"))
    before = pillow.open(kept) if kept.exists() else None
    version = version_of(page)
    if before and before.info[BROWSER] != version and not update:
        pytest.skip(f"pictures are from Chromium {before.info[BROWSER]}; this is {version}, which draws in its own way")
    now = photographed(page, url)
    found = differences(before.convert("RGB"), now) if before else ["there is no picture of it yet"]
    if found and update:
        keep(now, kept, version)
    elif found:
        now.save(folder / kept.name)
        pytest.fail("\n".join([f"{name} isn't as in {kept} (now: {folder / kept.name}):", *found]))


def version_of(page: Page) -> str:
    """The browser's version, as its first number."""
    browser = page.context.browser
    assert browser is not None
    return browser.version.partition(".")[0]


def keep(sheet: Image, path: Path, version: str) -> None:
    """Write a sheet with the browser's version."""
    note = png.PngInfo()
    note.add_text(BROWSER, version)
    sheet.save(path, optimize=True, pnginfo=note)


def photographed(page: Page, url: str) -> Image:
    """A page's sheet: a column for each width, light above dark."""
    whole = pillow.new("RGB", (sum(WIDTHS) // CELL, len(SCHEMES) * HIGH // CELL))
    for (width, scheme), box in PLACES.items():
        page.set_viewport_size({"width": width, "height": HIGH})
        if width == WIDTHS[0]:
            page.emulate_media(color_scheme=scheme)
            page.goto("about:blank")
            page.goto(url)
            page.locator("h1").first.wait_for()
        whole.paste(photograph(page), box)
    return whole


def photograph(page: Page) -> Image:
    """The page as it is, small; where it has emails, as soon as two photographs are the same."""
    page.wait_for_function(SETTLED)
    page.evaluate(DRAWN)
    taken, last = page.screenshot(type="jpeg", quality=95), b""
    while page.locator("iframe").count() and taken != last:
        taken, last = page.screenshot(type="jpeg", quality=95), taken
    return pillow.open(BytesIO(taken)).convert("RGB").reduce(CELL)


def differences(kept: Image, now: Image) -> list[str]:
    """What is otherwise in which of a sheet's photographs, as lines."""
    if kept.size != now.size:
        return [f"its sheet is {now.size} rather than {kept.size}"]
    found = {shot: difference(kept.crop(box), now.crop(box)) for shot, box in PLACES.items()}
    return [f"{width} pixels wide, {scheme}: {what}" for (width, scheme), what in found.items() if what]


def difference(before: Image, after: Image) -> str:
    """What is otherwise in a photograph; empty if that is within what machines differ in."""
    soft = filters.BoxBlur(1)
    most = reduce(chops.lighter, chops.difference(before.filter(soft), after.filter(soft)).split())
    count = sum(most.histogram()[TOLERANCE + 1 :])
    box = most.point(lambda value: 255 * (value > TOLERANCE)).getbbox()
    return f"{count} dots of {CELL} pixels differ, within {[CELL * at for at in box]}" if count > STRAY else ""

"""A copy of the example shop, pages made of it, and a real Chromium to look at them with."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.preview.previewer import preview
from deployer.preview.tasks import task_page
from deployer.preview.tasks_declared import declared
from deployer.state import open_backend
from deployer.views.pages import preview_page, tasks_page
from tests.patience import PATIENCE

try:
    from playwright.sync_api import expect
except ImportError:  # not everyone who runs the tests has it: what needs a browser is skipped
    expect = None  # type: ignore[assignment]  # nothing calls it then

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page, Playwright

    from deployer.state import Backend, State

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "northwind"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs on the path that show pages. The first is Chromium without its windows, in which
a page takes a quarter of the time. What draws a message as a PNG for people is tried with the whole one."""
ARGUMENTS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

CONTRAST = """
() => {
  const curve = (part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const channel = (value) => curve(value / 255);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const read = (colour) => [...colour.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3]));
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(read(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest("script, style, noscript, .quiet")) continue;
    if (!element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const under = ground(element);
    const [a, b] = [light(over(read(style.color), under)), light(under)].sort((one, two) => two - one);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${ratio} ${element.className} ${walker.currentNode.textContent}`);
  }
  return poor;
}
"""
"""Every text of the page whose contrast with what it stands on is less than WCAG's AA asks for."""


class Seen:
    """A page in the browser, and everything that a good page doesn't do: ask, complain, fail."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.said: list[str] = []
        page.set_default_timeout(1000 * PATIENCE)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def elsewhere(self) -> list[str]:
        """What was asked of anybody but the file or the server that the page came from."""
        return [url for url in self.asked if not url.startswith(("data:", "file:", "http://127.0.0.1:"))]

    def hash(self, wanted: str) -> None:
        """Look at something else, by the page's address."""
        self.page.evaluate(
            """wanted => location.hash === `#${wanted}` || new Promise((done) => {
                addEventListener("hashchange", () => done(true), { once: true });
                location.hash = wanted;
            })""",
            wanted,
        )

    def faint(self) -> list[str]:
        """Every text whose contrast with what it stands on is too little."""
        return list(self.page.evaluate(CONTRAST))

    def text(self, selector: str) -> str:
        """What an element reads."""
        return self.page.locator(selector).first.inner_text()

    def is_at(self, title: str) -> None:
        """Wait until the page shows what has this title."""
        expect(self.page.locator("h1").first).to_have_text(title, use_inner_text=True)

    def reads(self, selector: str, words: str) -> None:
        """Wait until an element reads words."""
        expect(self.page.locator(selector).first).to_contain_text(words, use_inner_text=True)

    def leads_to(self, end: str) -> None:
        """Wait until the page's address ends like this."""
        expect(self.page).to_have_url(re.compile(f"{re.escape(end)}$"))


class SeenTasks(Seen):
    """The task page in the browser."""

    def body(self, token: str) -> Locator:
        """What stands in a task's card."""
        return self.page.locator(f"#body-{token}")

    def box(self, token: str) -> Locator:
        """A task's check box."""
        return self.page.locator(f"#task-{token} .tick input")

    def paste(self, text: str) -> None:
        """Paste something back into the open task."""
        self.page.locator(".check-back textarea:visible").fill(text)

    def causes(self) -> list[str | None]:
        """The named causes of a difference."""
        return [one.get_attribute("data-cause") for one in self.page.locator(".causes > li").all()]

    def message(self) -> str:
        """What the tray copies to hand over."""
        self.page.evaluate(
            "() => { window.message = ''; navigator.clipboard.writeText = async (text) => { window.message = text; }; }"
        )
        self.page.locator("[data-focus='tray:message']").click()
        self.page.wait_for_function("window.message")
        return str(self.page.evaluate("window.message"))

    def line(self) -> str:
        """The line of that message for who records it."""
        return self.message().splitlines()[-1].removeprefix("To record it: ")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example that a test may edit."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "shop"))


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace words in a file of a project."""

    def change(path: Path, before: str, after: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    return change


@pytest.fixture
def write_page(tmp_path: Path) -> Callable[..., str]:
    """Write a project's preview page into a file; give the file's address."""

    def write(project: Path, against: str = "") -> str:
        path = tmp_path / "preview.html"
        path.write_text(preview_page(preview(deployer.load(project), None, against)).html, encoding="utf-8")
        return path.as_uri()

    return write


@pytest.fixture(scope="session")
def launch(playwright_running: Playwright | None) -> Iterator[Callable[..., Browser]]:
    """Start the Chromium that is on the path, or that DEPLOYER_CHROMIUM names, with variables added to ours."""
    if playwright_running is None:
        pytest.skip("Playwright for Python isn't installed")
    program = os.environ.get("DEPLOYER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no Chromium: install one ({', '.join(NAMES)}) or name it in DEPLOYER_CHROMIUM")
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else [*ARGUMENTS]
    expect.set_options(timeout=1000 * PATIENCE)
    with ExitStack() as stack:

        def launch(**variables: str) -> Browser:
            environment = {**os.environ, **variables}
            browser = playwright_running.chromium.launch(executable_path=program, args=arguments, env=environment)
            stack.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="session")
def chromium(launch: Callable[..., Browser]) -> Browser:
    """A Chromium that most tests share."""
    return launch()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Callable[..., Seen]]:
    """Open a page as a kind of page; whatever it is, it may not complain."""
    pages: list[Seen] = []
    contexts = []

    def open_page(
        kind: type[Seen], url: str, *, width: int = 1280, scheme: str = "light", offline: bool = True
    ) -> Seen:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=offline)
        contexts.append(context)
        seen = kind(context.new_page())
        pages.append(seen)
        seen.page.goto(url)
        seen.page.locator("h1").first.wait_for()
        return seen

    yield open_page
    for seen in pages:
        assert seen.said == []
        assert seen.elsewhere() == []
    for context in contexts:
        context.close()


@pytest.fixture
def look(opened: Callable[..., Seen]) -> Callable[..., Seen]:
    """Open a page."""
    return partial(opened, Seen)


@pytest.fixture
def look_at_tasks(opened: Callable[..., Seen]) -> Callable[..., Seen]:
    """Open a task page."""
    return partial(opened, SeenTasks)


@pytest.fixture(scope="session")
def _applied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example applied to its sandbox, with every task open: made once, copied for each test."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("applied") / "shop"))
    with deployer.connect(deployer.load(folder)) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
    return folder


@pytest.fixture
def applied(_applied: Path, tmp_path: Path) -> Path:
    """The example applied to its sandbox."""
    return Path(shutil.copytree(_applied, tmp_path / "applied"))


@pytest.fixture
def record() -> Callable[[Path], Backend]:
    """The recorded state of a project's sandbox."""

    def opened(project: Path) -> Backend:
        environment = deployer.load(project).environment()
        return open_backend(environment.state, root=project, environment=environment.name)

    return opened


@pytest.fixture
def task_ids(applied: Path, record: Callable[[Path], Backend]) -> dict[str, str]:
    """The tokens of the applied example's tasks, by id."""
    state = record(applied).read()
    assert state is not None
    return {task.id: task.token for task in state.open_tasks()}


@pytest.fixture
def write_tasks(tmp_path: Path) -> Callable[..., str]:
    """Write the task page of a state into a file; give the file's address."""

    def write(state: State, project: Path | None = None, **more: str) -> str:
        around = declared(deployer.load(project).linked().project) if project else None
        path = tmp_path / "tasks.html"
        path.write_text(tasks_page(task_page(state, declared=around, **more)).html, encoding="utf-8")
        return path.as_uri()

    return write


@pytest.fixture
def open_tasks(
    write_tasks: Callable[..., str],
    applied: Path,
    record: Callable[[Path], Backend],
    task_ids: dict[str, str],
    look_at_tasks: Callable[..., Seen],
) -> Callable[..., Seen]:
    """Open the task page of the applied example, at the task with this id if one is named."""

    def open_page(task: str = "", **how: object) -> Seen:
        url = write_tasks(record(applied).read(), applied)
        return look_at_tasks(f"{url}#{task_ids[task]}" if task else url, **how)

    return open_page

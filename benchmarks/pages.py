"""How heavy a preview page is, and how long until its first phone: ``python benchmarks/pages.py [TIMES] [--write]``.

It writes the pages of Northwind and of a project of 100 documents (``corpus.py``), and opens each from disk in a
Chromium (the one on the ``PATH``, or that DEPLOYER_CHROMIUM names) TIMES times (9), at its first text. The phone is
there once the first frame is drawn that has it. Beside them is a page that is nothing but a phone: what a Chromium
takes for any page. ``--write`` puts the table into README.md beside this file, beside what was promised.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import corpus
from page import machine, put
from playwright.sync_api import sync_playwright

import deployer
from deployer.preview.previewer import preview
from deployer.views.pages import preview_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
NORTHWIND = ROOT / "examples" / "northwind"
DOCUMENTS = 100
TIMES = 9
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BARE = '<!doctype html><title>A phone</title><div class="phone"><p class="bubble">Hello</p></div>'
WATCH = """
const watch = () => {
  const drawn = () => setTimeout(() => { window.first = performance.now(); });
  requestAnimationFrame(document.querySelector(".phone .bubble") ? drawn : watch);
};
watch();
"""
"""Notes the milliseconds from the page's begin until a phone was drawn."""

HEAD = (
    "| page of | kB | promised | ms to the first phone, fastest | median | promised |",
    "|---|--:|--:|--:|--:|--:|",
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a page may weigh, and how many milliseconds it may take to its first phone; 0: nothing was promised."""

    kilobytes: int = 0
    milliseconds: int = 0


PROMISED = {"Northwind": Promise(300, 300), f"{DOCUMENTS} documents": Promise(milliseconds=1_000)}


def written(project: Path) -> str:
    """Write a project's preview page beside it; give the address at which its first text is shown."""
    path = project.with_suffix(".html")
    shown = preview(deployer.load(project))
    path.write_text(preview_page(shown).html, encoding="utf-8")
    text = next(view for view in shown.messages if view.channel == "text")
    return f"{path.as_uri()}#at={text.address}"


def to_first_phone(browser: Browser, url: str) -> float:
    """Open a page as someone does who never opened it: the milliseconds until a phone is drawn."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(url)
        page.wait_for_function("window.first")
        return float(page.evaluate("window.first"))


def pages(folder: Path) -> dict[str, str]:
    """The addresses of the pages that are measured, by what they are of."""
    corpus.write(folder / "corpus", DOCUMENTS)
    shutil.copytree(NORTHWIND, folder / "shop", ignore=shutil.ignore_patterns(".deployer"))
    (folder / "bare.html").write_text(BARE, encoding="utf-8")
    urls = map(written, (folder / "shop", folder / "corpus"))
    return {**dict(zip(PROMISED, urls, strict=True)), "nothing but a phone": (folder / "bare.html").as_uri()}


def measured(folder: Path, browser: Browser, times: int) -> str:
    """Measure the pages; give the table."""
    urls = pages(folder)
    rows = [_row(name, url, [to_first_phone(browser, url) for _ in range(times)]) for name, url in urls.items()]
    here = machine(f"Chromium {browser.version.partition('.')[0]}")
    head = f"{here}: where others share the cores, the fastest of {times} says most."
    return "\n".join([head, "", *HEAD, *rows])


def _row(name: str, url: str, found: list[float]) -> str:
    kilobytes = Path(unquote(urlsplit(url).path)).stat().st_size / 1000
    promised = PROMISED.get(name, Promise())
    cells = (
        f"{kilobytes:.0f}",
        f"{promised.kilobytes:,}" if promised.kilobytes else "-",
        f"{min(found):.0f}",
        f"{statistics.median(found):.0f}",
        f"{promised.milliseconds:,}" if promised.milliseconds else "-",
    )
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Measure, print the table, and write it into the page where that is asked."""
    program = os.environ.get("DEPLOYER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SystemExit(f"no Chromium: install one ({', '.join(NAMES)}) or name it in DEPLOYER_CHROMIUM")
    times = int(next((one for one in sys.argv[1:] if one.isdecimal()), TIMES))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=arguments)
        text = measured(Path(name), browser, times)
        browser.close()
    sys.stdout.write(f"{text}\n")
    if "--write" in sys.argv[1:]:
        put("pages", f"## Preview pages\n\n{text}")


if __name__ == "__main__":
    main()

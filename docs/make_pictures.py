"""Take the README's pictures: the tool's own pictures and pages of the example shop, photographed by a Chromium.

Run it by hand after a change to what the pages look like; it needs git, a Chromium and Playwright for Python.
``tests/docs`` compares ``text.svg`` with what the tool makes now, and the size of the others with ``SHOTS``. How text
is drawn differs from machine to machine, so the photographs themselves aren't compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deployer import load, render_messages
from deployer.views.render_png import find_browser
from deployer.views.render_svg import render_svg

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(__file__).resolve().parent
PICTURES = DOCS / "pictures"
SHOP = DOCS.parent / "examples" / "northwind"
MESSAGE = "order_shipped_text"


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph of ``width`` times ``height`` CSS pixels, from ``page`` with the address's ``hash``.

    Its upper left corner is that of the element ``at`` (empty: the page's), ``margin`` pixels further out. ``window``
    is how wide the page is, ``scheme`` whether it is ``light`` or ``dark``; ``scale`` is
    how many dots a CSS pixel has.
    """

    page: str
    hash: str
    width: int
    height: int
    at: str = ""
    margin: int = 0
    window: int = 1200
    scheme: str = "light"
    scale: float = 1

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, in dots."""
        return round(self.width * self.scale), round(self.height * self.scale)


SHIPPED = f"at=message.{MESSAGE}"
CHANGE = "section[aria-labelledby=change]"
SHOTS = {
    "preview-light.png": Shot("preview", SHIPPED, 1200, 800),
    "preview-dark.png": Shot("preview", SHIPPED, 1200, 800, scheme="dark"),
    "diff.png": Shot("against", SHIPPED, 676, 232, at=CHANGE, margin=12, window=1440, scale=1.5),
    "journey.png": Shot("preview", "at=journey.order_delivered", 856, 674, at=".flow .field"),
    "tasks.png": Shot("tasks", "", 1200, 900),
}
"""Each photograph by its file."""


def text_picture() -> str:
    """The text as one SVG, as ``deployer render --out`` writes it."""
    found = render_messages(load(SHOP).project(), MESSAGE)
    return render_svg(found)[0] + "\n"


def run(folder: Path, *command: str) -> str:
    """Run a program in a folder and return what it prints."""
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout  # noqa: S603 - git and deployer, by us


def deployer(folder: Path, *arguments: str) -> str:
    """Run the command line there."""
    return run(folder, sys.executable, "-m", "deployer", *arguments)


def pages(folder: Path) -> dict[str, str]:
    """Make the pages: the shop as it is, against a commit after somebody changed a text, and the tasks that gives."""
    shop = Path(shutil.copytree(SHOP, folder / "northwind", ignore=shutil.ignore_patterns(".deployer")))
    made = {name: folder / f"{name}.html" for name in ("preview", "against", "tasks")}
    launch(shop)
    deployer(shop, "preview", "--out", str(made["preview"]))
    words = shop / "messages" / "parcels.yaml"
    words.write_text(words.read_text("utf-8").replace("is on its way", "has left our warehouse", 1), "utf-8")
    deployer(shop, "preview", "--against", "main", "--out", str(made["against"]))
    deployer(shop, "apply", "--yes")
    deployer(shop, "tasks", "--page", str(made["tasks"]))
    return {name: path.as_uri() for name, path in made.items()}


def launch(shop: Path) -> None:
    """Commit the shop, apply it, and confirm every task."""
    who = ("-c", "user.name=Northwind", "-c", "user.email=docs@northwind.example")
    for command in (("init", "--quiet", "--initial-branch", "main"), ("add", "."), (*who, "commit", "-qm", "Launch")):
        run(shop, "git", *command)
    deployer(shop, "apply", "--yes")
    asked = json.loads(deployer(shop, "tasks", "--format", "json"))["tasks"]
    deployer(shop, "confirm", *(task["token"] for task in asked))


def take(browser: Browser, made: dict[str, str], name: str, shot: Shot) -> None:
    """Take one photograph."""
    context = browser.new_context(
        viewport={"width": shot.window, "height": max(shot.height, 900)},
        device_scale_factor=shot.scale,
        color_scheme=shot.scheme,
        offline=True,
    )
    page = context.new_page()
    page.goto(f"{made[shot.page]}#{shot.hash}")
    page.locator("h1").first.wait_for()
    box = page.locator(shot.at or "body").first.bounding_box() or {"x": 0, "y": 0}
    corner = {axis: max(box[axis] - shot.margin, 0) for axis in ("x", "y")}
    page.screenshot(
        path=PICTURES / name,
        clip={**corner, "width": shot.width, "height": shot.height},
        full_page=True,
        scale="device",
    )
    context.close()


def main() -> None:
    """Write every picture."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - reading what is here needs no browser

    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "text.svg").write_text(text_picture(), encoding="utf-8", newline="\n")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="deployer-") as folder, sync_playwright() as running:
        made = pages(Path(folder))
        browser = running.chromium.launch(executable_path=find_browser(), args=as_root)
        for name, shot in SHOTS.items():
            take(browser, made, name, shot)
        browser.close()


if __name__ == "__main__":
    main()

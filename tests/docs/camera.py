"""Photographs for a page that a reader follows: of the pages that its commands make, at that point of the run.

How text is drawn differs from machine to machine, so pictures aren't compared dot by dot: each keeps a digest of the
words that were photographed, and those can be compared.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.views.render_png import ScreenshotError, find_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

WIDTH, HEIGHT = 1100, 800
"""The window in CSS pixels; a picture has one dot for each."""

WINDOW = "window"
"""Instead of a selector: what the window shows of the page."""

ROUND = 500
"""Milliseconds between two presses."""

_HEAD = 8 + 25
"""Where a PNG's second chunk begins: behind its signature and its header."""
_KEY = b"Words\0"
_DIGEST = 16
_VARIES = re.compile(
    r"\b[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} [\d:]{8}\b|\b\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d [A-Z]+[-+\d:]*"
)
"""A time of the run."""


@dataclass(slots=True)
class Camera:
    """What was photographed, by the picture's file."""

    browser: Browser
    pictures: dict[str, bytes] = field(default_factory=dict)

    def take(self, name: str, address: str, selector: str, press: str = "") -> None:
        """Photograph an element of a page, or ``WINDOW``; ``press`` is clicked until the element is there."""
        context = self.browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        page.goto(address)
        page.locator("h1").first.wait_for()
        found = page.locator("body" if selector == WINDOW else selector).first
        while press and not found.is_visible():
            page.locator(press).first.click()
            page.wait_for_timeout(ROUND)
        found.wait_for()
        picture = page.screenshot() if selector == WINDOW else found.screenshot()
        self.pictures[name] = _with_words(picture, found.inner_text())
        context.close()


def _with_words(png: bytes, words: str) -> bytes:
    steady = " ".join(_VARIES.sub("", words).split())
    data = _KEY + hashlib.sha256(steady.encode()).hexdigest()[:_DIGEST].encode()
    body = b"tEXt" + data
    return png[:_HEAD] + struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body)) + png[_HEAD:]


def words_of(png: bytes) -> str:
    """The digest of the words that a picture of ``Camera`` shows; empty for another picture."""
    data = png[_HEAD + 8 :]
    return data[len(_KEY) : len(_KEY) + _DIGEST].decode() if data.startswith(_KEY) else ""


@contextmanager
def camera(running: Playwright | None) -> Iterator[Camera | None]:
    """A camera, or ``None`` where Playwright for Python or a Chromium is missing."""
    try:
        program = find_browser()
    except ScreenshotError:
        running = None
    if running is None:
        yield None
        return
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = running.chromium.launch(executable_path=program, args=as_root)
    yield Camera(browser)
    browser.close()

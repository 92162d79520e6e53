"""The tutorial is run word for word: every command of its page, every change of a file, in an empty folder.

What the commands print is made again with ``UPDATE_TUTORIAL=1 pytest tests/docs/test_tutorial.py``, and with a Chromium
the pictures are too.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.camera import camera, words_of
from tests.docs.reader import Reader

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "tutorial.md"
PICTURES = DOCS / "pictures"
LARGEST = 120 * 1024


def test_the_page_is_what_happens(tmp_path: Path, playwright_running: Playwright | None) -> None:
    """Every command prints what the page shows, from the first to the last, and each picture has the run's words."""
    with camera(playwright_running) as photographer, Reader(tmp_path, photographer) as reader:
        made = reader.follow(PAGE.read_text("utf-8"))
    taken = photographer.pictures if photographer else {}
    if os.environ.get("UPDATE_TUTORIAL"):
        PAGE.write_text(made, "utf-8")
        for name in (name for name, picture in taken.items() if _words(name) != words_of(picture)):
            (PICTURES / name).write_bytes(taken[name])
    assert PAGE.read_text("utf-8") == made
    assert "6 of 6 done" in made
    assert "Nothing to do." in made
    if photographer is None:
        pytest.skip("the page is what happens; its pictures need Playwright for Python and a Chromium")
    assert {name: _words(name) for name in taken} == {name: words_of(picture) for name, picture in taken.items()}


def _words(name: str) -> str:
    path = PICTURES / name
    return words_of(path.read_bytes()) if path.exists() else ""


def test_every_picture_is_taken_by_the_run() -> None:
    """The pictures that the page shows are those that it has taken, in that order, and no other is kept."""
    page = PAGE.read_text("utf-8")
    taken = re.findall(r"^<!-- picture: (\S+) ", page, re.MULTILINE)
    assert taken
    assert re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", page) == taken
    assert sorted(taken) == sorted(path.name for path in PICTURES.glob("tutorial-*"))


@pytest.mark.parametrize("path", sorted(PICTURES.glob("tutorial-*")), ids=lambda path: path.name)
def test_a_picture_is_whole_and_small(path: Path) -> None:
    """Each picture is a PNG to its end, knows which words it shows, and is small enough for a page."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    assert words_of(data)
    assert len(data) <= LARGEST

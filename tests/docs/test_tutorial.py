"""The tutorial is run word for word: every command of its page, every change of a file, in an empty folder.

What the commands print is made again with ``UPDATE_TUTORIAL=1 pytest tests/docs/test_tutorial.py``.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.docs.reader import Reader

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    """Every command prints what the page shows, from the first to the last."""
    with Reader(tmp_path) as reader:
        made = reader.follow(PAGE.read_text("utf-8"))
    if os.environ.get("UPDATE_TUTORIAL"):
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made
    assert "6 of 6 done" in made
    assert "Nothing to do." in made

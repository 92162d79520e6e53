"""The guides are followed as they are: every command, every change and every file of a page, each in an empty folder.

What the commands print is made again with ``UPDATE_GUIDES=1 pytest tests/docs/test_guides.py``.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.docs.reader import BLOCK, Reader

GUIDES = sorted((Path(__file__).resolve().parents[2] / "docs" / "guides").glob("*.md"))
PROGRAMS = {"send-events": ("node", "curl")}
"""What a guide uses beside deployer, Python and git; `tsc` comes from DEPLOYER_TSC."""


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.stem)
def test_the_guide_is_what_happens(page: Path, tmp_path: Path) -> None:
    """Every command prints what the guide shows, and every file and change it shows fits."""
    needed = PROGRAMS.get(page.stem, ())
    if needed and not (os.environ.get("DEPLOYER_TSC") and all(map(shutil.which, needed))):
        pytest.skip(f"needs DEPLOYER_TSC and {' and '.join(needed)}")
    assert BLOCK.search(page.read_text("utf-8")), "nothing on this page is run"
    with Reader(tmp_path) as reader:
        made = reader.follow(page.read_text("utf-8"))
    assert str(tmp_path) not in made, "a command printed where it ran, such as in a traceback"
    assert "command not found" not in made
    if os.environ.get("UPDATE_GUIDES"):
        page.write_text(made, "utf-8")
    assert page.read_text("utf-8") == made

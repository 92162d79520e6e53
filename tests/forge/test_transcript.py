"""The page about a pull request that goes red and green is what the commands print."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_what_the_commands_print():
    """If a command prints something else, `python docs/make_pull_request.py` writes the page anew."""
    made = runpy.run_path(str(DOCS / "make_pull_request.py"))["page"]()
    assert (DOCS / "pull-request.md").read_text(encoding="utf-8") == made

"""The page about a pull request that goes red and green, and its comment as a forge renders it."""

from __future__ import annotations

import os
import re
import runpy
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

DOCS = Path(__file__).resolve().parents[2] / "docs"
RENDERED = Path(__file__).with_name("rendered-comment.html")
"""The comment of the realistic change as HTML: open it in a browser to see what a reviewer sees."""


@pytest.fixture(scope="module")
def made() -> dict:
    """The script that makes the page."""
    return runpy.run_path(str(DOCS / "make_pull_request.py"))


def test_the_page_is_what_the_commands_print(made):
    """If a command prints something else, `python docs/make_pull_request.py` writes the page anew."""
    assert (DOCS / "pull-request.md").read_text(encoding="utf-8") == made["page"]()


def test_the_comment_is_rendered_as_it_was_looked_at(made):
    """A reader of markdown makes of the comment what was looked at; `UPDATE_GOLDEN=1` renders it again."""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(made["realistic_comment"]())
    if os.environ.get("UPDATE_GOLDEN"):
        RENDERED.write_text(html, encoding="utf-8")
    assert RENDERED.read_text(encoding="utf-8") == html
    assert re.findall(r"<h3>(.*?)</h3>", html) == [
        "removals",
        "what customers read",
        "tasks for people",
        "owed without this change",
        "plan",
    ]
    assert html.count("<tr>") == 3

"""``deployer tasks --page`` and ``--serve`` on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Deployer = Callable[..., Any]

STATE = ".deployer/state/sandbox.json"


def test_a_page_is_one_file_without_requests(tea: Path, deployer: Deployer, tmp_path: Path, tokens: Any) -> None:
    """The page is written, the same bytes each time, carries its own policy and names nobody to ask."""
    deployer("apply", "--yes", "--project", tea)
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    for page in (first, second):
        done = deployer("tasks", "--page", page, "--project", tea)
        assert (done.code, done.out) == (exits.DONE, "")
        assert f"tasks of sandbox in {page}" in done.err
    text = first.read_text(encoding="utf-8")
    assert text == second.read_text(encoding="utf-8")
    assert "default-src &#x27;none&#x27;" in text
    assert "connect-src" not in text
    assert " src=" not in text
    assert tokens(tea / STATE)["journey.shipped/turn_on"] in text


def test_a_page_needs_no_checkout(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """With --state and --env the record is enough, and the commands on the page say both."""
    deployer("apply", "--yes", "--project", tea)
    page = tmp_path / "tasks.html"
    where = f"file:{tea / STATE}"
    assert deployer("tasks", "--page", page, "--state", where, "--env", "sandbox").code == exits.DONE
    assert f"--env sandbox --state {where}" in page.read_text(encoding="utf-8")


def test_a_page_may_be_narrowed(tea: Path, deployer: Deployer, tmp_path: Path, tokens: Any) -> None:
    """An address limits the page as it limits the list."""
    deployer("apply", "--yes", "--project", tea)
    page = tmp_path / "tasks.html"
    deployer("tasks", "journey.shipped/create", "--page", page, "--project", tea)
    known = tokens(tea / STATE)
    text = page.read_text(encoding="utf-8")
    assert f'"token":"{known["journey.shipped/create"]}"' in text
    assert f'"token":"{known["journey.shipped/turn_on"]}"' not in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--page", "x.html", "--serve"), "--page and --serve can't be used together"),
        (("--port", "8080"), "--port belongs to --serve"),
        (("--page", "x.html", "--format", "json"), "--format json is for the list"),
        (("--page", "nowhere/x.html"), "nowhere/x.html"),
    ],
)
def test_wrong_usage(tea: Path, deployer: Deployer, words: tuple[str, ...], told: str) -> None:
    """Options that don't go together are refused, and so is a place that can't be written."""
    done = deployer("tasks", *words, "--project", tea)
    assert done.code == exits.USAGE
    assert told in done.err

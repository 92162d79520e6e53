"""``deployer absorb`` and ``deployer render`` as people run them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]

BODY = "Tea order {{triggerEvent.custom['order_id']}} is on its way. {{triggerEvent.custom['tracking_url']}}"


@pytest.fixture
def paste(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a text as the standard input."""

    def give(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))

    return give


def test_a_pasted_text_is_written_and_its_difference_shown(tea: Path, deployer: Deployer, paste) -> None:
    """If a text was changed in the composer, absorb shows the words that differ and writes them."""
    changed = BODY.replace("is on its way", "left us")
    before = (tea / "resources.yaml").read_text(encoding="utf-8")
    paste(changed + "\r\n")
    done = deployer("absorb", "shipped_text", "--project", tea)
    assert done.code == exits.DONE
    assert "[-is on its way-]{+left us+}" in done.out
    assert "written to resources.yaml" in done.out
    assert (tea / "resources.yaml").read_text(encoding="utf-8") == before.replace(BODY, changed)
    paste(changed)
    again = deployer("absorb", "message.shipped_text", "--project", tea, "--text", "-")
    assert (again.code, "nothing to do" in again.out) == (exits.DONE, True)


def test_a_dry_run_only_shows(tea: Path, deployer: Deployer, paste) -> None:
    """If it is a dry run, the difference is shown and the file stays."""
    before = (tea / "resources.yaml").read_bytes()
    paste("Something else")
    done = deployer("absorb", "shipped_text", "--dry-run", "--project", tea)
    assert (done.code, "would be written to resources.yaml" in done.out) == (exits.DONE, True)
    assert (tea / "resources.yaml").read_bytes() == before


@pytest.mark.parametrize("format_", ["text", "json"])
def test_words_that_aren_t_the_author_s_exit_with_1(format_, tea: Path, deployer: Deployer, paste, edit) -> None:
    """If a changed word came from `[[ ]]`, absorb says where that stands, in either format, and writes nothing."""
    edit(tea / "resources.yaml", f"body: {BODY}", 'body: "Tea from [[ brand.name ]] left us."')
    before = (tea / "resources.yaml").read_bytes()
    paste("Tea from Coffee Shop left us.")
    done = deployer("absorb", "shipped_text", "--project", tea, "--format", format_)
    assert done.code == exits.FAILED
    if format_ == "json":
        (refused,) = done.data["refused"]
        assert (refused["path"], refused["line"], refused["column"]) == ("resources.yaml", 15, 17)
    else:
        assert "resources.yaml:15:17" in done.out
        assert "refused: nothing was written" in done.out
    assert (tea / "resources.yaml").read_bytes() == before


def test_new_problems_are_shown(tea: Path, deployer: Deployer, paste) -> None:
    """If the pasted text breaks a rule, it is written, and the rule's finding is shown with its place."""
    paste("Tea order {{triggerEvent.custom['ordr_id']}} left.")
    done = deployer("absorb", "shipped_text", "--project", tea)
    assert done.code == exits.DONE
    assert "message/unknown-property" in done.out
    assert "resources.yaml:15" in done.out


def test_every_sample(tea: Path, deployer: Deployer) -> None:
    """If all samples are asked for, those made from the schema are among them, marked."""
    shown = deployer("render", "shipped_text", "--sample", "all", "--project", tea, "--format", "json").data["messages"]
    assert [one["sample"] for one in shown][:1] == ["happy"]
    assert [one["made"] for one in shown] == [False] + [True] * (len(shown) - 1)
    assert len(shown) > 1
    done = deployer("render", "shipped_text", "--sample", "nothing", "--project", tea)
    assert (done.code, "all" in done.err) == (exits.USAGE, True)


@pytest.mark.parametrize(("suffix", "begins"), [("svg", "<svg "), ("html", "<!doctype html>"), ("SVG", "<svg ")])
def test_a_picture_or_page_is_written(suffix, begins, tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a file is named, its ending says what is written, and stdout stays empty."""
    out = tmp_path / f"words.{suffix}"
    done = deployer("render", "--project", tea, "--out", out)
    assert (done.code, done.out) == (exits.DONE, "")
    assert out.read_text(encoding="utf-8").startswith(begins)


def test_a_file_of_no_known_kind(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If the ending is another one, or the file can't be written, that is wrong usage, and says what can be."""
    done = deployer("render", "--project", tea, "--out", tmp_path / "words.gif")
    assert (done.code, "FILE.png" in done.err) == (exits.USAGE, True)
    assert deployer("render", "--project", tea, "--out", tmp_path / "no" / "words.svg").code == exits.USAGE


def test_a_png_without_a_browser(tea: Path, deployer: Deployer, tmp_path: Path, monkeypatch) -> None:
    """If no Chromium is installed, a PNG fails and says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DEPLOYER_CHROMIUM", raising=False)
    done = deployer("render", "--project", tea, "--out", tmp_path / "words.png")
    assert done.code == exits.FAILED
    assert "install Chromium" in done.err

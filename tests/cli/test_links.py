"""Places of a text for people as links of a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deployer.cli.links import linked

LINK = re.compile("\x1b]8;;([^\x1b]*)\x1b\\\\")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder with a file."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages" / "parcels.yaml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("--> messages/parcels.yaml:8:3", ["#8"]),
        ("body: x  \x1b[2mmessages/parcels.yaml:8\x1b[0m, messages/parcels.yaml:9", ["#8", "#9"]),
        ("`messages/parcels.yaml:12`", ["#12"]),
        ("messages/other.yaml:8", []),
        ("messages:8, 12:30, https://tea.example:443, messages/parcels.yaml", []),
        ("/messages/parcels.yaml:8", []),
    ],
)
def test_what_is_a_file_is_a_link(folder: Path, text: str, fragments: list[str]) -> None:
    """Only a place in a file that is there is a link, and the words stay as they are."""
    shown = linked(text, folder)
    addresses = [one for one in LINK.findall(shown) if one]
    uri = (folder / "messages" / "parcels.yaml").resolve().as_uri()
    assert addresses == [f"{uri}{one}" for one in fragments]
    assert LINK.sub("", shown) == text


def test_the_folder_may_be_the_one_at_hand(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command is typed in the project's folder, its places are links too."""
    monkeypatch.chdir(folder)
    assert len(LINK.findall(linked("messages/parcels.yaml:8", Path()))) == 2

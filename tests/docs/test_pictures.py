"""The README's pictures are the tool's own: the drawing is what it draws now, the photographs are there and whole."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.docs.scripts import script

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150 * 1024


MAKER = script("make_pictures")


def test_the_drawing_is_what_the_tool_draws() -> None:
    """If the picture of a text would be another one now, `python docs/make_pictures.py` has to be run."""
    assert (PICTURES / "text.svg").read_bytes() == MAKER.text_picture().encode("utf-8")


@pytest.mark.parametrize("name", sorted(MAKER.SHOTS))
def test_a_photograph_is_whole(name: str) -> None:
    """Each photograph is a PNG to its end, of the size that the script states, and small enough for a README."""
    data = (PICTURES / name).read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data.endswith(b"IEND\xaeB`\x82")
    assert struct.unpack(">II", data[16:24]) == MAKER.SHOTS[name].size
    assert len(data) <= LARGEST


def test_nothing_else_is_kept() -> None:
    """Every picture in the folder is made by the script, or by the run of the tutorial."""
    kept = {path.name for path in PICTURES.iterdir() if not path.name.startswith("tutorial-")}
    assert kept == {"text.svg", *MAKER.SHOTS}

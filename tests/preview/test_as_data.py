"""Values as what JSON can hold."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

import deployer
from deployer.preview.as_data import as_data
from deployer.preview.previewer import preview

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("project", [ROOT / "examples" / "northwind", ROOT / "tests" / "example-files" / "shop"])
def test_a_whole_preview_is_what_the_standard_library_makes_of_it(project: Path) -> None:
    """Every value of a preview, at every depth, is the one that ``asdict`` gives, of the same type."""
    shown = replace(preview(deployer.load(project)), trials={}, values={})
    assert repr(as_data(shown)) == repr(asdict(shown))

"""The page about Python is run as it is; `help` explains every name that `deployer` exports."""

from __future__ import annotations

import doctest
import inspect
import shutil
from pathlib import Path

import pytest

import deployer

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_runs_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example gives what the page shows, beside a copy of the example shop."""
    shutil.copytree(ROOT / "examples" / "northwind", tmp_path / "northwind")
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (result.failed, result.attempted > 20) == (0, True)


@pytest.mark.parametrize("name", [name for name in deployer.__all__ if name != "__version__"])
def test_help_explains_every_exported_name(name: str) -> None:
    """If a name is exported, `help` has a sentence about it."""
    text = inspect.getdoc(getattr(deployer, name))
    assert text
    assert text.split("\n\n")[0].rstrip().endswith((".", ":"))

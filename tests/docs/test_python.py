"""The page about Python is run as it is; `help` and the reference explain every name that `deployer` exports."""

from __future__ import annotations

import doctest
import inspect
import re
import shutil
from pathlib import Path

import pytest

import deployer
from tests.docs.scripts import script

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


def made() -> str:
    """The reference as its script makes it now."""
    return script("make_python_reference").python_page()


def test_the_reference_is_up_to_date() -> None:
    """If it differs from what is made now, `python docs/make_python_reference.py` has to be run."""
    assert (ROOT / "docs" / "python-reference.md").read_text("utf-8") == made()


def test_nothing_that_is_exported_is_undocumented() -> None:
    """Every exported name has a heading, and each public method and property of an exported class its sentence."""
    page = made()
    assert set(re.findall(r"^### `(\w+)`$", page, re.MULTILINE)) == set(deployer.__all__) - {"__version__"}
    assert [line for line in page.splitlines() if line.startswith("- `") and line.endswith("`:")] == []
    assert " at 0x" not in page

"""What a type checker sees of the package: the names that exist, and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import deployer

ROOT = Path(__file__).resolve().parents[1]


def checked(folder: Path, source: str) -> str:
    """What mypy prints about a script that uses the package."""
    pytest.importorskip("mypy")
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(folder / "cache"), str(script)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_every_public_name_is_known_and_a_mistyped_one_is_an_error(tmp_path):
    """A type checker knows each name of `__all__`, and says of one that isn't there that it isn't."""
    uses = "".join(f"deployer.{name}\n" for name in deployer.__all__)
    found = checked(tmp_path, f"import deployer\n{uses}deployer.nothing()\n")
    assert [line.partition("error: ")[2] for line in found.splitlines()] == [
        'Module has no attribute "nothing"  [attr-defined]'
    ]


def test_a_name_that_is_not_there_says_so():
    """At run time a mistyped name is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        deployer.nothing()

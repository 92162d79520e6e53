"""Bad input: each folder of ``tests/example-files/invalid`` through ``deployer validate``, as its writer meets it.

``tests/cases.py`` says what each folder pins. A new case is a new folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits
from tests.cases import cases, expected, pins

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_an_invalid_project_is_told_with_each_place(folder: Path, deployer: Callable[..., Done]) -> None:
    """If a project is in error, validate exits with 1, and prints each problem's place and rule and no traceback."""
    text, data = (deployer("validate", "--project", folder, "--format", each) for each in ("text", "json"))
    lines = expected(folder)
    errors = data.data["summary"]["errors"]
    assert text.code == data.code == (exits.FAILED if errors else exits.DONE)
    assert "Traceback" not in text.out + text.err
    assert lines
    for place, rule in (line.rsplit(" ", 1) for line in lines):
        assert f"[{rule}]" in text.out
        assert place.removesuffix(":0").removesuffix(":0") in text.out
    told = [one for one in data.data["problems"] if pins(folder, one["rule"])]
    assert [f"{one['path']}:{one['line'] or 0}:{one['column'] or 0} {one['rule']}" for one in told] == lines


@pytest.mark.parametrize("folder", cases("valid"), ids=lambda folder: folder.name)
def test_a_valid_project_has_no_problem(folder: Path, deployer: Callable[..., Done]) -> None:
    """If a project is valid, validate prints no problem of its own subject, and exits by the errors."""
    done = deployer("validate", "--project", folder, "--format", "json")
    assert (done.code, done.err) == (exits.FAILED if done.data["summary"]["errors"] else exits.DONE, "")
    assert [one for one in done.data["problems"] if pins(folder, one["rule"])] == []

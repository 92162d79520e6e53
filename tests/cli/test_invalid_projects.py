"""Bad input: each folder of ``tests/example-files/invalid`` through ``deployer validate``, as its writer meets it.

A folder's file ``EXPECT`` has a line for each problem: ``path:line:column rule``. A new case is a new folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

EXAMPLES = Path(__file__).resolve().parents[1] / "example-files"


def cases(kind: str) -> list[Path]:
    """List the folders of one kind, by name."""
    return sorted(path for path in (EXAMPLES / kind).iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", cases("invalid"), ids=lambda folder: folder.name)
def test_an_invalid_project_is_told_with_each_place(folder: Path, deployer: Callable[..., Done]) -> None:
    """If a project is in error, validate exits with 1, and prints each problem's place and rule and no traceback."""
    text, data = (deployer("validate", "--project", folder, "--format", each) for each in ("text", "json"))
    expected = [line.rsplit(" ", 1) for line in (folder / "EXPECT").read_text("utf-8").splitlines() if line]
    errors = data.data["summary"]["errors"]
    assert text.code == data.code == (exits.FAILED if errors else exits.DONE)
    assert "Traceback" not in text.out + text.err
    assert expected
    for place, rule in expected:
        assert f"[{rule}]" in text.out
        assert place.removesuffix(":0").removesuffix(":0") in text.out
    told = [f"{one['path']}:{one['line'] or 0}:{one['column'] or 0} {one['rule']}" for one in data.data["problems"]]
    assert told == [" ".join(line) for line in expected]


@pytest.mark.parametrize("folder", cases("valid"), ids=lambda folder: folder.name)
def test_a_valid_project_has_no_problem(folder: Path, deployer: Callable[..., Done]) -> None:
    """If a project is valid, validate says so and exits with 0."""
    done = deployer("validate", "--project", folder)
    assert (done.code, done.err) == (exits.DONE, "")
    assert done.out.startswith("no problems in ")

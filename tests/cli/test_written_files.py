"""Files that an option names: a file goes into a folder that is there, a folder is made."""

from __future__ import annotations

import pytest

from deployer.cli import exits


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--offline", "--out"),
        ("render", "--out"),
        ("preview", "--out"),
        ("tasks", "--page"),
        ("state", "pull", "--out"),
        ("comment", "--env", "sandbox", "--dry-run", "--out"),
    ],
    ids=" ".join,
)
def test_a_file_for_a_folder_that_is_not_there_is_refused(tea, deployer, tmp_path, words):
    """If the folder of a file is missing, the command says so, makes none, and exits with 64."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    done = deployer(*words, tmp_path / "nowhere" / "x.html", "--project", tea)
    assert done.code == exits.USAGE
    assert f"there is no folder `{tmp_path / 'nowhere'}`" in done.err.replace("\n", " ")
    assert f"pass another {words[-1]}" in done.err
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("schema", "--out"),
        ("schema", "export", "--out"),
        ("catalog", "--out"),
        ("plan", "--offline", "--env", "sandbox", "--env", "account", "--out"),
    ],
    ids=" ".join,
)
def test_a_folder_is_made(tea, deployer, tmp_path, words):
    """If an option names a folder that a command fills, it is made, with those above it."""
    done = deployer(*words, tmp_path / "new" / "files", "--project", tea)
    assert done.code in {exits.DONE, exits.CHANGES}, done.err
    assert any((tmp_path / "new" / "files").iterdir())

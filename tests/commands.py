"""Commands that tests run: git as a person without settings, and ours in the test's own process."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from deployer.cli.main import run
from tests.published import misfits, schemas_by_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

_WHO = {f"GIT_{role}_{part}": "ana@x.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
_NO_SETTINGS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *args: str) -> str:
    """Run git in a folder as Ana, without the settings of the machine's user, and give what it printed."""
    words = ["git", "-C", str(folder), *args]
    environ = {**os.environ, **_WHO, **_NO_SETTINGS}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it printed, as JSON."""
        return json.loads(self.out)


def in_process(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Give a function that runs a command in this process, where stdin, stdout and stderr are no terminals.

    Whatever it prints as JSON is as the command's published schema says.
    """

    def call(*args: object) -> Done:
        capsys.readouterr()
        words = [str(arg) for arg in args]
        code = run(words)
        done = Done(code, *capsys.readouterr())
        _as_published(words, done)
        return done

    return call


def _as_published(words: list[str], done: Done) -> None:
    command = next((name for name in (" ".join(words[:2]), "".join(words[:1])) if name in schemas_by_command()), "")
    if command and _prints_json(command, words) and done.out:
        shown = done.out.splitlines() if command == "listen" else [done.out]  # an object a line
        wrong = [mistake for one in shown for mistake in misfits(command, json.loads(one))]
        assert wrong == [], words


def _prints_json(command: str, words: list[str]) -> bool:
    """Whether a command prints its result as JSON; some print a file or a comment as it is, whatever the format."""
    dry = "--dry-run" in words
    as_it_is = {"comment": dry, "issue sync": dry, "schema": not "".join(words[1:2]).startswith("-")}
    return ("--format", "json") in pairwise(words) and not as_it_is.get(command, False)

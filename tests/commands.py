"""Commands that tests run: git as a person without settings, and ours in the test's own process."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.cli.main import run

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
    """Give a function that runs a command in this process, where stdin, stdout and stderr are no terminals."""

    def call(*args: object) -> Done:
        capsys.readouterr()
        code = run([str(arg) for arg in args])
        return Done(code, *capsys.readouterr())

    return call

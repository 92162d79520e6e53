"""What is left to do with a state that its backend wouldn't take: keep it where somebody finds it."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from deployer.state import encode

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.state import State

NAME = "errored.state.json"
"""The file that an unsaved state goes to, in the project's folder."""


def keep_unsaved(state: State, folder: Path) -> Path:
    """Write a state that couldn't be stored to ``errored.state.json`` (mode 0600) and give its path.

    A file that an earlier run left is kept: the name is then numbered. Raises ``OSError`` where it can't be written.
    """
    for number in count():
        path = folder / (NAME if not number else f"errored.{number}.state.json")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        try:
            _write(descriptor, encode(state))
        except OSError:  # half of a state, which nobody may take for a whole one
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError  # pragma: no cover - `count` never ends


def _write(descriptor: int, content: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

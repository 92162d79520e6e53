"""What is left to do with a state that its backend wouldn't take: keep it where someone finds it."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING

from deployer.atomic import PRIVATE, create_file
from deployer.state import encode

if TYPE_CHECKING:
    from collections.abc import Sequence
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
            create_file(path, encode(state), mode=PRIVATE)
        except FileExistsError:
            continue
        return path
    raise AssertionError  # pragma: no cover - `count` never ends


def document(states: Sequence[State]) -> str:
    """The states that could be stored nowhere as one document, for ``picked``: one as it is, several by environment."""
    if len(states) == 1:
        return encode(states[0]).decode("utf-8")
    by_name = {state.environment: state.to_json() for state in states}
    return json.dumps({"version": 1, "states": by_name}, sort_keys=True, indent=2) + "\n"


def picked(content: bytes, environment: str) -> bytes:
    """The state of an environment in what was saved of ``apply``'s output: its plan may be printed above.

    What isn't such a document is given as it is.
    """
    begin = content.find(b"\n{\n")
    data = content if content.startswith(b"{") or begin < 0 else content[begin + 1 :]
    try:
        states = json.loads(data)["states"]
        return json.dumps(states[environment], sort_keys=True, indent=2).encode()
    except (ValueError, LookupError, TypeError):
        return data

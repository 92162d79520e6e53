"""The error for JSON that doesn't fit its type, with the path to the damage."""

from __future__ import annotations

import json
from typing import Any

from deployer.errors import InnerError

Step = str | int
"""A key of an object or an index of a list."""

_SHOWN = 40
"""Characters of a damaged value that a message shows."""


class ShapeError(InnerError, ValueError):
    """JSON that doesn't fit its type: ``path`` leads to the damage, ``problem`` says what is wrong with it."""

    def __init__(self, problem: str, path: tuple[Step, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def under(self, step: Step) -> ShapeError:
        """The same damage, seen from one level further up."""
        return ShapeError(self.problem, (step, *self.path))

    @property
    def pointer(self) -> str:
        """The way to the damage as a JSON pointer; empty: the whole document."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path)

    def __str__(self) -> str:
        return f"`{self.pointer}` {self.problem}" if self.path else f"it {self.problem}"


def expected(words: str, data: Any) -> ShapeError:
    """The error for a value that isn't what ``words`` name."""
    return ShapeError(f"should be {words}, but is {_shown(data)}")


def _shown(data: Any) -> str:
    if isinstance(data, dict | list):
        return "an object" if isinstance(data, dict) else "a list"
    text = json.dumps(data)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

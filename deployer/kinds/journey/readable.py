"""Steps that have mistakes, read as steps that nothing follows from, so that the others keep their places."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from deployer.kinds.journey.model import UNREAD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.source import Pointer

_VALUES = {"quiet_hours": "respect", "smart_sending": "respect", "when": UNREAD, "share": 0, "name": ""}
"""What is read in place of a value with a mistake, where the rest of its step means something without it."""


def readable_steps(steps: Sequence[Any], mistakes: Iterable[Pointer]) -> list[Any]:
    """The steps of a journey with others in place of the values that have mistakes, or of a step that needs them.

    Each of ``mistakes`` leads from the journey to something within its ``steps``.
    """
    rest: Any = {"steps": copy.deepcopy(steps)}
    for pointer in mistakes:
        *way, last = _place(pointer)
        owner = _at(rest, way)
        if owner is not None:
            owner[last] = _VALUES[last] if isinstance(last, str) else _empty(owner[last])
    return list(rest["steps"])


def _place(pointer: Pointer) -> Pointer:
    """What is read as something else: one value, or the innermost step that the pointer leads into."""
    pairs = enumerate(pairwise(pointer), start=2)
    step = max(end for end, (key, index) in pairs if key in ("steps", "else") and isinstance(index, int))
    match pointer[step:]:
        case (_, "quiet_hours" | "smart_sending", *_):
            return pointer[: step + 2]
        case ("branch", "cases", _, "when", *_) | ("ab_test", "variants", _, "share" | "name", *_):
            return pointer[: step + 4]
    return pointer[:step]


def _at(value: Any, way: Iterable[str | int]) -> Any:
    """What is there; ``None`` where an earlier mistake took the step that it was in."""
    for part in way:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _empty(step: Any) -> dict[str, Any]:
    """A step of the same id that does nothing."""
    identifier = step.get("id") if isinstance(step, dict) else None
    return {"id": identifier if isinstance(identifier, str) else "", "branch": {"cases": []}}

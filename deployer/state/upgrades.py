"""What becomes of a state that an earlier version of deployer wrote: one step for each format, taken in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.state.model import FORMAT
from deployer.state.shape_error import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def upgrade(data: Any) -> dict[str, Any]:
    """Bring the JSON object of a state from the format that it names to the present one; a present one stays.

    Raises ``ShapeError`` where it isn't an object of an earlier format.
    """
    if not isinstance(data, dict):
        raise ShapeError("should be an object")
    if "format" not in data:
        raise ShapeError("is missing", ("format",))
    current: dict[str, Any] = data
    while current["format"] != FORMAT:
        current = _step(current["format"])(current)
    return current


def _step(written_by: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    # `True` and 1.0 are equal to 1, and a list can't be looked up at all.
    if type(written_by) is not int or written_by not in UPGRADES:
        raise ShapeError("names a format that never was", ("format",))
    return UPGRADES[written_by]


def _to_2(data: dict[str, Any]) -> dict[str, Any]:
    """Format 2 only adds: stops, overrides, sources and segment counts, each absent where nothing is known."""
    return {**data, "format": 2}


UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2}
"""By the format that a state has, the step to the next one."""

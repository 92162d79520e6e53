"""What becomes of a state that an earlier version of deployer wrote: one step for each format, taken in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.state.model import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def upgrade(data: dict[str, Any]) -> dict[str, Any]:
    """Bring the JSON object of a state from the format that it names to the present one; a present one stays.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` where it isn't an object of an earlier format.
    """
    while (written_by := data["format"]) != FORMAT:
        if written_by not in UPGRADES:
            raise ValueError(f"there is no state format {written_by!r}")
        data = UPGRADES[written_by](data)
    return data


def _to_2(data: dict[str, Any]) -> dict[str, Any]:
    """Format 2 only adds: stops, overrides, sources and segment counts, each absent where nothing is known."""
    return {**data, "format": 2}


UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _to_2}
"""By the format that a state has, the step to the next one."""

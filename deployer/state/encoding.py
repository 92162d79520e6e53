"""State as bytes: sorted, indented JSON in UTF-8, so that equal states are equal files and diffs are small."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.state import damage
from deployer.state.errors import UnreadableError
from deployer.state.model import FORMAT, State
from deployer.state.upgrades import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable

RESTORE = "restore the file from version control or a backup; don't delete it, or what was done is forgotten"
"""What to do with a damaged state where its place knows no better way back."""


def encode(state: State) -> bytes:
    """Encode a state: same state, same bytes.

    Raises ``ValueError`` on a number that JSON doesn't have (NaN), ``TypeError`` on a value that it doesn't have.
    """
    text = json.dumps(state.to_json(), sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    # Half of a surrogate pair, which an API may answer with, has no UTF-8; its backslash form is JSON's own escape.
    return (text + "\n").encode("utf-8", "backslashreplace")


def unchecked(_state: State) -> None:
    """Pass every state: of what is in slots and fields the state knows nothing."""


def decode(
    content: bytes, location: str, *, restore: str = RESTORE, check: Callable[[State], None] = unchecked
) -> State:
    """Read what ``encode`` wrote, here or in an earlier version.

    ``location`` and ``restore``, the way back, are for ``UnreadableError``, which names the damage and its line.
    ``check`` raises ``ShapeError`` on what the state itself knows nothing of.
    """
    try:
        return damage.read(content, lambda data: _state(data, location, check), "a state")
    except damage.DamagedError as error:
        raise UnreadableError(f"state `{location}` {error}", restore) from error


def _state(data: Any, location: str, check: Callable[[State], None]) -> State:
    written_by = data.get("format") if isinstance(data, dict) else None
    if type(written_by) is int and written_by > FORMAT:
        message = f"state `{location}` has format {written_by}; this version of deployer reads up to {FORMAT}"
        raise UnreadableError(message, "use the version of deployer that wrote it, or a later one")
    state = State.from_json(upgrade(data))
    check(state)
    return state

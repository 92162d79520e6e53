"""State as bytes: sorted, indented JSON in UTF-8, so that equal states are equal files and diffs are small."""

from __future__ import annotations

import json
from typing import Any

from deployer.state.errors import UnreadableError
from deployer.state.model import FORMAT, State
from deployer.state.upgrades import upgrade

_RESTORE = "restore the file from version control or a backup; don't delete it, or what was done is forgotten"


def encode(state: State) -> bytes:
    """Encode a state: same state, same bytes. Raises ``ValueError`` on a number that JSON doesn't have (NaN)."""
    text = json.dumps(state.to_json(), sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    # Half of a surrogate pair, which an API may answer with, has no UTF-8; its backslash form is JSON's own escape.
    return (text + "\n").encode("utf-8", "backslashreplace")


def decode(content: bytes, location: str) -> State:
    """Read what ``encode`` wrote, here or in an earlier version; ``location`` is for ``UnreadableError``'s message."""
    data = _parse(content, location)
    written_by = data.get("format") if isinstance(data, dict) else None
    if isinstance(written_by, int) and written_by > FORMAT:
        message = f"state `{location}` has format {written_by}; this version of deployer reads up to {FORMAT}"
        raise UnreadableError(message, "use the version of deployer that wrote it, or a later one")
    try:
        return State.from_json(upgrade(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableError(f"state `{location}` doesn't have the shape of a state: {error!r}", _RESTORE) from error


def _parse(content: bytes, location: str) -> Any:
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        message = f"state `{location}` isn't JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        raise UnreadableError(message, _RESTORE) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"state `{location}` is damaged: {error}", _RESTORE) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, unless a merge by hand left a key twice: either value may be the lost one."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key `{key}` stands twice in one object")
        found[key] = value
    return found

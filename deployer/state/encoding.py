"""State as bytes: sorted, indented JSON in UTF-8, so that equal states are equal files and diffs are small."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.state import damage
from deployer.state.errors import UnreadableError
from deployer.state.indented import indented
from deployer.state.model import FORMAT, State
from deployer.state.upgrades import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.state.model import Entry

_NESTED = " " * 4
_NO_ENTRIES = b'\n  "entries": {},\n'
"""How a state without entries writes that down; no text of JSON holds a line feed, so it is found once."""

RESTORE = "restore the file from version control or a backup; don't delete it, or what was done is forgotten"
"""What to do with a damaged state where its place knows no better way back."""


def encode(state: State) -> bytes:
    """Encode a state: same state, same bytes.

    Raises ``ValueError`` on a number that JSON doesn't have (NaN), ``TypeError`` on a value that it doesn't have.
    """
    return Encoder().encode(state)


class Encoder:
    """Encodes one state after another as ``encode`` does: an entry that is still the same isn't encoded again."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Entry, bytes]] = {}

    def encode(self, state: State) -> bytes:
        """Encode a state; raises what ``encode`` raises."""
        known = {address: self._row(address, entry) for address, entry in state.entries.items()}
        self._known = known
        around = _bytes(indented(replace(state, entries={}).to_json()) + "\n")
        if not known:
            return around
        before, _, after = around.partition(_NO_ENTRIES)
        rows = b",\n".join([known[address][1] for address in sorted(known)])
        return b"".join((before, b'\n  "entries": {\n', rows, b"\n  },\n", after))

    def _row(self, address: str, entry: Entry) -> tuple[Entry, bytes]:
        known = self._known.get(address)
        if known is not None and known[0] is entry:
            return known
        return entry, _bytes(f"{_NESTED}{indented(address)}: {indented(entry.to_json(), _NESTED)}")


def _bytes(text: str) -> bytes:
    # Half of a surrogate pair, which an API may answer with, has no UTF-8; its backslash form is JSON's own escape.
    return text.encode("utf-8", "backslashreplace")


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

"""State as bytes: sorted, indented JSON in UTF-8, so that equal states are equal files and diffs are small."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.state import damage
from deployer.state.errors import UnreadableError
from deployer.state.indented import indented
from deployer.state.model import FORMAT, Entry, State, TaskStatus
from deployer.state.rows import Rows
from deployer.state.upgrades import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NESTED = " " * 4
_NO_ENTRIES = b'\n  "entries": {},\n'
"""How a state without entries writes that down; no text of JSON holds a line feed, so it is found once."""

_ENTRIES, _END, _NEXT = b'\n  "entries": {\n', b"\n  },\n", b"\n    },\n"
"""The lines around the entries, and between two of them: only theirs are indented so little."""

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
        rows = self._rows(state.entries)
        around = _bytes(indented(replace(state, entries={}).to_json()) + "\n")
        if not rows:
            return around
        before, _, after = around.partition(_NO_ENTRIES)
        between = b",\n".join([rows[address] for address in sorted(rows)])
        return b"".join((before, _ENTRIES, between, _END, after))

    def _rows(self, entries: Mapping[str, Entry]) -> dict[str, bytes]:
        """The text of each entry: the one it was read from, or what was encoded before, or is now."""
        known, rows = {}, {}
        stored = entries if isinstance(entries, Rows) else None
        for address in entries:
            row = stored.row(address) if stored is not None else None
            if row is None:
                known[address] = self._encoded(address, entries[address])
                row = known[address][1]
            rows[address] = row
        self._known = known
        return rows

    def _encoded(self, address: str, entry: Entry) -> tuple[Entry, bytes]:
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


def decode_sound(content: bytes, location: str) -> State | None:
    """Read a text that ``encode`` wrote in this version and that ``decode`` reads: each entry when it is looked at.

    ``None`` where it has no entries.
    """
    before, found, rest = content.partition(_ENTRIES)
    between, closed, after = rest.partition(_END)
    if not (found and closed):
        return None
    texts = (text + _NEXT[:-2] for text in between.removesuffix(_NEXT[:-2]).split(_NEXT))
    around = decode(before + _NO_ENTRIES + after, location)
    return replace(around, entries=Rows({_address(text): text for text in texts}, _entry))


def changed_entries(state: State, before: State | None) -> dict[str, Entry]:
    """The entries that weren't read with ``before``, but put into the state since."""
    if isinstance(state.entries, Rows):
        return state.entries.put_there()
    known = before.entries if before else {}
    return {address: entry for address, entry in state.entries.items() if known.get(address) is not entry}


def count_open(state: State) -> int:
    """How many tasks wait for a person or a review; an entry that wasn't read isn't read for that."""
    entries = state.entries
    if not isinstance(entries, Rows):
        return len(state.open_tasks())
    texts = [text for address in entries if (text := entries.row(address)) is not None]
    there = replace(state, entries=entries.put_there())
    return sum(map(_open_in, texts)) + len(there.open_tasks())


_TASKS = b'\n      "tasks": {\n'
_TASKS_END = b"\n      }"
_STATUS = b'\n          "status": "'
_SUPERSEDED = b',\n          "superseded": true'
_DONE = _STATUS + TaskStatus.DONE.value.encode() + b'"'


def _open_in(text: bytes) -> int:
    """How many tasks of an entry's text are open: its lines tell, for nothing else in it is indented as theirs are."""
    start = text.find(_TASKS)
    if start < 0:
        return 0
    end = text.index(_TASKS_END, start + 1)
    done = text.count(_DONE, start, end)
    superseded = text.count(_SUPERSEDED, start, end) - text.count(_DONE + _SUPERSEDED, start, end)
    return text.count(_STATUS, start, end) - done - superseded


def _address(text: bytes) -> str:
    address: str = json.loads(text[: text.index(b": {\n")])
    return address


def _entry(address: str, text: bytes) -> Entry:
    return Entry.from_json(json.loads(b"{%b}" % text)[address])


def _state(data: Any, location: str, check: Callable[[State], None]) -> State:
    written_by = data.get("format") if isinstance(data, dict) else None
    if type(written_by) is int and written_by > FORMAT:
        message = f"state `{location}` has format {written_by}; this version of deployer reads up to {FORMAT}"
        raise UnreadableError(message, "use the version of deployer that wrote it, or a later one")
    state = State.from_json(upgrade(data))
    check(state)
    return state

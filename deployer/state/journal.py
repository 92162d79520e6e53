"""What an apply did since the state was last stored: one file on this machine, one line a change.

A backend may be slow or far away, so it is written around each batch of changes. Between two such writes each answer of
Attentive's goes here, down to the disk, before anything else happens. A run that finds a journal takes what is in it
into the state first.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from deployer.state.durable import sync_folder
from deployer.state.errors import StateError
from deployer.state.model import FORMAT, Entry, State
from deployer.state.upgrades import upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Line:
    """What became of one address: its entry (``None``: let go), and the version that it had in the stored state."""

    address: str
    version: int
    entry: Entry | None

    def to_json(self) -> dict[str, Any]:
        data = self.entry.to_json() if self.entry else None
        return {"address": self.address, "version": self.version, "entry": data}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], written_by: int) -> Self:
        """Read a line of a journal whose entries have the format ``written_by``."""
        address, entry = data["address"], data["entry"]
        if entry is not None:
            entry = Entry.from_json(upgrade({"format": written_by, "entries": {address: entry}})["entries"][address])
        return cls(address, int(data["version"]), entry)

    def over(self, state: State) -> State:
        """The state after the change: exactly as the run had it, down to the entry's version."""
        if self.entry is None:
            return state.without(self.address)
        return replace(state, entries={**state.entries, self.address: self.entry})


class Journal:
    """The journal of one environment, a file (mode 0600) that an interrupted apply leaves behind. Safe for threads."""

    def __init__(self, path: Path, environment: str) -> None:
        self._path = path
        self._environment = environment
        self._lock = threading.Lock()

    def begin(self, state: State) -> None:
        """Begin anew from a state that is stored; raises ``StateError`` where the file can't be written."""
        header = {"environment": self._environment, "format": FORMAT, "lineage": state.lineage, "serial": state.serial}
        with self._lock:
            self._write(header, os.O_TRUNC)

    def record(self, address: str, entry: Entry | None, *, version: int) -> None:
        """Keep what became of an address; ``version`` is the one that it had in the state the journal began with.

        On the disk when this returns. Raises ``StateError`` where the file can't be written.
        """
        with self._lock:
            self._write(_Line(address, version, entry).to_json(), os.O_APPEND)

    def clear(self) -> None:
        """Remove the file: all that is in it is stored. Raises ``StateError`` where it can't be removed."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            hint = "remove it by hand: what is in it is stored"
            raise StateError(f"the journal `{self._path}` can't be removed: {error.strerror}", hint) from error

    def recover(self, state: State) -> tuple[State, tuple[str, ...]]:
        """Take into a state what only the journal knows, and give it with the addresses concerned, sorted.

        A line counts where the state is of the same environment and lineage and nobody wrote its address since; a
        state without a lineage, since nothing is stored yet, takes the journal's. Of several lines about an address the
        last one counts. The last line may be torn: it was being written when the machine stopped. Raises
        ``StateError`` where the file can't be read or isn't a journal.
        """
        lineage, lines = self._read()
        if lines and not state.lineage:
            state = replace(state, lineage=lineage)
        elif lineage != state.lineage:
            return state, ()
        counted = {line.address: line for line in lines if state.version(line.address) == line.version}
        for line in counted.values():
            state = line.over(state)
        return state, tuple(sorted(counted))

    def _read(self) -> tuple[str, list[_Line]]:
        """The lineage that the journal belongs to, and its whole lines."""
        try:
            objects = list(_objects(self._path.read_bytes()))
            if not objects or objects[0]["environment"] != self._environment:
                return "", []
            written_by = objects[0]["format"]
            return objects[0]["lineage"], [_Line.from_json(one, written_by) for one in objects[1:]]
        except FileNotFoundError:
            return "", []
        except OSError as error:
            hint = "an interrupted apply left it; make it readable, or remove it if its work is known to be stored"
            raise StateError(f"the journal `{self._path}` can't be read: {error.strerror}", hint) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            hint = "use the version of deployer that left it, or remove it if its work is known to be stored"
            raise StateError(f"the journal `{self._path}` can't be understood: {error!r}", hint) from error

    def _write(self, value: Mapping[str, Any], mode: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | mode
        line = json.dumps(value, ensure_ascii=True, sort_keys=True).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, flags, 0o600)
            try:
                _append(descriptor, line)
            finally:
                os.close(descriptor)
            if mode == os.O_TRUNC:
                sync_folder(self._path.parent)
        except OSError as error:
            hint = "nothing is done at Attentive while its result can't be kept; free or unlock that place"
            raise StateError(f"the journal `{self._path}` can't be written: {error.strerror}", hint) from error


def _append(descriptor: int, line: bytes) -> None:
    """Write a line down to the disk, whole or not at all: half a line would hide those that follow."""
    size = os.fstat(descriptor).st_size
    try:
        written = 0
        while written < len(line):
            written += os.write(descriptor, line[written:])
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _objects(content: bytes) -> Iterator[dict[str, Any]]:
    """The whole lines; a torn one ends it."""
    for line in content.split(b"\n")[:-1]:
        try:
            yield json.loads(line)
        except ValueError:
            return

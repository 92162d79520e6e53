"""What an apply did since the state was last stored: one file on this machine, one line a change.

A backend may be slow or far away, so it is written now and then, while requests go on. Until then each answer of
Attentive's is here, down to the disk, before anything else happens. A run that finds a journal takes what is in it
into the state first.
"""

from __future__ import annotations

import errno
import json
import os
import threading
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from deployer.atomic import PRIVATE, write_file
from deployer.dataclass import dataclass
from deployer.state import damage
from deployer.state.codec import from_json, to_json
from deployer.state.durable import sync_folder
from deployer.state.encoding import unchecked
from deployer.state.errors import StateError
from deployer.state.marks import Always, Count, Name, whole
from deployer.state.model import FORMAT, Entry, State
from deployer.state.shape_error import ShapeError
from deployer.state.upgrades import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

T = TypeVar("T")


@whole
@dataclass(frozen=True, slots=True)
class Header:
    """The first line: the format of the entries, and which record, as it was stored, the journal goes on from."""

    environment: str
    format: Count
    lineage: Name
    serial: Count


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one address: its entry (``None``: gone), and the version that it had in the stored state."""

    address: str
    version: Count
    entry: Annotated[Entry | None, Always]

    def over(self, state: State) -> State:
        """The state after the change: exactly as the run had it, down to the entry's version."""
        if self.entry is None:
            return state.without(self.address)
        return replace(state, entries={**state.entries, self.address: self.entry})


class Journal:
    """The journal of one environment, a file (mode 0600) that an interrupted apply leaves behind. Safe for threads.

    ``check`` is held against what its lines say; it raises ``ShapeError`` on what it knows and the state doesn't.
    """

    def __init__(self, path: Path, environment: str, check: Callable[[State], None] = unchecked) -> None:
        self.path = path
        self._environment = environment
        self._check = check
        self._lock = threading.Lock()

    @property
    def kept(self) -> bool:
        """Whether an apply left it, or is at work on it."""
        try:
            return self.path.exists()
        except OSError:  # what is in the way of a look is in the way of reading it, which says so
            return True

    def begin(self, state: State, meanwhile: Mapping[str, Entry | None] = MappingProxyType({})) -> None:
        """Start over from a state that is stored, with what became of addresses while it was being stored.

        A crash leaves the journal as it was, or as it is then. Raises ``StateError`` where it can't be written.
        """
        header = to_json(Header(self._environment, FORMAT, state.lineage, state.serial))
        lines = (to_json(Line(name, state.version(name), entry)) for name, entry in meanwhile.items())
        with self._lock, self._writing():
            _refuse_link(self.path)
            write_file(self.path, b"".join(map(_row, (header, *lines))), mode=PRIVATE)
            sync_folder(self.path.parent)

    def record(self, address: str, entry: Entry | None, *, version: int) -> None:
        """Keep what became of an address; ``version`` is the one that it had in the state the journal began with.

        On the disk when this returns. Raises ``StateError`` where the file can't be written.
        """
        with self._lock:
            self._append(to_json(Line(address, version, entry)))

    def clear(self) -> None:
        """Remove the file: all that is in it is stored. Raises ``StateError`` where it can't be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            hint = "remove it by hand: what is in it is stored"
            raise StateError(f"the journal `{self.path}` can't be removed: {error.strerror}", hint) from error

    def recover(self, state: State) -> tuple[State, tuple[str, ...]]:
        """Take into a state what only the journal knows, and give it with the addresses concerned, sorted.

        A line counts where the state is of the same environment and lineage and no one wrote its address since; a
        state without a lineage, since nothing is stored yet, takes the journal's. Of several lines about an address the
        last one counts. A last line without its end is left out: it was being written when the machine stopped, and
        what it was about is looked up at Attentive. Raises ``StateError`` where the file can't be read or is damaged.
        """
        lineage, serial, lines = self._read()
        if lineage in ("", state.lineage) or not state.lineage:
            self._check_not_set_back(serial, state)
        if lines and not state.lineage:
            state = replace(state, lineage=lineage)
        elif lineage != state.lineage:
            return state, ()
        counted = {line.address: line for line in lines if state.version(line.address) == line.version}
        for line in counted.values():
            state = line.over(state)
        return state, tuple(sorted(counted))

    def _check_not_set_back(self, serial: int, state: State) -> None:
        """Refuse a record that is behind the one that the journal goes on from: it was set back, or it is gone."""
        if state.serial < serial:
            now = f"serial {state.serial} is stored now" if state.serial else "nothing is stored now"
            hint = f"restore the state; or, if what is stored is right, move `{self.path}` away"
            raise StateError(f"an interrupted apply went on from serial {serial} of the state, and {now}", hint)

    def _read(self) -> tuple[str, int, list[Line]]:
        """The lineage and the serial that the journal goes on from, and its whole lines."""
        try:
            rows = self.path.read_bytes().split(b"\n")[:-1]
        except (FileNotFoundError, NotADirectoryError):  # `.deployer` may be a file: then no apply left anything in it
            return "", 0, []
        except OSError as error:
            hint = "an interrupted apply left it; make it readable, or remove it if its work is known to be stored"
            raise StateError(f"the journal `{self.path}` can't be read: {error.strerror}", hint) from error
        if not rows:
            return "", 0, []
        header: Header = self._taken(1, rows[0], lambda data: from_json(Header, data))
        if header.format not in range(1, FORMAT + 1):
            raise self._damaged(1, f"has format {header.format}; this version of deployer reads up to {FORMAT}")
        if header.environment != self._environment:
            return "", 0, []
        return (
            header.lineage,
            header.serial,
            [
                self._taken(number, row, lambda data: self._checked(_line(data, header.format)))
                for number, row in enumerate(rows[1:], 2)
            ],
        )

    def _checked(self, line: Line) -> Line:
        """The line, if its entry is one that its kind writes; raises ``ShapeError``."""
        if line.entry is not None:
            try:
                self._check(State(self._environment, entries={line.address: line.entry}))
            except ShapeError as error:
                raise ShapeError(error.problem, ("entry", *error.path[2:])) from error
        return line

    def _taken(self, number: int, row: bytes, take: Callable[[Any], T]) -> T:
        try:
            return damage.read(row, take, "a journal's", lines=False)
        except damage.DamagedError as error:
            raise self._damaged(number, str(error)) from error

    def _damaged(self, number: int, why: str) -> StateError:
        hint = (
            "an interrupted apply left it: use the version of deployer that did; if the file is damaged, move it away, "
            "then plan again and compare with Attentive what the lines that can be read speak of"
        )
        return StateError(f"the journal `{self.path}` can't be understood: line {number} {why}", hint)

    def _append(self, value: Mapping[str, Any]) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_APPEND
        with self._writing():
            descriptor = os.open(self.path, flags, PRIVATE)
            try:
                _append(descriptor, _row(value))
            finally:
                os.close(descriptor)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            hint = "nothing is done at Attentive while its result can't be kept; free or unlock that place"
            raise StateError(f"the journal `{self.path}` can't be written: {error.strerror}", hint) from error


def _row(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True).encode() + b"\n"


def _refuse_link(path: Path) -> None:
    """Refuse what someone else laid there: a link would have the record written elsewhere."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


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


def _line(data: Any, written_by: int) -> Line:
    """Read a line of a journal whose entries have the format ``written_by``."""
    if isinstance(data, dict) and isinstance(entry := data.get("entry"), dict):
        data = {**data, "entry": upgrade({"format": written_by, "entries": {"": entry}})["entries"][""]}
    return from_json(Line, data)

"""Violations counted by property and kind, with room for a bounded number of rows."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source import pointer_text

if TYPE_CHECKING:
    from deployer.contracts.faults import PayloadFault
    from deployer.source import Pointer

MOST_ROWS = 1_000
"""Rows of a summary: keys that are different in each payload mustn't fill the memory."""


@dataclass(frozen=True, slots=True)
class Row:
    """How often one thing is wrong: at one property (``*`` for any element of a list) of one event, in one way.

    ``event`` is an id, empty where no event was recognized; ``example`` is the first message, ``file`` and ``line``
    its place, ``hint`` what to do about it.
    """

    event: str
    pointer: str
    kind: str
    count: int
    example: str
    file: str
    line: int
    hint: str = ""


@dataclass(slots=True)
class _Count:
    count: int
    example: str
    file: str
    line: int
    hint: str


@dataclass(slots=True)
class Tally:
    """The counts in the making. ``uncounted`` violations found no row, since there were ``MOST_ROWS`` already."""

    total: int = 0
    uncounted: int = 0
    _rows: dict[tuple[str, Pointer, str], _Count] = field(default_factory=dict)

    def add(self, event: str, fault: PayloadFault, file: str, line: int) -> None:
        """Count one violation."""
        self.total += 1
        key = (event, _anywhere(fault.pointer), fault.kind)
        row = self._rows.get(key)
        if row is not None:
            row.count += 1
        elif len(self._rows) < MOST_ROWS:
            self._rows[key] = _Count(1, fault.message, file, line, fault.hint)
        else:
            self.uncounted += 1

    def join(self, other: Tally, lines: int) -> None:
        """Add what was counted in a stretch of a file that begins behind so many lines, each row of it whole."""
        for (event, pointer, kind), row in other._rows.items():
            self.total += row.count
            known = self._rows.get((event, pointer, kind))
            if known is not None:
                known.count += row.count
            elif len(self._rows) < MOST_ROWS:
                self._rows[event, pointer, kind] = replace(row, line=row.line + lines)
            else:
                self.uncounted += row.count

    def rows(self) -> tuple[Row, ...]:
        """Every row, the most frequent first, then by event, property and kind."""
        rows = [
            Row(event, pointer_text(pointer), kind, row.count, row.example, row.file, row.line, row.hint)
            for (event, pointer, kind), row in self._rows.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.count, row.event, row.pointer, row.kind)))


def _anywhere(pointer: Pointer) -> Pointer:
    return tuple("*" if isinstance(part, int) else part for part in pointer)

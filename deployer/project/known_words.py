"""What messages say, as an earlier run found it: composing and counting them takes longer than all else of a plan.

A row is known by the digest of everything that the words depend on (``project.digests``), so that it can't be out of
date. What is kept is JSON.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.messages.virtual import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(slots=True)
class KnownWords:
    """What is known of messages, by digest: from earlier runs, and what this one used or found out.

    ``load`` reads the rows of earlier runs; it is called once, when the first row is needed.
    """

    load: Callable[[], Mapping[str, bytes]] = dict
    _known: Mapping[str, bytes] | None = None
    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    _learned: set[str] = field(default_factory=set)

    def find(self, digest: str, what: str, make: Callable[[], Any]) -> Any:
        """Give what ``make`` makes, which is JSON; it is called where that isn't known yet. An error isn't kept."""
        row = self._rows.get(digest)
        if row is None:
            kept = self.known.get(digest)
            row = self._rows.setdefault(digest, json.loads(kept) if kept else {})
        if what in row:
            return row[what]
        value, at_this_time_only = timed(make)
        if not at_this_time_only:
            row[what] = value
            self._learned.add(digest)
        return value

    @property
    def known(self) -> Mapping[str, bytes]:
        """The rows of earlier runs."""
        if self._known is None:
            self._known = self.load()
        return self._known

    @property
    def seen(self) -> Mapping[str, bytes] | None:
        """The rows that this run used; ``None`` where it learned nothing."""
        if not self._learned:
            return None
        rows: dict[str, bytes] = {}
        for digest, row in self._rows.items():
            if digest not in self._learned and digest in self.known:
                rows[digest] = self.known[digest]
                continue
            with suppress(UnicodeEncodeError):  # half of a character, which JSON may join with its other half
                rows[digest] = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        return rows

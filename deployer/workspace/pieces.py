"""Pieces of pages that are kept: after an edit a page's other pieces are what they were.

Beside the answers, in the user's cache folder; never in the project, and text that can't execute (see there). A piece
is known by a digest of everything that it is made from (``preview.piece_digests``), so there is no question whether it
is out of date.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.workspace.kept_files import keep, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST = 96 * 1024 * 1024
"""Bytes of the pieces of one project that are kept, at most, before they are packed."""

_QUICKLY = 1
"""How hard they are packed: more takes longer than it saves."""


@dataclass(slots=True)
class Pieces:
    """The pieces of one project's pages, each without a line break: those that are known, and those that were used.

    ``folder`` may be missing. What no page of this run uses is kept besides, once as much of it as is used: another
    environment's, another branch's.
    """

    folder: Path
    root: Path
    _known: Mapping[bytes, bytes] | None = None
    _used: dict[bytes, bytes] = field(default_factory=dict)
    _learned: bool = False

    def find(self, digest: str) -> bytes | None:
        """The piece of a digest; ``None`` where it isn't known, as nothing is whose digest is empty."""
        of = digest.encode()
        piece = self._used.get(of) or self.known.get(of)
        if piece is not None:
            self._used[of] = piece
        return piece

    def add(self, digest: str, piece: bytes) -> None:
        """Note a piece that was made."""
        if digest:
            self._used[digest.encode()] = piece
            self._learned = True

    @property
    def known(self) -> Mapping[bytes, bytes]:
        """What earlier runs kept; nothing where that is damaged, or another deployer made it."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def keep(self) -> None:
        """Keep what was made beside what is known; where that can't be written, or is too large, nothing is kept."""
        if not self._learned:
            return
        spare = [of for of in self.known if of not in self._used][-len(self._used) :]
        rows = [b"%s %s" % (of, self.known[of]) for of in spare] + [b"%s %s" % row for row in self._used.items()]
        body = b"\n".join((stamp().encode(), *rows))
        if len(body) <= LARGEST:
            keep(self._file, zlib.compress(body, _QUICKLY))

    def _read(self) -> Mapping[bytes, bytes]:
        packed = read_kept(self._file)
        if packed is None:
            return {}
        of, *rows = zlib.decompress(packed).split(b"\n")
        if of != stamp().encode():
            return {}
        parts = (row.partition(b" ") for row in rows)
        return {digest: piece for digest, _, piece in parts}

    @property
    def _file(self) -> Path:
        named = f"{self.root.absolute()}"
        return self.folder / f"{hashlib.sha256(os.fsencode(named)).hexdigest()[:32]}.pieces"

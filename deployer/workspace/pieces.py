"""The cache of page pieces: after an edit, only the pieces that it touches are made again.

It is beside the answers, in the user's cache folder, never in the project, and holds text that can't execute (see
``workspace.answers``). The key of a piece is a digest of everything that it is made from
(``preview.piece_digests``), so a piece that is found is never out of date.
"""

from __future__ import annotations

import zlib
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.workspace.kept_files import keep, kept_file, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LARGEST = 96 * 1024 * 1024
"""Bytes of one project's pieces, before compression: where there are more, none are kept."""

_QUICKLY = 1
"""The level of zlib's compression: a higher one takes longer than the smaller file saves."""


@dataclass(slots=True)
class Pieces:
    """The pieces of one project's pages, each without a line break: of earlier runs, and those that this run used.

    ``folder`` may be missing. Pieces that this run doesn't use (another environment's, another branch's) are kept too,
    at most as many as it uses.
    """

    folder: Path
    root: Path
    _known: Mapping[bytes, bytes] | None = None
    _used: dict[bytes, bytes] = field(default_factory=dict)
    _learned: bool = False

    def find(self, digest: str) -> bytes | None:
        """The piece with this digest, or ``None``, as for an empty digest."""
        of = digest.encode()
        piece = self._used.get(of) or self.known.get(of)
        if piece is not None:
            self._used[of] = piece
        return piece

    def add(self, digest: str, piece: bytes) -> None:
        """Note a piece that was made; one with an empty digest can't be found again and isn't kept."""
        if digest:
            self._used[digest.encode()] = piece
            self._learned = True

    @property
    def known(self) -> Mapping[bytes, bytes]:
        """The pieces of earlier runs by digest; none where the file is damaged or another deployer wrote it."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def keep(self) -> None:
        """Write the pieces for later runs, if any was made; none where they are too large or can't be written."""
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
        return kept_file(self.folder, ".pieces", str(self.root.absolute()))

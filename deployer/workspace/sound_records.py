"""Records that this version of deployer wrote and found sound, by their digests: what is known isn't checked again.

A digest is kept in the user's cache folder and never in the project, as the answers of checks are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.workspace.kept_files import keep, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SoundRecords:
    """The digests that a folder has; it may be missing. What another version found says nothing about this one."""

    folder: Path

    def has(self, digest: bytes) -> bool:
        """Whether a record is known to be sound."""
        return read_kept(self._file(digest)) == stamp().encode()

    def add(self, digest: bytes) -> None:
        """Remember that a record is sound, where that can be kept."""
        keep(self._file(digest), stamp().encode())

    def _file(self, digest: bytes) -> Path:
        return self.folder / f"{digest.hex()}.record"

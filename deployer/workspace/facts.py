"""What was learned of the parts of a project, so that after an edit only what it touches is looked at again.

Beside the answers, in the user's cache folder; never in the project, and plain text that can't execute (see there). A
fact is known by a digest of everything that it depends on, so there is no question whether it is out of date.
"""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.workspace.kept_files import Bounds, keep, kept_file, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from deployer.rules.sound import Work

SUFFIX = ".facts"
WORDS = ".words"

BOUNDS = Bounds(most=16, room=128 * 1024 * 1024, largest=64 * 1024 * 1024)
"""The facts of few projects are kept, and those of each may be many."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The facts of one project that a check uses, by digest: what is ``sound`` (``rules.sound``), its files' YAML.

    The values of ``yaml`` (``source.known_yaml``) are read when they are needed.
    """

    sound: Mapping[str, Work] = field(default_factory=dict)
    yaml: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Where the facts of one project are kept: a folder, which may be missing.

    The words of its messages (``project.known_words``) have a file to themselves, since a check doesn't read them.
    """

    folder: Path
    root: Path

    def find(self) -> Learned:
        """What is known; nothing where the file is damaged or another version of deployer wrote it."""
        sound, *rows = self._read(SUFFIX) or [b"{}"]
        return Learned({digest: tuple(work) for digest, work in json.loads(sound).items()}, _rows(rows))

    def keep(self, learned: Learned) -> None:
        """Keep what is known now in place of what was kept before; where it can't be written, nothing is kept."""
        self._write(SUFFIX, json.dumps(learned.sound).encode(), learned.yaml)

    def find_words(self) -> Mapping[str, bytes]:
        """The known rows of words by digest; none in the cases in which ``find`` finds nothing."""
        return _rows(self._read(WORDS)[1:])

    def keep_words(self, words: Mapping[str, bytes]) -> None:
        """Keep rows of words in place of those kept before; where they can't be written, nothing is kept."""
        self._write(WORDS, b"", words)

    def _read(self, suffix: str) -> list[bytes]:
        version, *lines = (read_kept(self._file(suffix)) or b"").split(b"\n")
        return lines if version == stamp().encode() else []

    def _write(self, suffix: str, first: bytes, rows: Mapping[str, bytes]) -> None:
        pieces = [stamp().encode(), b"\n", first]
        for of, row in rows.items():
            pieces += (b"\n", of.encode(), b"\n", row)
        keep(self._file(suffix), *pieces, bounds=BOUNDS)

    def _file(self, suffix: str) -> Path:
        return kept_file(self.folder, suffix, str(self.root.absolute()))


def _rows(lines: Sequence[bytes]) -> dict[str, bytes]:
    """The rows by digest: each is on the line below its digest."""
    return dict(zip(map(bytes.decode, lines[::2]), lines[1::2], strict=True))

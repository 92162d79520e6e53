"""What was learned of the parts of a project, so that after an edit only what it touches is looked at again.

Beside the answers, in the user's cache folder; never in the project, and plain text that can't execute (see there). A
fact is known by a digest of everything that it depends on, so there is no question whether it is out of date.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.atomic import PRIVATE, write_file
from deployer.dataclass import dataclass
from deployer.workspace.kept_files import kept_file
from deployer.workspace.room import make_room
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from deployer.rules.sound import Work

SUFFIX = ".facts"
WORDS = ".words"

MOST = 16
"""Projects whose facts a folder holds; the oldest make room."""

ROOM = 128 * 1024 * 1024
"""Bytes of all facts that a folder holds; the oldest make room."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the facts of one project that are kept, at most."""


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
        try:
            written = self._file(suffix).read_bytes()
        except OSError:
            return []
        digest, *lines = written.split(b"\n")
        if digest != _digest([memoryview(written)[len(digest) + 1 :]]) or lines[:1] != [stamp().encode()]:
            return []
        return lines[1:]

    def _write(self, suffix: str, first: bytes, rows: Mapping[str, bytes]) -> None:
        pieces = [stamp().encode(), b"\n", first]
        for of, row in rows.items():
            pieces += (b"\n", of.encode(), b" ", row)
        if sum(map(len, pieces)) > LARGEST:
            return
        with suppress(OSError):
            write_file(self._file(suffix), b"".join((_digest(pieces), b"\n", *pieces)), mode=PRIVATE)
            make_room(self.folder, suffix, MOST, ROOM)

    def _file(self, suffix: str) -> Path:
        return kept_file(self.folder, suffix, str(self.root.absolute()))


def _rows(rows: Iterable[bytes]) -> dict[str, bytes]:
    parts = (row.partition(b" ") for row in rows)
    return {of.decode(): value for of, _, value in parts}


def _digest(pieces: Iterable[bytes | memoryview]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest().encode()

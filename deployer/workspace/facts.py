"""What was learned of the parts of a project, so that after an edit only what it touches is looked at again.

Beside the answers, in the user's cache folder; never in the project, and plain text that can't execute (see there). A
fact is known by a digest of everything that it depends on, so there is no question whether it is out of date.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.atomic import PRIVATE, write_file
from deployer.dataclass import dataclass
from deployer.workspace.room import make_room
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from deployer.rules.sound import Work

SUFFIX = ".facts"

MOST = 16
"""Projects whose facts a folder holds; the oldest make room."""

ROOM = 128 * 1024 * 1024
"""Bytes of all facts that a folder holds; the oldest make room."""


_WORDS = b"words "
"""What a row of a message's words begins with; no digest begins like that."""

LARGEST = 64 * 1024 * 1024
"""Bytes of the facts of one project that are kept, at most."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The facts of one project, by digests: what is ``sound`` (``rules.sound``), its files' YAML, its messages' words.

    The values of ``yaml`` (``source.known_yaml``) and ``words`` (``project.known_words``) are read when they are
    needed.
    """

    sound: Mapping[str, Work] = field(default_factory=dict)
    yaml: Mapping[str, bytes] = field(default_factory=dict)
    words: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """Where the facts of one project are kept: a folder, which may be missing."""

    folder: Path
    root: Path

    def find(self) -> Learned:
        """What is known; nothing where another deployer learned it, or where it is damaged."""
        try:
            written = self._file.read_bytes()
        except OSError:
            return Learned()
        digest, *lines = written.split(b"\n")
        if digest != _digest([memoryview(written)[len(digest) + 1 :]]) or lines[:1] != [stamp().encode()]:
            return Learned()
        _, sound, *rows = lines
        return Learned(
            {digest: tuple(work) for digest, work in json.loads(sound).items()},
            _rows(row for row in rows if not row.startswith(_WORDS)),
            _rows(row.removeprefix(_WORDS) for row in rows if row.startswith(_WORDS)),
        )

    def keep(self, learned: Learned) -> None:
        """Keep what is known now in the place of what was; where that can't be written, nothing is kept."""
        pieces = [stamp().encode(), b"\n", json.dumps(learned.sound).encode()]
        for of, documents in learned.yaml.items():
            pieces += (b"\n", of.encode(), b" ", documents)
        for of, words in learned.words.items():
            pieces += (b"\n", _WORDS, of.encode(), b" ", words)
        if sum(map(len, pieces)) > LARGEST:
            return
        with suppress(OSError):
            write_file(self._file, b"".join((_digest(pieces), b"\n", *pieces)), mode=PRIVATE)
            make_room(self.folder, SUFFIX, MOST, ROOM)

    @property
    def _file(self) -> Path:
        named = f"{self.root.absolute()}"
        return self.folder / f"{hashlib.sha256(os.fsencode(named)).hexdigest()[:32]}{SUFFIX}"


def _rows(rows: Iterable[bytes]) -> dict[str, bytes]:
    parts = (row.partition(b" ") for row in rows)
    return {of.decode(): value for of, _, value in parts}


def _digest(pieces: Iterable[bytes | memoryview]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest().encode()

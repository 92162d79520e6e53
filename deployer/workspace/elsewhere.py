"""What a run looked at beside the project's files, so that a later one can tell whether it would see the same.

Records are looked at where they are, however far away that is. A variable's value is only ever compared by a keyed
hash (``results``). What has no answer that can be compared, as Attentive's, lets nothing that came of it be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.workspace.day import today_in

if TYPE_CHECKING:
    from datetime import date

    from deployer.forge.refs import Commit
    from deployer.state import Backend

ABSENT = b"absent"
"""The answer about a file, a variable or a record that isn't there."""


class Place(StrEnum):
    """Where it was looked."""

    RECORD = "record"
    FILE = "file"
    VARIABLE = "variable"
    COMMIT = "commit"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: at what is under a ``name``, of a record its URL, of the day the time zone."""

    place: Place
    name: str
    environment: str = ""
    protected: bool = False


@dataclass(slots=True)
class Elsewhere:
    """The looks of one run and what each showed. ``lasts``: all of that can be compared. Safe for threads."""

    lasts: bool = True
    seen: dict[Look, bytes] = field(default_factory=dict)

    def saw(self, look: Look, answer: bytes | None) -> None:
        """Keep a look in mind; ``None``, or another answer than before: it can't be compared."""
        if answer is None or self.seen.setdefault(look, answer) != answer:
            self.lasts = False

    def saw_record(self, url: str, environment: str, backend: Backend, *, protected: bool = False) -> None:
        """Keep in mind what was last read of a record."""
        self.saw(Look(Place.RECORD, url, environment, protected), backend.mark)

    def saw_file(self, path: Path) -> None:
        """Keep in mind what a file beside the project's own holds, or that it is missing."""
        self.saw(Look(Place.FILE, str(path)), of_file(path))

    def saw_none(self, path: Path) -> None:
        """Keep in mind that there is no such file; where there is one, it can't be compared."""
        answer = of_file(path)
        self.saw(Look(Place.FILE, str(path)), answer if answer == ABSENT else None)

    def saw_commit(self, root: Path, commit: Commit) -> None:
        """Keep in mind which commit a name stands for."""
        self.saw(Look(Place.COMMIT, commit.ref), _of_commit(root, commit))

    def saw_day(self, time_zone: str, day: date) -> None:
        """Keep in mind which day it was."""
        self.saw(Look(Place.DAY, time_zone), day.isoformat().encode())

    def passing(self) -> None:
        """Something was looked at that the next run has to look at again."""
        self.lasts = False

    def variables(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """The same variables; which of them are asked for is kept in mind."""
        return _Watched(environ, self)


@dataclass(frozen=True, slots=True)
class _Watched(Mapping[str, str]):
    environ: Mapping[str, str] = field(repr=False)
    elsewhere: Elsewhere = field(repr=False)

    def __getitem__(self, name: str) -> str:
        self.elsewhere.saw(Look(Place.VARIABLE, name), of_variable(name, self.environ))
        return self.environ[name]

    def __iter__(self) -> Iterator[str]:
        self.elsewhere.passing()
        return iter(self.environ)

    def __len__(self) -> int:
        self.elsewhere.passing()
        return len(self.environ)


def of_variable(name: str, environ: Mapping[str, str]) -> bytes:
    """What a variable shows; one that is set never looks like one that isn't."""
    return f"={environ[name]}".encode("utf-8", "surrogateescape") if name in environ else ABSENT


def of_file(path: Path) -> bytes | None:
    """A digest of what a file holds; ``None`` where it isn't one, or can't be read."""
    try:
        return sha256(path.read_bytes()).digest() if S_ISREG(path.stat().st_mode) else None
    except (FileNotFoundError, NotADirectoryError):
        return None if path.is_symlink() else ABSENT
    except OSError:
        return None


def look_again(look: Look, root: Path, environ: Mapping[str, str]) -> bytes | None:
    """What a look shows now; ``None`` where that can't be compared."""
    match look.place:
        case Place.RECORD:
            return _of_record(look, root)
        case Place.FILE:
            return of_file(Path(look.name))
        case Place.VARIABLE:
            return of_variable(look.name, environ)
        case Place.COMMIT:
            return _found_commit(root, look.name)
        case Place.DAY:
            return today_in(look.name).isoformat().encode()


def _of_record(look: Look, root: Path) -> bytes | None:
    from deployer.state import StateError, open_backend  # noqa: PLC0415 - a check looks at no record

    try:
        backend = open_backend(look.name, root=root, environment=look.environment, protected=look.protected)
        return backend.look()
    except StateError:
        return None


def _found_commit(root: Path, ref: str) -> bytes | None:
    from deployer.forge.refs import RefError, find_commit  # noqa: PLC0415 - git is asked where it is needed

    try:
        return _of_commit(root, find_commit(root, ref))
    except RefError:
        return None


def _of_commit(root: Path, commit: Commit) -> bytes:
    """The commit, and where the project's folder is in its repository."""
    from deployer.forge.refs import prefix_of  # noqa: PLC0415 - as for a name

    return f"{commit.id} {prefix_of(root)}".encode("utf-8", "surrogateescape")

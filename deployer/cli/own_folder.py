"""A folder that a command makes and makes again: its files come and go, what others put there stays.

The folder names its files in one of them (the mark), so that a later run knows which are the command's own.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deployer.atomic import write_file
from deployer.cli.outputs import unwritable_refused
from deployer.dataclass import dataclass
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

STAGE = ".new"
"""Where the new files are until all of them are whole; what a killed run left there is removed."""

_NOT_COUNTED = frozenset({".git", STAGE})
"""What may be in a folder that counts as empty: the branch of pages that a repository keeps is one."""


@dataclass(frozen=True, slots=True)
class OwnFolder:
    """A folder that ``option`` names and ``maker`` (a command) fills; ``mark`` is the file that says so."""

    folder: Path
    maker: str
    mark: str
    option: str

    def fill(self, files: Mapping[str, str], last: str) -> None:
        """Make the folder hold these files, by their paths in it: each is whole, and ``last`` changes after all others.

        Files of an earlier run that are no longer made are removed. Raises ``UsageError``, before anything is written,
        where the folder holds something else, and ``UnwritableError`` where the machine is in the way; nothing is
        changed then unless it was already moving whole files.
        """
        former = self._former()
        self._check_free(files.keys() - former)
        with unwritable_refused(self.folder, self.option):
            try:
                self._stage(files)
                self._write_mark(former | files.keys())
                self._move(sorted(files, key=lambda name: (name == last, name)))
                self._remove(former - files.keys())
                self._write_mark(files.keys())
            finally:
                shutil.rmtree(self.folder / STAGE, ignore_errors=True)

    def _former(self) -> frozenset[str]:
        """The files of an earlier run; raises ``UsageError`` where the folder is someone else's."""
        if not self.folder.exists():
            return frozenset()
        with unwritable_refused(self.folder, self.option):
            if not {path.name for path in self.folder.iterdir()} - _NOT_COUNTED:
                return frozenset()
        names = self._marked()
        if names is None:
            what = f"`{self.folder}` holds files that `{self.maker}` didn't write"
            hint = f"pass another {self.option}: a new folder, an empty one, or one that `{self.maker}` filled"
            raise UsageError(what, hint)
        return names

    def _marked(self) -> frozenset[str] | None:
        """The files that the mark names, if it is there and is one of ours."""
        try:
            data = json.loads((self.folder / self.mark).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(data, dict) or data.get("made_by") != self.maker or not isinstance(data.get("files"), list):
            return None
        names = data["files"]
        return frozenset(names) if all(isinstance(name, str) and _is_inside(name) for name in names) else None

    def _check_free(self, fresh: Collection[str]) -> None:
        for name in sorted(fresh):
            if (self.folder / name).exists() or (self.folder / name).is_symlink():
                what = f"`{self.folder / name}` is there, and `{self.maker}` didn't write it"
                raise UsageError(what, f"move it away, or pass another {self.option}")

    def _stage(self, files: Mapping[str, str]) -> None:
        shutil.rmtree(self.folder / STAGE, ignore_errors=True)
        for name, text in files.items():
            write_file(self.folder / STAGE / name, text)

    def _move(self, names: Collection[str]) -> None:
        for name in names:
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (self.folder / STAGE / name).replace(target)

    def _remove(self, names: Collection[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
            with suppress(OSError):  # others are in it still
                (self.folder / name).parent.rmdir()

    def _write_mark(self, names: Collection[str]) -> None:
        data = {"made_by": self.maker, "version": 1, "files": sorted(names)}
        write_file(self.folder / self.mark, json.dumps(data, indent=2) + "\n")


def _is_inside(name: str) -> bool:
    """Whether a path stays in the folder, so that removing it can't reach elsewhere."""
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts

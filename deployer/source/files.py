"""The files of a project: read once, and only where they are inside its folder."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from deployer.source.contents import (
    MAX_FILE,
    MOST_BYTES,
    UTF_8,
    FileProblem,
    decoded,
    encoding_of,
    read_bytes,
    read_small,
    too_large,
)
from deployer.source.globs import matches_exactly
from deployer.source.ignoring import Pattern, Patterns, above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

GITIGNORE = ".gitignore"
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
"""Folders that hold other people's files, beside all hidden ones (``.git``, ``.venv``)."""


class ProjectFiles:
    """The files below a project's root, by path relative to it with ``/``. What was read once is kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real_root = root.resolve()
        self._data: dict[str, bytes] = {}
        self._text: dict[str, str] = {}
        self._paths: tuple[str, ...] | None = None
        self._unlisted: list[tuple[str, FileProblem]] = []
        self._passed: list[str] = []
        self._above: Patterns | None = None
        self._ignoring: dict[str, Patterns] = {}
        self._plain: set[str] = set()  # regular files that no link leads to: they are where they seem to be

    def with_written(self, contents: Mapping[str, bytes]) -> ProjectFiles:
        """Give the files as they will be when these are written; nothing is. Raises ``FileProblem``."""
        after = ProjectFiles(self.root)
        after._paths = tuple(sorted({*self.paths(), *contents}))
        after._data = {**self._data, **contents}
        after._text = {path: text for path, text in self._text.items() if path not in contents}
        for path in contents:
            self.resolve(path)
        return after

    def resolve(self, path: str) -> Path:
        """Find the file's place on disk. Raises ``FileProblem`` where it would be outside the project."""
        if path in self._plain:
            return self._real_root / path
        if path.startswith(("/", "~")) or not path or "\0" in path:
            hint = "write the path from the project's folder, such as `legal/checkout.txt`"
            raise FileProblem("outside-project", f"`{path}` is not a path within the project", hint)
        try:
            real = (self.root / path).resolve()
        except (OSError, RuntimeError):  # RuntimeError: a loop of symbolic links, before Python 3.13
            raise FileProblem(
                "unreadable", f"`{path}` can't be followed to a file", "check its symbolic links"
            ) from None
        if not real.is_relative_to(self._real_root):
            hint = "copy the file into the project: what is deployed is what is in the repository"
            raise FileProblem("outside-project", f"`{path}` leads out of the project's folder", hint)
        if self._is_hidden(real):
            hint = "hidden files hold secrets and settings of tools: put what is deployed into a file that isn't hidden"
            raise FileProblem("unreadable", f"`{path}` is hidden, so it isn't read into a message or a plan", hint)
        return real

    def _is_hidden(self, real: Path) -> bool:
        """Whether a path within the project, its links followed, is hidden or in a hidden folder."""
        return any(part.startswith(".") for part in real.relative_to(self._real_root).parts)

    def data(self, path: str, *, limit: int = MAX_FILE) -> bytes:
        """Read the file's bytes. Raises ``FileProblem``."""
        data = self._data.get(path)
        if data is None and path in self._text:
            data = self._text[path].encode()
        if data is None:
            place = f"{self._real_root}/{path}" if path in self._plain else str(self.resolve(path))
            try:
                data = read_small(place) if path in self._plain else None
                data = self._data[path] = read_bytes(place, path, limit) if data is None else data
            except FileNotFoundError:
                raise FileProblem("not-found", f"there is no file `{path}`", self._near(path)) from None
            except PermissionError:
                raise FileProblem("unreadable", f"`{path}` may not be read", "give yourself read permission") from None
            except OSError as error:
                raise FileProblem("unreadable", f"`{path}` can't be read: {error.strerror}") from None
        if len(data) > limit:  # it was read for what may be larger
            raise too_large(path, limit)
        return data

    def text(self, path: str, *, limit: int = MAX_FILE) -> str:
        """Read the file's text, without a byte order mark; UTF-8, or UTF-16 with one. Raises ``FileProblem``."""
        text = self._text.get(path)
        if text is None:
            return self._decoded(path, self.data(path, limit=limit))
        if (len(text) + 1) * MOST_BYTES > limit:  # with a mark in front
            self.data(path, limit=limit)  # refuses it where it is too large for this use
        return text

    def _decoded(self, path: str, data: bytes) -> str:
        text = self._text[path] = decoded(path, data)
        if encoding_of(data) is UTF_8:
            self._data.pop(path, None)  # they are the text's, which is held anyway
        return text

    def encoded(self, path: str, text: str) -> bytes:
        """Give the bytes of a new text for the file, in the encoding that it has now. Raises ``FileProblem``."""
        data = self.data(path)
        mark, encoding = encoding_of(data)
        return mark + text.encode(encoding)

    def words(self, path: str) -> str:
        """Read a text that goes into messages and plans. Raises ``FileProblem``, also where git ignores it."""
        self.check_shared(path)
        return self.text(path)

    def digest(self, path: str) -> str:
        """Give the SHA-256 of a deployed file's bytes, in hex. Raises ``FileProblem``, also where git ignores it."""
        self.check_shared(path)
        return hashlib.sha256(self.data(path)).hexdigest()

    def glob(self, pattern: str) -> tuple[str, ...]:
        """List the files that a pattern names (``macros/*.jinja``), sorted; none that is hidden or that git ignores."""
        return tuple(path for path in self.paths() if matches_exactly(path, pattern) and not self._ignores(path))

    def paths(self) -> tuple[str, ...]:
        """List every file of the project, sorted, without hidden files and folders and ``SKIPPED_FOLDERS``."""
        if self._paths is None:
            self._paths = tuple(sorted(self._walk("", ignored_above(self._real_root))))
        return self._paths

    def passed(self) -> tuple[str, ...]:
        """List the folders that weren't looked into: hidden ones, ``SKIPPED_FOLDERS`` and those of a ``.gitignore``."""
        self.paths()
        return tuple(self._passed)

    def beginning(self, path: str, size: int = 65_536) -> str:
        """Read what a file begins with, in whatever encoding, without NUL; empty where it can't be read."""
        try:
            real = self.resolve(path)
            if not real.is_file():
                return ""
            with real.open("rb") as file:
                data = file.read(size)
        except (OSError, FileProblem):
            return ""
        return data.decode(encoding_of(data)[1], errors="replace").replace("\0", "")

    def unlisted(self) -> tuple[tuple[str, FileProblem], ...]:
        """List the folders that could not be looked into, and why."""
        self.paths()
        return tuple(self._unlisted)

    def check_shared(self, path: str) -> None:
        """Refuse a file that isn't in the repository: what git leaves out is private, or made on this machine only.

        Raises ``FileProblem``.
        """
        place = self.resolve(path).relative_to(self._real_root).as_posix()
        if self._ignores(path) or self._ignores(place):
            hint = f"what is deployed is what is in the repository: take it out of .gitignore (`!/{path}` keeps it)"
            raise FileProblem(
                "unreadable", f"`{path}` is ignored by git, so it isn't read into a message or plan", hint
            )

    def _ignores(self, path: str) -> bool:
        if self._above is None:
            self._above = ignored_above(self._real_root)
        patterns = self._above + self._own_patterns("")
        for folder in above(path):
            patterns += self._own_patterns(folder)
        return patterns.leave_out(path)

    def _own_patterns(self, folder: str) -> Patterns:
        if folder not in self._ignoring:
            self._ignoring[folder] = _gitignore(self.root / folder, folder)
        return self._ignoring[folder]

    def _walk(self, folder: str, upper: Patterns) -> Iterator[str]:
        try:
            entries = list(os.scandir(self.root / folder))
        except OSError as error:
            problem = FileProblem("unreadable", f"the folder can't be read: {error.strerror}", "check its permissions")
            self._unlisted.append((folder or ".", problem))
            return
        ignored = (
            upper + _gitignore(self.root / folder, folder)
            if any(dir_entry.name == GITIGNORE for dir_entry in entries)
            else upper
        )
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            hidden = entry.name.startswith(".") or entry.name in SKIPPED_FOLDERS
            if hidden or (is_folder and ignored.names(path, folder=True)):
                self._passed.append(path)
            elif is_folder:
                yield from self._walk(path, ignored)
            elif _leads_to_folder(entry):
                self._check_linked_folder(path)
            else:
                if entry.is_file(follow_symlinks=False):
                    self._plain.add(path)
                yield path

    def _check_linked_folder(self, path: str) -> None:
        """Note a link that leads out of the project; one within it is read where it leads to, or hidden as that is."""
        real = (self.root / path).resolve()  # it leads to a folder: no loop
        if real.is_relative_to(self._real_root) and self._is_hidden(real):
            self._passed.append(path)
            return
        try:
            self.resolve(path)
        except FileProblem as problem:
            self._unlisted.append((path, problem))

    def _near(self, path: str) -> str:
        from deployer.source.suggestion import did_you_mean  # noqa: PLC0415 - difflib, only for a mistyped path

        declaring = (".yaml", ".yml")  # no message's words and no picture
        wanted = [candidate for candidate in self.paths() if candidate.endswith(declaring) == path.endswith(declaring)]
        return did_you_mean(path, wanted) or "check the path: it begins at the project's folder"


def ignored_above(root: Path) -> Patterns:
    """Give the patterns that the ``.gitignore`` files of the folders above a project have for it.

    They are read up to the top of the repository, and count for nothing where they leave out the project itself.
    """
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    folders = [folder for folder in reversed(root.parents) if folder.is_relative_to(top)]
    lines = [(folder, line) for folder in folders for line in _lines(folder / GITIGNORE)]
    whole = [Pattern.read(line, folder.relative_to(top).as_posix().removeprefix(".")) for folder, line in lines]
    there = Patterns(tuple(pattern for pattern in whole if pattern))
    place = root.relative_to(top).as_posix()
    if place == "." or there.leave_out(place, folder=True):
        return Patterns()
    return there.below(place)


def _gitignore(folder: Path, base: str) -> Patterns:
    return Patterns.read(_lines(folder / GITIGNORE), base)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").split("\n")
    except OSError:  # none, or one that no one may read
        return []


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    """Whether a link leads to a folder; one that leads nowhere, or in a ring, is reported when it is read as a file."""
    try:
        return entry.is_dir()
    except OSError:  # too many links
        return False

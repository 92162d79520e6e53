"""A project as it is in an editor: what is on disk, with the files over it that aren't saved yet."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.editor.text import Text
from deployer.source import FileProblem
from deployer.source.belonging import Belonging
from deployer.source.ignoring import Patterns
from deployer.source.loading import ignored
from deployer.source.root import SETTINGS_NAMES
from deployer.workspace.loading import kinds_by_name, load
from deployer.workspace.trial import with_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deployer.project import Linked
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace


@dataclass(slots=True)
class Desk:
    """One project in an editor. ``open`` are the texts of files that the editor holds, by their paths in the project.

    What is on disk is read once, until ``refresh``. Whatever is asked is answered for the texts as they are now; where
    one of them can't be read as YAML, the other files still answer.
    """

    root: Path
    open: dict[str, str] = field(default_factory=dict)
    _saved: Workspace | None = None
    _now: Workspace | None = None
    _last: tuple[object, Workspace] | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> Desk:
        """The desk of a project that was read already."""
        desk = cls(workspace.root.resolve())
        desk._saved = workspace
        return desk

    def write(self, path: str, text: str) -> None:
        """Take over a file's text as it is in the editor."""
        if self.open.get(path) != text:
            self.open[path] = text
            self._now = None

    def close(self, path: str) -> None:
        """Take a file from the disk again."""
        self.open.pop(path, None)
        self.refresh()

    def refresh(self) -> None:
        """Read the project again: a file was saved, or changed outside of the editor."""
        self._saved = self._now = self._last = None

    @property
    def workspace(self) -> Workspace:
        """The project as it is now."""
        if self._now is None:
            if self._saved is None:
                self._saved = load(self.root)
            differing = self._differing(self._saved)
            workspace, around = with_files(self._saved, differing), _around(self._saved, differing)
            self._now = self._last[1].followed_by(workspace) if self._last and self._last[0] == around else workspace
            self._last = (around, self._now)
        return self._now

    def linked(self) -> Linked | None:
        """The project in its first environment that can be linked; ``None`` where the settings can't be read."""
        settings = self.workspace.settings
        if settings is None or not settings.environments:
            return None
        return self.workspace.linked(settings.default_environment or next(iter(settings.environments)))

    def all_linked(self) -> tuple[Linked, ...]:
        """The project in each of its environments."""
        settings = self.workspace.settings
        return tuple(self.workspace.linked(name) for name in settings.environments) if settings else ()

    def text(self, path: str) -> Text:
        """A file's text as it is now; empty for one that can't be read."""
        try:
            return Text(path, self.open[path] if path in self.open else self.workspace.sources.files.text(path))
        except FileProblem:
            return Text(path, "")

    def problems(self) -> Mapping[str, tuple[Problem, ...]]:
        """Everything that is wrong with the project, by file."""
        by_file: dict[str, list[Problem]] = {}
        for problem in self.workspace.check():
            by_file.setdefault(problem.position.path, []).append(problem)
        return {path: tuple(several) for path, several in by_file.items()}

    def _differing(self, saved: Workspace) -> dict[str, str | bytes]:
        return {
            path: text
            for path, text in self.open.items()
            if _on_disk(saved, path) != text and _is_ours(saved, path, text)
        }


def _around(saved: Workspace, differing: Mapping[str, str | bytes]) -> object:
    """What texts of the editor stand for beside declarations: work that was done with the same can be used again."""
    known = saved.sources.files.paths()
    return {path: text for path, text in differing.items() if not _declares(path) or path not in known}


def _declares(path: str) -> bool:
    return path.endswith((".yaml", ".yml")) and path not in SETTINGS_NAMES


def _is_ours(saved: Workspace, path: str, text: str) -> bool:
    """Whether a file is the project's, or will be once it is saved: not hidden, ignored, or another tool's."""
    sources = saved.sources
    if path in {*SETTINGS_NAMES, *(document.file.path for document in sources.documents)}:
        return True
    known = path in sources.files.paths()
    if not path.endswith((".yaml", ".yml")):
        return known
    hidden = any(part.startswith(".") for part in path.split("/"))
    left_out = hidden or Patterns.read(ignored(sources.settings)).leave_out(path)
    private = not known and (saved.root / path).exists()  # git ignores it
    return not left_out and not private and Belonging(kinds_by_name()).mentions_ours(text)


def _on_disk(saved: Workspace, path: str) -> str | None:
    try:
        return saved.sources.files.text(path)
    except FileProblem:
        return None

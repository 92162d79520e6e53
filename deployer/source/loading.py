"""Reading a project's folder: its settings, its documents, and what is wrong with its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.source.documents import Document, SourceFile
from deployer.source.files import FileProblem, ProjectFiles
from deployer.source.globs import matches
from deployer.source.problems import Position, Problem
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SETTINGS_NAMES = ("deployer.yaml", "deployer.yml")
MAX_YAML = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sources:
    """A project as it was read: nothing is interpreted yet.

    ``settings`` is the document of ``deployer.yaml``, None where it is missing or can't be read; ``documents`` are all
    others, by path and then in the file's order; ``problems`` is what is wrong with the files and their YAML.
    """

    root: Path
    settings: Document | None
    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    files: ProjectFiles


@dataclass(slots=True)
class _Reading:
    """The run of reading one project."""

    files: ProjectFiles
    problems: list[Problem] = field(default_factory=list)

    def note(self, rule: str, path: str, message: str, hint: str) -> None:
        self.problems.append(Problem(rule, message, Position(path), hint=hint))

    def documents(self, path: str) -> tuple[Document, ...]:
        """Give the documents of one file and note its problems."""
        try:
            text = self.files.text(path, limit=MAX_YAML)
        except FileProblem as problem:
            self.note_file(path, problem)
            return ()
        documents, problems = compose(SourceFile(path, text))
        self.problems.extend(problems)
        return documents

    def note_file(self, path: str, problem: FileProblem) -> None:
        position = Position(path, problem.line, problem.column)
        self.problems.append(Problem(problem.rule, problem.message, position, hint=problem.hint))

    def settings(self, paths: tuple[str, ...]) -> Document | None:
        found = [name for name in SETTINGS_NAMES if name in paths]
        if not found:
            hint = "write a `deployer.yaml`, or name the project's folder with `--project`"
            self.note("project/no-settings", SETTINGS_NAMES[0], "the project has no `deployer.yaml`", hint)
            return None
        if len(found) > 1:
            self.note("project/two-settings", found[1], "there is a `deployer.yaml` and a `deployer.yml`", "keep one")
        before = len(self.problems)
        documents = self.documents(found[0])
        if len(documents) == 1:
            return documents[0]
        if len(self.problems) == before:
            self._not_one(found[0], documents)
        return None

    def _not_one(self, path: str, documents: tuple[Document, ...]) -> None:
        if not documents:
            self.note("settings/empty", path, "the settings are empty", "write `version: 1`, `project:` and so on")
            return
        line = documents[1].locate(()).line
        message = f"the settings must be one document, but `{path}` holds {len(documents)}"
        hint = "put resources in files of their own"
        self.problems.append(documents[1].file.problem("settings/several-documents", message, line, 1, hint=hint))


def read(root: Path, *, ignore: Iterable[str] = ()) -> Sources:
    """Read every ``*.yaml`` and ``*.yml`` below ``root``; never raises for what the folder holds.

    ``deployer.yaml`` is the settings; its ``ignore:`` and the globs given here leave files out. Hidden files and
    folders and those of package managers are skipped. A missing folder, missing settings and a project without any
    resource are problems.
    """
    files = ProjectFiles(root)
    reading = _Reading(files)
    if not root.is_dir():
        hint = "check `--project`, or run the command in the project's folder"
        reading.note("project/not-found", str(root), f"there is no folder `{root}`", hint)
        return Sources(root, None, (), tuple(reading.problems), files)
    settings = reading.settings(files.paths())
    documents = _resources(reading, settings, tuple(ignore))
    problems = tuple(sorted(reading.problems, key=lambda problem: problem.sort_key))
    return Sources(root, settings, documents, problems, files)


def _resources(reading: _Reading, settings: Document | None, ignore: tuple[str, ...]) -> tuple[Document, ...]:
    left_out = (*ignore, *_ignored(settings))
    for folder, problem in reading.files.unlisted():
        if not any(matches(folder, pattern) for pattern in left_out):
            reading.note_file(folder, problem)
    before = len(reading.problems)
    documents: list[Document] = []
    for path in reading.files.paths():
        if not path.endswith((".yaml", ".yml")) or path in SETTINGS_NAMES:
            continue
        if not any(matches(path, pattern) for pattern in left_out):
            documents.extend(reading.documents(path))
    if settings is not None and not documents and len(reading.problems) == before:
        hint = "write an event type in a file such as `events/order_shipped.yaml`"
        reading.note("project/empty", settings.file.path, "the project declares no resource", hint)
    return tuple(documents)


def _ignored(settings: Document | None) -> tuple[str, ...]:
    """Give the settings' own ``ignore:``, as far as it is a list of texts; their schema says the rest."""
    globs = settings.value.get("ignore") if settings else None
    return tuple(item for item in globs if isinstance(item, str)) if isinstance(globs, list) else ()

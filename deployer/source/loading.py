"""Reading a project's folder: its settings, its documents, and what is wrong with its files."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.nouns import article
from deployer.source.belonging import Belonging
from deployer.source.contents import FileProblem
from deployer.source.documents import Document, problem_at
from deployer.source.files import ProjectFiles
from deployer.source.ignoring import Patterns, above
from deployer.source.problems import Position, Problem, Problems, Severity
from deployer.source.root import SETTINGS_NAMES, settings_in
from deployer.source.source_file import SourceFile
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from deployer.source.belonging import Kinds

Compose: TypeAlias = "Callable[[SourceFile], tuple[tuple[Document, ...], tuple[Problem, ...]]]"
"""Gives the documents of a file, and what is wrong with the others (``yaml_files.compose``)."""

Ahead: TypeAlias = "Callable[[Iterable[SourceFile]], None]"
"""Hears which files will be composed, all at once and before the first of them."""

MAX_YAML = 4 * 1024 * 1024
_HEAD = 2_048
_JSON_TOKEN = re.compile(r'"kind"\s*:\s*"(?P<kind>\w+)"|"(?:[^"\\]|\\.)*+"|(?P<brace>[{}])', re.DOTALL)
_CLOSED = ("file/not-found", "file/unreadable", "file/outside-project")
"""Problems of files that can't be looked into."""


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


_OWN_FILE = "put it into a file without resources; `ignore` in deployer.yaml would leave those out too"


@dataclass(slots=True)
class _Reading:
    """The run of reading one project; ``made`` are files whose text was read and whose documents weren't yet."""

    files: ProjectFiles
    belonging: Belonging
    compose: Compose = compose
    ahead: Ahead | None = None
    made: dict[str, SourceFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    passed: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether something couldn't be read."""
        return not Problems(self.problems).ok

    def note(self, rule: str, path: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(rule, message, Position(path), severity, hint))

    def composed(self, path: str) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
        """Give the documents of one file, and what is wrong with it."""
        made = self.made.pop(path, None)
        if made is not None:
            return self.compose(made)
        try:
            text = self.files.text(path, limit=MAX_YAML)
        except FileProblem as problem:
            position = Position(path, problem.line, problem.column)
            return (), (Problem(problem.rule, problem.message, position, hint=problem.hint),)
        return self.compose(SourceFile(path, text))

    def readable(self, paths: Iterable[str]) -> Iterator[SourceFile]:
        """Give those of some files whose text can be read; ``composed`` says what is wrong with the others."""
        for path in paths:
            with suppress(FileProblem):
                file = self.made[path] = SourceFile(path, self.files.text(path, limit=MAX_YAML))
                yield file

    def resources(self, path: str) -> list[Document]:
        """Give our documents of one file and note its problems; other tools' documents are passed over."""
        documents, problems = self.composed(path)
        ours, others = self.belonging.split(documents)
        if not ours and (others or problems) and not (problems and self._mentions_ours(path, problems)):
            self.passed[path] = len(others)
            return []
        if others:
            self.passed[path] = len(others)
        self.problems.extend(problems)
        return ours

    def _mentions_ours(self, path: str, problems: tuple[Problem, ...]) -> bool:
        """Whether a file that isn't sound is ours; what can't be opened may be."""
        if any(problem.rule in _CLOSED for problem in problems):
            return True
        return self.belonging.mentions_ours(self.files.beginning(path))

    def note_passed(self, ours: Iterable[str]) -> None:
        """Say which files hold documents of other tools; ``ours`` are the files that hold resources."""
        shared = frozenset(ours)
        folders = {folder for path in shared for folder in above(path)}
        for path, count in self.passed.items():
            whole = next((folder for folder in above(path) if folder not in folders), "")
            pattern = f"{whole}/" if whole else path
            leave_out = f'write `ignore: ["{pattern}"]` in deployer.yaml to leave it out for good'
            self._pass_over(path, count, _OWN_FILE if path in shared else leave_out)

    def _pass_over(self, path: str, count: int, hint: str) -> None:
        number = f"{count} documents" if count > 1 else "a document" if count else "a file"
        message = (
            f"{number} of another tool {'were' if count > 1 else 'was'} passed over: no `kind` is one of deployer's"
        )
        self.note("file/passed-over", path, message, hint, Severity.INFO)

    def note_file(self, path: str, problem: FileProblem) -> None:
        position = Position(path, problem.line, problem.column)
        self.problems.append(Problem(problem.rule, problem.message, position, hint=problem.hint))

    def settings(self, names: list[str]) -> Document | None:
        if len(names) > 1:
            self.note("project/two-settings", names[1], "there is a `deployer.yaml` and a `deployer.yml`", "keep one")
        documents, problems = self.composed(names[0])
        self.problems.extend(problems)
        if len(documents) == 1:
            return documents[0]
        if not problems:
            self._not_one(names[0], documents)
        return None

    def _not_one(self, path: str, documents: tuple[Document, ...]) -> None:
        if not documents:
            self.note("settings/empty", path, "the settings are empty", "write `version: 1`, `project:` and so on")
            return
        line = documents[1].locate(()).line
        message = f"the settings must be one document, but `{path}` holds {len(documents)}"
        hint = "put resources in separate files"
        self.problems.append(documents[1].file.problem("settings/several-documents", message, line, 1, hint=hint))


def read(
    root: Path,
    *,
    ignore: Iterable[str] = (),
    kinds: Kinds | None = None,
    files: ProjectFiles | None = None,
    compose: Compose = compose,
    ahead: Ahead | None = None,
) -> Sources:
    """Read every ``*.yaml`` and ``*.yml`` below ``root``; never raises for what the folder holds.

    ``deployer.yaml`` is the settings; its ``ignore:`` and the patterns given here leave files out, as a ``.gitignore``
    would. Hidden files and folders, those of package managers and folders that a ``.gitignore`` leaves out are skipped.
    ``kinds`` are those of our resources, each with the keys that it demands: documents of other tools are passed over
    with a remark; without them every document is taken for ours. ``files`` are those of ``root``, where they are at
    hand; ``compose`` is what parses a file's YAML, and ``ahead`` may prepare that. A missing folder, missing settings
    and a project without any resource are problems; without settings nothing else is looked at.
    """
    files = files or ProjectFiles(root)
    reading = _Reading(files, Belonging(kinds or {}), compose, ahead)
    names = settings_in(root) if root.is_dir() else []
    if not names:
        _note_no_project(reading, root)
        return Sources(root, None, (), tuple(reading.problems), files)
    settings = reading.settings(names)
    documents = _resources(reading, settings, tuple(ignore))
    problems = tuple(sorted(reading.problems, key=lambda problem: problem.sort_key))
    return Sources(root, settings, documents, problems, files)


def read_settings(root: Path, files: ProjectFiles | None = None) -> Sources:
    """Read a project's ``deployer.yaml`` and no other file; never raises for what it holds.

    ``files`` are those of ``root``, where they are at hand.
    """
    files = files or ProjectFiles(root)
    reading = _Reading(files, Belonging({}))
    names = settings_in(root) if root.is_dir() else []
    settings = reading.settings(names) if names else None
    return Sources(root, settings, (), tuple(reading.problems), files)


def _note_no_project(reading: _Reading, root: Path) -> None:
    if not root.is_dir():
        hint = "check `--project`, or run the command in the project's folder"
        reading.note("project/not-found", str(root), f"there is no folder `{root}`", hint)
        return
    near = next((path.name for path in sorted(root.iterdir()) if path.name.lower() in SETTINGS_NAMES), "")
    hint = "`deployer init` begins a project here; or name the project's folder with `--project`"
    hint = f"rename `{near}`: its name is written in small letters" if near else hint
    reading.note("project/no-settings", SETTINGS_NAMES[0], "the project has no `deployer.yaml`", hint)


def _resources(reading: _Reading, settings: Document | None, ignore: tuple[str, ...]) -> tuple[Document, ...]:
    left_out = Patterns.read((*ignore, *ignored(settings)))
    for folder, problem in reading.files.unlisted():
        if not left_out.leave_out(folder):
            reading.note_file(folder, problem)
    documents: list[Document] = []
    paths = _paths(reading.files, left_out)
    if reading.ahead:
        reading.ahead(reading.readable(path for path in paths if not _is_json(path)))
    for path in paths:
        if _is_json(path):
            _note_json(reading, path)
        else:
            documents.extend(reading.resources(path))
    reading.note_passed({document.file.path for document in documents})
    if settings is not None:
        _note_idle(reading, settings)
        if not documents and not reading.failed:
            hint = "write an event type in a file such as `events/order_shipped.yaml`"
            reading.note("project/empty", settings.file.path, "the project declares no resource", hint)
    return tuple(documents)


def resource_paths(sources: Sources) -> tuple[str, ...]:
    """The YAML files of a project that may hold resources, of which nothing but the settings needs to be read."""
    left_out = Patterns.read(ignored(sources.settings))
    return tuple(path for path in _paths(sources.files, left_out) if not _is_json(path))


def _paths(files: ProjectFiles, left_out: Patterns) -> list[str]:
    return [path for path in files.paths() if _may_hold_resources(path) and not left_out.leave_out(path)]


def _may_hold_resources(path: str) -> bool:
    return path not in SETTINGS_NAMES and path.lower().endswith((".yaml", ".yml", ".json"))


def _is_json(path: str) -> bool:
    return path.lower().endswith(".json")


def _note_json(reading: _Reading, path: str) -> None:
    """Say that a resource in a JSON file isn't read; other JSON is no one's business here."""
    kind = _json_kind(reading.files.beginning(path, _HEAD)) if reading.belonging.kinds else ""
    if kind in reading.belonging.kinds:
        message = f"this file declares {article(kind)} {kind}, but files called `.json` aren't read"
        hint = f"rename it to `{path[: -len('.json')]}.yaml`, which may hold JSON; or leave it out with `ignore:`"
        reading.note("file/not-read", path, message, hint, Severity.WARNING)


def _json_kind(beginning: str) -> str:
    """The ``kind`` of a JSON object, or of the first in a list; objects inside, as in a state, don't count."""
    depth = 0
    for token in _JSON_TOKEN.finditer(beginning):
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
        elif token["kind"] and depth == 1:
            return token["kind"]
    return ""


def _note_idle(reading: _Reading, settings: Document) -> None:
    """Say which patterns under ``ignore`` leave nothing out."""
    files = reading.files
    for index, written in enumerate(ignored(settings)):
        patterns = Patterns.read([written])
        for pattern in patterns.patterns:
            leaves = replace(pattern, keep=False)
            alone = Patterns((leaves,))
            start = written.lstrip("!/").removeprefix("./")
            used = any(alone.leave_out(path) for path in files.paths()) or any(
                alone.leave_out(folder, folder=True) or start.startswith(f"{folder}/") for folder in files.passed()
            )
            if not used:
                message = f"`{written}` under `ignore` names no file of the project"
                hint = "correct it or take it out; a pattern with a slash in it begins at the project's folder"
                place = ("ignore", index)
                reading.problems.append(
                    problem_at(settings, place, "settings/idle-ignore", message, hint=hint, severity=Severity.WARNING)
                )


def ignored(settings: Document | None) -> tuple[str, ...]:
    """Give the settings' own ``ignore:``, as far as it is a list of texts; their schema says the rest."""
    globs = settings.value.get("ignore") if settings else None
    return tuple(item if isinstance(item, str) else "" for item in globs) if isinstance(globs, list) else ()

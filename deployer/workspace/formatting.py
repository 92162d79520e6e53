"""The files of a project in the canonical form, and why some are left as they are."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.source import FileProblem, SourceFile, compose, schema
from deployer.source.described import Described, described
from deployer.source.editing import save
from deployer.source.editing.canonical import CantWriteError, canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.source import Document
    from deployer.workspace.workspace import Workspace


class Form(StrEnum):
    """What became of a file."""

    CANONICAL = "canonical"
    """It is in the canonical form already."""
    REWRITTEN = "rewritten"
    LEFT = "left"
    """It holds what has no canonical form, or what belongs to another tool; it stays as it is."""
    BROKEN = "broken"
    """It can't be read; `deployer validate` says what is wrong."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """A file as it is, and as it would be; ``why`` and ``line`` (from 1) say why it is left or broken."""

    path: str
    form: Form
    before: str = ""
    after: str = ""
    why: str = ""
    line: int = 0


def file_forms(workspace: Workspace, paths: Iterable[str] = ()) -> tuple[FileForm, ...]:
    """Give the canonical form of every YAML file of the project, or of some: files and folders of it.

    Nothing is written. Raises ``UsageError`` for a path below which the project has no YAML.
    """
    known = sorted(set(_files(workspace)))
    wanted = [path.rstrip("/") for path in paths]
    for path in wanted:
        if not any(_is_below(file, path) for file in known):
            raise UsageError(f"`{path}` is no YAML of the project", "name a file that `deployer validate` reads")
    chosen = [known_name for known_name in known if not wanted or any(_is_below(known_name, path) for path in wanted)]
    ours = {(document.file.path, document.index) for document in workspace.sources.documents}
    return tuple(_file_form(workspace, path, ours) for path in chosen)


def write_forms(workspace: Workspace, forms: Iterable[FileForm]) -> None:
    """Write those files that change, each in the encoding that it has."""
    for form in forms:
        if form.form is Form.REWRITTEN:
            save(workspace.sources.files, form.path, form.after)


def tidy(text: str) -> str:
    """Give YAML that a program made in the canonical form; what isn't sound stays, for the check that follows."""
    try:
        return text_form(SourceFile("", text))
    except CantWriteError:
        return text


def text_form(file: SourceFile) -> str:
    """Give a file's text in the canonical form. Raises ``CantWriteError``, also where the file isn't sound."""
    return canonical_text(file, description)


def _files(workspace: Workspace) -> Iterator[str]:
    sources = workspace.sources
    if sources.settings is not None:
        yield sources.settings.file.path
    yield from (document.file.path for document in sources.documents)
    yield from (problem.position.path for problem in sources.problems if problem.rule.startswith("yaml/"))


def _is_below(path: str, folder: str) -> bool:
    return folder in ("", ".", path) or path.startswith(f"{folder}/")


def _file_form(workspace: Workspace, path: str, ours: set[tuple[str, int]]) -> FileForm:
    try:
        file = SourceFile(path, workspace.sources.files.text(path))
    except FileProblem as problem:
        return FileForm(path, Form.BROKEN, why=problem.message, line=problem.line)
    documents, problems = compose(file)
    if problems:
        return FileForm(path, Form.BROKEN, why=problems[0].message, line=problems[0].position.line)
    settings = workspace.sources.settings
    foreign = [document for document in documents if (path, document.index) not in ours]
    if foreign and (settings is None or settings.file.path != path):
        why = "it holds a document of another tool"
        return FileForm(path, Form.LEFT, why=why, line=foreign[0].locate(()).line)
    try:
        after = text_form(file)
    except CantWriteError as error:
        return FileForm(path, Form.LEFT, why=error.reason, line=error.line)
    return FileForm(path, Form.CANONICAL if after == file.text else Form.REWRITTEN, file.text, after)


def description(document: Document) -> Described:
    """What describes a document: its kind's schema, that of the settings where it has no kind."""
    from deployer.kinds import KINDS  # noqa: PLC0415 - with the kinds, which a project needs anyway

    kind = document.value.get("kind")
    if kind is None:
        return described(schema("deployer"), resource=False)
    known = KINDS.get(kind) if isinstance(kind, str) else None
    return described(schema(known.snake) if known else None, resource=True)

"""A project as it will be when some files are written, so that they are checked before any is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.source import SourceFile, Sources, compose, parse_settings
from deployer.source.belonging import Belonging
from deployer.workspace.loading import kinds_by_name
from deployer.workspace.workspace import EMPTY, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import Document, Problem

_YAML = (".yaml", ".yml")


def with_files(workspace: Workspace, files: Mapping[str, str | bytes]) -> Workspace:
    """The workspace with these files by their paths in the project, new ones or others in their place.

    Nothing is written. That the project declares nothing is no problem of it. Raises ``FileProblem`` for a path that
    leads out of the project.
    """
    sources = workspace.sources
    settings = sources.settings
    fresh: list[Document] = []
    wrong: list[Problem] = []
    belonging = Belonging(kinds_by_name())
    for path, content in files.items():
        if not path.endswith(_YAML):
            continue
        composed, problems = compose(SourceFile(path, content if isinstance(content, str) else content.decode()))
        wrong += problems
        if settings is not None and path == settings.file.path:
            settings = composed[0] if composed else settings
        else:
            fresh += belonging.split(composed)[0]
    contents = {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}
    changed = Sources(
        sources.root,
        settings,
        _in_order([*(document for document in sources.documents if document.file.path not in files), *fresh]),
        (
            *(problem for problem in sources.problems if problem.rule != EMPTY and problem.position.path not in files),
            *wrong,
        ),
        sources.files.with_written(contents),
    )
    parsed, unsound = parse_settings(changed)
    return Workspace(changed, parsed, (*changed.problems, *unsound), workspace.today)


def _in_order(documents: list[Document]) -> tuple[Document, ...]:
    return tuple(sorted(documents, key=lambda document: (document.file.path, document.index)))

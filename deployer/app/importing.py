"""``import``: what Attentive lists and no one declared becomes YAML, with the entries that adopt it."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from deployer.app.connection import connect_to
from deployer.dataclass import dataclass
from deployer.engine.importing import Importer, Listed
from deployer.errors import UnwritableError, UsageError
from deployer.source import Problems, ProblemsError, Sources, parse_settings
from deployer.source.editing import save
from deployer.source.editing.documents import document, extended
from deployer.source.editing.settings import add_to_environment
from deployer.workspace.formatting import tidy
from deployer.workspace.trial import with_files
from deployer.workspace.workspace import EMPTY, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.engine.importing import Declaration
    from deployer.source import Document, Problem

FILL_IN = "to-be-filled-in"
"""Stands for a company id that deployer.yaml doesn't say yet, until the key tells it."""

BEGUN = frozenset({EMPTY, "settings/adopt-undeclared"})
"""What an import mends: it may have been interrupted after the adopt entries were written."""


@dataclass(frozen=True, slots=True)
class Import:
    """What an import writes: the new text of each file by its path in the project, and what was found.

    ``company_id`` is the one that was filled in, empty where the settings had it.
    """

    environment: str
    listed: Listed
    files: Mapping[str, str]
    company_id: str = ""

    @property
    def failed(self) -> bool:
        """Whether something that should have been read couldn't be."""
        return bool(self.listed.unread)


def plan_import(
    workspace: Workspace,
    environment: str | None,
    folder: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    transport: Any = None,
) -> Import:
    """Read what Attentive lists and say which files would be written; nothing is written, no request but GET is sent.

    ``folder`` is where the YAML goes (default: the project's folder), one file a kind. The project may be empty, and
    its environment may lack ``company_id``. Raises ``ProblemsError``, ``UsageError``, ``GuardError``,
    ``AttentiveError``, ``StateError``.
    """
    begun, filled = _begun(workspace, environment)
    name = begun.environment(environment).name
    place = _place(begun, folder)
    project = begun.linked(name).project
    _refuse_problems(begun.check(name))
    if filled:
        project = replace(project, environment=replace(project.environment, company_id=""))
    with connect_to(begun, project, environ=environ, transport=transport) as connection:
        listed = Importer(
            project, connection.state(), connection.session, connection.environ, _declared(workspace.sources)
        ).find()
    company = next((me.company_id for me in listed.identities.values()), "") if filled else ""
    return _checked(workspace, name, place, listed, company)


def write_import(workspace: Workspace, planned: Import) -> None:
    """Write the files of an import, each whole or not at all; raises ``UnwritableError`` where one can't be written."""
    for path, text in planned.files.items():
        try:
            save(workspace.sources.files, path, text)
        except OSError as error:
            message = f"{path} can't be written: {error.strerror}"
            raise UnwritableError(message, "make room or give the permission, then import again") from error


def _begun(workspace: Workspace, environment: str | None) -> tuple[Workspace, bool]:
    """The workspace with a company id for the time being, where its environment has none yet."""
    settings = workspace.sources.settings
    if workspace.settings is not None or settings is None:
        return workspace, False
    value: Any = copy.deepcopy(settings.value)
    environments = value.get("environments")
    body = environments.get(environment) if isinstance(environments, dict) else None
    if not isinstance(body, dict) or body.get("company_id"):
        return workspace, False
    body["company_id"] = FILL_IN
    return _loaded(workspace.sources, replace(settings, value=value), workspace.sources.documents), True


def _loaded(sources: Sources, settings: Document | None, documents: tuple[Document, ...]) -> Workspace:
    """A workspace of these documents, as if they had been read."""
    problems = tuple(problem for problem in sources.problems if problem.rule != EMPTY)
    loaded = Sources(sources.root, settings, documents, problems, sources.files)
    parsed, wrong = parse_settings(loaded)
    return Workspace(loaded, parsed, (*problems, *wrong))


def _refuse_problems(problems: Iterable[Problem]) -> None:
    errors = tuple(error for error in Problems(problems).errors if error.rule not in BEGUN)
    if errors:
        raise ProblemsError(errors)


def _declared(sources: Sources) -> frozenset[str]:
    """Every address as it is written, in whatever environment."""
    from deployer.kinds import KINDS  # noqa: PLC0415 - with the kinds, which are loaded by now

    kinds = {kind.name: kind.snake for kind in KINDS.values()}
    return frozenset(
        f"{kinds[str(document.value.get('kind'))]}.{document.value.get('id')}"
        for document in sources.documents
        if str(document.value.get("kind")) in kinds
    )


def _place(workspace: Workspace, folder: Path | None) -> str:
    """The folder within the project, with ``/``; raises ``UsageError`` where its files wouldn't be read."""
    root = workspace.root.resolve()
    target = root if folder is None else folder.resolve()
    if not target.is_relative_to(root):
        hint = f"name a folder below {workspace.root}: only what is in the project is deployed"
        raise UsageError(f"{folder} is outside the project", hint)
    place = target.relative_to(root).as_posix()
    hidden = [part for part in PurePosixPath(place).parts if part.startswith(".")]
    if hidden and place != ".":
        raise UsageError(f"{folder} is a hidden folder, whose files aren't read", "name another folder")
    return "" if place == "." else place


def _checked(workspace: Workspace, name: str, place: str, listed: Listed, company: str) -> Import:
    """The import whose files are read again and found right; what wouldn't be is left out, with the reason."""
    while True:
        planned = Import(name, listed, _files(workspace, name, place, listed, company), company)
        errors = _errors(workspace, planned)
        ours = {declaration.address for declaration in listed.declarations}
        reasons = {error.address: error.message for error in errors if error.address in ours}
        if not errors:
            return planned
        if not reasons:
            raise ProblemsError(errors)
        listed = listed.without(reasons)


def _errors(workspace: Workspace, planned: Import) -> tuple[Problem, ...]:
    """What would be in error if the files were written."""
    return with_files(workspace, planned.files).check().errors


def _files(workspace: Workspace, name: str, place: str, listed: Listed, company: str) -> dict[str, str]:
    """The new text of each file that changes.

    The settings come first: where an import is broken off, the next one finds what was adopted and not declared.
    """
    by_kind: dict[str, list[Declaration]] = {}
    for declaration in listed.declarations:
        by_kind.setdefault(declaration.kind, []).append(declaration)
    settings = workspace.sources.settings
    assert settings is not None
    adopt = {declaration.address: declaration.id for declaration in listed.declarations if not declaration.adopted}
    text = add_to_environment(settings.file.text, name, adopt, company)
    files = {settings.file.path: text} if text != settings.file.text else {}
    for kind, declarations in sorted(by_kind.items()):
        path = f"{place}/{kind}s.yaml" if place else f"{kind}s.yaml"
        texts = [tidy(document(declaration.body, declaration.remark)) for declaration in declarations]
        files[path] = extended(workspace.sources, path, texts)
    return files

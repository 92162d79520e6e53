"""``new``: one more resource that validates, in the file where its like are."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from deployer.authoring.bodies import DRAFTS, FOLDERS, Scene
from deployer.contracts.infer import Concluded
from deployer.contracts.infer.event_yaml import with_properties
from deployer.contracts.infer.project import identifier
from deployer.dataclass import dataclass
from deployer.errors import UnwritableError, UsageError
from deployer.source import Problems, ProblemsError, Severity
from deployer.source.editing import save
from deployer.source.editing.documents import document, extended
from deployer.source.editing.mappings import CantAddError
from deployer.workspace.formatting import tidy
from deployer.workspace.trial import with_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.authoring.bodies import Draft
    from deployer.kinds.kind import Kind
    from deployer.source import Problem, Sources
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NewResource:
    """What someone wants declared: its kind, its id or its name in words, and the event that it is about."""

    kind: Kind
    name: str
    event: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource to write: its document, the file that it goes to, and the new content of every file by its path.

    ``problems`` are what `validate` will say of it, none of them an error.
    """

    address: str
    path: str
    text: str
    files: Mapping[str, str | bytes]
    problems: tuple[Problem, ...] = ()


def declare(workspace: Workspace, environment: str | None, request: NewResource) -> Declared:
    """Write one resource that validates; nothing is written to a file yet.

    The first draft without a problem is taken, else the first without an error. Raises ``UsageError`` where something
    that it needs isn't declared or the id is taken, ``ProblemsError`` where the project is in error, or would be.
    """
    project = workspace.project(environment, may_be_empty=True)
    name = identifier(request.name)
    if not name:
        hint = "pass an id in snake_case, such as order_shipped; its name can be any, and is changed in the YAML"
        raise UsageError(f"no id can be made of `{request.name}`", hint)
    _refuse_taken(workspace.sources, request.kind, name)
    scene = Scene(project, name, request.name if request.name != name else "", request.event, request.app)
    known = {problem.sort_key for problem in workspace.check()}
    best: Declared | None = None
    wrong: tuple[Problem, ...] = ()
    for draft in DRAFTS[request.kind.name](scene):
        declared, problems = _tried(workspace, request, scene, draft)
        new = tuple(problem for problem in problems if problem.sort_key not in known)
        if not any(problem.severity is not Severity.INFO for problem in new):
            return declared
        errors = Problems(new).errors
        wrong = wrong or errors
        if best is None and not errors:
            best = Declared(declared.address, declared.path, declared.text, declared.files, new)
    if best is None:
        raise ProblemsError(wrong)
    return best


def write_declared(workspace: Workspace, declared: Declared) -> None:
    """Write the files of a new resource, each whole or not at all; raises ``UnwritableError``."""
    for path, content in declared.files.items():
        try:
            save(workspace.sources.files, path, content)
        except OSError as error:
            raise UnwritableError(
                f"{path} can't be written: {error.strerror}", "write it again when that is mended"
            ) from error


def _tried(
    workspace: Workspace, request: NewResource, scene: Scene, draft: Draft
) -> tuple[Declared, tuple[Problem, ...]]:
    """A draft in its place, and everything that is wrong with the project then."""
    sources = workspace.sources
    text = tidy(document(draft.body, draft.remark, draft.opened))
    path = place(sources, request.kind, scene.id)
    beside = {name: content for name, content in draft.files.items() if name not in sources.files.paths()}
    files: dict[str, str | bytes] = {**beside, path: extended(sources, path, [text])}
    if request.kind.name == "Property" and scene.event:
        files |= _used(with_files(workspace, files), scene)
    return Declared(f"{request.kind.snake}.{scene.id}", path, text, files), with_files(workspace, files).check()


def place(sources: Sources, kind: Kind, name: str) -> str:
    """The file where a resource of a kind goes.

    Where most of its like have a file to themselves, that is a file beside them, else the file which holds most of
    them; where there are none, a file in the kind's usual folder.
    """
    alike = Counter(each.file.path for each in sources.documents if each.value.get("kind") == kind.name)
    if not alike:
        return _free(sources, f"{FOLDERS[kind.name]}/{name}.yaml")
    everything = Counter(each.file.path for each in sources.documents)
    alone = [path for path in alike if everything[path] == 1]
    if 2 * len(alone) < alike.total():
        return max(alike, key=lambda path: (alike[path], path))
    folders = Counter(PurePosixPath(path).parent for path in alone)
    return _free(sources, (max(folders, key=lambda path: (folders[path], path)) / f"{name}.yaml").as_posix())


def _free(sources: Sources, path: str) -> str:
    """A path at which there is no file yet."""
    taken, number, free = {path.lower() for path in sources.files.paths()}, 2, path
    while free.lower() in taken:
        free, number = f"{path.removesuffix('.yaml')}_{number}.yaml", number + 1
    return free


def _refuse_taken(sources: Sources, kind: Kind, name: str) -> None:
    """Refuse an id that is declared already, in whatever environment."""
    for existing in sources.documents:
        if existing.value.get("kind") == kind.name and existing.value.get("id") == name:
            where = existing.locate(("id",))
            raise UsageError(f"`{kind.snake}.{name}` is declared already", f"see {where.path}:{where.line}")


def _used(workspace: Workspace, scene: Scene) -> dict[str, str]:
    """The file of the event with the new property in it, and in its samples."""
    event = workspace.linked().project.resources[scene.chosen_event().address]
    used = Concluded(scene.id, {"use": scene.id}, scene.name, "")
    try:
        return {event.document.file.path: with_properties(event.document, [used])}
    except CantAddError as error:
        hint = f"write `{scene.id}: {{use: {scene.id}}}` under its `properties` by hand, and leave --event out"
        raise UsageError(f"`{event.address}` can't be added to: {error}", hint) from error

"""``init``: a project's first files, made and checked in a folder of their own before any of them is written."""

from __future__ import annotations

import re
import tempfile
from dataclasses import field, replace
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.atomic import create_file, write_file
from deployer.authoring.declaring import NewResource, declare, write_declared
from deployer.authoring.templates import Pipeline, Template, project_files, tool_files
from deployer.contracts.infer.inference import Wish, write_inference
from deployer.contracts.infer.project import infer_events
from deployer.dataclass import dataclass
from deployer.errors import UnwritableError, UsageError
from deployer.forge.refs import RefError, top_of
from deployer.kinds import BY_SNAKE
from deployer.latin import latin
from deployer.messages import count
from deployer.source import Position, Problems, ProblemsError, project_folder, schema, some
from deployer.source.editing.documents import SCHEMA_LINE
from deployer.source.root import SETTINGS_NAMES
from deployer.workspace.loading import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.contracts import Input
    from deployer.contracts.infer.inference import Inference
    from deployer.source import Pointer, Problem

TIME_ZONE = "America/New_York"
"""The time zone of a project that doesn't name one."""
_CAPTURED = "events/captured.yaml"
_LONGEST = 120
"""Characters of the longest text that a template's samples make, with room to spare."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new project is to be: where, its name, what it begins with, and the forge that checks each change.

    ``captured`` are files of payloads that its events are inferred from (of ``Template.CAPTURED`` only), ``at`` is the
    place of the payload in each captured value.
    """

    folder: Path
    project: str
    brand: str
    template: Template = Template.MINIMAL
    pipeline: Pipeline = Pipeline.NONE
    time_zone: str = TIME_ZONE
    captured: Sequence[Input] = ()
    at: Pointer = ()

    @property
    def values(self) -> Mapping[str, str | int]:
        """What the templates' files leave open; a wide or long brand takes more segments."""
        segments = count("x" * _LONGEST, brand=self.brand).segments
        return {"PROJECT": self.project, "BRAND": self.brand, "TIME_ZONE": self.time_zone, "SEGMENTS": segments}


@dataclass(frozen=True, slots=True)
class Beginning:
    """A project that was begun: the files that were written, and those that were there and stay as they are.

    ``problems`` is what `validate` says of it; ``inferred`` what was found in captured payloads, if there were any.
    """

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    inferred: Inference | None = None
    include: str = ""
    """The pipeline of GitLab that the one at the repository's top has to include, by its path in the repository."""

    @property
    def failed(self) -> bool:
        """Whether a person has to look before going on."""
        wrong = not Problems(self.problems).ok
        return wrong or (self.inferred is not None and self.inferred.failed)


def begin(answers: Answers) -> Beginning:
    """Write the first files of a project into a folder that has none, and check them; no file is ever replaced.

    Everything is made and checked in another folder first. Raises ``UsageError`` where a project is there already, a
    file is in the way or one can't be written, ``ProblemsError`` where what would be written isn't sound.
    """
    refuse_project(answers.folder)
    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        inferred = _staged(answers, Path(name))
        contents = {path.relative_to(name).as_posix(): path.read_bytes() for path in _files(Path(name))}
    below = _below(answers.folder)
    tools = tool_files(answers.pipeline, answers.project, below)
    kept = tuple(path for path in tools if Path(normpath(answers.folder / path)).exists())  # the folder may be missing
    files = contents | {path: content for path, content in tools.items() if path not in kept}
    _write(answers.folder, files, contents)
    include = f"{below}/.gitlab-ci.yml" if below and answers.pipeline is Pipeline.GITLAB else ""
    return Beginning(answers.folder, tuple(files), kept, load(answers.folder).check(), inferred, include)


def _below(folder: Path) -> str:
    """The path of a folder, which may be missing, in its repository; empty for the top, and outside of a repository."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    try:
        top = top_of(there)
    except RefError:
        return ""
    return folder.resolve().relative_to(top).as_posix().removeprefix(".") if top else ""


def refuse_project(folder: Path) -> None:
    """Refuse a path that is no folder, or a folder inside a project."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "name a folder, which may be missing")
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    project = project_folder(there)
    for name in SETTINGS_NAMES:
        if (project / name).exists():
            hint = "`deployer new` adds to a project; name another folder to begin one"
            raise UsageError(f"there is a project already: {project / name}", hint)


def project_name(folder: Path) -> str:
    """A name for the project in a folder: the folder's own, in letters that a project's name may have."""
    words = re.findall(r"[a-z0-9]+", latin(folder.resolve().name).lower())
    name = "-".join(words)
    return name if is_project_name(name) else f"project-{name}".rstrip("-")


def is_project_name(name: str) -> bool:
    """Whether a project may be called so."""
    return re.search(schema("deployer")["properties"]["project"]["pattern"], name) is not None


def brand_name(project: str) -> str:
    """A brand's name to begin with: the project's, in words."""
    return " ".join(word.capitalize() for word in re.split("[-_]", project))


def _staged(answers: Answers, folder: Path) -> Inference | None:
    """Make the project in a folder of its own; raises ``ProblemsError`` where it isn't sound."""
    for path, content in project_files(answers.template, answers.values).items():
        write_file(folder / path, content)
    inferred = _inferred(answers, folder) if answers.captured else None
    errors = load(folder).check().errors
    if errors:
        raise ProblemsError(_of_payloads(errors, inferred, answers) if inferred else errors)
    return inferred


def _inferred(answers: Answers, folder: Path) -> Inference:
    """Declare what captured payloads show: their event types, and for each a text, its journey and a test."""
    workspace = load(folder)
    inference = infer_events(workspace, None, answers.captured, Wish(at=answers.at))
    if inference.problems:
        raise ProblemsError(_of_payloads(inference.problems, inference, answers))
    write_inference(workspace, inference, folder / _CAPTURED)
    text = (folder / _CAPTURED).read_text(encoding="utf-8")
    write_file(folder / _CAPTURED, f"{SCHEMA_LINE}../.schemas/resource.schema.json\n{text}")
    for event in (inferred_event.address.partition(".")[2] for inferred_event in inference.events):
        for kind, name in (("message", f"{event}_text"), ("journey", event), ("journey_test", f"{event}_sent")):
            workspace = load(folder)
            write_declared(workspace, declare(workspace, None, NewResource(BY_SNAKE[kind], name, event)))
    return inference


def _of_payloads(problems: Sequence[Problem], inference: Inference, answers: Answers) -> tuple[Problem, ...]:
    """Problems of files that aren't written, which are the payloads' own: at their files, with the name of the type."""
    names = {event.address: f"“{event.name}”: " for event in inference.events}
    place = Position(some([file.name for file in answers.captured]))
    return tuple(
        replace(problem, message=names.get(problem.address, "") + problem.message, position=place)
        for problem in problems
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write(folder: Path, files: Mapping[str, bytes], project: Mapping[str, bytes]) -> None:
    """Write every file or none."""
    there = [path for path in project if (folder / path).exists() or (folder / path).is_symlink()]
    if there:
        raise UsageError(f"{', '.join(there)}: there already", "name another folder; no file is replaced")
    done: list[Path] = []
    try:
        for path, content in files.items():
            create_file(folder / path, content)
            done.append(folder / path)
    except OSError as error:
        for written in done:
            written.unlink()
        where, hint = error.filename or folder, "no file was left behind; mend that, or name another folder"
        if isinstance(error, FileExistsError):
            raise UsageError(f"{where} is there already", hint) from error
        raise UnwritableError(f"{where} can't be written: {error.strerror}", hint) from error

"""Reading a project folder: its settings only or all of it, with or without what earlier runs kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.messages.virtual import looks_at_the_clock
from deployer.project import KnownWords
from deployer.source import compose, parse_settings, read, read_settings, schema
from deployer.source.consulted import ConsultedFiles
from deployer.source.known_yaml import KnownYaml
from deployer.source.loading import MAX_YAML
from deployer.source.root import SETTINGS_NAMES
from deployer.workspace.facts import Facts
from deployer.workspace.keeping import Keeping
from deployer.workspace.pieces import Pieces
from deployer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from datetime import date

    from deployer.source import ProjectFiles
    from deployer.source.loading import Ahead, Compose


def kinds_by_name() -> dict[str, frozenset[str]]:
    """Every kind, with the keys that its resources must have."""
    from deployer.kinds import KINDS  # noqa: PLC0415 - with the kinds, which a project needs anyway

    return {name: frozenset(schema(kind.snake)["required"]) - {"kind"} for name, kind in KINDS.items()}


def load_settings(path: str | Path = ".", files: ProjectFiles | None = None) -> Workspace:
    """Read a project's settings only: enough to know its environments and where their records are.

    Where they can't be used, the whole project is read, so that everything that is wrong is at hand.
    """
    sources = read_settings(Path(path), files)
    settings, problems = parse_settings(sources)
    return Workspace(sources, settings, (*sources.problems, *problems)) if settings else load(path)


def load(path: str | Path = ".", *, today: date | None = None, files: ProjectFiles | None = None) -> Workspace:
    """Read a project folder. Nothing is raised for what is wrong inside it: ``problems`` and ``check`` tell.

    ``today`` is the day by which suppressions end; without it the day that it is in the project's time zone. ``files``
    are the folder's, where they are at hand.
    """
    return _load(path, today, files, compose)


def _load(
    path: str | Path, today: date | None, files: ProjectFiles | None, compose: Compose, ahead: Ahead | None = None
) -> Workspace:
    sources = read(Path(path), kinds=kinds_by_name(), files=files, compose=compose, ahead=ahead)
    settings, problems = parse_settings(sources)
    return Workspace(sources, settings, (*sources.problems, *problems), today)


def load_settings_keeping(path: str | Path, folder: Path | None) -> Workspace:
    """As ``load_settings``; where a folder of answers is given, what was read of the settings is kept in mind."""
    if folder is None:
        return load_settings(path)
    looks, files = looks_at_the_clock(), ConsultedFiles(Path(path))
    settled = load_settings(path, files)
    if settled.sources.files is not files:
        return settled
    for name in SETTINGS_NAMES:
        settled.elsewhere.saw_file(settled.root / name)
    return replace(settled, keeping=Keeping(folder, files, looks))


def load_keeping(
    path: str | Path,
    folder: Path | None,
    read: ConsultedFiles | None = None,
    unanswered: frozenset[str] = frozenset(),
) -> Workspace:
    """As ``load``, for a process that does nothing else: others may help it to read and check a large project.

    Where a folder of answers is given, what was checked before isn't checked again. ``read`` are the project's files
    as far as they were read already; ``unanswered`` are the environments of which no answer was found (``Keeping``).
    """
    if folder is None:
        fresh = KnownYaml(keeps=False)
        return replace(_load(path, None, None, fresh.compose, fresh.read_ahead), side_by_side=True)
    looks = looks_at_the_clock()
    files = read.unasked() if read else ConsultedFiles(Path(path))
    facts = Facts(folder, files.root)
    learned = facts.find()
    yaml = KnownYaml(learned.yaml, digest=lambda file: files.sum_of(file.path, MAX_YAML).hex())
    words, pieces = KnownWords(facts.find_words), Pieces(folder, files.root)
    keeping = Keeping(folder, files, looks, learned, yaml, words, pieces, unanswered)
    keeping.answers(None).prepare()
    loaded = _load(path, None, files, yaml.compose, yaml.read_ahead)
    return replace(loaded, keeping=keeping, side_by_side=True)

"""A project that an earlier run checked, of which only what is looked at is read: one message among thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.project import Words
from deployer.project.reading import seek_sound
from deployer.project.references import UNREAD
from deployer.source import Problems, parse_settings, read_settings
from deployer.source.consulted import ConsultedFiles
from deployer.workspace.answers import Answers
from deployer.workspace.around_errors import AroundErrors, project_around_errors
from deployer.workspace.loading import load_keeping
from deployer.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.project import Project
    from deployer.source import Settings
    from deployer.workspace.answers import Answer


def project_of(address: str, root: Path, environment: str | None, folder: Path | None) -> AroundErrors:
    """The checked project of an environment for who looks at one address and what that needs.

    ``folder`` is where checks are kept; where it is ``None``, or the project isn't known, or doesn't declare the
    address, the whole project is read. Raises what ``project_around_errors`` raises.
    """
    sought = _sought(root, environment, folder) if folder else None
    if sought is not None and address in sought.resources:
        return AroundErrors(sought)
    return project_around_errors(load_keeping(root, folder), environment, lambda _: (address,))


def _sought(root: Path, name: str | None, folder: Path) -> Project | None:
    files = ConsultedFiles(root)
    sources = read_settings(root, files)
    settings, problems = parse_settings(sources)
    if settings is None:
        return None
    environment = Workspace(sources, settings, (*sources.problems, *problems)).environment(name)
    known = Answers(folder, root, environment.name).find(files)
    if known is None or not _all_is_read(known, settings):
        return None
    return seek_sound(sources, settings, environment, Words(files, settings.brand))


def _all_is_read(known: Answer, settings: Settings) -> bool:
    """Whether there is no error, and no file of which something is left unread, as far as rules tell."""
    suppressed = (each.problem for each in known.checked.suppressed)
    ids = (*settings.rules, *(problem.rule for problem in (*known.checked.problems, *suppressed)))
    return not Problems(known.checked.problems).errors and not any(rule.startswith(UNREAD) for rule in ids)

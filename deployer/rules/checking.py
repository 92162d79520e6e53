"""Running every rule over one project, with the severities that the project set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.rules.levels import Levels
from deployer.rules.registry import CATALOGUE, RULES
from deployer.rules.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.project import Project
    from deployer.source import Document, Problem


def check(
    project: Project, settings_document: Document | None = None, *, documents: Iterable[Document] = ()
) -> tuple[Problem, ...]:
    """Everything that the rules find in a project as it is in one environment, in the order of files and lines.

    ``settings_document`` is that of ``deployer.yaml``: without it, findings about settings name the file alone.
    ``documents`` are all resources as they are written (``Sources.documents``), so that an address that exists in
    another environment only isn't taken for undeclared. The settings' ``rules`` change severities or turn rules off.
    """
    subject = Subject(project, settings_document, tuple(documents), frozenset(RULES), frozenset(CATALOGUE))
    levels = Levels(project.settings.rules)
    found: dict[tuple[object, ...], Problem] = {}
    for rule in RULES.values():
        for problem in levels.weigh(rule.problems(subject)) if levels.runs(rule) else ():
            found.setdefault(problem.sort_key, problem)  # a macro file's mistake shows in each message that uses it
    return tuple(sorted(found.values(), key=lambda problem: problem.sort_key))

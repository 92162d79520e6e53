"""Running every rule over one project, with the severities that the project set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.rules.levels import Levels
from deployer.rules.registry import CATALOGUE, RULES
from deployer.rules.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.project import Project
    from deployer.rules.sound import Sound
    from deployer.source import Document, Problem


def check(
    project: Project,
    settings_document: Document | None = None,
    *,
    documents: Iterable[Document] = (),
    sound: Sound | None = None,
    only_here: bool = False,
) -> tuple[Problem, ...]:
    """Everything that the rules find in a project as it is in one environment, in the order of files and lines.

    ``settings_document`` is that of ``deployer.yaml``: without it, findings about settings name the file alone.
    ``documents`` are all resources as they are written (``Sources.documents``), so that an address that exists in
    another environment only isn't taken for undeclared. The settings' ``rules`` change severities or turn rules off.
    What ``sound`` knows isn't looked at again, and what is sound is noted there. ``only_here``: only rules that
    look at the environment itself run; the others were run for an environment with the same ``resources``.
    """
    subject = subject_of(project, settings_document, documents, sound)
    levels = Levels(project.settings.rules)
    problems: dict[tuple[object, ...], Problem] = {}
    faulty: set[str] = set()
    for rule in RULES.values():
        if only_here and not rule.by_environment:
            continue
        met = tuple(rule.problems(subject)) if levels.runs(rule) else ()
        faulty.update(problem.address for problem in met)
        for problem in levels.weigh(met):
            problems.setdefault(problem.sort_key, problem)  # a macro file's mistake shows in each message that uses it
    if sound is not None and not only_here:
        sound.seen.update(subject.sound_now(faulty))
    return tuple(sorted(problems.values(), key=lambda problem: problem.sort_key))


def subject_of(
    project: Project, settings_document: Document | None, documents: Iterable[Document], sound: Sound | None
) -> Subject:
    """What every rule looks at, of the arguments of ``check``."""
    return Subject(project, settings_document, tuple(documents), frozenset(RULES), frozenset(CATALOGUE), sound)

"""Running every rule over one project, with the severities that the project set."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.rules.registry import RULES
from deployer.rules.subject import Subject
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.project import Project
    from deployer.rules.rule import Rule
    from deployer.source import Document, Problem

OFF = "off"


def check(
    project: Project, settings_document: Document | None = None, *, documents: Iterable[Document] = ()
) -> tuple[Problem, ...]:
    """Everything that the rules find in a project as it is in one environment, in the order of files and lines.

    ``settings_document`` is that of ``deployer.yaml``: without it, findings about settings name the file alone.
    ``documents`` are all resources as they are written (``Sources.documents``), so that an address that exists in
    another environment only isn't taken for undeclared. The settings' ``rules`` change severities or turn rules off.
    """
    subject = Subject(project, settings_document, tuple(documents), frozenset(RULES))
    found: dict[tuple[object, ...], Problem] = {}
    for rule in _chosen(project.settings.rules):
        for problem in rule.problems(subject):
            found.setdefault(problem.sort_key, problem)  # a macro file's mistake shows in each message that uses it
    return tuple(sorted(found.values(), key=lambda problem: problem.sort_key))


def _chosen(overrides: Mapping[str, str]) -> Iterator[Rule]:
    """The rules that are on, with the severities that the project gives them."""
    for identifier, rule in RULES.items():
        level = overrides.get(identifier, rule.severity)
        if level != OFF:
            yield rule if level == rule.severity else replace(rule, severity=Severity(level))

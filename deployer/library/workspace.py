"""A project folder as it was loaded: its settings, its documents, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.project import Linked, Project, Words, link
from deployer.source import (
    AppBinding,
    Environment,
    Problem,
    ProblemsError,
    Settings,
    Severity,
    Sources,
    TestContact,
    parse_settings,
    read,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

SANDBOX_CONTACT = TestContact(phone="+12065550100", email="tester@sandbox.example")
"""The person whom a sandbox brings along: a number and a domain that belong to nobody."""


class UsageError(Exception):
    """The command can't be understood as it was given; ``hint`` says how to give it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass
class Workspace:
    """A loaded project. ``problems`` are those of loading; ``check`` adds those of every environment and every rule."""

    sources: Sources
    settings: Settings | None
    problems: tuple[Problem, ...]
    _linked: dict[str, Linked] = field(default_factory=dict, repr=False)
    _words: Words | None = field(default=None, repr=False)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.sources.root

    @property
    def files(self) -> int:
        """How many YAML files were read."""
        documents = self.sources.documents + ((self.sources.settings,) if self.sources.settings else ())
        return len({document.file.path for document in documents})

    def environment(self, name: str | None = None) -> Environment:
        """An environment by name, or the default: the sandbox, never an Attentive account.

        Raises ``UsageError`` for an unknown name or where there is no default, ``ProblemsError`` where
        ``deployer.yaml`` couldn't be read.
        """
        if self.settings is None:
            raise ProblemsError(self.problems)
        chosen = name or self.settings.default_environment
        known = ", ".join(self.settings.environments)
        if chosen is None:
            raise UsageError(
                "no environment was named, and an Attentive account is never the default", f"say --env: {known}"
            )
        if chosen not in self.settings.environments:
            near = suggest(chosen, self.settings.environments)
            hint = f"did you mean `{near}`?" if near else f"the environments are: {known}"
            raise UsageError(f"there is no environment `{chosen}`", hint)
        return _complete(self.settings.environments[chosen], self.settings)

    def linked(self, name: str | None = None) -> Linked:
        """The project as it is in one environment, with the problems met while it was linked."""
        environment = self.environment(name)
        assert self.settings is not None
        if environment.name not in self._linked:
            self._linked[environment.name] = link(self.sources, self.settings, environment, self._shared())
        return self._linked[environment.name]

    def _shared(self) -> Words:
        assert self.settings is not None
        if self._words is None:
            self._words = Words(self.sources.files, self.settings.brand)
        return self._words

    def check(self, name: str | None = None) -> tuple[Problem, ...]:
        """Every problem, in the order of files and lines: of one environment, or of all of them."""
        if self.settings is None:
            return self.problems
        from deployer.rules import check  # noqa: PLC0415 - rules are needed here only

        found: dict[tuple[object, ...], Problem] = {problem.sort_key: problem for problem in self.problems}
        names = [name] if name else list(self.settings.environments)
        for each in names:
            linked = self.linked(each)
            checked = check(linked.project, self.sources.settings, documents=self.sources.documents)
            for problem in (*linked.problems, *checked):
                found.setdefault(problem.sort_key, problem)
        return tuple(sorted(found.values(), key=lambda problem: problem.sort_key))

    def project(self, name: str | None = None) -> Project:
        """The checked project of one environment; raises ``ProblemsError`` if anything of it is in error."""
        environment = self.environment(name)
        errors = _errors(self.check(environment.name))
        if errors:
            raise ProblemsError(errors)
        return self.linked(environment.name).project


def _errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def _complete(environment: Environment, settings: Settings) -> Environment:
    """A sandbox brings its own apps and test contact; an account has only what is declared."""
    if environment.target != "sandbox":
        return environment
    own = {name: AppBinding(name, app_title(name)) for name, app in settings.apps.items() if not app.vendor}
    contacts = environment.test_contacts or (SANDBOX_CONTACT,)
    return replace(environment, apps={**own, **environment.apps}, test_contacts=contacts)


def app_title(app: str) -> str:
    """The name that a sandbox gives to an app: its id in words."""
    return app.replace("_", " ").title()


def load(path: str | Path = ".") -> Workspace:
    """Read a project folder. Nothing is raised for what is wrong inside it: ``problems`` and ``check`` tell."""
    sources = read(Path(path))
    settings, problems = parse_settings(sources)
    return Workspace(sources, settings, (*sources.problems, *problems))

"""A project folder as it was loaded: its settings, its documents, and what is wrong with them."""

from __future__ import annotations

from dataclasses import field, replace
from threading import RLock
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.project import (
    NOT_HERE,
    Kept,
    Linked,
    Memory,
    Project,
    Words,
    absence_problems,
    link,
    read_sound,
)
from deployer.project.digests import WordDigests
from deployer.source import (
    AppBinding,
    Environment,
    Problem,
    Problems,
    ProblemsError,
    Settings,
    Sources,
    TestContact,
    few_of_a_rule,
    near_or_few,
)
from deployer.source.checked import Checked
from deployer.workspace.answers import Answer
from deployer.workspace.day import today_in
from deployer.workspace.elsewhere import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from deployer.project import Resource
    from deployer.rules.sound import Sound, Work
    from deployer.workspace.keeping import Keeping
    from deployer.workspace.pieces import Pieces

EMPTY = "project/empty"
"""The problem of a project that declares nothing yet."""

SANDBOX_CONTACT = TestContact(phone="+12065550100", email="tester@sandbox.example")
"""The person whom a sandbox brings along: a number and a domain that belong to no one."""


@dataclass
class Workspace:
    """A loaded project. ``problems`` are those of loading; ``check`` adds those of every environment and every rule.

    ``today`` is the day that counts as today; ``None`` for the day that it is in the project's time zone.
    ``keeping``: checks are answered from what an earlier run kept, if the project reads the same. ``side_by_side``: of
    a large project of which nothing is known, every core checks a part. ``elsewhere`` keeps in mind what was looked at
    beside the project's files.
    """

    sources: Sources
    settings: Settings | None
    problems: tuple[Problem, ...]
    today: date | None = None
    keeping: Keeping | None = None
    side_by_side: bool = False
    elsewhere: Elsewhere = field(default_factory=Elsewhere, repr=False)
    _linked: dict[str, Linked] = field(default_factory=dict, repr=False)
    _sound: dict[str, Project] = field(default_factory=dict, repr=False)
    _words: Words | None = field(default=None, repr=False)
    _memory: Memory = field(default_factory=Memory, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.sources.root

    @property
    def day(self) -> date:
        """The day that it is for the project, by which suppressions and ``compat.allow`` end."""
        if self.today is not None:
            return self.today
        zone = self.settings.time_zone if self.settings else "UTC"
        today = today_in(zone)
        self.elsewhere.saw_day(zone, today)
        return today

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
                "no environment was named, and an Attentive account is never the default",
                f"pass --env with one of {known}",
            )
        if chosen not in self.settings.environments:
            hint = near_or_few(chosen, self.settings.environments, "environments")
            raise UsageError(f"there is no environment `{chosen}`", hint)
        return _complete(self.settings.environments[chosen], self.settings)

    def environments(self) -> tuple[str, ...]:
        """The names of every environment; raises ``ProblemsError`` where ``deployer.yaml`` couldn't be read."""
        if self.settings is None:
            raise ProblemsError(self.problems)
        return tuple(self.settings.environments)

    def linked(self, name: str | None = None) -> Linked:
        """The project as it is in one environment, with the problems met while it was linked."""
        environment = self.environment(name)
        assert self.settings is not None
        with self._lock:
            if environment.name not in self._linked:
                self._linked[environment.name] = link(
                    self.sources, self.settings, environment, self._shared(), self._memory
                )
            return self._linked[environment.name]

    def _shared(self) -> Words:
        assert self.settings is not None
        if self._words is None:
            self._words = Words(self.sources.files, self.settings.brand)
        return self._words

    def check(self, name: str | None = None) -> Problems:
        """Every problem, in the order of files and lines: of one environment, or of all of them."""
        return Problems(self.checked(name).problems)

    def checked(self, name: str | None = None) -> Checked:
        """Every problem, and the findings that comments in the YAML suppress: of one environment, or of all of them.

        That a suppression is idle is known only where every environment was checked.
        """
        if self.settings is None:
            return Checked(few_of_a_rule(self.problems))
        today = self.day
        if self.keeping is None:
            return self._with_help(self.settings, name, today, {})[0]
        known = self.keeping.answer(name, today)
        if known is not None:
            return known.checked
        checked = self._learning(self.settings, name, today, self.keeping)
        answer = Answer(self.settings.project, self.files, checked)
        self.keeping.keep(name, answer, self.settings.time_zone, today)
        return checked

    def _learning(self, settings: Settings, name: str | None, today: date, keeping: Keeping) -> Checked:
        """Everything that is wrong, with the help of what earlier checks learned; what this one learns is kept."""
        before = keeping.learned.sound
        checked, seen = self._with_help(settings, name, today, before)
        keeping.learn(seen if name is None else {**before, **seen})
        return checked

    def _with_help(
        self, settings: Settings, name: str | None, today: date, known: Mapping[str, Work]
    ) -> tuple[Checked, Mapping[str, Work]]:
        """Everything that is wrong, where it is known what is sound, and what is sound now."""
        from deployer.rules import Sound, learn  # noqa: PLC0415 - as below

        sound = Sound(known)
        first = name or next(iter(settings.environments), None)
        found = None
        if self.side_by_side and first is not None:
            found = learn(self.linked(first).project, self.sources.settings, self.sources.documents, sound)
        checked = self._found(settings, name, today, sound, found)
        # Which texts were too much depends on all that were composed, and in which order.
        if (sound.known or self.side_by_side) and self._shared().exhausted:
            self._words, self._memory, sound = None, Memory(), Sound()
            self._linked.clear()
            checked = self._found(settings, name, today, sound)
        return checked, sound.seen

    def _found(
        self,
        settings: Settings,
        name: str | None,
        today: date,
        sound: Sound,
        found: tuple[Problem, ...] | None = None,
    ) -> Checked:
        """Everything that is wrong; ``found`` is what the rules find in the first environment, if that is known."""
        from deployer.rules import check, suppress  # noqa: PLC0415 - a known answer needs no rules

        problems: dict[tuple[object, ...], Problem] = {problem.sort_key: problem for problem in self.problems}
        names = [name] if name else list(settings.environments)
        everywhere = [self.linked(each) for each in names]
        looked: list[Mapping[str, Resource]] = []
        for linked in everywhere:
            project, checked, found = linked.project, found, None
            if checked is None:
                only_here = any(project.resources is resources for resources in looked)
                checked = check(
                    project,
                    self.sources.settings,
                    documents=self.sources.documents,
                    sound=sound,
                    only_here=only_here,
                )
            looked.append(project.resources)
            for problem in (*(problem for problem in linked.problems if problem.rule != NOT_HERE), *checked):
                problems.setdefault(problem.sort_key, problem)
        for problem in absence_problems(absence for linked in everywhere for absence in linked.absences):
            problems.setdefault(problem.sort_key, problem)
        complete = set(names) == set(settings.environments)
        documents = (*((self.sources.settings,) if self.sources.settings else ()), *self.sources.documents)
        everything = suppress(problems.values(), documents, settings.rules, today=today, complete=complete)
        return replace(everything, problems=few_of_a_rule(everything.problems))

    def learn(self) -> None:
        """Keep what work on this project found beside its checks, for later runs."""
        if self.keeping is not None:
            self.keeping.learn_words()

    @property
    def pieces(self) -> Pieces | None:
        """The pieces of this project's pages that are kept; ``None`` where none are."""
        return self.keeping.pieces if self.keeping else None

    def followed_by(self, later: Workspace) -> Workspace:
        """A later state of the project, with the work that was done for this one.

        The two must differ in the YAML of declarations only: neither in the settings nor in any other file.
        """
        return replace(later, keeping=None, side_by_side=False, _words=self._words, _memory=self._memory)

    def project(self, name: str | None = None, *, may_be_empty: bool = False) -> Project:
        """The checked project of one environment; raises ``ProblemsError`` if anything of it is in error.

        ``may_be_empty``: a project that declares nothing yet isn't in error.
        """
        environment = self.environment(name)
        with self._lock:  # environments are looked at side by side, and share what was compiled
            errors = self.check(environment.name).errors
        errors = tuple(error for error in errors if not (may_be_empty and error.rule == EMPTY))
        if errors:
            raise ProblemsError(errors)
        return self._project(environment)

    def as_it_is(self, name: str | None = None) -> tuple[Project, Problems]:
        """The project of one environment with whatever is wrong in it, which may keep parts of it from being read."""
        environment = self.environment(name)
        with self._lock:
            problems = self.check(environment.name)
            project = self.linked(environment.name).project if problems.errors else self._project(environment)
        return project, problems

    def _project(self, environment: Environment) -> Project:
        """The project of an environment in which a check found no error; where the answer was known, it is read now."""
        assert self.settings is not None
        with self._lock:
            if environment.name not in self._sound:
                self._sound[environment.name] = self._with_known(self._read(self.settings, environment))
            return self._sound[environment.name]

    def _read(self, settings: Settings, environment: Environment) -> Project:
        if environment.name in self._linked:
            return self._linked[environment.name].project
        return read_sound(self.sources, settings, environment, self._shared(), self._memory)

    def _with_known(self, project: Project) -> Project:
        """The project with what earlier runs found of its messages and events."""
        if self.keeping is None or self.sources.settings is None:
            return project
        settings = self.sources.settings
        return replace(project, kept=Kept(self.keeping.words, lambda project: WordDigests(project, settings)))


def _complete(environment: Environment, settings: Settings) -> Environment:
    """A sandbox brings its own apps and test contact; an account has only what is declared."""
    if not environment.is_sandbox:
        return environment
    own = {name: AppBinding(name, app_title(name)) for name, app in settings.apps.items() if not app.vendor}
    contacts = environment.test_contacts or (SANDBOX_CONTACT,)
    return replace(environment, apps={**own, **environment.apps}, test_contacts=contacts)


def app_title(app: str) -> str:
    """The name that a sandbox gives to an app: its id in words."""
    return app.replace("_", " ").title()

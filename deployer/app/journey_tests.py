"""Running a project's journey tests: which are meant, what became of each, and what of the journeys they reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.errors import UsageError
from deployer.kinds.journey import Journey
from deployer.kinds.journey_test import JourneyTest
from deployer.simulation import Coverage, Trial, coverage, program, run_test, samples
from deployer.source import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deployer.project import Project
    from deployer.simulation import Program


@dataclass(frozen=True, slots=True)
class TestRun:
    """The tests that were run, in the order of files and lines."""

    __test__ = False  # no test case, whatever pytest makes of the name

    project: Project
    program: Program
    trials: tuple[Trial, ...]

    @property
    def failed(self) -> tuple[Trial, ...]:
        """The tests that didn't pass."""
        return tuple(trial for trial in self.trials if trial.failure is not None)

    def coverage(self) -> Coverage:
        """What the tests reach of every journey of the project."""
        entries = (entry for trial in self.trials for entry in trial.timeline.entries)
        return coverage(self.program, self.project.all(Journey), entries)


def run_tests(
    project: Project,
    names: Sequence[str] = (),
    pattern: str = "",
    progress: Callable[[int, int], None] = lambda *_: None,
) -> TestRun:
    """Run a project's tests: all, or those of some ids or paths, whose id a regular expression is found in.

    ``progress`` hears how many of how many were run. Raises ``UsageError`` for a name that isn't there, a pattern that
    isn't one, and where there is no test to run: nothing that was tested is no success.
    """
    chosen = _chosen(project, names, pattern)
    found, data = program(project), samples(project)
    trials = []
    for number, test in enumerate(chosen, 1):
        trials.append(run_test(test, found, data))
        progress(number, len(chosen))
    return TestRun(project, found, tuple(trials))


def _chosen(project: Project, names: Sequence[str], pattern: str) -> list[JourneyTest]:
    tests = sorted(project.all(JourneyTest), key=lambda test: _place(project, test))
    if not tests:
        hint = "write a `kind: JourneyTest`; docs/kinds/journey_test.md shows one"
        raise UsageError("the project declares no journey test", hint)
    named = [test for test in tests if not names or any(_named(project, test, name) for name in names)]
    for name in names:
        if not any(_named(project, test, name) for test in tests):
            raise _unknown(name, tests)
    kept = [test for test in named if _compiled(pattern).search(test.id)]
    if not kept:
        raise UsageError(f"no test has an id that `{pattern}` is found in", "--run takes a regular expression")
    return kept


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"--run {pattern} is no regular expression: {error}", "escape signs with a backslash"
        ) from None


def _place(project: Project, test: JourneyTest) -> tuple[str, int]:
    document = project.resources[test.address].document
    return document.file.path, document.index


def _named(project: Project, test: JourneyTest, name: str) -> bool:
    """Whether a name is a test's id or address, its file, or a folder around that."""
    path = project.resources[test.address].document.file.path
    plain = name.removeprefix("./").rstrip("/")
    return plain in {test.id, test.address, path, "", "."} or path.startswith(f"{plain}/")


def _unknown(name: str, tests: Iterable[JourneyTest]) -> UsageError:
    known = [test.id for test in tests]
    near = suggest(name, known)
    hint = f"did you mean `{near}`?" if near else f"declared: {', '.join(known)}"
    return UsageError(f"there is no journey test `{name}`, and no file or folder of tests", hint)

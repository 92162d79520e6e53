"""Running a project's journey tests: which are meant, what became of each, and what of the journeys they reach."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from deployer.app.simulating import started_by
from deployer.cores import in_chunks
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.journey import Journey
from deployer.kinds.journey_test import JourneyTest
from deployer.simulation import (
    Coverage,
    JourneyTestResult,
    Target,
    coverage,
    program,
    reached,
    run_test,
    samples,
    updated,
)
from deployer.source import SourceFile, compose, near_or_few
from deployer.source.editing import save
from deployer.source.editing.items import ItemsError, NewItem, replace_items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deployer.project import Project
    from deployer.simulation import Program


@dataclass(frozen=True, slots=True)
class TestRun:
    """The tests that were run, in the order of files and lines; those that ``failed``; what all of them ``reached``."""

    __test__ = False  # no test case, whatever pytest makes of the name

    project: Project
    program: Program
    tests: tuple[JourneyTest, ...]
    failed: tuple[JourneyTestResult, ...]
    reached: frozenset[Target]

    def coverage(self) -> Coverage:
        """What the tests reach of every journey of the project."""
        return coverage(self.program, self.project.all(Journey), self.reached)


PAYS = 1000
"""The fewest tests that other cores run: with fewer, starting processes takes longer than they save."""


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
    compiled, data = program(project), samples(project)

    def work(first: int, last: int) -> tuple[list[JourneyTestResult], set[Target]]:
        return _judged(run_test(test, compiled, data) for test in chosen[first:last])

    failed: list[JourneyTestResult] = []
    seen: set[Target] = set()
    for number, (bad, targets) in in_chunks(work, len(chosen), least=PAYS):
        failed += bad
        seen |= targets
        progress(number, len(chosen))
    return TestRun(project, compiled, tuple(chosen), tuple(failed), frozenset(seen))


def _judged(trials: Iterable[JourneyTestResult]) -> tuple[list[JourneyTestResult], set[Target]]:
    """The tests that failed, and everything that all of them reach: of one that passed nothing more is needed."""
    failed: list[JourneyTestResult] = []
    seen: set[Target] = set()
    for trial in trials:
        seen.update(target for entry in trial.timeline.entries for target in reached(entry))
        if trial.failure is not None:
            failed.append(trial)
    return failed, seen


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


def needed_by_tests(project: Project, names: Sequence[str], pattern: str) -> tuple[str, ...]:
    """The addresses of the tests that are meant, and of all that their events start, in a project that may have errors.

    None where it can't be known which are meant.
    """
    if project.has_broken("journey_test"):
        return ()
    try:
        tests = _chosen(project, names, pattern)
    except UsageError:
        return ()
    started = [started_by(project, test.triggers) for test in tests]
    return (*(test.address for test in tests), *chain.from_iterable(started)) if all(started) else ()


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"--run {pattern} is no regular expression: {error}", "escape special characters with a backslash"
        ) from None


def _place(project: Project, test: JourneyTest) -> tuple[str, int]:
    document = project.resources[test.address].document
    return document.file.path, document.index


def plain_name(name: str) -> str:
    """A name of tests as ids and the paths of a project are written."""
    return name.removeprefix("./").rstrip("/")


def _named(project: Project, test: JourneyTest, name: str) -> bool:
    """Whether a name is a test's id or address, its file, or a folder around that."""
    path = project.resources[test.address].document.file.path
    plain = plain_name(name)
    return plain in {test.id, test.address, path, "", "."} or path.startswith(f"{plain}/")


def _unknown(name: str, tests: Iterable[JourneyTest]) -> UsageError:
    hint = near_or_few(name, [test.id for test in tests])
    return UsageError(f"there is no journey test `{name}`, and no file or folder of tests", hint)


def update_tests(run: TestRun) -> tuple[str, ...]:
    """Rewrite what the failed tests expect to what was found, comments kept; give the paths of the changed files.

    Raises ``ItemsError`` for a list that a program can't rewrite, ``UsageError`` where nothing would be left to expect,
    ``FileProblem`` and ``OSError`` for a file that can't be written. Nothing is written before every text is made.
    """
    texts: dict[str, SourceFile] = {}
    for trial in run.failed:
        resource = run.project.resources[trial.test.address]
        items = updated(trial)
        if not items:
            hint = "nothing that it expects happens: name what it is about"
            raise UsageError(f"`{trial.test.id}` would have nothing left to expect", hint)
        path = resource.document.file.path
        documents, _ = compose(texts.get(path, resource.document.file))
        document = next(document for document in documents if document.index == resource.document.index)
        new = [
            NewItem(
                item.number,
                trial.test.expect[item.number or 0] if item.body is None else item.body,
                item.body is not None,
            )
            for item in items
        ]
        try:
            texts[path] = SourceFile(path, replace_items(document, resource.pointer(("expect",)), new))
        except ItemsError as error:
            raise ItemsError(f"{path}, `{trial.test.id}`: {error.message}", error.hint) from error
    for path, file in texts.items():
        save(run.project.files, path, file.text)
    return tuple(texts)

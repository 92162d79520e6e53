"""What became of journey tests: for people, for programs, for GitHub, as JUnit's XML."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from deployer import simulation as sim
from deployer.messages import word_diff
from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Quote, Run, Tone, entry, inline
from deployer.views.problems import visible
from deployer.views.problems.github import annotation
from deployer.views.timeline import entry_words
from deployer.views.words import diff_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from deployer.app.journey_tests import TestRun
    from deployer.source import Position
    from deployer.views.outline import Node

_TIMES = ("at",)
_WORDS = sim.WORDS


def results_text(run: TestRun, coverage: sim.Coverage | None, *, color: bool = False, width: int = 80) -> str:
    """Show each test that failed with its first difference, what isn't covered, and a summary."""
    nodes: list[Node] = [_failed(run, trial) for trial in run.failed]
    if coverage is not None:
        nodes += _uncovered(run, coverage)
    return terminal.write([*nodes, _summary(run, coverage)], color=color, width=width)


def _failed(run: TestRun, trial: sim.JourneyTestResult) -> Entry:
    place = where(run, trial)
    head = (Run("failed ", Tone.BAD), Run(trial.test.id, Tone.STRONG, code=True), Run(f"  {place.path}:{place.line}"))
    return Entry(head, tuple(difference(run, trial)), apart=True)


def where(run: TestRun, trial: sim.JourneyTestResult) -> Position:
    """The place of the expectation that isn't met, or of all where something isn't expected."""
    expectation = trial.failure.expectation if trial.failure else None
    resource = run.project.resources[trial.test.address]
    return resource.locate(expectation.pointer if expectation else ("expect",))


def difference(run: TestRun, trial: sim.JourneyTestResult) -> Iterator[Node]:
    """The first difference: what is expected, what is found, and where they are texts a word diff."""
    failure = trial.failure
    assert failure is not None
    zone = trial.given.zone
    if failure.mismatch is not None:
        yield from _mismatch(failure, failure.mismatch, zone)
    elif failure.expectation is not None:
        yield entry("expected: ", Run(expected_words(failure.expectation, zone), Tone.STRONG))
    else:
        yield entry("expected: ", Run("nothing more", Tone.STRONG))
    if failure.entry is not None:
        text, children = entry_words(_as_shown(failure.entry), run.program, zone)
        head = Run(f"found:    {clock(failure.entry.at, zone)}  ")
        yield Entry((head, *text), () if failure.mismatch else children)
        if failure.entry.because.assumed:
            yield entry(Run(f"it assumes: {', '.join(failure.entry.because.assumed)}", Tone.DIM))
    elif failure.mismatch is None:
        yield entry("found:    nothing of it happened")


def _as_shown(any_entry: sim.AnyEntry) -> sim.AnyEntry:
    """An entry as others may see it: reports are shared."""
    return replace(any_entry, reads=any_entry.shown) if isinstance(any_entry, sim.Sent) else any_entry


def _mismatch(failure: sim.Failure, mismatch: sim.Mismatch, zone: ZoneInfo) -> Iterator[Node]:
    assert failure.expectation is not None
    field, way = (*mismatch.field.split("."), "")[:2]
    name = Run(f"{failure.expectation.what}.{mismatch.field}", Tone.STRONG, code=True)
    if field in _WORDS and way in {"", "equals"}:
        pieces = word_diff(mismatch.expected.rstrip(), mismatch.found.rstrip())
        yield entry(name, "  [-expected-] {+found+}", children=diff_lines(pieces))
    elif field in _WORDS:
        words = {"contains": "must contain", "matches": "must match"}[way]
        yield entry(name, f"  {words} “{mismatch.expected}”, and reads", children=(Quote(mismatch.found),))
    else:
        yield entry(
            name, f"  expected {_value(mismatch.expected, field, zone)}, found {_value(mismatch.found, field, zone)}"
        )


def _value(text: str, field: str, zone: ZoneInfo) -> str:
    if field not in _TIMES:
        return text
    return clock(datetime.fromisoformat(text), zone)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A time on the subscriber's clock, with its offset in the hour that the clock shows twice."""
    local = at.astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%a %Y-%m-%d %H:%M:%S}".removesuffix(":00") + (f" (UTC{local:%z})" if twice else "")


def expected_words(expectation: sim.Expectation, zone: ZoneInfo) -> str:
    """An expectation in a line."""
    body = expectation.body
    at = f" at {clock(expectation.at, zone)}" if expectation.at else ""
    named = [str(body[field]) for field in ("message", "journey", "step", "lane", "name") if field in body]
    because = f", because {body['because']}" if "because" in body else ""
    return f"{expectation.what.value.replace('_', ' ')} {' '.join(named)}{at}{because}"


def _uncovered(run: TestRun, coverage: sim.Coverage) -> Iterator[Node]:
    for located in coverage.missed:
        place = run.project.resources[f"journey.{located.target.journey}"].locate(located.pointer)
        at = Run(f"{place.path}:{place.line}", code=True)
        yield entry(
            Run("not covered ", Tone.WARN),
            at,
            f"  {located.target.journey}: {located.target.part} {located.target.name}",
        )


def _summary(run: TestRun, coverage: sim.Coverage | None) -> Entry:
    bad = len(run.failed)
    passed = f"{counted(len(run.tests) - bad, 'test')} passed"
    failed = Run(f", {bad} failed", Tone.BAD) if bad else Run("")
    share = Run(f"; {_covered(coverage)}" if coverage else "")
    return Entry(inline(Run(passed, Tone.PLAIN if bad else Tone.GOOD), failed, share), apart=bool(bad))


def _covered(coverage: sim.Coverage) -> str:
    reached, all_of_it = len(coverage.targets) - len(coverage.missed), len(coverage.targets)
    return f"coverage {shown_percent(coverage)} ({reached} of {all_of_it})"


def shown_percent(coverage: sim.Coverage) -> str:
    """The share in percent with one decimal place, rounded down: 100 means all."""
    return f"{int(coverage.percent * 10) / 10:g} %"


def _plain(run: TestRun, trial: sim.JourneyTestResult) -> str:
    """The first difference as plain text."""
    return terminal.write(difference(run, trial), color=False, width=100)


def results_json(run: TestRun, coverage: sim.Coverage | None) -> str:
    """Write tests as JSON: ``{"version": 1, "tests": [{"id", "passed", …}], "coverage": …}``."""
    failed = {trial.test.address: trial for trial in run.failed}
    tests = [_object(run, test.address, failed.get(test.address)) for test in run.tests]
    return json_text({"version": 1, "tests": tests, "coverage": _coverage(run, coverage) if coverage else None})


def _object(run: TestRun, address: str, failed: sim.JourneyTestResult | None) -> dict[str, Any]:
    place = where(run, failed) if failed else run.project.resources[address].locate(("expect",))
    extra = {"difference": _plain(run, failed)} if failed else {}
    return {"address": address, "passed": failed is None, "path": place.path, "line": place.line, **extra}


def _coverage(run: TestRun, coverage: sim.Coverage) -> dict[str, Any]:
    missed = [
        {
            "journey": located.target.journey,
            "part": located.target.part.value,
            "name": located.target.name,
            **_at(run, located),
        }
        for located in coverage.missed
    ]
    return {"targets": len(coverage.targets), "percent": round(coverage.percent, 1), "missed": missed}


def _at(run: TestRun, located: sim.Located) -> dict[str, Any]:
    place = run.project.resources[f"journey.{located.target.journey}"].locate(located.pointer)
    return {"path": place.path, "line": place.line}


def results_github(run: TestRun, coverage: sim.Coverage | None, prefix: str) -> str:
    """Write an annotation for each failed test and for what isn't covered; ``prefix`` leads to the project."""
    lines = []
    for trial in run.failed:
        place = where(run, trial)
        title = f"journey test {trial.test.id}"
        lines.append(annotation("error", title, _plain(run, trial), prefix + place.path, place.line, place.column))
    for located in coverage.missed if coverage else ():
        at = _at(run, located)
        words = f"no test reaches the {located.target.part} {located.target.name}"
        lines.append(annotation("notice", f"journey {located.target.journey}", words, prefix + at["path"], at["line"]))
    return "\n".join([*lines, terminal.write([_summary(run, coverage)], color=False, width=100)])


def results_junit(run: TestRun) -> str:
    """Write JUnit's XML, in ASCII: a suite for each file, a test case for each test; no newline at the end."""
    root = Element("testsuites", name="deployer test")
    suites: dict[str, Element] = {}
    failed = {trial.test.address: trial for trial in run.failed}
    for test in run.tests:
        place = run.project.resources[test.address].locate(())
        path = visible(place.path)
        suite = suites.get(path)
        if suite is None:
            suite = suites[path] = SubElement(root, "testsuite", name=path)
        case = SubElement(suite, "testcase", name=test.id, classname=path, file=path, line=str(place.line))
        trial = failed.get(test.address)
        if trial is not None:
            failure = SubElement(case, "failure", message=_message(run, trial), type="difference")
            failure.text = _plain(run, trial)
    for element in (*root, root):
        cases = list(element.iter("testcase"))
        bad = sum(case.find("failure") is not None for case in cases)
        for name, number in {"tests": len(cases), "failures": bad, "errors": 0, "skipped": 0}.items():
            element.set(name, str(number))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root).decode()}'


def _message(run: TestRun, trial: sim.JourneyTestResult) -> str:
    """The difference in a line."""
    return _plain(run, trial).split("\n")[0]

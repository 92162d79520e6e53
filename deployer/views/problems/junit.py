"""Problems as JUnit's XML: one suite a file, one test case a problem, as GitLab and Jenkins read it.

What fails the check is a failure; a warning that doesn't, a remark and a suppressed finding are skipped tests, which
both show without failing. A run without findings has one test case that passed: an empty report is an error to both.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from deployer.views.problems.report import Summary
from deployer.views.problems.snippet import around
from deployer.views.problems.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

_NAME = "deployer validate"


def render_junit(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write the document, in ASCII; no newline at the end."""
    del color, width, wrap
    root = Element("testsuites", name=_NAME)
    suites: dict[str, Element] = {}
    for problem, reason in _cases(report):
        path = visible(report.path(problem) or problem.address or "project")
        if path not in suites:
            suites[path] = SubElement(root, "testsuite", name=path)
        _case(report, suites[path], problem, path, reason)
    if not suites:
        suite = SubElement(root, "testsuite", name=_NAME)
        SubElement(suite, "testcase", name=Summary.of((), files=report.files).text, classname="deployer")
    for suite in (*root, root):
        _count(suite)
    indent(root)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{declaration}\n{tostring(root).decode()}"


def _cases(report: Report) -> Iterator[tuple[Problem, str]]:
    """Each problem, and each suppressed one with the reason for which it was suppressed."""
    yield from ((problem, "") for problem in report.ordered)
    yield from ((suppressed.problem, suppressed.by.reason) for suppressed in report.left_out)


def _case(report: Report, suite: Element, problem: Problem, path: str, reason: str) -> None:
    place = problem.position
    where = f"{path}:{place.line}:{place.column}" if place.line else path
    name = f"{where} {problem.address}".rstrip()
    case = SubElement(suite, "testcase", name=visible(name), classname=_class(problem), file=path)
    if place.line:
        case.set("line", str(place.line))
    message = visible(problem.message)
    if reason:
        SubElement(case, "skipped", message=f"suppressed ({visible(reason)}): {message}")
    elif not report.fails(problem):
        SubElement(case, "skipped", message=f"{problem.severity}: {message}")
    else:
        failure = SubElement(case, "failure", message=message, type=visible(problem.rule))
        failure.text = "\n".join(_details(problem, where))


def _class(problem: Problem) -> str:
    """The rule as Jenkins splits it: package and class."""
    return visible(problem.rule).replace("/", ".")


def _details(problem: Problem, where: str) -> Iterator[str]:
    yield f"{problem.severity}: {visible(problem.message)}"
    yield where
    if problem.excerpt:
        yield visible(around(problem))
    if problem.hint:
        yield f"hint: {visible(problem.hint)}"


def _count(element: Element) -> None:
    cases = list(element.iter("testcase"))
    counts = Counter(child.tag for case in cases for child in case)
    for name, number in {
        "tests": len(cases),
        "failures": counts["failure"],
        "errors": 0,
        "skipped": counts["skipped"],
    }.items():
        element.set(name, str(number))

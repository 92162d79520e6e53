"""Problems as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code scanning and editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deployer import __version__
from deployer.rules import CATALOGUE
from deployer.source.problems import Severity
from deployer.views.json_text import json_text
from deployer.views.problems.explanation import rule_markdown, rule_text
from deployer.views.problems.fingerprints import fingerprints
from deployer.views.problems.snippet import around

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.rules import Suppressed
    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "SRCROOT"
"""The name under which paths are relative: the folder of the checkout, which the reader of the file knows."""

MOST_RESULTS = 25_000
"""Results of one run that GitHub's code scanning takes (its documentation, "SARIF support for code scanning")."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Write one run with a result for each problem, and for each suppressed one with its reason; in ASCII.

    Of more than ``MOST_RESULTS`` the gravest are written, and how many were left out.
    """
    del color, width, wrap
    used = {problem.rule for problem in report.problems} | {suppressed.problem.rule for suppressed in report.suppressed}
    places = {name: index for index, name in enumerate(sorted(used))}
    results = list(_results(report, places))
    if len(results) > MOST_RESULTS:
        results.sort(key=_gravest_first)  # a stable sort: within a level the order of the report stays
    run = {
        "tool": {"driver": _driver(places)},
        "automationDetails": {"id": f"deployer/validate/{quote(report.project or 'project', safe='')}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder of the checkout."}}},
        "results": results[:MOST_RESULTS],
        **_left_out(len(results) - MOST_RESULTS),
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, sort=False)


def _gravest_first(result: Mapping[str, Any]) -> tuple[bool, int]:
    return bool(result["suppressions"]), list(_LEVELS.values()).index(result["level"])


def _left_out(number: int) -> dict[str, Any]:
    """What a reader has to know where not every result is in the file."""
    if number <= 0:
        return {}
    text = f"{number:,} results were left out, the least grave ones: code scanning takes {MOST_RESULTS:,} of a run"
    notification = {"level": "warning", "message": {"text": text}}
    return {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [notification]}]}


def _driver(places: Mapping[str, int]) -> dict[str, Any]:
    rules = [_rule(name) for name in places]
    return {"name": "deployer", "semanticVersion": __version__, "version": __version__, "rules": rules}


def _rule(name: str) -> dict[str, Any]:
    rule = CATALOGUE.get(name)
    if rule is None:
        return {"id": name}
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.replace("/", "-").split("-")),
        "shortDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule_text(rule), "markdown": rule_markdown(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.family]},
    }


def _results(report: Report, places: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    left_out = report.left_out
    every = [*report.ordered, *(suppressed.problem for suppressed in left_out)]
    for number, (problem, digest) in enumerate(fingerprints(every)):
        by = left_out[number - len(report.problems)] if number >= len(report.problems) else None
        yield _result(report, problem, places[problem.rule], digest, by)


def _result(report: Report, problem: Problem, index: int, digest: str, by: Suppressed | None) -> dict[str, Any]:
    hint = f"\n{problem.hint}" if problem.hint else ""
    result: dict[str, Any] = {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{problem.message}{hint}"},
        "partialFingerprints": {"deployer/v1": digest},
        "suppressions": [_suppression(report, by)] if by else [],
    }
    if location := _location(report, problem):
        result["locations"] = [location]
    return result


def _location(report: Report, problem: Problem) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if path := report.path(problem):
        location["physicalLocation"] = {"artifactLocation": _artifact(path), **_region(problem)}
    if problem.address:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.address, "kind": "resource"}]
    return location


def _artifact(path: str) -> dict[str, Any]:
    if path.startswith("/"):  # a folder that isn't there, as it was named
        return {"uri": f"file://{quote(path, errors='surrogatepass')}"}
    return {"uri": quote(path, errors="surrogatepass"), "uriBaseId": ROOT}


def _region(problem: Problem) -> dict[str, Any]:
    place = problem.position
    if not place.line:
        return {}
    region: dict[str, Any] = {"startLine": place.line}
    if place.column:
        region |= {"startColumn": place.column, "endColumn": place.column + problem.length}
    if problem.excerpt:
        region["snippet"] = {"text": around(problem)}
    return {"region": region}


def _suppression(report: Report, by: Suppressed) -> dict[str, Any]:
    comment = by.by
    region = {"startLine": comment.line, "startColumn": comment.column}
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": comment.reason,
        "location": {
            "physicalLocation": {"artifactLocation": _artifact(report.prefix + comment.file.path), "region": region}
        },
    }

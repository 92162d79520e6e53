"""Findings for forges and CI: GitHub's commands, GitLab's report, JUnit's XML, SARIF; each held against its format."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from deployer import load
from deployer.rules import CATALOGUE
from deployer.source.problems import Position, Problem, Severity
from deployer.views.problems import FORMATS, Report, prefix, render

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "example-files"
PROBLEM = Problem(
    "message/over-limit",
    "100% of it: a, b",
    Position("messages/a,b.yaml", 3, 5),
    hint="shorten it",
    excerpt="body: Hello",
    length=5,
    address="message.shipped",
)
NOWHERE = Problem("project/empty", "nothing is declared", Position("deployer.yaml"), Severity.WARNING)

XML_CANNOT = "\ufffe\uffff\U0001ffff\ufdd0\x00\x07\x1b\x7f\x85\ud800\u2028\u202e]]><&"
any_text = st.text(st.characters() | st.sampled_from(XML_CANNOT), max_size=40)
problems = st.lists(
    st.builds(
        Problem,
        rule=st.sampled_from(sorted(CATALOGUE)),
        message=any_text.filter(bool),
        position=st.builds(
            Position,
            st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20).map(
                lambda path: path.lstrip("./")
            ),
            st.integers(0, 50),
            st.integers(0, 90),
        ),
        severity=st.sampled_from(Severity),
        hint=any_text,
        excerpt=any_text,
        length=st.integers(1, 90),
        address=st.sampled_from(["", "message.shipped"]),
    ),
    max_size=6,
).map(tuple)


def report_of(folder, **more):
    """The report of an example project."""
    workspace = load(folder)
    checked = workspace.checked()
    return Report(checked.problems, workspace.files, checked.suppressed, **more)


def cases():
    """Some projects with every severity, problems without a line, suppressed findings, and one without a problem."""
    names = ("suppressions", "message-compile-error", "project-empty", "yaml-tab", "settings-unknown-rule")
    return [*(EXAMPLES / "invalid" / name for name in names), EXAMPLES / "shop"]


def mistakes(name, data):
    """What is wrong with data, by a schema of this folder."""
    schema = json.loads((HERE / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)]


def tree(element):
    """An XML element as data."""
    return {"tag": element.tag, "attributes": dict(element.attrib), "children": [tree(child) for child in element]}


def test_github_gets_its_commands_escaped():
    """A command has its level, a path from the checkout, a region and a title; separators in values are escaped."""
    [line, count] = render("github", Report((PROBLEM,), 2, prefix="shop/")).split("\n")
    assert line == (
        "::error file=shop/messages/a%2Cb.yaml,line=3,endLine=3,col=5,endColumn=10,title=message/over-limit"
        "::100%25 of it: a, b%0Ahint: shorten it"
    )
    assert count == "1 error in 1 file"


def test_github_is_told_of_levels_and_of_a_place_without_a_line():
    """A warning and an info are a warning and a notice; what has no line has none in its command."""
    shown = render("github", Report((NOWHERE, replace(PROBLEM, severity=Severity.INFO)), 2))
    assert "::warning file=deployer.yaml,title=project/empty::nothing is declared\n" in shown
    assert "::notice file=" in shown


def test_github_says_what_it_does_not_show():
    """If there are more problems of a level than GitHub shows, the log says that it holds all of them."""
    many = tuple(replace(PROBLEM, message=str(number)) for number in range(11))
    assert "GitHub shows 10 annotations of each level; this log has all 11 problems" in render(
        "github", Report(many, 2)
    )
    assert "GitHub shows" not in render("github", Report(many[:10], 2))


@given(problems)
def test_nothing_in_a_problem_breaks_out_of_its_command(found):
    """Whatever a problem's words are, each is one line, and every line is a command or one of ours."""
    *lines, count = render("github", Report(found, 2)).split("\n")
    assert len(lines) == len(found)
    assert all(re.match(r"::(error|warning|notice) [^\r\n]*::", line) for line in lines)
    assert re.match(r"\d|no problems", count)


@given(problems)
def test_gitlabs_report_has_its_fields_and_no_fingerprint_twice(found):
    """Each finding has the fields that GitLab documents; fingerprints differ and don't change when lines move."""
    data = json.loads(render("gitlab", Report(found, 2)))
    assert mistakes("gitlab", data) == []
    prints = [one["fingerprint"] for one in data]
    assert len(set(prints)) == len(prints) == len(found)
    moved = tuple(replace(one, position=replace(one.position, line=one.position.line + 7)) for one in found)
    assert {one["fingerprint"] for one in json.loads(render("gitlab", Report(moved, 2)))} == set(prints)


@given(problems, st.booleans())
def test_junit_counts_what_it_holds(found, strict):
    """The document is XML with a case for each problem, or one that passed; failures are what fails the check."""
    report = Report(found, 2, strict=strict)
    root = ET.fromstring(render("junit", report))
    assert mistakes("junit", tree(root)) == []
    assert len([*root.iter("testcase")]) == max(len(found), 1) == int(root.attrib["tests"])
    failures = [*root.iter("failure")]
    assert len(failures) == int(root.attrib["failures"]) == sum(report.fails(one) for one in found)
    assert bool(failures) is report.failed


def test_gitlabs_report_shows_what_has_no_file_at_the_settings():
    """GitLab asks for a file, so that a problem without one is at the settings, by the name that they have."""
    nowhere = Problem("project/empty", "nothing is declared", Position(""))
    (shown,) = json.loads(render("gitlab", Report((nowhere,), 1, prefix="tea/", settings="deployer.yml")))
    assert shown["location"]["path"] == "tea/deployer.yml"


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_junit_and_gitlab_of_real_projects(folder):
    """The reports of real projects fit too; a suppressed finding is a skipped case with its reason."""
    report = report_of(folder)
    root = ET.fromstring(render("junit", report))
    assert mistakes("junit", tree(root)) == []
    assert mistakes("gitlab", json.loads(render("gitlab", report))) == []
    told = [one.attrib["message"] for one in root.iter("skipped")]
    assert all(any(one.by.reason in text for text in told) for one in report.suppressed)


def sarif(report):
    """The one run of a SARIF report."""
    return json.loads(render("sarif", report))["runs"][0]


def test_sarif_has_regions_rules_and_suppressions():
    """A result names its rule, place and region from 1; a suppressed one says why; rules bring their help."""
    run = sarif(report_of(EXAMPLES / "invalid" / "suppressions", prefix="shop/", project="case"))
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"] == "deployer/validate/case/"
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("shop/")
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] < place["region"]["endColumn"]
    reasons = {one["justification"] for result in run["results"] for one in result["suppressions"]}
    assert reasons == {"tried in the test account", "these people told us their names"}
    help_ = next(rule["help"] for rule in rules if rule["id"] == "suppression/ended")
    assert "Good:" in help_["markdown"]
    assert "good:" in help_["text"]


def test_sarif_escapes_paths():
    """If a path holds characters that a URI can't, they are percent-encoded."""
    strange = replace(PROBLEM, position=Position("a b/ä%.yaml", 1, 1))
    place = sarif(Report((strange,), 1))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b/%C3%A4%25.yaml", "uriBaseId": "SRCROOT"}


@given(problems)
def test_sarif_has_a_result_for_each_problem(found):
    """No problem is lost, whatever it says, and fingerprints differ."""
    results = sarif(Report(found, 2))["results"]
    assert [one["message"]["text"].partition("\n")[0] for one in results] == [
        one.message.partition("\n")[0] for one in Report(found, 2).ordered
    ]
    prints = [one["partialFingerprints"]["deployer/v1"] for one in results]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize("folder", cases(), ids=lambda folder: folder.name)
def test_sarif_by_microsofts_validator(folder, tmp_path):
    """Microsoft's multitool finds no error in the SARIF of real projects, by its own rules and GitHub's."""
    tool = os.environ.get("DEPLOYER_SARIF_MULTITOOL") or shutil.which("Sarif.Multitool") or shutil.which("sarif")
    if not tool:
        pytest.skip(
            "DEPLOYER_SARIF_MULTITOOL names no Sarif.Multitool (npm: @microsoft/sarif-multitool), nor does PATH"
        )
    written, judged = tmp_path / "findings.sarif", tmp_path / "judged.sarif"
    written.write_text(render("sarif", report_of(folder, project="case")), "utf-8")
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    command = [tool, "validate", str(written), "--output", str(judged), "--rule-kind", "Sarif;Ghas", "--level", "Error"]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    run = json.loads(judged.read_text("utf-8-sig"))["runs"][0]
    assert run["invocations"][0]["executionSuccessful"]
    assert [one["ruleId"] for one in run.get("results", []) if one.get("level") == "error"] == []


def test_paths_begin_at_the_checkout(tmp_path):
    """The checkout is what CI names, else the git repository around the project, else the project itself."""
    project = tmp_path / "clone" / "shops" / "northwind"
    project.mkdir(parents=True)
    assert prefix(project, {}) == ""
    assert prefix(project, {"GITHUB_WORKSPACE": str(tmp_path / "clone")}) == "shops/northwind/"
    assert prefix(project, {"CI_PROJECT_DIR": str(project)}) == ""
    assert prefix(project, {"GITHUB_WORKSPACE": str(tmp_path / "another")}) == ""
    (tmp_path / "clone" / ".git").mkdir()
    assert prefix(project, {}) == "shops/northwind/"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_the_same_twice(name):
    """Two runs over one project give the same bytes."""
    folder = EXAMPLES / "invalid" / "suppressions"
    assert render(name, report_of(folder)) == render(name, report_of(folder))


LONG = "x" * 80_000 + "{{ wrong }}" + "y" * 80_000


def test_no_format_carries_a_long_line():
    """If 300 findings are in one line of 160,000 characters, each takes some hundred bytes of a report."""
    found = tuple(
        replace(PROBLEM, position=Position("m.html", 1, 80_001 + number), excerpt=LONG) for number in range(300)
    )
    for name in FORMATS:
        assert len(render(name, Report(found, files=1))) < 300 * 1500
    for name in ("sarif", "junit"):
        assert "{{ wrong }}" in render(name, Report(found[:1], files=1))


@given(found=problems, name=st.sampled_from(sorted(FORMATS)))
def test_no_format_holds_a_raw_control_character(found, name):
    """Whatever is in a finding, nothing but lines and printable characters comes out."""
    text = render(name, Report(found, files=3))
    assert not {unicodedata.category(one) for one in text.replace("\n", "")} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {"\ufffe", "\uffff", "\ufdd0", "\u202e"} & set(text)


def test_sarif_keeps_to_what_code_scanning_takes():
    """If there are more than 25,000 results, the gravest stay, and the file says how many were left out."""
    infos = tuple(replace(NOWHERE, severity=Severity.INFO, message=f"{number}") for number in range(25_010))
    data = json.loads(render("sarif", Report((*infos, PROBLEM), files=1)))
    (run,) = data["runs"]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("11 results were left out")


def test_concise_is_a_line_a_finding():
    """Place, severity, rule and message, then the summary; no hint and no source line."""
    lines = render("concise", Report((PROBLEM, NOWHERE), files=2)).split("\n")
    assert lines == [
        "deployer.yaml: warning project/empty: nothing is declared",
        "messages/a,b.yaml:3:5: error message/over-limit: 100% of it: a, b",
        "1 error, 1 warning in 2 files",
    ]

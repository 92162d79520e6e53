"""The JSON report: its shape is a promise to programs."""

import json

from deployer.source.hint import Correction, Hint, MissingProperty
from deployer.source.problems import Position, Problem, Severity
from deployer.views.problems import FORMATS, Report, render, render_json

HINT = Hint("write late", Correction("lat", "late"), MissingProperty("order_shipped", "day"))
FOUND = [
    Problem("b/rule", "late", Position("b.yaml", 3, 2), Severity.WARNING, HINT, address="journey.order_shipped"),
    Problem("a/rule", "Grüße \x1b\x7f", Position("a.yaml"), hint="do this"),
]


def test_every_field_is_there():
    """A problem has the same fields always; a missing line or column is null, a missing text is empty."""
    assert json.loads(render_json(Report(tuple(FOUND), 4))) == {
        "version": 1,
        "problems": [
            {
                "rule": "a/rule",
                "severity": "error",
                "message": "Grüße \x1b\x7f",
                "hint": "do this",
                "path": "a.yaml",
                "line": None,
                "column": None,
                "address": "",
                "proposals": [],
            },
            {
                "rule": "b/rule",
                "severity": "warning",
                "message": "late",
                "hint": "write late",
                "path": "b.yaml",
                "line": 3,
                "column": 2,
                "address": "journey.order_shipped",
                "proposals": [
                    {"do": "replace", "wrong": "lat", "right": "late"},
                    {"do": "declare-property", "event": "order_shipped", "key": "day"},
                ],
            },
        ],
        "suppressed": [],
        "summary": {"errors": 1, "warnings": 1, "infos": 0, "suppressed": 0, "files": 4},
    }


def test_no_problems_is_an_empty_list():
    """A report without a problem has the same shape."""
    report = json.loads(render_json(Report((), 2)))
    assert report == {
        "version": 1,
        "problems": [],
        "suppressed": [],
        "summary": {"errors": 0, "warnings": 0, "infos": 0, "suppressed": 0, "files": 2},
    }


def test_the_report_is_printable_ascii():
    """Nothing in the report can steer a terminal, and every encoding can carry it."""
    report = render_json(Report(tuple(FOUND), 4))
    assert report.isascii()
    assert report.replace("\n", "").isprintable()


def test_every_format_is_called_alike():
    """A command passes every format the same arguments; colour and width change nothing for a program."""
    report = Report(tuple(FOUND), 4)
    assert tuple(FORMATS) == ("text", "concise", "json", "github", "gitlab", "sarif", "junit")
    for name in tuple(FORMATS)[1:]:
        assert render(name, report, color=True, width=10) == render(name, report)
    assert "1 error, 1 warning in 2 files" in render("text", report, width=100)
